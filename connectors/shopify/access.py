"""Which shop, and with which key: domains, access tokens, and renewing those that expire before they are used."""

import hashlib
import re
import threading
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from urllib.parse import urlsplit

import requests

from connectors.shopify.tokens import AGAIN, ask, instant, kept
from core.errors import CredentialsRevoked, Misuse
from core.sentences import sentence
from core.settings import LOOPBACK

EARLY = timedelta(seconds=90)
NAME = re.compile(r"[a-z0-9][a-z0-9-]{0,99}")
SUFFIX = ".myshopify.com"


def shop_domain(text: str) -> str:
    """Return `name.myshopify.com` for a shop's name, domain or address. Raises Misuse on anything else."""
    host = text.strip().lower()
    if "//" in host:
        scheme, _, host = host.partition("//")
        if scheme not in {"https:", "http:"}:
            raise Misuse(sentence("not a Shopify shop: %(text)s", text=f"{text[:80]!r}"))
    host = host.split("/", 1)[0].split("?", 1)[0]
    name = host.removesuffix(SUFFIX)
    if not NAME.fullmatch(name) or "\n" in text.strip(" \t"):
        raise Misuse(
            sentence(
                "not a Shopify shop: %(text)s; give its name, such as my-shop.myshopify.com", text=f"{text[:80]!r}"
            )
        )
    return name + SUFFIX


def checked_origin(origin: str) -> str:
    """Return the origin without a trailing slash. Raises Misuse unless it is https, or http to this machine."""
    parts = urlsplit(origin)
    local = parts.scheme == "http" and parts.hostname in LOOPBACK
    if not (parts.scheme == "https" or local) or not parts.hostname or parts.username or parts.query:
        raise Misuse(f"BACKORDER_SHOPIFY_ORIGIN: {origin[:80]!r} must be https (http on loopback only)")
    return origin.rstrip("/")


@dataclass(frozen=True, slots=True, kw_only=True)
class App:
    """The app as it is set up here. `secrets`: the current one first, then the one that is being replaced."""

    client_id: str = ""
    secrets: tuple[str, ...] = field(default=(), repr=False)


class Renewals:
    """Who renewed what in this process, so that two workers at one shop do not renew the same token twice."""

    def __init__(self) -> None:
        self._door = threading.Lock()
        self._locks: defaultdict[str, threading.Lock] = defaultdict(threading.Lock)
        self._newest: dict[str, tuple[str, dict[str, str]]] = {}

    def lock(self, shop: str) -> threading.Lock:
        """Return the shop's own lock: one shop's slowness holds up no other."""
        with self._door:
            return self._locks[shop]

    def successor(self, shop: str, token: str) -> dict[str, str] | None:
        """Return what replaced this token."""
        old, credentials = self._newest.get(shop, ("", {}))
        return dict(credentials) if old == _digest(token) else None

    def remember(self, shop: str, token: str, credentials: Mapping[str, str]) -> None:
        """Note what replaced this token; only the last replacement of a shop is kept."""
        self._newest[shop] = (_digest(token), dict(credentials))


RENEWALS = Renewals()


class Access:
    """One shop's key. `keep` stores a renewed pair before it is used; `reload` reads what others may have stored.

    `alone` is entered for a renewal: while it is held, no other process renews the same shop's key.
    """

    def __init__(
        self,
        *,
        origin: str,
        credentials: Mapping[str, str],
        keep: Callable[[Mapping[str, str]], None],
        now: Callable[[], datetime],
        reload: Callable[[], Mapping[str, str]] | None = None,
        alone: Callable[[], AbstractContextManager[None]] = nullcontext,
        app: App | None = None,
    ) -> None:
        self._origin = origin
        self._alone = alone
        self._app = app or App()
        self._credentials = dict(credentials)
        self._keep = keep
        self._now = now
        self._reload = reload

    def __repr__(self) -> str:
        return f"Access({self._origin!r}, ***)"

    def token(self, session: requests.Session) -> str:
        """Return a token that works for at least a minute, renewed first where it must be.

        Raises CredentialsRevoked where there is none to be had, and Unavailable: nothing was sent to the shop yet.
        """
        missing = not self._credentials.get("access_token")
        if missing and self._credentials.get("grant") != "client_credentials":
            raise CredentialsRevoked(sentence("there is no key for this shop: %(again)s", again=AGAIN))
        if missing or self._expires_within(EARLY):
            self._renew(session)
        return self._credentials["access_token"]

    def renew_refused(self, session: requests.Session) -> bool:
        """Get another token after one was refused; False where the grant knows no way to another one."""
        if self._credentials.get("grant") not in {"client_credentials", "offline"}:
            return False
        self._renew(session)
        return True

    def _expires_within(self, time: timedelta) -> bool:
        expires = self._credentials.get("expires_at")
        return bool(expires) and instant(str(expires)) - time <= self._now()

    def _renew(self, session: requests.Session) -> None:
        """Renew under the shop's lock; what another worker renewed meanwhile is taken over."""
        old = self._credentials.get("access_token", "")
        with RENEWALS.lock(self._origin):
            if found := RENEWALS.successor(self._origin, old) or self._stored(old):
                self._credentials |= found
                return
            with self._alone():
                fresh = self._stored(old) or self._granted_and_kept(session, old)
            self._credentials |= fresh
            RENEWALS.remember(self._origin, old, fresh)

    def _granted_and_kept(self, session: requests.Session, old: str) -> dict[str, str]:
        fresh = self._granted(session, old)
        # Stored before its first use: a crash from here on loses nothing, and the old refresh token works
        # until the new one was used, so a crash before here loses nothing either.
        self._keep({**self._credentials, **fresh})
        return fresh

    def _granted(self, session: requests.Session, old: str) -> dict[str, str]:
        refused: CredentialsRevoked | None = None
        for asked in self._requests():
            try:
                return kept(ask(session, self._origin, asked), self._now())
            except CredentialsRevoked as problem:
                # Another process may have used the refresh token first and stored what came of it.
                if found := self._stored(old):
                    return found
                refused = refused or problem
        raise refused or CredentialsRevoked(sentence("the key has expired: %(again)s", again=AGAIN))

    def _stored(self, old: str) -> dict[str, str] | None:
        stored = dict(self._reload()) if self._reload else {}
        return stored if stored.get("access_token", old) != old else None

    def _requests(self) -> Iterator[dict[str, str]]:
        """Yield what to ask, by one secret of the app after the other: a key is bound to the one it was made with."""
        has = self._credentials
        client_id = has.get("client_id") or self._app.client_id
        ours = self._app.secrets if client_id == self._app.client_id else ()
        secrets = dict.fromkeys(secret for secret in (*ours, has.get("client_secret", "")) if secret)
        if not client_id or not secrets:
            raise CredentialsRevoked(
                sentence("the key has expired and the app's id and secret are not known: %(again)s", again=AGAIN)
            )
        wanted = self._wanted()
        for secret in secrets:
            yield {"client_id": client_id, "client_secret": secret, **wanted}

    def _wanted(self) -> dict[str, str]:
        has = self._credentials
        if has.get("grant") == "client_credentials":
            return {"grant_type": "client_credentials"}
        ends = has.get("refresh_expires_at")
        if not has.get("refresh_token") or (ends and instant(ends) <= self._now()):
            raise CredentialsRevoked(sentence("the key has expired: %(again)s", again=AGAIN))
        return {"grant_type": "refresh_token", "refresh_token": has["refresh_token"]}


def _digest(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()
