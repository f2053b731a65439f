"""The letterbox: what came to the doors, in a SQLite file of its own, until a worker puts it among the deliveries.

SQLite has one writer for each file. In the file where plans are written a delivery would wait as long as the largest
of them takes, and a platform does not wait for so long.
"""

from collections.abc import Generator, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import (
    Boolean,
    Column,
    Connection,
    Integer,
    LargeBinary,
    MetaData,
    Row,
    Table,
    delete,
    func,
    insert,
    inspect,
    select,
)

from connectors.database.columns import Instant, Key, Words
from connectors.database.directory import Directory
from connectors.database.engine import Door, open_door
from connectors.database.faults import understood
from connectors.database.inbox import Packed, taken
from connectors.database.transaction import Values
from core.ports.inbox import Letter
from core.records import Shop

AT_ONCE = 500
MOST_BYTES = 16 * 1024 * 1024
"""Letters taken out at once, and their size: who writes besides does not wait for many, and they fit in memory."""
_metadata = MetaData()
# Numbers are never given again: whoever takes letters out removes them by the last number that they have seen.
_letters = Table(
    "letters",
    _metadata,
    Column("id", Integer, primary_key=True),
    *(Column(name, Key, nullable=False) for name in ("shop", "platform", "key")),
    Column("last_wish", Boolean, nullable=False),
    Column("topic", Words, nullable=False),
    Column("body", LargeBinary, nullable=False),
    Column("at", Instant, nullable=False),
    Column("trace", Key),
    sqlite_autoincrement=True,
)
_INSERT = insert(_letters).inline()
_OLDEST = select(_letters).order_by(_letters.c.id)
_OLDEST_AT = select(_letters.c.at).order_by(_letters.c.id).limit(1)


def beside(door: Door) -> Door | None:
    """Return the way into the letterbox of a SQLite file; None for other databases, where doors write themselves."""
    if door.file is None:
        return None
    return open_door(door.url.set(database=f"{door.file}.letters"))


def make(door: Door) -> None:
    """Create the letterbox, unless it is there, and add what one from before lacks."""
    with door.writing.begin() as connection:
        _metadata.create_all(connection)
        if not _has(connection, _letters.c.trace):
            connection.exec_driver_sql("ALTER TABLE letters ADD COLUMN trace TEXT")


def is_made(door: Door) -> bool:
    """Whether the letterbox is there, and up to date."""
    if door.file is None or not door.file.exists():
        return False
    with door.reading.connect() as connection:
        return inspect(connection).has_table(_letters.name) and _has(connection, _letters.c.trace)


def _has(connection: Connection, column: Column[Any]) -> bool:
    return column.name in {known["name"] for known in inspect(connection).get_columns(_letters.name)}


@dataclass(frozen=True, slots=True)
class Slot:
    """Where letters are thrown in, within one transaction."""

    connection: Connection
    directory: Directory

    def accept(self, letters: Sequence[Packed]) -> Sequence[Shop | None]:
        """Keep the letters of known shops and return the shop of each."""
        shops = self.directory.addressed(letters)
        if rows := [_row(letter, shop) for letter, shop in taken(letters, shops)]:
            self.connection.execute(_INSERT, rows)
        return shops


class Letterbox:
    """The letterbox behind `door`; the directory knows for whom the letters are."""

    def __init__(self, door: Door, directory: Directory) -> None:
        self.door = door
        self._directory = directory

    @contextmanager
    def open(self) -> Iterator[Slot]:
        """Open a writing transaction of the letterbox alone."""
        with understood(), self.door.turn_before_the_line(), self.door.writing.begin() as connection:
            yield Slot(connection, self._directory)

    def batches(self) -> Generator[tuple[int, Sequence[Packed]]]:
        """Yield the letters that lie here at the first question, oldest first, with the number of the last of each."""
        with understood(), self.door.reading.begin() as connection:
            rows = connection.execution_options(yield_per=10).execute(_OLDEST)
            batch: list[Packed] = []
            size = 0
            for row in rows:
                batch.append(_letter(row))
                size += len(row.body)
                if len(batch) == AT_ONCE or size > MOST_BYTES:
                    yield row.id, batch
                    batch, size = [], 0
            if batch:
                yield row.id, batch

    def remove(self, last: int) -> None:
        """Remove the letters up to this number."""
        with understood(), self.door.turn_to_write(), self.door.writing.begin() as connection:
            connection.execute(delete(_letters).where(_letters.c.id <= last))

    def waiting(self) -> dict[str, int]:
        """Return how many letters lie here, by shop."""
        with understood(), self.door.reading.begin() as connection:
            rows = connection.execute(select(_letters.c.shop, func.count()).group_by(_letters.c.shop))
            return {row[0]: row[1] for row in rows}

    def oldest(self) -> datetime | None:
        """Return when the oldest letter came; None when none lies here."""
        with understood(), self.door.reading.begin() as connection:
            return connection.execute(_OLDEST_AT).scalar()


def _row(letter: Packed, shop: Shop) -> Values:
    return {
        "shop": shop.id, "platform": shop.platform, "key": letter.key, "last_wish": letter.last_wish,
        "topic": letter.topic, "body": letter.body, "at": letter.at, "trace": letter.trace,
    }  # fmt: skip


def _letter(row: Row[Any]) -> Packed:
    return Packed(
        Letter(
            shop=row.shop, platform=row.platform, key=row.key, last_wish=row.last_wish, topic=row.topic,
            body=row.body, at=row.at, trace=row.trace,
        )
    )  # fmt: skip
