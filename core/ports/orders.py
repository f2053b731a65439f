"""What the books keep of orders, and how they are found and added up."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import datetime
from typing import Protocol

from core.parcels.hazard import Waits
from core.ports.pages import Page
from core.records import OrderRecord
from core.records.finding import EVERYTHING, Demanded, MarkKind, Waiting, Wanted


class Orders(Protocol):
    """Orders with their plans. An order is open while its snapshot's status is `open`."""

    def get(self, shop: str, order: str) -> OrderRecord | None:
        """Return one order by its platform id."""

    def many(self, shop: str, orders: Collection[str]) -> Mapping[str, OrderRecord]:
        """Return orders by their platform ids; unknown ones are left out."""

    def put(self, record: OrderRecord) -> None:
        """Insert or replace."""

    def put_all(self, shop: str, records: Sequence[OrderRecord]) -> None:
        """Insert or replace the records of different orders of one shop."""

    def open_all(self, shop: str) -> tuple[OrderRecord, ...]:
        """All open orders, by placed_at then id."""

    def open_each(self, shop: str) -> Iterator[OrderRecord]:
        """The same one after the other, for what is only counted."""

    def with_items(self, shop: str, items: Collection[str], *, but: Collection[str] = ()) -> tuple[OrderRecord, ...]:
        """Open orders that want one of these items (platform ids) or keep it, but those that are named."""

    def with_items_each(self, shop: str, items: Collection[str]) -> Iterator[OrderRecord]:
        """The same one after the other, by placed_at then id."""

    def page(
        self, shop: str, *, state: str | None, cursor: str | None, limit: int, wanted: Wanted = EVERYTHING
    ) -> Page[OrderRecord]:
        """A page of orders, oldest first. `state`: `backordered`, `open`, `closed`, a board column, or None for all."""

    def ended(self, shop: str, *, since: datetime) -> Iterator[OrderRecord]:
        """Orders placed since then that are closed, cancelled or gone, oldest first."""

    def narrowed(self, shop: str, wanted: Wanted) -> Wanted:
        """Return the same, by the orders themselves where they are few: what is asked several times is then quick."""

    def board_counts(self, shop: str, wanted: Wanted = EVERYTHING) -> dict[str, int]:
        """How many orders stand in each board column."""

    def waiting(self, shop: str, wanted: Wanted = EVERYTHING) -> Waiting:
        """Add up the open orders with units that stock on hand does not cover."""

    def demanded(self, shop: str) -> Demanded:
        """Add up by item what open orders ask for."""

    def marks(self, shop: str, kind: MarkKind, *, limit: int) -> tuple[str, ...]:
        """What orders can be found by: the different tags, countries or supplies, sorted."""

    def redact(self, shop: str, orders: Collection[str], customer: str | None, email: str | None) -> int:
        """Blank the customers of these orders and of all orders of that customer; return how many."""

    def bound_for(self, shop: str, addresses: Collection[str]) -> tuple[OrderRecord, ...]:
        """Open orders that ship to one of these addresses (digests)."""

    def bought_instead(self, shop: str, items: Collection[str]) -> Mapping[str, int]:
        """By item, how many customers ordered it after they had cancelled one of these items (platform ids)."""

    def waits(self, shop: str) -> Waits:
        """Sum up how long the customers of all orders have waited for stock, and how many cancelled meanwhile."""
