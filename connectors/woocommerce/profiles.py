"""Who a store is, proven by reads that need every permission we use, with a plain sentence for what is in the way."""

from collections.abc import Mapping
from typing import Any
from urllib.parse import urlsplit

from connectors.woocommerce.client import API, Client
from connectors.woocommerce.coupons import zone_name
from connectors.woocommerce.fields import text
from connectors.woocommerce.orders import FULFILMENTS, PLACE
from connectors.woocommerce.refusals import Moved, NoRoute, WebPage
from core.errors import PayloadChanged, Rejected
from core.snapshots import PlaceSnapshot, ShopProfile

CURRENCY = "woocommerce_currency"


def profile(client: Client) -> ShopProfile:
    """Return what the store says of itself.

    Raises CredentialsRevoked for keys that do not work or whose user may not manage the store, Rejected for a store
    that cannot be spoken to as it is set up. Whether a key may write is known at the first write only.
    """
    try:
        return _asked(client)
    except (WebPage, Moved, NoRoute) as problem:
        raise Rejected(str(problem)) from problem


def _asked(client: Client) -> ShopProfile:
    index = client.index()
    if not isinstance(index, dict):
        raise PayloadChanged("/wp-json/ is no object")
    spaces = index.get("namespaces")
    if isinstance(spaces, list) and API not in spaces:
        raise Rejected("WooCommerce is not active at this store, or older than version 3.5.")
    client.get_list("orders", per_page=1)
    currency = _currency(client)
    # Webhooks ask for the right to manage the store, which reading orders does not.
    client.get_list("webhooks", per_page=1)
    domain = urlsplit(client.origin)
    return ShopProfile(
        name=text(index.get("name")) or domain.netloc, currency=currency, timezone=zone_name(index),
        domain=f"{domain.netloc}{domain.path}", locations=(PlaceSnapshot(id=PLACE, name="Store"),),
        features=_features(index),
    )  # fmt: skip


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
