"""Who a store is, proven by reads that need every permission we use, with a plain sentence for what is in the way."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any
from urllib.parse import urlsplit

from connectors.well_formed import well_formed
from connectors.woocommerce.client import API, Client
from connectors.woocommerce.coupons import zone_name
from connectors.woocommerce.fields import Json, part, rows, text
from connectors.woocommerce.order_snapshot import PLACE
from connectors.woocommerce.orders import FULFILMENTS
from connectors.woocommerce.refusals import Moved, NoRoute, WebPage
from core.errors import CredentialsRevoked, PayloadChanged, Rejected, Unavailable
from core.sentences import sentence
from core.snapshots import PlaceSnapshot, ShopProfile

CURRENCY = "woocommerce_currency"


def profile(client: Client) -> ShopProfile:
    """Return what the store says of itself. Nothing but reads: it is asked with every comparison.

    Raises CredentialsRevoked for keys that do not work, or whose user may not manage the store; Rejected for a store
    that cannot be spoken to as it is set up.
    """
    with _plainly():
        return _asked(client, site_index(client))


def proven(client: Client) -> ShopProfile:
    """Return the same of a store that is being connected; keys that may not write are refused as well."""
    seen = profile(client)
    with _plainly():
        _may_write(client)
    return seen


def site_index(client: Client) -> Json:
    """Return the site's open index, which needs no key. Raises Rejected for what is no WooCommerce store."""
    with _plainly():
        index = client.index()
    if not isinstance(index, dict):
        raise PayloadChanged("/wp-json/ is no object")
    spaces = index.get("namespaces")
    if isinstance(spaces, list) and API not in spaces:
        raise Rejected(sentence("WooCommerce is not active at this store, or older than version 3.5."))
    if _is_old(index):
        raise Rejected(sentence("This WooCommerce is older than version 5.8 and cannot list what changed: update it."))
    return index


def _is_old(index: Json) -> bool:
    """Whether the list of orders takes no date of change. The index tells the arguments of every route."""
    endpoints = rows(part(part(index, "routes"), f"/{API}/orders"), "endpoints")
    told = [part(endpoint, "args") for endpoint in endpoints if "GET" in (endpoint.get("methods") or ())]
    return any(told) and not any("modified_after" in arguments for arguments in told)


@contextmanager
def _plainly() -> Iterator[None]:
    """What may pass at an ordinary read is a reason to refuse while a store is being connected."""
    try:
        yield
    except (WebPage, Moved, NoRoute) as problem:
        raise Rejected(str(problem)) from problem


def _asked(client: Client, index: Json) -> ShopProfile:
    client.get_list("orders", per_page=1)
    currency = _currency(client)
    # Webhooks ask for the right to manage the store, which reading orders does not.
    client.get_list("webhooks", per_page=1)
    domain = urlsplit(client.origin)
    seen = ShopProfile(
        name=text(index.get("name")) or domain.netloc, currency=currency, timezone=zone_name(index),
        domain=f"{domain.netloc}{domain.path}", locations=(PlaceSnapshot(id=PLACE, name="Store"),),
        features=_features(index),
    )  # fmt: skip
    return well_formed(seen)


def _may_write(client: Client) -> None:
    """Prove the key's permission to write by a batch of no changes. Raises CredentialsRevoked.

    A store that fails over the empty batch says nothing about the key: the first real write will.
    """
    try:
        client.post("webhooks/batch", {})
    except CredentialsRevoked:
        raise
    except (Rejected, Unavailable):
        return


def _currency(client: Client) -> str:
    for setting in client.get_list("settings/general"):
        if setting.get("id") == CURRENCY and (currency := text(setting.get("value"))):
            return currency
    raise PayloadChanged("settings/general: no currency")


def _features(index: Mapping[str, Any]) -> frozenset[str]:
    routes = index.get("routes")
    known = any(
        route.startswith(f"/{API}/orders/") and route.endswith(f"/{FULFILMENTS}")
        for route in (routes if isinstance(routes, dict) else ())
    )
    return frozenset({FULFILMENTS}) if known else frozenset()
