"""The WooCommerce connector: one store behind `core.ports.connector.ShopConnector`."""

from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import replace
from datetime import datetime

from connectors.woocommerce import profiles, subscriptions, translate
from connectors.woocommerce.access import keys_of, store_address
from connectors.woocommerce.client import Client
from connectors.woocommerce.effects import SUPPORT, Store, carry_out
from connectors.woocommerce.items import Items
from connectors.woocommerce.orders import FULFILMENTS, Orders
from core.actions import Action
from core.capabilities import Capability, Support
from core.outcomes import Outcome
from core.planning.hints import Hint
from core.snapshots import ItemSnapshot, OrderSnapshot, ShopProfile


class WooCommerceConnector:
    """One store. Implements `core.ports.connector.ShopConnector`; used by one thread at a time."""

    platform = "woocommerce"

    def __init__(
        self, client: Client, *, now: Callable[[], datetime], features: frozenset[str], currency: str | None = None
    ) -> None:
        self.support: Mapping[Capability, Support] = _supported(features)
        self._client = client
        self._orders = Orders(client, now, features)
        self._items = Items(client, now, currency)
        self._store = Store(client=client, orders=self._orders, features=features)

    def translate(self, topic: str, body: bytes) -> tuple[Hint, ...]:
        """Say what a delivery tells us to read. Raises PayloadChanged."""
        return translate.translate(topic, body)

    def profile(self) -> ShopProfile:
        """Prove the keys and say who the store is."""
        return profiles.profile(self._client)

    def read_order(self, platform_id: str) -> OrderSnapshot:
        """Read one order whole; `gone` when the store does not know it."""
        return self._orders.read(platform_id)

    def order_of_fulfilment(self, platform_id: str) -> str | None:
        """Return None: this platform's deliveries always name the order itself."""
        del platform_id
        return None  # the answer, not the absence of one

    def read_items(self, platform_ids: Collection[str]) -> tuple[ItemSnapshot, ...]:
        """Read items; variations that share their parent's stock come as the parent."""
        return self._items.read(platform_ids)

    def all_items(self, *, unread: set[str] | None = None) -> Iterator[ItemSnapshot]:
        """Read every item, page by page."""
        return self._items.all(unread)

    def orders_changed(self, since: datetime | None, *, unread: set[str] | None = None) -> Iterator[OrderSnapshot]:
        """Read orders changed at or after `since`, the trash included; None: all open ones."""
        return self._orders.changed(since, unread)

    def begin_past(self, since: datetime) -> None:
        """Return None: a store's orders are read page by page."""
        del since

    def past_orders(self, since: datetime, *, reading: str | None, skip: int) -> Iterator[OrderSnapshot]:
        """Read orders changed since then, page by page, oldest change first."""
        del reading, skip
        # Of one that cannot be understood nothing can be learned: the comparison tells of it.
        return self._orders.changed(since, set())

    def incoming(self) -> None:
        """Return None: WooCommerce has no purchase orders. People enter supply, import a file, or use our API."""

    def carry_out(self, action: Action) -> Outcome:
        """Bring about the wanted end; writes only what is missing."""
        return carry_out(self._store, action)

    def subscribe(self, url: str, secret: str) -> tuple[str, ...]:
        """Make our webhooks stand, all active; say what was mended."""
        return subscriptions.subscribe(self._client, url, secret)

    def unsubscribe(self, url: str) -> None:
        """Remove our webhooks to `url`."""
        subscriptions.unsubscribe(self._client, url)


def open_store(
    *,
    origin: str,
    credentials: Mapping[str, str],
    allow_private: bool,
    now: Callable[[], datetime],
    features: frozenset[str] = frozenset(),
    currency: str | None = None,
) -> WooCommerceConnector:
    """Return the connector of one store; nobody is contacted yet.

    `features` are those that the profile found. Items have prices only where the shop's `currency` is given.
    Raises Misuse for an address that may not be spoken to, CredentialsRevoked without keys.
    """
    address = store_address(origin, allow_private=allow_private)
    client = Client(origin=address, keys=keys_of(credentials), allow_private=allow_private)
    return WooCommerceConnector(client, now=now, features=features, currency=currency)


def _supported(features: frozenset[str]) -> dict[Capability, Support]:
    """Return what this store can do: without its feature, fulfilments are only written where people read them."""
    if FULFILMENTS in features:
        return SUPPORT
    partial = replace(SUPPORT[Capability.PARTIAL_FULFILMENT], level="said")
    return {**SUPPORT, Capability.PARTIAL_FULFILMENT: partial}
