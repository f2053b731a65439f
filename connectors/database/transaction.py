"""One open transaction, and the few words of SQL that the databases spell differently."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import islice
from typing import Any

from sqlalchemy import Connection, CursorResult, Table
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.sql import Executable

from connectors.database.secrets import Vault

Values = Mapping[str, Any]
Insert = sqlite.Insert | postgresql.Insert
BATCH = 500
"""Values in one IN (...): SQLite takes at most 32,766, and longer lists are not faster."""


@dataclass(frozen=True, slots=True)
class Transaction:
    """A connection within a transaction, with the keys to the credentials."""

    connection: Connection
    vault: Vault

    @property
    def sqlite(self) -> bool:
        """Whether this is SQLite, where a writing transaction is alone anyway."""
        return self.connection.dialect.name == "sqlite"

    def run(
        self, statement: Executable, values: Values | Sequence[Values] | None = None
    ) -> CursorResult[*tuple[Any, ...]]:
        """Execute the statement."""
        return self.connection.execute(statement, values)

    def insert(self, table: Table) -> Insert:
        """Return an insert that can say what to do when the row is there already."""
        return _insert(table, sqlite_speaks=self.sqlite)

    def insert_new(self, table: Table, values: Values) -> bool:
        """Insert the row unless a unique key of it is taken; return whether it was inserted."""
        return self.run(_insert_new(table, sqlite_speaks=self.sqlite), values).rowcount > 0

    def insert_all_new(self, table: Table, rows: Sequence[Values]) -> None:
        """Insert the rows, but those of which a unique key is taken."""
        if rows:
            self.run(_insert_new(table, sqlite_speaks=self.sqlite), rows)

    def upsert_many(self, table: Table, rows: Sequence[Values], *, keep: Sequence[str] = ()) -> None:
        """Insert rows with the same columns, or replace those columns but `keep` of the rows with their keys."""
        if rows:
            changed = tuple(name for name in rows[0] if name not in keep)
            statement = _upsert(table, changed, sqlite_speaks=self.sqlite)
            self.run(statement, rows)

    def upsert(self, table: Table, values: Values) -> None:
        """Insert the row, or replace those columns of the row with its primary key."""
        self.run(_upsert(table, tuple(values), sqlite_speaks=self.sqlite), values)


def batches(values: Collection[str]) -> Iterator[list[str]]:
    """Yield the values sorted, as many at a time as one statement takes."""
    rest = iter(sorted(values))
    while batch := list(islice(rest, BATCH)):
        yield batch


# Statements are built once: building one costs more than SQLite takes to execute it.
def _insert(table: Table, *, sqlite_speaks: bool) -> Insert:
    return sqlite.insert(table) if sqlite_speaks else postgresql.insert(table)


@cache
def _insert_new(table: Table, *, sqlite_speaks: bool) -> Insert:
    # Inline: nothing is asked back but the number of rows.
    insert = _insert(table, sqlite_speaks=sqlite_speaks).on_conflict_do_nothing().inline()
    return insert.execution_options(preserve_rowcount=True)


@cache
def _upsert(table: Table, names: tuple[str, ...], *, sqlite_speaks: bool) -> Insert:
    insert = _insert(table, sqlite_speaks=sqlite_speaks)
    primary = [column.name for column in table.primary_key]
    changes = {name: insert.excluded[name] for name in names if name not in primary}
    return insert.on_conflict_do_update(index_elements=primary, set_=changes)
