"""What a store's answer means when it is not what was asked for: status, code and page to a sentence and an error."""

import html
import re
from collections.abc import Callable, Mapping
from datetime import datetime
from email.utils import parsedate_to_datetime
from urllib.parse import urlsplit

from core.errors import (
    BackorderError,
    CredentialsRevoked,
    NotFound,
    OutcomeUnknown,
    RateLimited,
    Rejected,
    Unavailable,
)
from core.sentences import sentence

CLOCK_WINDOW = 15 * 60
LONGEST_WAIT = 3600.0
NO_REFUND = "woocommerce_rest_cannot_create_order_refund"


class WebPage(Unavailable):
    """A page for people came instead of data."""


class Moved(Unavailable):
    """The store sends us elsewhere; nobody is followed."""


class NoRoute(Unavailable):
    """The store's REST interface does not know the route: the plugin or feature behind it is off."""


def refused(
    status: int,
    headers: Mapping[str, str],
    body: object,
    *,
    writing: bool,
    now: datetime,
) -> BackorderError:
    """Return the error for an answer that is not 2xx. `body` is the parsed JSON, None for anything else.

    A write that the store may have carried out before it failed is an OutcomeUnknown; a read never is. `now` is the
    machine's clock, to see whether it and the store's differ.
    """
    told = body if isinstance(body, dict) else {}
    code, message = str(told.get("code", "")), own_words(told.get("message"))
    if 300 <= status < 400:
        return _moved(headers.get("Location", ""))
    if status in {401, 403}:
        return _closed(status, code, message, headers, now=now, writing=writing)
    if status == 404:
        return _missing(code, message)
    if status == 429:
        return RateLimited(sentence("The store asked for a pause."), retry_after=retry_after(headers, now))
    # A refund is withdrawn by the store before it answers so, with a status that otherwise means a crash.
    if (status >= 500 or status in {408, 425}) and code != NO_REFUND:
        kind = OutcomeUnknown if writing else Unavailable
        return kind(
            sentence("The store failed with status %(status)s. %(message)s", status=status, message=message).strip(),
            retry_after=retry_after(headers, now),
        )
    return Rejected(sentence("The store refused: %(words)s", words=message or code or f"status {status}"))


def no_data(status: int, *, writing: bool) -> Unavailable:
    """Return the error for a 2xx answer that is no JSON, or JSON that was cut off."""
    said = sentence(
        "The store answered with something that is no data (status %(status)s): a plugin may have written into it.",
        status=status,
    )
    return OutcomeUnknown(said) if writing else WebPage(said)


def own_words(message: object) -> str:
    """Return the store's own words as one short line without markup."""
    if not isinstance(message, str):
        return ""
    plain = html.unescape(re.sub(r"<[^<>]*>", " ", message[:2000]))
    return " ".join("".join(sign if sign.isprintable() else " " for sign in plain).split())[:200]


def retry_after(headers: Mapping[str, str], now: datetime) -> float | None:
    """Return the seconds that the store asks us to wait, at most an hour; None when it does not say."""
    text = headers.get("Retry-After", "").strip()
    if re.fullmatch(r"\d{1,9}", text):
        return min(float(text), LONGEST_WAIT)
    moment = _date(text)
    return None if moment is None else min(max(0.0, (moment - now).total_seconds()), LONGEST_WAIT)


def _moved(location: str) -> Unavailable:
    parts = urlsplit(location)
    if "wp-login" in parts.path:
        return Moved(sentence("The store sends us to its login page: a plugin hides the store or its REST interface."))
    if parts.hostname:
        return Moved(
            sentence(
                "The store sends us to %(scheme)s://%(rpartition)s: connect that address.",
                scheme=parts.scheme,
                rpartition=parts.netloc.rpartition("@")[2],
            )
        )
    return Moved(
        sentence("The store sends us to another address of its own: connect the address that the browser ends at.")
    )


def _missing(code: str, message: str) -> BackorderError:
    if code == "rest_no_route":
        return NoRoute(
            sentence("The store does not know this part of its REST interface: is WooCommerce active there?")
        )
    if code:
        return NotFound(sentence("The store does not know it. %(message)s", message=message).strip())
    # Without a code the web server answered, not WooCommerce: nothing is said about the object itself.
    return WebPage(
        sentence("The store's REST interface does not answer: in WordPress set Settings > Permalinks to any but Plain.")
    )


def _closed(
    status: int, code: str, message: str, headers: Mapping[str, str], *, now: datetime, writing: bool
) -> BackorderError:
    """Say why a door is closed. Messages are translated by the store, so codes decide and words only help."""
    if not code and status == 403:
        return Unavailable(sentence("A firewall before the store turned us away: let this service's address through."))
    if not code:
        return CredentialsRevoked(sentence("A password page stands before the store: open /wp-json/ to us."))
    if code == "woocommerce_rest_authentication_error":
        return _bad_key(message, headers, now=now, writing=writing)
    for known, words in CLOSED.items():
        if code.startswith(known):
            return CredentialsRevoked(words(status))
    return CredentialsRevoked(
        sentence("The store closed its REST interface to us (%(code)s): %(message)s", code=code[:60], message=message)
    )


def _bad_key(message: str, headers: Mapping[str, str], *, now: datetime, writing: bool) -> BackorderError:
    stamp = _date(headers.get("Date", ""))
    if "nonce" in message.lower():
        return Unavailable(sentence("The store saw this request before."), retry_after=1.0)
    if "timestamp" in message.lower() or (stamp and abs((stamp - now).total_seconds()) > CLOCK_WINDOW):
        return CredentialsRevoked(
            sentence("The store's clock and ours differ by more than 15 minutes: set the clocks right.")
        )
    if "signature" in message.lower():
        said = sentence(
            "The consumer secret does not fit, or the store's own address is written differently in its settings"
        )
        return CredentialsRevoked(sentence("%(said)s: copy the key again.", said=said))
    if writing:
        return CredentialsRevoked(
            sentence(
                "The key may not write: give it Read/Write permission. The store said: %(message)s", message=message
            )
        )
    return CredentialsRevoked(
        sentence("The store does not know the key: make a new one there. The store said: %(message)s", message=message)
    )


def _no_permission(status: int) -> str:
    if status == 401:
        return sentence("The store did not see our key: its server may remove the Authorization header.")
    return sentence("The user behind the key lost the right to see orders: make the key for a shop manager.")


def _for_members(_status: int) -> str:
    return sentence("A plugin opens the REST interface to logged-in people only: let /wp-json/wc/ through.")


CLOSED: Mapping[str, Callable[[int], str]] = {
    "woocommerce_rest_cannot": _no_permission,
    "rest_not_logged_in": _for_members,
    "rest_login_required": _for_members,
    "rest_cannot_access": _for_members,
    "rest_disabled": _for_members,
    "rest_forbidden": _for_members,
}


def _date(text: str) -> datetime | None:
    try:
        moment = parsedate_to_datetime(text)
    except (TypeError, ValueError):
        return None
    return moment if moment.tzinfo else None
