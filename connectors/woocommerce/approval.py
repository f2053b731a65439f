"""The store's own page on which its owner lets us in, and the keys that the store then posts to us."""

from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode

from connectors.woocommerce.access import Keys, keys_of
from connectors.woocommerce.client import Client, parsed
from connectors.woocommerce.profiles import proven, site_index
from core.errors import Misuse, Rejected
from core.sentences import sentence
from core.snapshots import ShopProfile

APP_NAME = "Backorder"
SCOPE = "read_write"
LARGEST_BODY = 16 * 1024
NOBODY = Keys(consumer_key="", consumer_secret="")


def look(origin: str, *, allow_private: bool) -> None:
    """Look at a store before anybody is sent there. Raises `BackorderError`s that say what is in the way."""
    site_index(Client(origin=origin, keys=NOBODY, allow_private=allow_private))


def page_of(origin: str, state: str, return_url: str, callback_url: str) -> str:
    """Return the address of the page on which the store's owner approves."""
    asked = {
        "app_name": APP_NAME,
        "scope": SCOPE,
        "user_id": state,
        "return_url": return_url,
        "callback_url": callback_url,
    }
    return f"{origin}/wc-auth/v1/authorize?{urlencode(asked)}"


def handed(body: bytes) -> tuple[str, dict[str, str]]:
    """Return our state and the keys that a store posted. Not signed: only the state says whom they are for.

    Raises Misuse for anything else, Rejected for keys that may not do what we need.
    """
    record = parsed(body) if len(body) <= LARGEST_BODY else None
    if not isinstance(record, dict):
        raise Misuse(sentence("The store's keys must come as a JSON object."))
    state, key, secret = (_text(record, name) for name in ("user_id", "consumer_key", "consumer_secret"))
    # Before anything is kept: keys that could not be sent as a header are none.
    keys = keys_of({"consumer_key": key, "consumer_secret": secret})
    if not state:
        raise Misuse(sentence("The store's keys came without the state that was given to the store."))
    if record.get("key_permissions") not in {SCOPE, None}:
        raise Rejected(sentence("The key may not both read and write: approve once more."))
    return state, {"consumer_key": keys.consumer_key, "consumer_secret": keys.consumer_secret}


def prove(origin: str, credentials: Mapping[str, str], *, allow_private: bool) -> ShopProfile:
    """Return what the store says of itself when asked with these keys. Raises what `proven` raises."""
    return proven(Client(origin=origin, keys=keys_of(credentials), allow_private=allow_private))


def _text(record: dict[str, Any], name: str) -> str:
    value = record.get(name)
    return value if isinstance(value, str) and len(value) <= 500 else ""
