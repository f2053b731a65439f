"""A Shopify shop as the house knows shops: reads become snapshots, actions become GraphQL calls."""

from collections.abc import Callable, Collection, Iterator, Mapping
from contextlib import AbstractContextManager, nullcontext
from datetime import datetime

from connectors.shopify import scopes, translate
from connectors.shopify.access import Access, App, checked_origin
from connectors.shopify.answers import read_value
from connectors.shopify.client import Client
from connectors.shopify.effects import SUPPORT, Effects
from connectors.shopify.ids import bare, gid
from connectors.shopify.items import Items
from connectors.shopify.many_orders import ManyOrders
from connectors.shopify.orders import Orders
from connectors.shopify.subscriptions import Subscriptions
from connectors.shopify.supply import Supply
from connectors.shopify.understood import understood
from connectors.well_formed import well_formed
from core.actions import Action
from core.capabilities import Capability, Support
from core.errors import PayloadChanged
from core.outcomes import Outcome
from core.planning.hints import Hint
from core.records import IncomingRecord
from core.snapshots import ItemSnapshot, OrderSnapshot, PlaceSnapshot, ShopProfile

PLACES = 100


class ShopifyConnector:
    """Implements `core.ports.connector.ShopConnector` for one shop. Instances are used by one thread at a time."""

    platform = "shopify"
    support: Mapping[Capability, Support] = SUPPORT

    def __init__(self, *, domain: str, client: Client, now: Callable[[], datetime]) -> None:
        self._domain = domain
        self._client = client
        self._orders = Orders(client, now)
        self._past = ManyOrders(client, now)
        self._items = Items(client, now)
        self._supply = Supply(client, domain)
        self._effects = Effects(client, self._orders, now)
        self._subscriptions = Subscriptions(client)

    def translate(self, topic: str, body: bytes) -> tuple[Hint, ...]:
        """Say what a delivery tells us to read. Raises PayloadChanged on a body it cannot read, or another shop's."""
        return translate.translate(topic, body, domain=self._domain)

    def order_of_fulfilment(self, platform_id: str) -> str | None:
        """Return the order's id of a fulfilment order; None where the platform does not know it (any more)."""
        with understood(f"fulfilment order {platform_id}"):
            found = self._client.read(
                "order_of_fulfilment", "fulfillmentOrder", {"id": gid("FulfillmentOrder", platform_id)}
            )
            return bare(found["orderId"]) if found else None

    def profile(self) -> ShopProfile:
        """Prove the credentials by a read and say who the shop is."""
        answer = self._client.ask("shop", {})
        shop = read_value(answer, root="shop")
        with understood("shop"):
            if shop is None:
                raise PayloadChanged("the shop does not say who it is")
            entries = (answer.data.get("currentAppInstallation") or {}).get("accessScopes")
            granted = frozenset(entry["handle"] for entry in entries or ())
            places = self._places()
            seen = ShopProfile(
                name=str(shop["name"]),
                currency=str(shop["currencyCode"]),
                timezone=str(shop["ianaTimezone"]),
                domain=str(shop["myshopifyDomain"]),
                locations=places,
                scopes=granted,
                email=shop.get("email") or None,
                past_days=scopes.WHOLE_PAST if "read_all_orders" in granted else scopes.SHOWN_PAST,
                lacks=(*self._client.too_old(), *(scopes.lacking(granted) if entries else ())),
            )
            return well_formed(seen)

    def read_order(self, platform_id: str) -> OrderSnapshot:
        """Read one order whole; a deleted or unknown one comes back with status `gone`."""
        return self._orders.read(platform_id)

    def orders_changed(self, since: datetime | None, *, unread: set[str] | None = None) -> Iterator[OrderSnapshot]:
        """Read orders changed at or after `since` (platform time), oldest change first; None: all open ones."""
        return self._orders.changed(since, unread)

    def begin_past(self, since: datetime) -> str | None:
        """Ask for everything ordered since then at once; None where there is little enough for pages."""
        with understood("bulk operations"):
            return self._past.begin_past(since)

    def past_orders(self, since: datetime, *, reading: str | None, skip: int) -> Iterator[OrderSnapshot]:
        """Read what was ordered since then: from a bulk reading, without its first `skip`, or by pages of changes."""
        return self._orders.changed(since, set()) if reading is None else self._past.past(reading, skip)

    def read_items(self, platform_ids: Collection[str]) -> tuple[ItemSnapshot, ...]:
        """Read items with their stock; a deleted or unknown one comes back with `gone`."""
        return self._items.read(platform_ids)

    def all_items(self, *, unread: set[str] | None = None) -> Iterator[ItemSnapshot]:
        """Read every item of the shop, page by page."""
        return self._items.all(unread)

    def incoming(self) -> tuple[IncomingRecord, ...] | None:
        """Read incoming supply; None where the merchant did not grant its scopes."""
        return self._supply.read()

    def carry_out(self, action: Action) -> Outcome:
        """Bring about the wanted end. Looks first, writes only what is missing; raises as the port says."""
        with understood(action.kind):
            return self._effects.carry_out(action)

    def subscribe(self, url: str, secret: str) -> tuple[str, ...]:  # noqa: ARG002  # signed with the app's own secret
        """Make our webhook subscriptions be exactly those we need; say what had to be mended."""
        with understood("webhook subscriptions"):
            return self._subscriptions.make(url)

    def unsubscribe(self, url: str) -> None:  # noqa: ARG002  # all that this app's key can list are this app's own
        """Remove our webhook subscriptions."""
        with understood("webhook subscriptions"):
            self._subscriptions.remove_all()

    def _places(self) -> tuple[PlaceSnapshot, ...]:
        """Return the shop's places; none where their scope is missing, which the profile says."""
        sizes = {"first": PLACES}
        answer = self._client.ask("locations", {**sizes, "after": None})
        if answer.denied("locations"):
            return ()
        page = read_value(answer, root="locations")
        nodes = [*page["nodes"]]
        if page["pageInfo"]["hasNextPage"]:
            nodes += self._client.pages("locations", "locations", sizes, after=page["pageInfo"]["endCursor"])
        return tuple(
            PlaceSnapshot(
                id=bare(node["id"]), name=str(node["name"]), active=bool(node["isActive"]),
                ships_online=node.get("fulfillsOnlineOrders") is not False,
            )
            for node in nodes
        )  # fmt: skip


def open_shop(
    *,
    domain: str,
    origin: str,
    api_version: str,
    credentials: Mapping[str, str],
    keep: Callable[[Mapping[str, str]], None],
    now: Callable[[], datetime],
    reload: Callable[[], Mapping[str, str]] | None = None,
    alone: Callable[[], AbstractContextManager[None]] = nullcontext,
    app: App | None = None,
) -> ShopifyConnector:
    """Return a connector; nothing is sent yet. Raises Misuse on an origin that is neither https nor loopback.

    `keep` stores renewed credentials before they are used; `reload` reads those that another process may have stored;
    `alone` keeps other processes from renewing the same key; `app` is the app whose keys these are.
    """
    checked = checked_origin(origin)
    access = Access(
        origin=checked, credentials=credentials, keep=keep, now=now, reload=reload, alone=alone, app=app
    )  # fmt: skip
    return ShopifyConnector(
        domain=domain, client=Client(origin=checked, api_version=api_version, access=access), now=now
    )
