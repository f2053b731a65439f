"""After the machine's clock was set back: what bears instants of that time would wait until they come again."""

from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, Table, delete, false, or_, select, true, update

from connectors.database import tables
from connectors.database.transaction import Transaction
from core.ports.clockwork import APART

WAITING = (
    (tables.deliveries, "new", "received_at", "due_at"),
    (tables.actions, "pending", "created_at", "next_at"),
    (tables.hook_messages, "pending", "created_at", "next_at"),
    (tables.mails, "pending", "created_at", "next_at"),
    (tables.notices, "draft", "created_at", "due_at"),
)
LEASED = (tables.inbox_lanes, tables.actions, tables.hook_messages, tables.mails, tables.forecast_runs)
RESTING = (*((table, "leased_until") for table in LEASED), (tables.hook_endpoints, "rests_until"))


def turn_back(transaction: Transaction, by: timedelta, *, now: datetime) -> None:
    """Move by so much what was born in the time taken back, or put off in it, and the leases and rests given in it.

    A night's work that was done for a day to come is to be done again when that day comes.

    What was planned for a later day before that keeps its day. A pause keeps its length, and a lease that somebody
    still holds is given its own end again when it is renewed.
    """
    later = now + APART
    for table, state, born, due in WAITING:
        theirs = or_(table.c[born] > later, _put_off(table))
        _move(transaction, table, due, (table.c.state == state, table.c[due] > later, theirs), by)
    for table, until in RESTING:
        _move(transaction, table, until, (table.c[until] > later,), by)
    nights = tables.forecast_runs
    transaction.run(update(nights).where(nights.c.done_on > now.date()).values(done_on=None))
    transaction.run(delete(tables.beats).where(tables.beats.c.at > later))


def _put_off(table: Table) -> ColumnElement[bool]:
    if table is tables.hook_messages:
        return true()  # an event is planned for no later day: it waits because its endpoint rests
    return table.c.attempts > 0 if "attempts" in table.c else false()


def _move(
    transaction: Transaction, table: Table, column: str, which: tuple[ColumnElement[bool], ...], by: timedelta
) -> None:
    (key,) = table.primary_key
    for row in transaction.run(select(key, table.c[column]).where(*which)).all():
        transaction.run(update(table).where(key == row[0]).values({column: row[1] - by}))
