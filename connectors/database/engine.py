"""Which driver, which pragmas, how transactions begin: what differs between the databases at the door."""

import os
import sqlite3
import weakref
from contextlib import AbstractContextManager
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from types import ModuleType
from typing import Any

from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import ArgumentError, DisconnectionError
from sqlalchemy.pool import QueuePool, StaticPool

from connectors.database import postgresql
from connectors.database.writer_lock import Presence, WriterLock, no_lock
from core.errors import ConfigurationError, Unavailable

BUSY_SECONDS = 10.0
"""How long SQLite waits for those who do not take our lock, such as a shell that someone left open."""
PLACE = "place"
"""Among a connection's notes: which file it was opened on."""
WAL_RESET_BUG = ((3, 7, 0), (3, 51, 2))


@dataclass(frozen=True, slots=True, weakref_slot=True)
class Door:
    """The ways into one database. `file` is SQLite's, None for PostgreSQL and for a database in memory."""

    url: URL
    reading: Engine
    writing: Engine
    lock: WriterLock | None
    file: Path | None
    presence: Presence | None

    @property
    def sqlite(self) -> bool:
        """Whether this is SQLite."""
        return self.url.get_backend_name() == "sqlite"

    @property
    def in_memory(self) -> bool:
        """Whether there is only one connection, shared by everybody."""
        return self.sqlite and self.file is None

    def turn_to_write(self) -> AbstractContextManager[object]:
        """Wait in line for writing."""
        return self.lock.in_line() if self.lock else no_lock()

    def turn_before_the_line(self) -> AbstractContextManager[object]:
        """Wait for whoever writes now: for what somebody outside is waiting for, and what never takes long."""
        return self.lock or no_lock()

    def turn_to_read(self) -> AbstractContextManager[object]:
        """Wait in line for reading: only where one connection serves everybody."""
        return self.lock if self.lock and self.in_memory else no_lock()

    def close(self) -> None:
        """Close every connection."""
        self.reading.dispose()
        self.writing.dispose()
        if self.presence:
            self.presence.close()


DOORS: weakref.WeakSet[Door] = weakref.WeakSet()


def open_door(address: str | URL) -> Door:
    """Return the ways into the database at `address`. Connects to nothing yet. Raises ConfigurationError."""
    url = parsed(address)
    door = _sqlite_door(url) if url.get_backend_name() == "sqlite" else _postgresql_door(url)
    DOORS.add(door)
    return door


def parsed(address: str | URL) -> URL:
    """Return the URL with the driver that we speak through. Raises ConfigurationError."""
    try:
        url = make_url(address)
    except (ArgumentError, ValueError) as problem:
        raise ConfigurationError(_wrong_url()) from problem
    if url.drivername in {"postgresql", "postgres", "postgresql+psycopg"}:
        return url.set(drivername="postgresql+psycopg")
    if url.drivername == "sqlite":
        return url
    raise ConfigurationError(_wrong_url())


def sqlite_file(url: URL) -> Path | None:
    """Return the file of a SQLite URL; None for a database in memory."""
    return Path(url.database) if url.database and url.database != ":memory:" else None


def sqlite_module() -> ModuleType:
    """Return the SQLite driver: `pysqlite3` brings a newer library than most Pythons do."""
    try:
        return import_module("pysqlite3.dbapi2")
    except ImportError:
        return sqlite3


def library_version() -> tuple[int, ...]:
    """Return the version of the SQLite library in use."""
    version: tuple[int, ...] = sqlite_module().sqlite_version_info
    return version


def loses_writes() -> bool:
    """Whether the SQLite in use may lose writes of several processes."""
    return may_lose_writes(library_version())


def may_lose_writes(version: tuple[int, ...]) -> bool:
    """Whether this SQLite has the WAL-reset bug: with several connections, committed writes may be lost."""
    return WAL_RESET_BUG[0] <= version <= WAL_RESET_BUG[1]


def _wrong_url() -> str:
    # The address itself may hold a password: it is not repeated.
    return "BACKORDER_DATABASE_URL: must be sqlite:///path/to/file.db or postgresql://user:password@host/name"


