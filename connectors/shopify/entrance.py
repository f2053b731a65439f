"""How a merchant lets the app in: the consent page with its signed way back, and the admin's proof on embedded pages.

Signatures, proofs and the exchange are checked and made by the platform's own libraries; what those leave open (a time
in the future, whose shop a proof names) is closed here. Nothing of theirs that is shared by a whole process is used.
"""

import re
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlencode, urlsplit

import httpx
import requests
import shopify
from shopify_app import ShopifyApp

from connectors.shopify import scopes
from connectors.shopify.access import App, checked_origin
from connectors.shopify.tokens import ask, instant, kept
from core.access.entrance import Detour, Guest
from core.errors import CredentialsRevoked, RateLimited, Unavailable, Untrusted
from core.sentences import sentence

DOMAIN = re.compile(r"[a-zA-Z0-9][a-zA-Z0-9-]{0,99}\.myshopify\.com")
OLDEST, AHEAD = timedelta(minutes=10), timedelta(seconds=90)
RELOAD_PATH = "/shopify/patch-id-token"
CLAIMS = frozenset({"iss", "dest", "aud", "sub", "exp", "nbf", "jti"})


class Entrance:
    """Implements `core.access.entrance.Entrance`. `origin` tells where a shop of this domain answers."""

    frame = "https://cdn.shopify.com/shopifycloud/app-bridge.js https://cdn.shopify.com/shopifycloud/polaris-1.js"

    def __init__(self, *, app: App, origin: Callable[[str], str], now: Callable[[], datetime]) -> None:
        self.client_id = app.client_id
        self._app = app
        self._origin = origin
        self._now = now
        current, previous = (*app.secrets, "")[:2]
        self._library = ShopifyApp(app.client_id, current, previous or None)

    def asked(self, query: Mapping[str, str], *, signed: bool) -> str:
        """Return the domain of the shop that a browser's address names. Raises Untrusted."""
        named = query.get("shop", "")
        if not DOMAIN.fullmatch(named):
            raise Untrusted(sentence("The address names no shop such as name.myshopify.com."))
        if (signed or "timestamp" in query) and not self._is_fresh(query.get("timestamp", "")):
            raise Untrusted(
                sentence("The address is more than ten minutes old: open the app in the shop's admin again.")
            )
        if (signed or "hmac" in query) and not self._is_signed(query):
            raise Untrusted(sentence("The address is not signed by the shop: open the app in the shop's admin again."))
        return named.lower()

    def consent(self, domain: str, *, state: str, back: str) -> str:
        """Return the address of the page on which the merchant agrees to what the app asks for."""
        asked = {"client_id": self.client_id, "scope": ",".join(scopes.asked_for()), "redirect_uri": back}
        return f"{self._at(domain)}/admin/oauth/authorize?{urlencode({**asked, 'state': state})}"

    def grant(self, domain: str, code: str) -> dict[str, str]:
        """Return credentials that expire and renew themselves, for a code that works once."""
        refused: CredentialsRevoked | None = None
        with requests.Session() as session:
            for secret in self._app.secrets:
                asked = {"client_id": self.client_id, "client_secret": secret, "code": code, "expiring": "1"}
                try:
                    return self._credentials(kept(ask(session, self._at(domain), asked), self._now()))
                except CredentialsRevoked as problem:
                    refused = problem
        raise CredentialsRevoked(
            sentence("Shopify did not take the code of its own page: install once more")
        ) from refused

    def guest(self, *, method: str, url: str, headers: Mapping[str, str]) -> Guest | Detour:
        """Return who opens an embedded page, or the detour by which the admin's script fetches a fresh proof."""
        request: Any = {"method": method, "headers": dict(headers), "url": url, "body": ""}
        result = self._library.verify_app_home_req(request, app_home_patch_id_token_path=RELOAD_PATH)
        if not result.ok or result.id_token is None:
            return Detour(status=result.response.status, headers=result.response.headers, body=result.response.body)
        domain = _shop_of(result.id_token.claims)
        if domain is None:
            return Detour(status=401, headers={}, body="Unauthorized")
        return Guest(domain=domain, person=str(result.user_id), token=result.id_token.token)

    def reload_page(self, *, url: str) -> Detour | None:
        """Return the page on which the admin's script fetches a fresh proof and goes on to where it was wanted."""
        query = dict(part.partition("=")[::2] for part in urlsplit(url).query.split("&"))
        if not DOMAIN.fullmatch(query.get("shop", "")):
            return None
        request: Any = {"method": "GET", "headers": {}, "url": url, "body": ""}
        answer = self._library.app_home_patch_id_token(request)
        if not answer.ok:
            return None
        return Detour(status=200, headers=answer.response.headers, body=answer.response.body)

    def exchange(self, guest: Guest) -> dict[str, str]:
        """Return credentials that expire and renew themselves, for work without the guest."""
        proof = {"exchangeable": True, "token": guest.token, "claims": {"dest": f"https://{guest.domain}"}}
        with self._http(guest.domain) as client:
            result = self._library.exchange_using_token_exchange(
                "offline", proof, {"status": 401, "body": "", "headers": {}}, expiring=True, http_client=client
            )
        made = result.access_token
        if made is None or not made.token:
            status = result.http_logs[-1].res.status if result.http_logs else 0
            raise _no_exchange(result.log.code, status)
        told = {"access_token": made.token, "refresh_token": made.refresh_token, "expires_at": _iso(made.expires)}
        told["refresh_expires_at"] = _iso(made.refresh_token_expires)
        return self._credentials({name: value for name, value in told.items() if value})

    def ancestors(self, domain: str) -> str:
        """Return who may show the shop's pages in a frame: its own domain and the admin."""
        return f"https://{domain} https://admin.shopify.com"

    def _credentials(self, granted: Mapping[str, str]) -> dict[str, str]:
        return {"grant": "offline", "client_id": self.client_id, **granted}

    def _at(self, domain: str) -> str:
        return checked_origin(self._origin(domain))

    def _is_fresh(self, text: str) -> bool:
        if not (text.isascii() and text.isdigit() and len(text) <= 12):
            return False
        age = self._now().timestamp() - int(text)
        return -AHEAD.total_seconds() <= age <= OLDEST.total_seconds()

    def _is_signed(self, query: Mapping[str, str]) -> bool:
        """Whether the current or the previous secret signed these parameters.

        The library keeps the secret on its class, for the whole process: so each check has a class of its own.
        """
        given = dict(query)
        checks: list[Any] = [type("Signed", (shopify.Session,), {"secret": secret}) for secret in self._app.secrets]
        return any(check.validate_hmac(given) for check in checks)

    def _http(self, domain: str) -> httpx.Client:
        """Return a client that finds the shop at its origin; the library knows only the public address."""
        origin = self._at(domain)
        if origin == f"https://{domain}":
            return httpx.Client(timeout=20.0)
        return httpx.Client(timeout=20.0, transport=_At(origin), trust_env=False)


