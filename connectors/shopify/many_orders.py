"""Reading very many orders: those of the past years for their demand, and all open ones of a large shop at once."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from functools import partial

from connectors.shopify import documents, fulfilment_orders
from connectors.shopify.answers import Json
from connectors.shopify.bulk import Bulk, Family
from connectors.shopify.client import Client
from connectors.shopify.fulfilment_orders import FulfilmentOrder
from connectors.shopify.order_snapshot import RawOrder, snapshot
from connectors.shopify.understood import one_of_many, understood
from core.snapshots import OrderSnapshot

FEW = 250
"""So many orders, a page of the largest size, are read page by page."""
A_DAY, A_MOMENT = timedelta(days=1), timedelta(minutes=5)


class ManyOrders:
    """Bulk readings of one shop's orders."""

    def __init__(self, client: Client, now: Callable[[], datetime]) -> None:
        self._client = client
        self._now = now
        self._bulk = Bulk(client, now)

    def _are_many(self, search: str) -> bool:
        """Return whether so many orders are found that pages would take long."""
        found = self._client.read("peek_orders", "orders", {"query": search, "first": FEW})
        return bool(found and found["pageInfo"]["hasNextPage"])

    def begin_past(self, since: datetime) -> str | None:
        """Return the bulk reading of what was ordered since then; None where there is too little for one."""
        search = f"created_at:>='{since.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}'"
        if not self._are_many(search):
            return None
        return self._bulk.begin(documents.bulk("bulk_past_orders", search), fresh=A_DAY)[0]

    def past(self, reading: str, skip: int) -> Iterator[OrderSnapshot]:
        """Yield the orders of a bulk reading, without the first `skip`: what they asked for, not where they stand."""
        began = self._now()
        for number, (head, lines) in enumerate(self._bulk.families(reading)):
            if number >= skip:
                with understood("bulk reading of orders"):
                    seen = snapshot(RawOrder(head=head, lines=tuple(lines), sees_logistics=False, read_at=began))
                yield seen

    def open(self, search: str) -> Iterator[tuple[str, OrderSnapshot | None]]:
        """Yield (id, order) of all orders found; what has left in part or is odd comes without, to be read alone.

        A file cannot hold what is in a parcel.
        """
        with understood("bulk reading of orders"):
            logistics, began = self._fulfilment_orders()
            reading, looked = self._bulk.begin(documents.bulk("bulk_open_orders", search), fresh=A_MOMENT)
            for head, lines in self._bulk.families(reading):
                if head["fulfillments"]:
                    yield str(head["id"]), None
                    continue
                raw = RawOrder(
                    head=head, lines=tuple(lines), fulfilment_orders=tuple(logistics.get(head["id"], ())),
                    read_at=min(began, looked),
                )  # fmt: skip
                # What is odd is read alone, which says so.
                yield str(head["id"]), one_of_many("order", partial(snapshot, raw), set(), name=str(head["id"]))

    def _fulfilment_orders(self) -> tuple[dict[str, list[FulfilmentOrder]], datetime]:
        reading, looked = self._bulk.begin(documents.bulk("bulk_fulfilment_orders", ""), fresh=A_MOMENT)
        found: dict[str, list[FulfilmentOrder]] = {}
        for family in self._bulk.families(reading):
            found.setdefault(str(family[0]["orderId"]), []).append(self._fulfilment_order(family))
        return found, looked

    def _fulfilment_order(self, family: Family) -> FulfilmentOrder:
        head, lines = family
        whole: Json = {**head, "lineItems": {"nodes": lines, "pageInfo": {"hasNextPage": False}}}
        return fulfilment_orders.one(self._client, whole)
