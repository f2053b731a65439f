"""Shops take turns: of those for whom something waits, the one that was served longest ago is next.

What waits in a line (mails, events) bears `state`, `next_at`, `leased_until`, `fence` and `attempts`.
"""

from datetime import datetime
from typing import Any

from sqlalchemy import Column, ColumnElement, Row, Table, exists, func, literal_column, or_, select, true, update

from connectors.database import tables
from connectors.database.transaction import Transaction

_turns = tables.outbox_turns
Condition = ColumnElement[bool]
ALL: Condition = true()


def in_turn(transaction: Transaction, turn: Column[int], line: Table, *waiting: ColumnElement[bool]) -> list[str]:
    """Return the shops that have a row in `line` which meets these conditions, in their order by `turn`."""
    something = exists().where(line.c.shop == _turns.c.shop, *waiting)
    return list(transaction.run(select(_turns.c.shop).where(something).order_by(turn, _turns.c.shop)).scalars())


def count(transaction: Transaction, turn: Column[int], shop: str) -> None:
    """Put the shop behind all others."""
    last = select(func.max(turn) + 1).scalar_subquery()
    transaction.run(update(_turns).where(_turns.c.shop == shop).values({turn: last}))


def claim(
    transaction: Transaction, turn: Column[int], line: Table, *, now: datetime, until: datetime, only: Condition = ALL
) -> Row[Any] | None:
    """Lease the next due row of the line until `until` and return it; one whose lease ran out is due as well.

    `only`: what else must hold of it.
    """
    due = (_pending(line), line.c.next_at <= now, unleased(line, now), only)
    for shop in in_turn(transaction, turn, line, *due):
        first = select(line.c.id).where(line.c.shop == shop, *due).order_by(line.c.next_at, line.c.id).limit(1)
        chosen = transaction.run(first.with_for_update(skip_locked=True)).scalar()
        # None where others have just taken what was there.
        if chosen is not None:
            count(transaction, turn, shop)
            taken = {"fence": line.c.fence + 1, "leased_until": until, "attempts": line.c.attempts + 1}
            mine = update(line).where(line.c.id == chosen).values(taken).returning(*line.c)
            return transaction.run(mine).one()
    return None


def next_due(transaction: Transaction, line: Table, *, only: Condition = ALL) -> datetime | None:
    """When the next waiting row of the line of which `only` holds becomes due, a lease in its way included."""
    free = select(func.min(line.c.next_at)).where(_pending(line), line.c.leased_until.is_(None), only)
    leased = select(func.min(line.c.leased_until)).where(line.c.leased_until.is_not(None))
    moments = (transaction.run(asked).scalar() for asked in (free, leased))
    return min((moment for moment in moments if moment is not None), default=None)


def unleased(line: Table, now: datetime) -> ColumnElement[bool]:
    """Whether nobody has the row in hand: it has no lease, or one that ran out."""
    return or_(line.c.leased_until.is_(None), line.c.leased_until <= now)


def _pending(line: Table) -> ColumnElement[bool]:
    # Written out, not bound: SQLite takes a partial index only where the condition stands in the statement itself.
    return line.c.state == literal_column("'pending'")
