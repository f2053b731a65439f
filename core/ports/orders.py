"""What the books keep of orders, and how they are found and added up."""

from collections.abc import Collection, Mapping
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

    def put(self, record: OrderRecord) -> None:
        """Insert or replace."""

    def open_all(self, shop: str) -> tuple[OrderRecord, ...]:
        """All open orders, by placed_at then id."""

    def with_items(self, shop: str, items: Collection[str], *, but: Collection[str] = ()) -> tuple[OrderRecord, ...]:
        """Open orders that want one of these items (platform ids) or keep it, but those that are named."""

    def page(
        self, shop: str, *, state: str | None, cursor: str | None, limit: int, wanted: Wanted = EVERYTHING
    ) -> Page[OrderRecord]:
        """A page of orders, oldest first. `state`: `backordered`, `open`, `closed`, a board column, or None for all."""

    def ended(self, shop: str, *, since: datetime) -> tuple[OrderRecord, ...]:
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
