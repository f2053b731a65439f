"""How many units of an item each order asked for, open or long closed: what is usual is told by it."""

from collections.abc import Collection
from dataclasses import dataclass

from sqlalchemy import func, select

from connectors.database import tables
from connectors.database.columns import storable
from connectors.database.transaction import Transaction, batches
from core.records import OrderRecord
from core.sizes import PastOrder

_sizes = tables.order_sizes
NEWEST = 200
"""Orders of one item that are looked at: more would not move a percentile."""
LARGEST = 2**63 - 1


@dataclass(frozen=True, slots=True)
class HistoryTable:
    """Implements `core.ports.History`."""

    transaction: Transaction

    def note(self, record: OrderRecord) -> None:
        """Remember what the order asks of each item; asked again, the newest word stands."""
        seen = record.snapshot
        units: dict[str, int] = {}
        for line in seen.lines:
            if line.item and line.ships:
                item = storable(line.item)
                units[item] = units.get(item, 0) + max(0, line.ordered - line.cancelled)
        for item, count in sorted(units.items()):
            row = {"shop": record.shop, "item": item, "order_id": record.id, "placed_at": seen.placed_at}
            self.transaction.upsert(_sizes, {**row, "units": 0 if seen.status == "cancelled" else min(count, LARGEST)})

    def of_items(self, shop: str, items: Collection[str]) -> dict[str, tuple[PastOrder, ...]]:
        """Return the newest orders of each item (platform ids), newest first, without those that asked for nothing."""
        place = func.row_number().over(partition_by=_sizes.c.item, order_by=_sizes.c.placed_at.desc())
        found: dict[str, list[PastOrder]] = {}
        for batch in batches(items):
            mine = select(_sizes, place.label("place")).where(
                _sizes.c.shop == shop, _sizes.c.item.in_(batch), _sizes.c.units > 0
            )
            ranked = mine.subquery()
            newest = select(ranked).where(ranked.c.place <= NEWEST).order_by(ranked.c.item, ranked.c.place)
            for row in self.transaction.run(newest):
                past = PastOrder(order=row.order_id, placed_at=row.placed_at, units=row.units)
                found.setdefault(row.item, []).append(past)
        return {item: tuple(rows) for item, rows in found.items()}
