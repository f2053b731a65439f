"""Who we are to a store, and which stores may be spoken to: keys and addresses. `connectors.guard` connects."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from urllib.parse import SplitResult, urlsplit

from connectors.guard import DEFAULT_PORTS, checked_host, checked_port
from core.errors import CredentialsRevoked, Misuse
from core.sentences import sentence

ADDRESS = sentence("The store's address")
# Encoded control signs, dots and slashes would be a path's second meaning.
PATH = re.compile(r"(/([A-Za-z0-9._~!$&'()*+,;=:@-]|%(?![01]|2[EFef]|5[Cc]|7[Ff])[0-9A-Fa-f]{2})+)*")
# A merchant pastes what the address bar shows: these are parts of a store, not its address.
INNER_PATH = re.compile(r"/(wp-json|wp-admin|wp-login\.php)(/.*)?")


@dataclass(frozen=True, slots=True, kw_only=True)
class Keys:
    """A store's REST key. Its representation shows nothing."""

    consumer_key: str = field(repr=False)
    consumer_secret: str = field(repr=False)


def keys_of(credentials: Mapping[str, str]) -> Keys:
    """Return the keys. Raises CredentialsRevoked when there are none: the store was disconnected."""
    key, secret = (credentials.get(name, "").strip() for name in ("consumer_key", "consumer_secret"))
    if not key or not secret:
        raise CredentialsRevoked(sentence("No REST key is stored for this store: connect it again."))
    if not (key + secret).isascii() or not (key + secret).isprintable():
        raise CredentialsRevoked(sentence("The REST key holds characters that no key has: copy it again."))
    return Keys(consumer_key=key, consumer_secret=secret)


def store_address(text: str, *, allow_private: bool) -> str:
    """Return the store's canonical origin: scheme, host, port where unusual, path; no trailing slash.

    Nobody is contacted. Raises Misuse with one line for what is no address of a public https store; with
    `allow_private` http, home networks and loopback are fine as well.
    """
    parts = _split(text)
    if parts.scheme not in DEFAULT_PORTS:
        raise Misuse(sentence("A store's address begins with https://"))
    if parts.scheme == "http" and not allow_private:
        raise Misuse(
            sentence("The store's address must begin with https://: over http its keys could be read on the way.")
        )
    if "@" in parts.netloc:
        raise Misuse(sentence("The store's address must not hold a user name or password."))
    host = checked_host(parts.hostname or "", allow_private=allow_private, named=ADDRESS)
    return f"{parts.scheme}://{host}{checked_port(parts, named=ADDRESS)}{_path(parts.path)}"


def _split(text: str) -> SplitResult:
    text = text.strip()
    if not text or len(text) > 2000 or not text.isprintable() or re.search(r"[\s\\<>\"'`{}|^]", text):
        raise Misuse(sentence("Type the store's address, such as https://shop.example.com"))
    if "?" in text or "#" in text:
        raise Misuse(sentence("The store's address must end before any ? or #."))
    try:
        return urlsplit(text if "://" in text else f"https://{text}")
    except ValueError as problem:
        raise Misuse(sentence("This is no store's address: look at its host and port again.")) from problem


def _path(path: str) -> str:
    path = INNER_PATH.sub("", path).rstrip("/")
    if not PATH.fullmatch(path) or any(part in {".", ".."} for part in path.split("/")):
        raise Misuse(sentence("The store's address has a path that cannot be used."))
    return path
