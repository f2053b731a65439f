"""A shop's token service: codes, refresh tokens and the app's own secret become keys.

Spoken by our own session, as rate limits, refusals and lost answers must be told apart here: each means something else
for the shop's connection.
"""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

import requests

from core.errors import CredentialsRevoked, RateLimited, Unavailable
from core.sentences import sentence

TIMEOUT = (5.0, 20.0)
AGAIN = sentence("connect the shop again")


def ask(session: requests.Session, origin: str, asked: Mapping[str, str]) -> dict[str, Any]:
    """Ask for a token. A lost answer is harmless: asking again is allowed until the new token was used."""
    url = f"{origin}/admin/oauth/access_token"
    try:
        answer = session.post(url, json=dict(asked), timeout=TIMEOUT, allow_redirects=False)
        status = answer.status_code
        told = answer.json() if status == 200 else {}
    except requests.RequestException as problem:
        raise Unavailable(
            sentence("Shopify's token service did not answer: %(name__)s", name__=type(problem).__name__)
        ) from None
    if status == 429:
        raise RateLimited(sentence("Shopify's token service asked for a pause"), retry_after=60)
    if 300 <= status < 400:
        raise Unavailable(
            sentence("Shopify's token service answered with a redirect: check the shop's address"), retry_after=60
        )
    if 400 <= status < 500:
        raise CredentialsRevoked(
            sentence("Shopify refused a new key (%(status)s): %(again)s", status=status, again=AGAIN)
        )
    if not _is_grant(told):
        raise Unavailable(sentence("Shopify's token service answered %(status)s without a token", status=status))
    return dict(told)


def kept(granted: Mapping[str, Any], now: datetime) -> dict[str, str]:
    """Return what of a grant is stored: the token, its refresh token, and when each ends."""
    told = {"access_token": str(granted["access_token"])}
    if refresh := granted.get("refresh_token"):
        told["refresh_token"] = str(refresh)
    for source, name in (("expires_in", "expires_at"), ("refresh_token_expires_in", "refresh_expires_at")):
        lasts = granted.get(source)
        if isinstance(lasts, int) and 0 < lasts < 10**9:
            told[name] = (now + timedelta(seconds=lasts)).isoformat()
    return told


def instant(text: str) -> datetime:
    """Return a stored instant, aware."""
    moment = datetime.fromisoformat(text)
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def _is_grant(told: Any) -> bool:  # noqa: ANN401  # read from JSON
    return isinstance(told, dict) and isinstance(told.get("access_token"), str) and bool(told["access_token"])