def _sqlite_door(url: URL) -> Door:
    file = sqlite_file(url)
    if file is None:
        engine = _sqlite_engine(url, poolclass=StaticPool)
        _begin_with(engine, "BEGIN")
        return Door(url, engine, engine, WriterLock(None), None, None)
    _make_folder(file.parent)
    reading = _sqlite_engine(url, read_only=True, poolclass=QueuePool, pool_size=4, max_overflow=60)
    writing = _sqlite_engine(url, poolclass=QueuePool, pool_size=1, max_overflow=0)
    _begin_with(reading, "BEGIN")
    _begin_with(writing, "BEGIN IMMEDIATE")
    presence = Presence(file.with_name(file.name + ".open"))
    return Door(url, reading, writing, WriterLock(file.with_name(file.name + ".lock")), file, presence)


def _make_folder(folder: Path) -> None:
    """Make the last folder of the path; more would rather be a slip of the pen."""
    try:
        folder.mkdir(exist_ok=True)
    except OSError as problem:
        raise ConfigurationError(
            f"BACKORDER_DATABASE_URL: cannot make the folder {folder} ({problem.strerror}): make it, or name another"
        ) from problem


def _sqlite_engine(url: URL, *, read_only: bool = False, **pool: Any) -> Engine:  # noqa: ANN401  # pool settings
    arguments = {"check_same_thread": False, "timeout": BUSY_SECONDS}
    # Values stay out of the errors' words: they are customers' names and addresses, and errors are logged.
    engine = create_engine(url, module=sqlite_module(), connect_args=arguments, hide_parameters=True, **pool)

    @event.listens_for(engine, "connect")
    def prepare(connection: Any, _record: object) -> None:  # noqa: ANN401  # a driver's connection
        # The driver must not begin transactions by itself: ours begin with the words below, reads included.
        connection.isolation_level = None
        try:
            for pragma in ("foreign_keys=ON", "synchronous=FULL", "secure_delete=ON", "journal_size_limit=67108864"):
                connection.execute(f"PRAGMA {pragma}")
        except sqlite_module().OperationalError:
            raise
        except sqlite_module().DatabaseError as problem:
            raise Unavailable(f"the database cannot be used now: {problem} ({url.database})") from problem
        if read_only:
            connection.execute("PRAGMA query_only=ON")

    if file := sqlite_file(url):
        _follow(engine, file)
    return engine


def _follow(engine: Engine, file: Path) -> None:
    """Leave a file that was moved away or deleted: SQLite would go on writing where nobody who comes later looks."""

    @event.listens_for(engine, "connect")
    def note(_connection: object, record: Any) -> None:  # noqa: ANN401  # a connection's note in the pool
        record.info[PLACE] = _place(file)

    @event.listens_for(engine, "checkout")
    def look(_connection: object, record: Any, _given: object) -> None:  # noqa: ANN401  # as above
        if record.info[PLACE] != _place(file):
            raise DisconnectionError


def _place(file: Path) -> tuple[int, int]:
    """Return what tells this file from another of its name. Raises Unavailable when there is none."""
    try:
        found = file.stat()
    except OSError as problem:
        raise Unavailable(f"the database cannot be used now: {file} ({problem.strerror})") from problem
    return found.st_dev, found.st_ino


def _begin_with(engine: Engine, words: str) -> None:
    @event.listens_for(engine, "begin")
    def begin(connection: Connection) -> None:
        connection.exec_driver_sql(words)


def _postgresql_door(url: URL) -> Door:
    engine = postgresql.make_engine(url)
    reading = engine.execution_options(isolation_level="REPEATABLE READ", postgresql_readonly=True)
    return Door(url, reading, engine, None, None, None)


def _forked() -> None:
    """A child must not speak through its parent's connections, nor close them."""
    for door in DOORS:
        door.reading.dispose(close=False)
        door.writing.dispose(close=False)
        if door.lock:
            door.lock.forked()


os.register_at_fork(after_in_child=_forked)
