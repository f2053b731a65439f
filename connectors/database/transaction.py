"""One open transaction, and the few words of SQL that the databases spell differently."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from itertools import islice
from typing import Any, TypeVar

from sqlalchemy import Column, ColumnElement, Connection, CursorResult, Row, Select, Table, func, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.sql import Executable

from connectors.database.columns import storable
from connectors.database.secrets import Vault
from core.ports.books import Queue

Values = Mapping[str, Any]
Sorted = TypeVar("Sorted", str, int)
Read = TypeVar("Read")
Insert = sqlite.Insert | postgresql.Insert
BATCH = 500
"""Values in one IN (...): SQLite takes at most 32,766, and longer lists are not faster."""


@dataclass(frozen=True, slots=True)
class Transaction:
    """A connection within a transaction, with the keys to the credentials."""

    connection: Connection
    vault: Vault
    queued: set[Queue] = field(default_factory=set, compare=False)
    """Where something was put that may leave at once: who works there is woken after the commit."""

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

    def where_in(self, statement: Select[Any], column: ColumnElement[str], values: Iterable[str]) -> Iterator[Row[Any]]:
        """Yield the statement's rows that bear one of these values in the column, however many values there are."""
        for batch in batches({storable(value) for value in values}):
            yield from self.run(statement.where(column.in_(batch)))

    def by_name(
        self, statement: Select[Any], named: Column[str], names: Iterable[str], read: Callable[[Row[Any]], Read]
    ) -> dict[str, tuple[Read, ...]]:
        """Return what `read` makes of the rows that bear each of these names in the column `named`, in their order.

        A name without a row is left out.
        """
        return self._by_name(lambda batch: statement.where(named.in_(batch)), named, names, read)

    def newest_by_name(
        self,
        statement: Select[Any],
        named: Column[str],
        names: Iterable[str],
        read: Callable[[Row[Any]], Read],
        *,
        limit: int,
    ) -> dict[str, tuple[Read, ...]]:
        """The same of the newest rows by their `id`, at most `limit` for each name, newest first."""
        place = func.row_number().over(partition_by=named, order_by=named.table.c.id.desc())
        placed = statement.add_columns(place.label("place"))

        def newest(batch: list[str]) -> Select[Any]:
            rows = placed.where(named.in_(batch)).subquery()
            return select(rows).where(rows.c.place <= limit).order_by(rows.c.id.desc())

        return self._by_name(newest, named, names, read)

    def upsert(self, table: Table, values: Values) -> None:
        """Insert the row, or replace those columns of the row with its primary key."""
        self.run(_upsert(table, tuple(values), sqlite_speaks=self.sqlite), values)

    def _by_name(
        self,
        asked: Callable[[list[str]], Select[Any]],
        named: Column[str],
        names: Iterable[str],
        read: Callable[[Row[Any]], Read],
    ) -> dict[str, tuple[Read, ...]]:
        found: dict[str, list[Read]] = {}
        kept = {storable(name): name for name in names}
        for batch in batches(kept):
            for row in self.run(asked(batch)):
                found.setdefault(kept[getattr(row, named.name)], []).append(read(row))
        return {name: tuple(rows) for name, rows in found.items()}


def batches(values: Iterable[Sorted]) -> Iterator[list[Sorted]]:
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
