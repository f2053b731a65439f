"""Moving everything into another, empty database, of the same kind or the other."""

from sqlalchemy import Connection, Table, func, insert, select, text

from connectors.database import migrate, tables
from connectors.database.engine import Door, open_door
from connectors.database.faults import understood
from connectors.database.inbox import InboxTables
from connectors.database.letterbox import Letterbox
from connectors.database.secrets import Vault
from connectors.database.transaction import Transaction
from core.errors import Misuse

AT_ONCE = 500


def move(source: Door, letterbox: Letterbox | None, vault: Vault, address: str) -> int:
    """Copy every row into the database at `address` in one transaction; return how many.

    What lies in the letterbox is among the deliveries there.

    Raises Misuse when something is there already, ConfigurationError for a wrong address and `Unavailable`.
    """
    migrate.upgrade(address)
    target = open_door(address)
    try:
        with (
            understood(), source.turn_to_read(), source.reading.begin() as old,
            target.turn_to_write(), target.writing.begin() as new,
        ):  # fmt: skip
            filled = [
                table.name for table in tables.metadata.sorted_tables if new.execute(select(table).limit(1)).first()
            ]
            if filled:
                raise Misuse(f"the new database is not empty ({filled[0]}): name one without our data")
            number = sum(_copied(old, new, table) for table in tables.metadata.sorted_tables)
            for _, letters in letterbox.batches() if letterbox else ():
                number += len(InboxTables(Transaction(new, vault)).accept(letters))
            return number
    finally:
        target.close()


def _copied(old: Connection, new: Connection, table: Table) -> int:
    number = 0
    rows = old.execution_options(yield_per=AT_ONCE).execute(select(table).order_by(*table.primary_key))
    for part in rows.mappings().partitions(AT_ONCE):
        new.execute(insert(table), [dict(row) for row in part])
        number += len(part)
    if new.dialect.name == "postgresql" and number:
        _count_on(new, table)
    return number


def _count_on(new: Connection, table: Table) -> None:
    """Let numbers that the database gives follow those that came along."""
    for column in table.primary_key:
        counter = new.execute(select(func.pg_get_serial_sequence(table.name, column.name))).scalar()
        if counter is not None:
            new.execute(text("SELECT setval(:counter, :last)"), {
                "counter": counter, "last": new.execute(select(func.max(column))).scalar_one(),
            })  # fmt: skip
