"""Reading orders: one whole, or the list of those that changed, page by page within the platform's cost limit."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from functools import partial
from typing import Any

from connectors.shopify import fulfilment_orders, many_orders
from connectors.shopify.answers import Json, TooCostly, read_value, unknown
from connectors.shopify.client import Client
from connectors.shopify.ids import bare, gid
from connectors.shopify.many_orders import ManyOrders
from connectors.shopify.order_snapshot import RawOrder, gone, snapshot
from connectors.shopify.understood import one_of_many, understood
from core.errors import Rejected
from core.snapshots import OrderSnapshot

LOGISTICS = ("fulfillmentOrders", "fulfillments")
WHOLE = {"lines": 50, "parcels": 20}
# A page of orders nests everything of each order, so its own pages are small; what does not fit is read alone.
LISTED = {"lines": 25, "parcels": 5}
ORDERS = 10
ALL_PARCELS = {"parcels": 100, "lines": 250}
OPEN = "status:not_closed"


class Orders:
    """Reads the orders of one shop."""

    def __init__(self, client: Client, now: Callable[[], datetime]) -> None:
        self._client = client
        self._now = now
        self._sees_logistics = True
        self._many = ManyOrders(client, now)

    def read(self, platform_id: str) -> OrderSnapshot:
        """Return one order, `gone` where the platform does not know it."""
        began = self._now()
        with understood(f"order {platform_id}"):
            raw = self._raw(platform_id, began)
            return gone(platform_id, began) if raw is None else snapshot(raw)

    def raw(self, platform_id: str) -> RawOrder:
        """Return one order as answered, all pages read. Raises NotFound."""
        raw = self._raw(platform_id, self._now())
        if raw is None:
            raise unknown(platform_id)
        return raw

    def _raw(self, platform_id: str, began: datetime) -> RawOrder | None:
        """`began` is the instant before the first call: what happens during the reading is news to the next read."""
        node = self._ask("order", "order", {"id": gid("Order", platform_id), **WHOLE})
        return None if node is None else self._whole(node, began, WHOLE)

    def changed(self, since: datetime | None, unread: set[str] | None = None) -> Iterator[OrderSnapshot]:
        """Yield orders changed at or after `since`, oldest change first; None: those that are open.

        `unread` takes the ids of those that cannot be understood.
        """
        query = OPEN if since is None else f"updated_at:>='{since.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}'"
        sizes = {"query": query, "first": ORDERS, "after": None, **LISTED}
        read, by_pages = 0, since is not None
        while True:
            began = self._now()
            page = self._page(sizes)
            with understood("list of orders"):
                seen = tuple(self._one_of(node, began, unread) for node in page["nodes"])
                more, cursor = page["pageInfo"]["hasNextPage"], page["pageInfo"]["endCursor"]
            yield from (order for order in seen if order and (since is not None or order.status == "open"))
            read += len(seen)
            if not more:
                return
            if read >= many_orders.FEW and not by_pages:
                # What came by pages comes once more, newer.
                by_pages = True
                try:
                    yield from self._at_once(unread)
                except Rejected:
                    pass  # pages show what a missing scope still lets us see, and say what it hides
                else:
                    return
            sizes["after"] = cursor

    def _at_once(self, unread: set[str] | None) -> Iterator[OrderSnapshot]:
        """Yield the open orders of a large shop from one bulk reading."""
        for order, whole in self._many.open(OPEN):
            name = bare(order)
            seen = whole or one_of_many("order", partial(self.read, name), unread, name=name)
            if seen and seen.status == "open":
                yield seen

    def _one_of(self, node: Json, began: datetime, unread: set[str] | None) -> OrderSnapshot | None:
        return one_of_many("order", partial(self._listed, node, began), unread, name=bare(node["id"]))

    def _page(self, sizes: Json) -> Json:
        """Return one page, made smaller for good where the platform finds it too large."""
        while True:
            try:
                return dict(self._ask("orders_changed", "orders", sizes) or {"nodes": [], "pageInfo": LAST})
            except TooCostly:
                if sizes["first"] == 1:
                    raise
                sizes["first"] = max(1, sizes["first"] // 2)

    def _listed(self, node: Json, began: datetime) -> OrderSnapshot:
        fits = not node["lineItems"]["pageInfo"]["hasNextPage"] and not (
            self._sees_logistics and _overflows(node, LISTED)
        )
        return snapshot(self._whole(node, began, LISTED)) if fits else self.read(bare(node["id"]))

    def _ask(self, document: str, root: str, variables: Json) -> Any:  # noqa: ANN401  # JSON
        """Ask with fulfilment orders and parcels, and without them where a scope is missing.

        The fields cannot be null, so one refusal blanks the whole order: it must not be taken for a deleted one.
        """
        answer = self._client.ask(document, {**variables, "logistics": self._sees_logistics})
        if self._sees_logistics and answer.denied(*LOGISTICS):
            self._sees_logistics = False
            answer = self._client.ask(document, {**variables, "logistics": False})
        return read_value(answer, root=root)

    def _whole(self, node: Json, began: datetime, sizes: dict[str, int]) -> RawOrder:
        lines = self._client.rest(
            node["lineItems"], "order_lines", ("order", "lineItems"), {"id": node["id"], "first": WHOLE["lines"]}
        )
        if not self._sees_logistics:
            return RawOrder(head=node, lines=tuple(lines), sees_logistics=False, read_at=began)
        return RawOrder(
            head=node,
            lines=tuple(lines),
            fulfilment_orders=fulfilment_orders.read_all(self._client, node["id"], node["fulfillmentOrders"]),
            parcels=tuple(self._parcels(node, sizes)),
            read_at=began,
        )

    def _parcels(self, node: Json, sizes: dict[str, int]) -> list[Json]:
        """Return the order's parcels. They have no pages to read on, so full ones are asked for again, larger."""
        parcels: list[Json] = node["fulfillments"]
        if not _parcels_overflow(parcels, sizes):
            return parcels
        try:
            found = self._client.read("fulfilments", "order", {"id": node["id"], **ALL_PARCELS})
        except TooCostly:
            return parcels
        return list(found["fulfillments"]) if found else parcels


LAST = {"hasNextPage": False, "endCursor": None}


def _overflows(node: Json, sizes: dict[str, int]) -> bool:
    pages = [node["fulfillmentOrders"], *(row["lineItems"] for row in node["fulfillmentOrders"]["nodes"])]
    return any(page["pageInfo"]["hasNextPage"] for page in pages) or _parcels_overflow(node["fulfillments"], sizes)


def _parcels_overflow(parcels: list[Json], sizes: dict[str, int]) -> bool:
    full = any(len(parcel["fulfillmentLineItems"]["nodes"]) >= sizes["lines"] for parcel in parcels)
    return full or len(parcels) >= sizes["parcels"]
