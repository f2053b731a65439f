"""Everything that is under lock, locked anew with the first key, so that an older one can go."""

from sqlalchemy import Connection, Table, and_, select, update

from connectors.database import tables
from connectors.database.secrets import Vault


def relock(connection: Connection, vault: Vault) -> int:
    """Lock anew what every table keeps under lock; return how many rows.

    Raises ConfigurationError when no key opens one of them: then nothing has changed.
    """
    return sum(_relocked(connection, vault, table) for table in locked_tables())


def locked_tables() -> list[Table]:
    """Return the tables that keep something under lock: `credentials` is the name of that column everywhere."""
    return [table for table in tables.metadata.sorted_tables if "credentials" in table.c]


def _relocked(connection: Connection, vault: Vault, table: Table) -> int:
    keys, locked = list(table.primary_key), table.c.credentials
    # Held until the end: what is being renewed just now would be replaced by what was there before.
    rows = connection.execute(select(*keys, locked).where(locked.is_not(None)).with_for_update()).all()
    for *key, credentials in rows:
        row = and_(*(column == value for column, value in zip(keys, key, strict=True)))
        renewed = vault.lock_anew(table.name, credentials)
        connection.execute(update(table).where(row).values(credentials=renewed))
    return len(rows)
