"""The facts of reports: what waits, told each time that it changes, and rows of lines and orders for one period."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import Row, func, or_, select

from connectors.database import tables
from connectors.database.demand import LINES, row_of
from connectors.database.transaction import Transaction
from core.forecast.records import DemandRow
from core.reports.records import Period, WaitedOrder, Waiter, WaitingRow

_waiting = tables.waiting
_demand = tables.demand
_orders = tables.orders
WAITED = (
    "status", "currency", "wait_since", "wait_until", "wait_lost", "promised_on", "earliest", "latest", "complete_on",
    "split_on", "freight", "preorder", "offered",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class ReportTables:
    """Implements `core.reports.ports.Reports`."""

    transaction: Transaction

    def note_waiting(self, rows: Sequence[WaitingRow]) -> None:
        """Remember how many units of lines wait; the last word of a day stands."""
        self.transaction.upsert_many(
            _waiting,
            [
                {"shop": row.shop, "order_id": row.order, "line_id": row.line, "item": row.item, "day": row.on,
                 "units": row.units}
                for row in rows
            ],
        )  # fmt: skip

    def waits_of(self, shop: str, *, placed_since: date) -> tuple[WaitingRow, ...]:
        """What was noted of the waits of lines that were placed that day and later."""
        same = _same_line(_waiting, _demand) & (_demand.c.shop == _waiting.c.shop)
        mine = select(_waiting).join(_demand, same).where(_waiting.c.shop == shop, _demand.c.placed_on >= placed_since)
        return tuple(
            WaitingRow(
                shop=row.shop, order=row.order_id, line=row.line_id, item=row.item, on=row.day, units=int(row.units)
            )
            for row in self.transaction.run(mine)
        )  # fmt: skip

    def planned_lines(self, shop: str, period: Period) -> Iterator[DemandRow]:
        """Lines placed in the period whose order was planned by us at least once."""
        placed = _demand.c.placed_on.between(period.first, period.last)
        mine = LINES.where(_demand.c.shop == shop, placed, _demand.c.at_once.is_not(None))
        for row in self.transaction.run(mine.order_by(_demand.c.placed_on, _demand.c.order_id, _demand.c.line_id)):
            yield row_of(row)

    def waited(self, shop: str, period: Period) -> tuple[WaitedOrder, ...]:
        """Orders that wait, or of which anything that a report counts fell into the period, by id."""
        days = (_orders.c.wait_until, _orders.c.promised_on, _orders.c.latest, _orders.c.split_on)
        counts = or_(_orders.c.wait_until.is_(None), *(day.between(period.first, period.last) for day in days))
        columns = (_orders.c.id, *(_orders.c[name] for name in WAITED))
        mine = select(*columns).where(_orders.c.shop == shop, _orders.c.wait_since.is_not(None), counts)
        return tuple(_waited(row) for row in self.transaction.run(mine.order_by(_orders.c.id)))

    def waiting_changes(self, shop: str, *, until: date, item: str | None = None) -> dict[date, int]:
        """By how many units the number of those waiting changed, day by day, from the first day on."""
        line = (_waiting.c.order_id, _waiting.c.line_id)
        before = func.lag(_waiting.c.units, 1, 0).over(partition_by=line, order_by=_waiting.c.day)
        mine = select(_waiting.c.day, (_waiting.c.units - before).label("more")).where(
            _waiting.c.shop == shop, _waiting.c.day <= until
        )
        told = (mine if item is None else mine.where(_waiting.c.item == item)).subquery()
        rows = self.transaction.run(select(told.c.day, func.sum(told.c.more)).group_by(told.c.day).order_by(told.c.day))
        return {row[0]: int(row[1]) for row in rows}

    def waiting_at(self, shop: str, day: date) -> tuple[Waiter, ...]:
        """The lines that waited at the end of a day."""
        latest = (
            select(_waiting.c.order_id, _waiting.c.line_id, func.max(_waiting.c.day).label("day"))
            .where(_waiting.c.shop == shop, _waiting.c.day <= day)
            .group_by(_waiting.c.order_id, _waiting.c.line_id)
            .subquery()
        )
        rows = (
            select(_waiting.c.item, _demand.c.placed_on, _waiting.c.units)
            .join(latest, _same_line(_waiting, latest) & (_waiting.c.day == latest.c.day))
            .join(_demand, _same_line(_waiting, _demand) & (_demand.c.shop == _waiting.c.shop))
            .where(_waiting.c.shop == shop, _waiting.c.units > 0)
            .order_by(_demand.c.placed_on, _waiting.c.order_id, _waiting.c.line_id)
        )
        return tuple(
            Waiter(item=row.item, placed_on=row.placed_on, units=row.units) for row in self.transaction.run(rows)
        )


def _same_line(one: Any, other: Any) -> Any:  # noqa: ANN401  # tables and subqueries alike
    return (one.c.order_id == other.c.order_id) & (one.c.line_id == other.c.line_id)


def _waited(row: Row[Any]) -> WaitedOrder:
    return WaitedOrder(order=row.id, **{name: getattr(row, name) for name in WAITED})
