"""What became of incoming supply."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import Row, and_, delete, select

from connectors.database import cursors, tables
from connectors.database.transaction import Transaction
from core.dates.arrivals import Arrival

_arrivals = tables.arrivals
_supply = tables.supply


@dataclass(frozen=True, slots=True)
class ArrivalTable:
    """Implements `core.ports.stock.Arrivals`."""

    transaction: Transaction

    def open(self, shop: str, skus: Collection[str] | None = None) -> tuple[Arrival, ...]:
        """Those that are not complete, and those whose row of supply is still on the books: of these SKUs, or all."""
        same = and_(
            _supply.c.shop == _arrivals.c.shop,
            _supply.c.id == _arrivals.c.supply,
            _supply.c.sku == _arrivals.c.sku,
            _supply.c.location == _arrivals.c.location,
        )
        mine = select(_arrivals).outerjoin(_supply, same).where(_arrivals.c.shop == shop)
        mine = mine.where(_arrivals.c.received_on.is_(None) | _supply.c.id.is_not(None))
        mine = mine.order_by(_arrivals.c.supply, _arrivals.c.sku, _arrivals.c.location)
        rows = self.transaction.run(mine) if skus is None else self.transaction.where_in(mine, _arrivals.c.sku, skus)
        return tuple(map(_arrival, rows))

    def received(self, shop: str, *, limit: int) -> tuple[Arrival, ...]:
        """The newest complete ones, newest first."""
        mine = select(_arrivals).where(_arrivals.c.shop == shop, _arrivals.c.received_on.is_not(None))
        newest = mine.order_by(_arrivals.c.received_on.desc(), _arrivals.c.supply, _arrivals.c.sku)
        return tuple(_arrival(row) for row in self.transaction.run(newest.limit(cursors.checked(limit))))

    def between(self, shop: str, first: date, last: date) -> tuple[Arrival, ...]:
        """Those that were complete on a day from the first to the last."""
        mine = select(_arrivals).where(_arrivals.c.shop == shop, _arrivals.c.received_on.between(first, last))
        rows = self.transaction.run(mine.order_by(_arrivals.c.received_on, _arrivals.c.supply, _arrivals.c.sku))
        return tuple(_arrival(row) for row in rows)

    def suppliers(self, shop: str, *, limit: int) -> tuple[str, ...]:
        """The different names of those who supply, sorted."""
        mine = select(_arrivals.c.supplier).where(_arrivals.c.shop == shop, _arrivals.c.supplier.is_not(None))
        named = mine.distinct().order_by(_arrivals.c.supplier).limit(cursors.checked(limit))
        return tuple(self.transaction.run(named).scalars())

    def put(self, arrival: Arrival) -> None:
        """Insert or replace by (supply, SKU, location)."""
        self.transaction.upsert(_arrivals, {column.name: getattr(arrival, column.name) for column in _arrivals.c})

    def forget(self, arrival: Arrival) -> None:
        """Remove one that tells nothing."""
        keys = {"shop": arrival.shop, "supply": arrival.supply, "sku": arrival.sku, "location": arrival.location}
        same = (_arrivals.c[name] == value for name, value in keys.items())
        self.transaction.run(delete(_arrivals).where(*same))


def _arrival(row: Row[Any]) -> Arrival:
    return Arrival(
        shop=row.shop, supply=row.supply, sku=row.sku, location=row.location, supplier=row.supplier,
        by_platform=row.by_platform, noted_on=row.noted_on, first_on=row.first_on, last_on=row.last_on,
        received_on=row.received_on,
    )  # fmt: skip
