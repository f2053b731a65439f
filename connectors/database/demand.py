"""What was asked for, what was there, and what suppliers brought, over time."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import Row, func, select

from connectors.database import codec, tables
from connectors.database.transaction import Transaction
from core.forecast.records import DemandRow, Receipt, SoldOut

_demand = tables.demand
_sold_out = tables.sold_out
_receipts = tables.receipts
NUMBERS = ("ordered", "early", "lost", "backordered", "shipped", "at_once", "preorder", "cause", "price")


@dataclass(frozen=True, slots=True)
class DemandTables:
    """Implements `core.forecast.ports.Demand`."""

    transaction: Transaction

    def of_order(self, shop: str, order: str) -> tuple[DemandRow, ...]:
        """The lines of one order."""
        mine = select(_demand).where(_demand.c.shop == shop, _demand.c.order_id == order).order_by(_demand.c.line_id)
        return tuple(row_of(row) for row in self.transaction.run(mine))

    def put(self, rows: Sequence[DemandRow]) -> None:
        """Insert or replace by (order, line); the same rows again change nothing."""
        self.transaction.upsert_many(_demand, [_values(row) for row in rows])

    def since(self, shop: str, day: date) -> Iterator[DemandRow]:
        """Every line of demand of that day and later."""
        mine = select(_demand).where(_demand.c.shop == shop, _demand.c.placed_on >= day)
        for row in self.transaction.run(mine.order_by(_demand.c.placed_on, _demand.c.order_id, _demand.c.line_id)):
            yield row_of(row)

    def first_day(self, shop: str) -> date | None:
        """The oldest day of demand."""
        first: date | None = self.transaction.run(
            select(func.min(_demand.c.placed_on)).where(_demand.c.shop == shop)
        ).scalar()
        return first

    def put_sold_out(self, days: Sequence[SoldOut]) -> None:
        """Remember days on which items had nothing left."""
        rows = [{"shop": day.shop, "sku": day.sku, "day": day.on, "closed": day.closed} for day in days]
        self.transaction.upsert_many(_sold_out, rows)

    def sold_out(self, shop: str, since: date) -> tuple[SoldOut, ...]:
        """Those days."""
        mine = select(_sold_out).where(_sold_out.c.shop == shop, _sold_out.c.day >= since)
        ordered = self.transaction.run(mine.order_by(_sold_out.c.day, _sold_out.c.sku))
        return tuple(SoldOut(shop=row.shop, sku=row.sku, on=row.day, closed=row.closed) for row in ordered)

    def receipts(self, shop: str) -> tuple[Receipt, ...]:
        """Rows of incoming supply over time."""
        mine = select(_receipts.c.record).where(_receipts.c.shop == shop)
        ordered = mine.order_by(_receipts.c.supply, _receipts.c.sku, _receipts.c.location)
        return tuple(codec.read_receipt(record) for record in self.transaction.run(ordered).scalars())

    def put_receipts(self, receipts: Sequence[Receipt]) -> None:
        """Insert or replace by (supply, SKU, location)."""
        rows = [
            {
                "shop": one.shop,
                "supply": one.supply,
                "sku": one.sku,
                "location": one.location,
                "record": codec.write(one),
            }
            for one in receipts
        ]
        self.transaction.upsert_many(_receipts, rows)


def _values(row: DemandRow) -> dict[str, object]:
    place = {"shop": row.shop, "order_id": row.order, "line_id": row.line, "item": row.item, "placed_on": row.on}
    return place | {name: getattr(row, name) for name in NUMBERS}


def row_of(row: Row[Any]) -> DemandRow:
    """Return a line of demand as the table holds it."""
    numbers = {name: getattr(row, name) for name in NUMBERS}
    return DemandRow(shop=row.shop, order=row.order_id, line=row.line_id, item=row.item, on=row.placed_on, **numbers)
