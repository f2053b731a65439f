"""Who asks: OAuth 1.0a signatures over plain http, the key itself over https, and the refusals as worded.

The clock here is the real one: clients sign with theirs, whatever day the simulated store lives in.
"""

import base64
import hashlib
import hmac
from collections.abc import Callable, Mapping
from urllib.parse import quote, unquote

from werkzeug.datastructures import Authorization

from connectors.simulator.woocommerce.rest import RestError
from connectors.simulator.woocommerce.rows import Key
from connectors.simulator.woocommerce.state import State

WINDOW_SECONDS = 15 * 60
METHODS: Mapping[str, Callable[..., "hashlib._Hash"]] = {"HMAC-SHA1": hashlib.sha1, "HMAC-SHA256": hashlib.sha256}
PARAMETERS = (
    "oauth_consumer_key",
    "oauth_timestamp",
    "oauth_nonce",
    "oauth_signature",
    "oauth_signature_method",
)
READING = frozenset({"GET", "HEAD", "OPTIONS"})
VERBS = {
    "list": ("woocommerce_rest_cannot_view", "Sorry, you cannot list resources."),
    "view": ("woocommerce_rest_cannot_view", "Sorry, you cannot view this resource."),
    "create": ("woocommerce_rest_cannot_create", "Sorry, you are not allowed to create resources."),
    "edit": ("woocommerce_rest_cannot_edit", "Sorry, you are not allowed to edit this resource."),
    "delete": ("woocommerce_rest_cannot_delete", "Sorry, you are not allowed to delete this resource."),
    "batch": ("woocommerce_rest_cannot_batch", "Sorry, you are not allowed to batch manipulate this resource."),
}


def authenticate(
    state: State,
    *,
    method: str,
    path: str,
    query: Mapping[str, str],
    basic: Authorization | None,
    https: bool,
    now: float,
) -> Key | None:
    """The key that the request proves, or None for an anonymous one.

    Raises RestError 401 when a proof was offered and is wrong. Over http the key itself is not looked at.
    """
    key = _by_secret(state, query, basic) if https else None
    if key is None:
        key = _by_signature(state, method, path, query, now) if any(name in query for name in PARAMETERS) else None
    if key is not None:
        _permitted(key, method)
    return key


def refused(verb: str, *, known: bool) -> RestError:
    """The refusal of someone who may not: 401 without a key, 403 with one whose user lost the role."""
    code, message = VERBS[verb]
    return RestError(403 if known else 401, code, message)


def signature(method: str, url: str, parameters: Mapping[str, str], secret: str, algorithm: str) -> str:
    """The signature of a request: base64 of the HMAC over method, address and sorted parameters."""
    pairs = [
        f"{_twice(name)}%3D{_twice(value)}"
        for name, value in sorted(parameters.items(), key=lambda pair: pair[0].encode())
    ]
    base = f"{method.upper()}&{quote(url, safe='')}&{'%26'.join(pairs)}"
    mac = hmac.new(f"{secret}&".encode(), base.encode(), METHODS[algorithm])
    return base64.b64encode(mac.digest()).decode()


def _twice(text: str) -> str:
    """Percent-encoded, and its percent signs encoded again."""
    return quote(unquote(text), safe="").replace("%", "%25")


def _by_secret(state: State, query: Mapping[str, str], basic: Authorization | None) -> Key | None:
    name, secret = query.get("consumer_key"), query.get("consumer_secret")
    if not (name and secret) and basic is not None and basic.type == "basic":
        name, secret = basic.username, basic.password
    key = state.keys.get(name or "")
    if key is None or not secret:
        return None
    if not hmac.compare_digest(key.consumer_secret.encode(), secret.encode()):
        raise _wrong("Consumer secret is invalid.")
    return key


def _by_signature(state: State, method: str, path: str, query: Mapping[str, str], now: float) -> Key:
    if missing := [name for name in PARAMETERS if name not in query]:
        words = f"Missing OAuth parameter{'s' if len(missing) > 1 else ''} {', '.join(missing)}"
        raise RestError(401, "woocommerce_rest_authentication_missing_parameter", words)
    key = state.keys.get(query["oauth_consumer_key"])
    if key is None:
        raise _wrong("Consumer key is invalid.")
    if query["oauth_signature_method"] not in METHODS:
        raise _wrong("Invalid signature - signature method is invalid.")
    unsigned = {name: value for name, value in query.items() if name != "oauth_signature"}
    algorithm, secret = query["oauth_signature_method"], key.consumer_secret
    expected = signature(method, state.home + path, unsigned, secret, algorithm)
    if not hmac.compare_digest(expected.encode(), query["oauth_signature"].replace(" ", "+").encode()):
        raise _wrong("Invalid signature - provided signature does not match.")
    _fresh(key, query["oauth_timestamp"], query["oauth_nonce"], int(now))
    return key


def _fresh(key: Key, timestamp: str, nonce: str, now: int) -> None:
    """Refuse a stale or replayed request and remember this one's nonce while its time is valid.

    As on the platform, one nonce is remembered for each second: the last one.
    """
    stamp = int(timestamp) if timestamp.isdigit() else 0
    if abs(now - stamp) > WINDOW_SECONDS:
        raise _wrong("Invalid timestamp.")
    if nonce in key.nonces.values():
        raise _wrong("Invalid nonce - nonce has already been used.")
    key.nonces[stamp] = nonce
    for old in [seen for seen in key.nonces if seen < now - WINDOW_SECONDS]:
        del key.nonces[old]


def _permitted(key: Key, method: str) -> None:
    reading = method in READING
    if key.permissions == ("write" if reading else "read"):
        raise _wrong(f"The API key provided does not have {'read' if reading else 'write'} permissions.")


def _wrong(message: str) -> RestError:
    return RestError(401, "woocommerce_rest_authentication_error", message)
