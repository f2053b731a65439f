"""What the books keep of items, of supply that is coming, and of what became of it."""

from collections.abc import Collection, Sequence
from datetime import date
from typing import Protocol

from core.dates.arrivals import Arrival
from core.items.item_gate import ItemGate
from core.items.item_rules import ItemRules
from core.ports.pages import Page
from core.records import IncomingRecord, ItemRecord
from core.snapshots import ItemSnapshot


class Items(Protocol):
    """Items and their stock."""

    def get(self, shop: str, sku: str) -> ItemRecord | None:
        """Return one item by our SKU."""

    def many(self, shop: str, skus: Collection[str]) -> dict[str, ItemRecord]:
        """Return items by our SKU; unknown ones are left out."""

    def by_platform_id(self, shop: str, platform_ids: Collection[str]) -> dict[str, ItemRecord]:
        """Return items by platform id or alias; unknown ids are left out."""

    def put(self, shop: str, snapshot: ItemSnapshot) -> ItemRecord:
        """Insert or replace by platform id. The SKU is settled once: the platform's, else one of ours, made unique."""

    def put_rules(self, shop: str, sku: str, rules: ItemRules) -> None:
        """Store what the merchant set for the item."""

    def put_gate(self, shop: str, sku: str, gate: ItemGate | None) -> None:
        """Store what we did about taking backorders on the item; None: nothing of it stands."""

    def put_announced(self, shop: str, sku: str, on: date | None) -> None:
        """Store the day that the item's pages at the shop now tell, by us; None: none."""

    def marked(self, shop: str) -> tuple[ItemRecord, ...]:
        """Items with something of ours at the shop, by SKU: a gate that is not untouched, or a day announced."""

    def page(self, shop: str, *, cursor: str | None, limit: int) -> Page[ItemRecord]:
        """A page of items by SKU."""

    def all(self, shop: str) -> tuple[ItemRecord, ...]:
        """Every item, by SKU."""

    def gone(self, shop: str) -> frozenset[str]:
        """The SKUs of what the shop sells no more."""


class Supply(Protocol):
    """Incoming supply."""

    def all(self, shop: str) -> tuple[IncomingRecord, ...]:
        """Every row, by id, SKU and location."""

    def of_skus(self, shop: str, skus: Collection[str]) -> tuple[IncomingRecord, ...]:
        """The rows of these SKUs, by id, SKU and location."""

    def get(self, shop: str, supply: str) -> tuple[IncomingRecord, ...]:
        """The rows of one id (one per SKU and location)."""

    def put(self, record: IncomingRecord) -> None:
        """Insert or replace by (id, SKU, location)."""

    def delete(self, shop: str, supply: str) -> int:
        """Remove all rows of one id; return how many."""

    def replace_platform(self, shop: str, records: Sequence[IncomingRecord]) -> bool:
        """Make the platform's own rows be exactly these; True when anything changed."""


class Arrivals(Protocol):
    """What became of incoming supply: one row each, kept after its supply is gone."""

    def open(self, shop: str, skus: Collection[str] | None = None) -> tuple[Arrival, ...]:
        """Those that are not complete, and those whose row of supply is still on the books: of these SKUs, or all."""

    def received(self, shop: str, *, limit: int) -> tuple[Arrival, ...]:
        """The newest complete ones, newest first."""

    def between(self, shop: str, first: date, last: date) -> tuple[Arrival, ...]:
        """Those that were complete on a day from the first to the last."""

    def suppliers(self, shop: str, *, limit: int) -> tuple[str, ...]:
        """The different names of those who supply, sorted."""

    def put(self, arrival: Arrival) -> None:
        """Insert or replace by (supply, SKU, location)."""

    def forget(self, arrival: Arrival) -> None:
        """Remove one that tells nothing."""
