"""Which addresses of strangers may be connected to: checked when they are typed, and again at every connection."""

import ipaddress
import re
import socket
from collections.abc import Callable
from functools import partial
from urllib.parse import SplitResult

from urllib3.connection import HTTPConnection
from urllib3.exceptions import ConnectTimeoutError, NameResolutionError

from connectors.bounded import BoundedAdapter
from core.errors import Misuse, Rejected
from core.sentences import sentence

IP = ipaddress.IPv4Address | ipaddress.IPv6Address
DEFAULT_PORTS = {"http": 80, "https": 443}
HOME_NAMES = (".localhost", ".localdomain", ".local", ".internal", ".intranet", ".lan", ".home", ".home.arpa")
LABEL = re.compile(r"[a-z0-9_]([a-z0-9_-]{0,61}[a-z0-9_])?")
UNICAST = ipaddress.IPv6Network("2000::/3")
# Addresses inside these carry an IPv4 address of somebody's choice, or answer for nobody.
TUNNELS = tuple(ipaddress.ip_network(net) for net in ("2001::/23", "2002::/16", "3fff::/20", "192.88.99.0/24"))
HOMES = tuple(
    ipaddress.ip_network(net)
    for net in ("127.0.0.0/8", "10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "100.64.0.0/10", "::1/128", "fc00::/7")
)


def refusal(address: IP, *, allow_private: bool) -> str | None:
    """Return why this address must not be connected to, or None."""
    inner = getattr(address, "ipv4_mapped", None)
    if inner is not None:
        return refusal(inner, allow_private=allow_private)
    if any(address in net for net in HOMES):
        return None if allow_private else sentence("it leads into a private network")
    if address.version == 6 and address not in UNICAST:  # NAT64, multicast, link-local and whatever comes next
        return sentence("it is no public address")
    if any(address in net for net in TUNNELS) or address.is_multicast or not address.is_global:
        return sentence("it is no public address")
    return None


def checked_host(host: str, *, allow_private: bool, named: str) -> str:
    """Return the host as it is spelled in addresses; `named` begins the sentence of the Misuse where it cannot be."""
    if ":" in host:
        return f"[{_checked_ip(host, allow_private=allow_private, named=named)}]"
    try:
        # Full-width digits and dots become plain ones here, so every check comes after it.
        name = host.encode("idna").decode("ascii").lower().removesuffix(".")
    except UnicodeError as problem:
        raise Misuse(sentence("%(named)s has a host name that cannot exist.", named=named)) from problem
    if re.fullmatch(r"\d+|0x[0-9a-f]*", name.rsplit(".", 1)[-1]):
        # 2130706433, 127.1 and 0x7f.1 are spellings of 127.0.0.1: whoever writes four plain numbers is understood.
        return str(_checked_ip(name, allow_private=allow_private, named=named))
    if len(name) > 253 or not all(LABEL.fullmatch(label) for label in name.split(".")):
        raise Misuse(sentence("%(named)s has a host name that cannot exist.", named=named))
    at_home = "." not in name or name.endswith(HOME_NAMES)
    if at_home and not allow_private:
        raise Misuse(
            sentence(
                "%(named)s is one of a private network: this service could reach something else there.", named=named
            )
        )
    return name


def _checked_ip(text: str, *, allow_private: bool, named: str) -> IP:
    try:
        address = ipaddress.ip_address(text)
    except ValueError as problem:
        raise Misuse(
            sentence("%(named)s must be written with its name, or as four plain numbers.", named=named)
        ) from problem
    why = sentence("it names a network card") if "%" in text else refusal(address, allow_private=allow_private)
    if why:
        raise Misuse(sentence("%(named)s cannot be used: %(why)s.", named=named, why=why))
    return getattr(address, "ipv4_mapped", None) or address


def checked_port(parts: SplitResult, *, named: str) -> str:
    """Return the port with its colon, empty where it is the usual one."""
    try:
        port = parts.port
    except ValueError as problem:
        raise Misuse(sentence("%(named)s has a port that cannot exist.", named=named)) from problem
    if port == 0:
        raise Misuse(sentence("%(named)s has a port that cannot exist.", named=named))
    return "" if port in {None, DEFAULT_PORTS[parts.scheme]} else f":{port}"


def resolved(host: str, port: int, *, allow_private: bool) -> list[str]:
    """Return the host's addresses that may be connected to. Raises Rejected when there is none.

    Raises `socket.gaierror` when the name is unknown.
    """
    rows = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    found = list(dict.fromkeys(str(row[4][0]) for row in rows))
    allowed = [text for text in found if refusal(ipaddress.ip_address(text), allow_private=allow_private) is None]
    if not allowed:
        raise Rejected(sentence("The name leads into a private network or to no public address: nobody was contacted."))
    return allowed


class GuardedAdapter(BoundedAdapter):
    """Connects only to addresses that were checked after the name was resolved: a name may change its mind.

    Each answer is read to its end within so many seconds.
    """

    def __init__(self, *, allow_private: bool, at_once: int, seconds: float) -> None:
        connected = partial(_connected, allow_private=allow_private)
        # Whoever comes while all connections are in use waits for one.
        super().__init__(
            seconds=seconds, connected=connected, pool_connections=1, pool_maxsize=at_once, pool_block=True
        )


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