class _At(httpx.HTTPTransport):
    """Sends every request to another origin, below its path."""

    def __init__(self, origin: str) -> None:
        super().__init__()
        self._target = httpx.URL(origin)

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        """Send the request to the origin."""
        path = self._target.raw_path.rstrip(b"/") + request.url.raw_path
        request.url = self._target.copy_with(raw_path=path)
        request.headers["Host"] = self._target.netloc.decode()
        return super().handle_request(request)


def _shop_of(claims: Mapping[str, Any]) -> str | None:
    """Return the domain that a proof is for; None where its claims are not all there or name two shops."""
    hosts = {urlsplit(str(claims.get(name, ""))).hostname or "" for name in ("iss", "dest")}
    domain = hosts.pop()
    if hosts or not claims.keys() >= CLAIMS or not DOMAIN.fullmatch(domain):
        return None
    return domain


def _no_exchange(code: str, status: int) -> Exception:
    if status == 429:
        return RateLimited(sentence("Shopify's token service asked for a pause"), retry_after=60)
    if status == 0 or status >= 500:
        return Unavailable(sentence("Shopify's token service gave no key (%(code)s)", code=code))
    return CredentialsRevoked(
        sentence("Shopify gave no key for this proof (%(code)s): open the app in the shop's admin again", code=code)
    )


def _iso(text: str | None) -> str:
    return instant(text).isoformat() if text else ""
