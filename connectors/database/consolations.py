"""Consolations: what was given, promised or held back, with the sums that caps and budgets are kept by."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date
from typing import Any

from sqlalchemy import ColumnElement, Row, case, func, select

from connectors.database import codec, tables
from connectors.database.columns import storable
from connectors.database.transaction import Transaction
from core.consolation.consolations import NOBODY, Consolation, Outcome
from core.reports.records import Period

_table = tables.consolations
_orders = tables.orders
_COUNTS = (_table.c.arm != "held_out") & (_table.c.state != "void")


@dataclass(frozen=True, slots=True)
class ConsolationTable:
    """Implements `core.consolation.consolations.ConsolationBook`."""

    transaction: Transaction

    def put(self, row: Consolation) -> None:
        """Insert or replace by (shop, order, number)."""
        columns = {
            "shop": row.shop, "order_id": storable(row.order), "number": row.number, "arm": row.arm,
            "state": row.state, "code": row.code, "customer": row.customer, "day": row.on,
            "ends_on": row.ends_at.astimezone(UTC).date(), "worth": row.worth,
        }  # fmt: skip
        self.transaction.upsert(_table, {**columns, "record": codec.write(row)})

    def of_order(self, shop: str, order: str) -> tuple[Consolation, ...]:
        """All of one order, by number."""
        return self.of_orders(shop, [order]).get(order, ())

    def of_orders(self, shop: str, orders: Collection[str]) -> dict[str, tuple[Consolation, ...]]:
        """All of these orders, by number; an order without any is left out."""
        theirs = select(_table.c.order_id, _table.c.record).where(_table.c.shop == shop).order_by(_table.c.number)
        return self.transaction.by_name(
            theirs, _table.c.order_id, orders, lambda row: codec.read_consolation(row.record)
        )

    def by_code(self, shop: str, code: str) -> Consolation | None:
        """The one with this code; not one that was only held back."""
        mine = select(_table.c.record).where(_table.c.shop == shop, _table.c.code == storable(code))
        return next(iter(_read(self.transaction.run(mine.where(_table.c.arm != "held_out")).all())), None)

    def promised(self, shop: str, month: Period) -> int:
        """What those given on days of the month are worth in all; those that can never be used left out."""
        worth = select(func.coalesce(func.sum(_table.c.worth), 0)).where(_in(shop, month), _COUNTS)
        return int(self.transaction.run(worth).scalar_one())

    def of_customer(self, shop: str, customer: str, month: Period) -> int:
        """How many the customer was given on days of the month; those that can never be used left out."""
        theirs = select(func.count()).where(_in(shop, month), _table.c.customer == customer, _COUNTS)
        return int(self.transaction.run(theirs).scalar_one())

    def by_customer(self, shop: str, month: Period) -> dict[str, int]:
        """The same of every customer who was given any."""
        counted = select(_table.c.customer, func.count()).where(_in(shop, month), _COUNTS).group_by(_table.c.customer)
        return {row[0]: int(row[1]) for row in self.transaction.run(counted)}

    def by_state(self, shop: str, month: Period, today: date) -> dict[str, tuple[int, int]]:
        """How many, and worth how much, were given in the month, by state; `expired` ended unused before today."""
        unused = _table.c.state.in_(("promised", "made")) & (_table.c.ends_on < today)
        state = case((_table.c.arm == "held_out", "held_out"), (unused, "expired"), else_=_table.c.state)
        told = select(state.label("state"), _table.c.worth).where(_in(shop, month)).subquery()
        sums = select(told.c.state, func.count(), func.sum(told.c.worth)).group_by(told.c.state)
        return {row[0]: (int(row[1]), int(row[2])) for row in self.transaction.run(sums)}

    def newest(self, shop: str, *, limit: int) -> tuple[Consolation, ...]:
        """The newest that were given, newest first."""
        mine = select(_table.c.record).where(_table.c.shop == shop, _table.c.arm != "held_out")
        newest = mine.order_by(_table.c.day.desc(), _table.c.order_id.desc(), _table.c.number.desc()).limit(limit)
        return _read(self.transaction.run(newest).all())

    def outcomes(self, shop: str, period: Period) -> tuple[Outcome, ...]:
        """What became of the orders that the shop's rule decided about in the period, the first decision of each."""
        ruled = select(_table.c.record, _orders.c.wait_until, _orders.c.wait_lost).join(
            _orders, (_orders.c.shop == _table.c.shop) & (_orders.c.id == _table.c.order_id)
        )
        mine = ruled.where(_in(shop, period), _table.c.arm.in_(("offered", "held_out")))
        found: dict[str, Outcome] = {}
        for row in self.transaction.run(mine.order_by(_table.c.order_id, _table.c.number)):
            made = codec.read_consolation(row.record)
            found.setdefault(made.order, _outcome(made, row))
        return tuple(found.values())


def forget(transaction: Transaction, shop: str, orders: Sequence[str]) -> None:
    """Take the customer off what was given for these orders; what the shop does not have yet it never gets."""
    theirs = select(_table).where(_table.c.shop == shop, _table.c.order_id.in_(orders))
    for row in transaction.run(theirs.with_for_update()).all():
        made = codec.read_consolation(row.record)
        blank = replace(made, customer=NOBODY, state="void" if made.state == "promised" else made.state)
        ConsolationTable(transaction).put(blank)


def _in(shop: str, period: Period) -> ColumnElement[bool]:
    return (_table.c.shop == shop) & (_table.c.day >= period.first) & (_table.c.day <= period.last)


def _read(rows: Sequence[Row[Any]]) -> tuple[Consolation, ...]:
    return tuple(codec.read_consolation(row.record) for row in rows)


def _outcome(made: Consolation, row: Row[Any]) -> Outcome:
    return Outcome(
        order=made.order, customer=made.customer, held_out=made.arm == "held_out", on=made.on, value=made.value,
        until=row.wait_until, lost=bool(row.wait_lost),
    )  # fmt: skip
