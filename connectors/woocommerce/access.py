"""Who we are to a store, and which stores may be spoken to: keys, addresses, and a check at every connection."""

import ipaddress
import re
import socket
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import SplitResult, urlsplit

from requests.adapters import HTTPAdapter
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.connectionpool import HTTPConnectionPool, HTTPSConnectionPool
from urllib3.exceptions import ConnectTimeoutError, NameResolutionError

from core.errors import CredentialsRevoked, Misuse, Rejected

IP = ipaddress.IPv4Address | ipaddress.IPv6Address
DEFAULT_PORTS = {"http": 80, "https": 443}
HOME_NAMES = (".localhost", ".localdomain", ".local", ".internal", ".intranet", ".lan", ".home", ".home.arpa")
LABEL = re.compile(r"[a-z0-9_]([a-z0-9_-]{0,61}[a-z0-9_])?")
# Encoded control signs, dots and slashes would be a path's second meaning.
PATH = re.compile(r"(/([A-Za-z0-9._~!$&'()*+,;=:@-]|%(?![01]|2[EFef]|5[Cc]|7[Ff])[0-9A-Fa-f]{2})+)*")
# A merchant pastes what the address bar shows: these are parts of a store, not its address.
INNER_PATH = re.compile(r"/(wp-json|wp-admin|wp-login\.php)(/.*)?")
UNICAST = ipaddress.IPv6Network("2000::/3")
# Addresses inside these carry an IPv4 address of somebody's choice, or answer for nobody.
TUNNELS = tuple(ipaddress.ip_network(net) for net in ("2001::/23", "2002::/16", "3fff::/20", "192.88.99.0/24"))
HOMES = tuple(
    ipaddress.ip_network(net)
    for net in ("127.0.0.0/8", "10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "100.64.0.0/10", "::1/128", "fc00::/7")
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Keys:
    """A store's REST key. Its representation shows nothing."""

    consumer_key: str = field(repr=False)
    consumer_secret: str = field(repr=False)


def keys_of(credentials: Mapping[str, str]) -> Keys:
    """Return the keys. Raises CredentialsRevoked when there are none: the store was disconnected."""
    key, secret = (credentials.get(name, "").strip() for name in ("consumer_key", "consumer_secret"))
    if not key or not secret:
        raise CredentialsRevoked("No REST key is stored for this store: connect it again.")
    if not (key + secret).isascii() or not (key + secret).isprintable():
        raise CredentialsRevoked("The REST key holds characters that no key has: copy it again.")
    return Keys(consumer_key=key, consumer_secret=secret)


def store_address(text: str, *, allow_private: bool) -> str:
    """Return the store's canonical origin: scheme, host, port where unusual, path; no trailing slash.

    Nobody is contacted. Raises Misuse with one line for what is no address of a public https store; with
    `allow_private` http, home networks and loopback are fine as well.
    """
    parts = _split(text)
    if parts.scheme not in DEFAULT_PORTS:
        raise Misuse("A store's address begins with https://")
    if parts.scheme == "http" and not allow_private:
        raise Misuse("The store's address must begin with https://: over http its keys could be read on the way.")
    if "@" in parts.netloc:
        raise Misuse("The store's address must not hold a user name or password.")
    host = _host(parts.hostname or "", allow_private=allow_private)
    return f"{parts.scheme}://{host}{_port(parts)}{_path(parts.path)}"


def refusal(address: IP, *, allow_private: bool) -> str | None:
    """Return why this address must not be connected to, or None."""
    inner = getattr(address, "ipv4_mapped", None)
    if inner is not None:
        return refusal(inner, allow_private=allow_private)
    if any(address in net for net in HOMES):
        return None if allow_private else "it leads into a private network"
    if address.version == 6 and address not in UNICAST:  # NAT64, multicast, link-local and whatever comes next
        return "it is no public address"
    if any(address in net for net in TUNNELS) or address.is_multicast or not address.is_global:
        return "it is no public address"
    return None


def _split(text: str) -> SplitResult:
    text = text.strip()
    if not text or len(text) > 2000 or not text.isprintable() or re.search(r"[\s\\<>\"'`{}|^]", text):
        raise Misuse("Type the store's address, such as https://shop.example.com")
    if "?" in text or "#" in text:
        raise Misuse("The store's address must end before any ? or #.")
    try:
        return urlsplit(text if "://" in text else f"https://{text}")
    except ValueError as problem:
        raise Misuse("This is no store's address: look at its host and port again.") from problem


def _host(host: str, *, allow_private: bool) -> str:
    if ":" in host:
        return f"[{_checked_ip(host, allow_private=allow_private)}]"
    try:
        # Full-width digits and dots become plain ones here, so every check comes after it.
        name = host.encode("idna").decode("ascii").lower().removesuffix(".")
    except UnicodeError as problem:
        raise Misuse("The store's address has a host name that cannot exist.") from problem
    if re.fullmatch(r"\d+|0x[0-9a-f]*", name.rsplit(".", 1)[-1]):
        # 2130706433, 127.1 and 0x7f.1 are spellings of 127.0.0.1: whoever writes four plain numbers is understood.
        return str(_checked_ip(name, allow_private=allow_private))
    if len(name) > 253 or not all(LABEL.fullmatch(label) for label in name.split(".")):
        raise Misuse("The store's address has a host name that cannot exist.")
    at_home = "." not in name or name.endswith(HOME_NAMES)
    if at_home and not allow_private:
        raise Misuse("The store's address is one of a private network: this service could reach something else there.")
    return name


def _checked_ip(text: str, *, allow_private: bool) -> IP:
    try:
        address = ipaddress.ip_address(text)
    except ValueError as problem:
        raise Misuse("Write the store's address with its name, or as four plain numbers.") from problem
    why = "it names a network card" if "%" in text else refusal(address, allow_private=allow_private)
    if why:
        raise Misuse(f"The store's address cannot be used: {why}.")
    return getattr(address, "ipv4_mapped", None) or address


def _port(parts: SplitResult) -> str:
    try:
        port = parts.port
    except ValueError as problem:
        raise Misuse("The store's address has a port that cannot exist.") from problem
    if port == 0:
        raise Misuse("The store's address has a port that cannot exist.")
    return "" if port in {None, DEFAULT_PORTS[parts.scheme]} else f":{port}"


def _path(path: str) -> str:
    path = INNER_PATH.sub("", path).rstrip("/")
    if not PATH.fullmatch(path) or any(part in {".", ".."} for part in path.split("/")):
        raise Misuse("The store's address has a path that cannot be used.")
    return path


def resolved(host: str, port: int, *, allow_private: bool) -> list[str]:
    """Return the host's addresses that may be connected to. Raises Rejected when there is none.

    Raises `socket.gaierror` when the name is unknown.
    """
    rows = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    found = list(dict.fromkeys(str(row[4][0]) for row in rows))
    allowed = [text for text in found if refusal(ipaddress.ip_address(text), allow_private=allow_private) is None]
    if not allowed:
        raise Rejected("The store's name leads into a private network or to no public address: nobody was contacted.")
    return allowed


class GuardedAdapter(HTTPAdapter):
    """Connects only to addresses that were checked after the name was resolved: a name may change its mind."""

    def __init__(self, *, allow_private: bool, at_once: int) -> None:
        self._allow_private = allow_private
        # Whoever comes while all connections are in use waits for one.
        super().__init__(pool_connections=1, pool_maxsize=at_once, pool_block=True)

    def init_poolmanager(self, *args: Any, **kwargs: Any) -> None:  # noqa: ANN401  # requests' own signature
        """Make requests use our connections."""
        super().init_poolmanager(*args, **kwargs)
        self.poolmanager.pool_classes_by_scheme = _guarded_pools(allow_private=self._allow_private)


def _guarded_pools(*, allow_private: bool) -> dict[str, type[HTTPConnectionPool]]:
    class Plain(HTTPConnection):
        def _new_conn(self) -> socket.socket:
            return _connected(self, super()._new_conn, allow_private=allow_private)

    class Encrypted(HTTPSConnection):
        def _new_conn(self) -> socket.socket:
            return _connected(self, super()._new_conn, allow_private=allow_private)

    class PlainPool(HTTPConnectionPool):
        ConnectionCls = Plain

    class EncryptedPool(HTTPSConnectionPool):
        ConnectionCls = Encrypted

    return {"http": PlainPool, "https": EncryptedPool}


def _connected(
    connection: HTTPConnection, connect: Callable[[], socket.socket], *, allow_private: bool
) -> socket.socket:
    """Connect to the first checked address that answers.

    urllib3 resolves `_dns_host`; with a checked address in its place no second look-up can differ from ours. The
    name is put back before TLS begins, so that Host, SNI and the certificate check still speak of it.
    """
    name = connection._dns_host  # noqa: SLF001  # urllib3 has no public seam between name and socket
    try:
        addresses = resolved(name, connection.port, allow_private=allow_private)
    except socket.gaierror as problem:
        raise NameResolutionError(connection.host, connection, problem) from problem
    try:
        for address in addresses[:-1]:
            connection._dns_host = address  # noqa: SLF001  # see above
            try:
                return connect()
            except ConnectTimeoutError:  # refused and unreachable are kinds of it
                continue
        connection._dns_host = addresses[-1]  # noqa: SLF001  # see above
        return connect()
    finally:
        connection._dns_host = name  # noqa: SLF001  # see above
