"""Bringing the database's tables up to date, once, whoever asks first."""

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, func, select

from connectors.database.engine import Door, open_door, parsed, sqlite_file
from connectors.database.faults import understood

HERE = Path(__file__).parent / "migrations"
LOCK = 4_251_776_208_115_004_931
"""Any number, as long as nothing else in the database locks it."""


def upgrade(url: str) -> tuple[str, ...]:
    """Bring the tables up to date and return the names of the revisions applied, oldest first.

    Two processes that do so at once follow one another. Raises ConfigurationError on a wrong URL and `Unavailable`.
    """
    return _moved(url, lambda config: command.upgrade(config, "head"))


def downgrade(url: str, revision: str = "base") -> tuple[str, ...]:
    """Take the tables back to a revision, with the loss of what came later; return the names of those undone."""
    return _moved(url, lambda config: command.downgrade(config, revision))


def pending(url: str) -> bool:
    """Whether `upgrade` has something to do. Raises `Unavailable` when the database does not answer."""
    address = parsed(url)
    if address.get_backend_name() == "sqlite":
        file = sqlite_file(address)
        if file is None:
            # A database in memory is made up to date when it is opened.
            return False
        if not file.exists():
            return True
    door = open_door(url)
    try:
        with understood(), door.reading.connect() as connection:
            return current(connection) != head()
    finally:
        door.close()


def current(connection: Connection) -> str | None:
    """Return the revision that the database is at; None when it has no tables."""
    return MigrationContext.configure(connection).get_current_revision()


@cache
def head() -> str | None:
    """Return the revision that this version of the program needs."""
    return ScriptDirectory(str(HERE)).get_current_head()


@cache
def known() -> frozenset[str]:
    """Return every revision that this version of the program knows."""
    return frozenset(script.revision for script in ScriptDirectory(str(HERE)).walk_revisions())


def upgrade_connection(connection: Connection) -> None:
    """Bring the tables up to date within the open transaction of this connection."""
    command.upgrade(config_for(connection, []), "head")


def config_for(connection: Connection, applied: list[str]) -> Config:
    """Return Alembic's configuration; it notes in `applied` what it did."""
    config = Config()
    # The value is a format string to Alembic: a percent sign in the path must be doubled.
    config.set_main_option("script_location", str(HERE).replace("%", "%%"))
    config.attributes["connection"] = connection
    config.attributes["on_version_apply"] = lambda *, step, **_: applied.append(step.up_revision_id)
    return config


def _moved(url: str, move: Callable[[Config], None]) -> tuple[str, ...]:
    applied: list[str] = []
    door = open_door(url)
    try:
        with understood(), door.turn_to_write():
            _prepare(door)
            with _alone(door) as connection:
                move(config_for(connection, applied))
    finally:
        door.close()
    return tuple(applied)


def _prepare(door: Door) -> None:
    """Make the SQLite file, readable by its owner only, and set WAL once: the file remembers it.

    Processes that each set it when they start would lock each other out.
    """
    if door.file is None:
        return
    os.close(os.open(door.file, os.O_RDWR | os.O_CREAT, 0o600))
    bare = door.writing.raw_connection()
    try:
        bare.cursor().execute("PRAGMA journal_mode=WAL").close()
    finally:
        bare.close()


@contextmanager
def _alone(door: Door) -> Iterator[Connection]:
    with door.writing.begin() as connection:
        if not door.sqlite:
            connection.execute(select(func.pg_advisory_xact_lock(LOCK)))
        yield connection
