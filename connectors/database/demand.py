"""What was asked for, what was there, and what suppliers brought, over time."""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import Row, func, select

from connectors.database import tables
from connectors.database.columns import storable
from connectors.database.transaction import Transaction, batches
from core.forecast.records import DemandRow, ShelfDay, SoldOut
from core.large.sizes import PastOrder

_demand = tables.demand
_sold_out = tables.sold_out
_shelf = tables.shelf
NEWEST = 200
"""Orders of one item that are looked at for what is usual: more would not move a percentile."""
SHELVED = ("on_hand", "owed", "coming")
NUMBERS = ("ordered", "early", "lost", "backordered", "shipped", "at_once", "preorder", "cause", "price")
FIELDS = ("shop", "order", "line", "item", "on", *NUMBERS)
LINES = select(*(_demand.c[name] for name in ("shop", "order_id", "line_id", "item", "placed_on", *NUMBERS)))


@dataclass(frozen=True, slots=True)
class DemandTables:
    """Implements `core.forecast.ports.Demand`."""

    transaction: Transaction

    def of_order(self, shop: str, order: str) -> tuple[DemandRow, ...]:
        """The lines of one order."""
        return self.of_orders(shop, [order]).get(order, ())

    def of_orders(self, shop: str, orders: Collection[str]) -> dict[str, tuple[DemandRow, ...]]:
        """The lines of these orders; one without any is left out."""
        theirs = LINES.where(_demand.c.shop == shop).order_by(_demand.c.line_id)
        return self.transaction.by_name(theirs, _demand.c.order_id, orders, row_of)

    def put(self, rows: Sequence[DemandRow]) -> None:
        """Insert or replace by (order, line); the same rows again change nothing."""
        self.transaction.upsert_many(_demand, [_values(row) for row in rows])

    def since(self, shop: str, day: date) -> Iterator[DemandRow]:
        """Every line of demand of that day and later."""
        mine = LINES.where(_demand.c.shop == shop, _demand.c.placed_on >= day)
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

    def shelves(self, shop: str) -> dict[str, ShelfDay]:
        """What was noted last of each SKU."""
        newest = select(_shelf.c.sku, func.max(_shelf.c.day).label("day")).where(_shelf.c.shop == shop)
        last = newest.group_by(_shelf.c.sku).subquery()
        mine = select(_shelf).join(last, (_shelf.c.sku == last.c.sku) & (_shelf.c.day == last.c.day))
        rows = self.transaction.run(mine.where(_shelf.c.shop == shop))
        return {row.sku: _shelf_day(row) for row in rows}

    def shelf(self, shop: str, sku: str, *, since: date) -> tuple[ShelfDay, ...]:
        """What was noted of one SKU since a day, and the last word before it, oldest first."""
        mine = select(_shelf).where(_shelf.c.shop == shop, _shelf.c.sku == sku)
        before = self.transaction.run(mine.where(_shelf.c.day < since).order_by(_shelf.c.day.desc()).limit(1)).all()
        rows = self.transaction.run(mine.where(_shelf.c.day >= since).order_by(_shelf.c.day)).all()
        return tuple(_shelf_day(row) for row in (*before, *rows))

    def put_shelves(self, days: Sequence[ShelfDay]) -> None:
        """Insert or replace by (SKU, day)."""
        self.transaction.upsert_many(
            _shelf,
            [
                {"shop": day.shop, "sku": day.sku, "day": day.on} | {name: getattr(day, name) for name in SHELVED}
                for day in days
            ],
        )

    def of_items(self, shop: str, items: Collection[str], *, since: date) -> tuple[DemandRow, ...]:
        """The lines of these items (platform ids) placed that day and later, oldest first."""
        mine = LINES.where(_demand.c.shop == shop, _demand.c.placed_on >= since)
        found = map(row_of, self.transaction.where_in(mine, _demand.c.item, items))
        return tuple(sorted(found, key=lambda row: (row.on, row.order, row.line)))

    def past_orders(self, shop: str, items: Collection[str]) -> dict[str, tuple[PastOrder, ...]]:
        """The newest orders of each item (platform ids) that still want any of it, newest first, a bounded number."""
        wanted = func.sum(_demand.c.ordered - _demand.c.early - _demand.c.lost)
        place = func.row_number().over(
            partition_by=_demand.c.item, order_by=(func.max(_demand.c.placed_on).desc(), _demand.c.order_id)
        )
        found: dict[str, list[PastOrder]] = {}
        for batch in batches({storable(item) for item in items}):
            # One is named twice: to group a single item by order, SQLite would rather read all of the shop's demand.
            named = _demand.c.item.in_([*batch, batch[0]])
            mine = (
                select(_demand.c.item, _demand.c.order_id, func.max(_demand.c.placed_on).label("on"),
                       wanted.label("units"), place.label("place"))
                .where(_demand.c.shop == shop, named)
                .group_by(_demand.c.item, _demand.c.order_id).having(wanted > 0)
            ).subquery()  # fmt: skip
            newest = select(mine).where(mine.c.place <= NEWEST).order_by(mine.c.item, mine.c.place)
            for row in self.transaction.run(newest):
                past = PastOrder(order=row.order_id, on=row.on, units=int(row.units))
                found.setdefault(row.item, []).append(past)
        return {item: tuple(rows) for item, rows in found.items()}


def _values(row: DemandRow) -> dict[str, object]:
    place = {"shop": row.shop, "order_id": row.order, "line_id": row.line, "item": row.item, "placed_on": row.on}
    return place | {name: getattr(row, name) for name in NUMBERS}


def row_of(row: Row[Any]) -> DemandRow:
    """Return a line of demand; `row` has the columns of LINES."""
    # By place, not by name: a year of a large shop is hundreds of thousands of rows.
    return DemandRow(**dict(zip(FIELDS, row, strict=True)))


def _shelf_day(row: Row[Any]) -> ShelfDay:
    return ShelfDay(shop=row.shop, sku=row.sku, on=row.day, **{name: getattr(row, name) for name in SHELVED})
