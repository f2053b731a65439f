"""Which shop, and with which key: domains, access tokens, and renewing those that expire before they are used."""

import hashlib
import re
import threading
from collections import defaultdict
from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import urlsplit

import requests

from core.errors import CredentialsRevoked, Misuse, RateLimited, Rejected, Unavailable

TIMEOUT = (5.0, 20.0)
EARLY = timedelta(seconds=90)
LOOPBACK = frozenset({"127.0.0.1", "localhost", "::1"})
NAME = re.compile(r"[a-z0-9][a-z0-9-]{0,99}")
SUFFIX = ".myshopify.com"
AGAIN = "connect the shop again"


def shop_domain(text: str) -> str:
    """Return `name.myshopify.com` for a shop's name, domain or address. Raises Misuse on anything else."""
    host = text.strip().lower()
    if "//" in host:
        scheme, _, host = host.partition("//")
        if scheme not in {"https:", "http:"}:
            raise Misuse(f"not a Shopify shop: {text[:80]!r}")
    host = host.split("/", 1)[0].split("?", 1)[0]
    name = host.removesuffix(SUFFIX)
    if not NAME.fullmatch(name) or "\n" in text.strip(" \t"):
        raise Misuse(f"not a Shopify shop: {text[:80]!r}; give its name, such as my-shop.myshopify.com")
    return name + SUFFIX


def checked_origin(origin: str) -> str:
    """Return the origin without a trailing slash. Raises Misuse unless it is https, or http to this machine."""
    parts = urlsplit(origin)
    local = parts.scheme == "http" and parts.hostname in LOOPBACK
    if not (parts.scheme == "https" or local) or not parts.hostname or parts.username or parts.query:
        raise Misuse(f"BACKORDER_SHOPIFY_ORIGIN: {origin[:80]!r} must be https (http on loopback only)")
    return origin.rstrip("/")


def client_credentials(origin: str, client_id: str, client_secret: str) -> dict[str, str]:
    """Return credentials for one's own shop from an app's id and secret: a token for a day, fetched anew by itself.

    Raises CredentialsRevoked where the platform does not know the app, and Unavailable.
    """
    app = {"client_id": client_id, "client_secret": client_secret}
    with requests.Session() as session:
        granted = _ask(session, checked_origin(origin), {**app, "grant_type": "client_credentials"})
    return {**app, "grant": "client_credentials", **_kept(granted, datetime.now(UTC))}


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
    """One shop's key. `keep` stores a renewed pair before it is used; `reload` reads what others may have stored."""

    def __init__(
        self,
        *,
        origin: str,
        credentials: Mapping[str, str],
        keep: Callable[[Mapping[str, str]], None],
        now: Callable[[], datetime],
        reload: Callable[[], Mapping[str, str]] | None = None,
    ) -> None:
        self._origin = origin
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
            raise CredentialsRevoked(f"there is no key for this shop: {AGAIN}")
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
        return bool(expires) and _instant(str(expires)) - time <= self._now()

    def _renew(self, session: requests.Session) -> None:
        """Renew under the shop's lock; what another worker renewed meanwhile is taken over."""
        old = self._credentials.get("access_token", "")
        with RENEWALS.lock(self._origin):
            found = RENEWALS.successor(self._origin, old) or self._stored(old)
            if found:
                self._credentials |= found
                return
            fresh = self._granted(session, old)
            # Stored before its first use: a crash from here on loses nothing, and the old refresh token works
            # until the new one was used, so a crash before here loses nothing either.
            self._keep({**self._credentials, **fresh})
            self._credentials |= fresh
            RENEWALS.remember(self._origin, old, fresh)

    def _granted(self, session: requests.Session, old: str) -> dict[str, str]:
        try:
            return _kept(_ask(session, self._origin, self._request()), self._now())
        except CredentialsRevoked:
            # Another process may have used the refresh token first and stored what came of it.
            if found := self._stored(old):
                return found
            raise

    def _stored(self, old: str) -> dict[str, str] | None:
        stored = dict(self._reload()) if self._reload else {}
        return stored if stored.get("access_token", old) != old else None

    def _request(self) -> dict[str, str]:
        has = self._credentials
        if not has.get("client_id") or not has.get("client_secret"):
            raise CredentialsRevoked(f"the key has expired and the app's id and secret are not known: {AGAIN}")
        asked = {"client_id": has["client_id"], "client_secret": has["client_secret"]}
        if has.get("grant") == "client_credentials":
            return {**asked, "grant_type": "client_credentials"}
        ends = has.get("refresh_expires_at")
        if not has.get("refresh_token") or (ends and _instant(ends) <= self._now()):
            raise CredentialsRevoked(f"the key has expired: {AGAIN}")
        return {**asked, "grant_type": "refresh_token", "refresh_token": has["refresh_token"]}


def _ask(session: requests.Session, origin: str, asked: Mapping[str, str]) -> dict[str, Any]:
    """Ask for a token. A lost answer is harmless: asking again is allowed until the new token was used."""
    url = f"{origin}/admin/oauth/access_token"
    try:
        answer = session.post(url, json=dict(asked), timeout=TIMEOUT, allow_redirects=False)
        status = answer.status_code
        told = answer.json() if status == 200 else {}
    except requests.RequestException as problem:
        raise Unavailable(f"Shopify's token service did not answer: {type(problem).__name__}") from None
    if status == 429:
        raise RateLimited("Shopify's token service asked for a pause", retry_after=60)
    if 300 <= status < 400:
        raise Rejected("Shopify's token service answered with a redirect: check the shop's address")
    if 400 <= status < 500:
        raise CredentialsRevoked(f"Shopify refused a new key ({status}): {AGAIN}")
    if not _is_grant(told):
        raise Unavailable(f"Shopify's token service answered {status} without a token")
    return dict(told)


def _is_grant(told: Any) -> bool:  # noqa: ANN401  # read from JSON
    return isinstance(told, dict) and isinstance(told.get("access_token"), str) and bool(told["access_token"])


def _kept(granted: Mapping[str, Any], now: datetime) -> dict[str, str]:
    kept = {"access_token": str(granted["access_token"])}
    if refresh := granted.get("refresh_token"):
        kept["refresh_token"] = str(refresh)
    for told, name in (("expires_in", "expires_at"), ("refresh_token_expires_in", "refresh_expires_at")):
        lasts = granted.get(told)
        if isinstance(lasts, int) and 0 < lasts < 10**9:
            kept[name] = (now + timedelta(seconds=lasts)).isoformat()
    return kept


def _instant(text: str) -> datetime:
    moment = datetime.fromisoformat(text)
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def _digest(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()
