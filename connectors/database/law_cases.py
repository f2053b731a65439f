"""Cases under the delay laws, and the append-only log of their moves with its evidence."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import func, select

from connectors.database import codec, tables
from connectors.database.transaction import Transaction
from core.delay_laws.cases import Case, Edge

_cases = tables.law_cases
_edges = tables.law_edges


@dataclass(frozen=True, slots=True)
class LawTables:
    """Implements `core.messages.correspondence.LawBook`."""

    transaction: Transaction

    def of_orders(self, shop: str, orders: Collection[str]) -> dict[str, tuple[Case, ...]]:
        """Return the cases of these orders."""
        theirs = select(_cases).where(_cases.c.shop == shop).order_by(_cases.c.law)
        return self.transaction.by_name(theirs, _cases.c.order_id, orders, lambda row: codec.read_case(row.record))

    def put(self, shop: str, case: Case, *, wakes_at: datetime | None) -> None:
        """Insert or replace a case; the clock looks at it again at `wakes_at`."""
        row = {"shop": shop, "order_id": case.order, "law": case.law, "record": codec.write(case)}
        self.transaction.upsert(_cases, {**row, "wakes_at": wakes_at})

    def log(self, shop: str, case: Case, edges: Sequence[Edge], *, at: datetime) -> None:
        """Append moves."""
        for edge in edges:
            row = {"shop": shop, "order_id": case.order, "law": case.law, "day": edge.on.isoformat(), "at": at}
            self.transaction.run(_edges.insert(), {**row, "record": codec.write(edge)})

    def edges(self, shop: str, order: str) -> tuple[tuple[str, Edge], ...]:
        """The moves of one order with the law of each, oldest first."""
        mine = select(_edges).where(_edges.c.shop == shop, _edges.c.order_id == order).order_by(_edges.c.id)
        return tuple((row.law, codec.read_edge(row.record)) for row in self.transaction.run(mine))

    def period(self, shop: str, first: date, last: date) -> tuple[tuple[str, str, Edge], ...]:
        """(order, law, move) of every move on these days, oldest first."""
        # Not BETWEEN: with a collation of its own PostgreSQL cannot read what is written for it.
        days = (_edges.c.day >= first.isoformat(), _edges.c.day <= last.isoformat())
        mine = select(_edges).where(_edges.c.shop == shop, *days).order_by(_edges.c.day, _edges.c.id)
        return tuple((row.order_id, row.law, codec.read_edge(row.record)) for row in self.transaction.run(mine))

    def running(self, shop: str) -> tuple[int, datetime | None]:
        """How many orders have a clock that will ask for something, and when the next one does."""
        mine = select(func.count(_cases.c.order_id.distinct()), func.min(_cases.c.wakes_at))
        rows = mine.where(_cases.c.shop == shop, _cases.c.wakes_at.is_not(None))
        count, soonest = self.transaction.run(rows).one()
        return int(count), soonest

    def due(self, now: datetime) -> tuple[tuple[str, str], ...]:
        """(shop, order) of the cases that must be looked at, each order once."""
        rows = select(_cases.c.shop, _cases.c.order_id).where(_cases.c.wakes_at <= now).distinct()
        return tuple((row.shop, row.order_id) for row in self.transaction.run(rows))
