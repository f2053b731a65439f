"""After the machine's clock was set back: what bears instants of that time would wait until they come again."""

from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, Table, delete, or_, select, update

from connectors.database import tables
from connectors.database.transaction import Transaction

NEARLY = timedelta(minutes=1)
"""What the clocks of several machines may differ by."""
WAITING = (
    (tables.deliveries, "new", "received_at", "due_at"),
    (tables.actions, "pending", "created_at", "next_at"),
    (tables.hook_messages, "pending", "created_at", "next_at"),
    (tables.mails, "pending", "created_at", "next_at"),
)
LEASED = (tables.inbox_lanes, tables.actions, tables.hook_messages, tables.mails, tables.forecast_runs)


def turn_back(transaction: Transaction, by: timedelta, *, now: datetime) -> None:
    """Move by so much what was born in the time taken back, or put off in it, and the leases given in it.

    What was planned for a later day before that keeps its day. A pause keeps its length, and a lease that somebody
    still holds is given its own end again when it is renewed.
    """
    later = now + NEARLY
    for table, state, born, due in WAITING:
        theirs = or_(table.c[born] > later, table.c.attempts > 0)
        _move(transaction, table, due, (table.c.state == state, table.c[due] > later, theirs), by)
    for table in LEASED:
        _move(transaction, table, "leased_until", (table.c.leased_until > later,), by)
    transaction.run(delete(tables.beats).where(tables.beats.c.at > later))


def _move(
    transaction: Transaction, table: Table, column: str, which: tuple[ColumnElement[bool], ...], by: timedelta
) -> None:
    (key,) = table.primary_key
    for row in transaction.run(select(key, table.c[column]).where(*which)).all():
        transaction.run(update(table).where(key == row[0]).values({column: row[1] - by}))
