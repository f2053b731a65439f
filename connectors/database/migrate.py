"""Bringing the database's tables up to date, once, whoever asks first.

Alembic is loaded only where there is something to do: a start on tables that are up to date goes without it.
"""

import os
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy import Connection, column, func, inspect, select, table

from connectors.database import letterbox
from connectors.database.engine import Door, open_door, parsed, sqlite_file
from connectors.database.faults import understood
from core.errors import ConfigurationError

if TYPE_CHECKING:
    from alembic.config import Config

HERE = Path(__file__).parent / "migrations"
AT = table("alembic_version", column("version_num"))
LOCK = 4_251_776_208_115_004_931
"""Any number, as long as nothing else in the database locks it."""


def upgrade(url: str) -> tuple[str, ...]:
    """Bring the tables up to date and return the names of the revisions applied, oldest first.

    Two processes that do so at once follow one another. Raises ConfigurationError on a wrong URL and on tables of a
    newer version of the program, and `Unavailable`.
    """
    return _moved(url, upgrade_connection)


def downgrade(url: str, revision: str = "base") -> tuple[str, ...]:
    """Take the tables back to a revision, with the loss of what came later; return the names of those undone."""
    from alembic import command  # noqa: PLC0415

    return _moved(url, lambda connection, applied: command.downgrade(config_for(connection, applied), revision))


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
    with closing(open_door(url)) as door:
        with understood(), door.reading.connect() as connection:
            if current(connection) != head():
                return True
        with _letterbox(door) as box:
            return box is not None and not letterbox.is_made(box)


def current(connection: Connection) -> str | None:
    """Return the revision that the database is at; None when it has no tables."""
    if not inspect(connection).has_table(AT.name):
        return None
    return connection.execute(select(AT.c.version_num)).scalar()


@cache
def head() -> str:
    """Return the revision that this version of the program needs."""
    return max(known())


@cache
def known() -> frozenset[str]:
    """Return every revision that this version of the program knows: they are one line, each named as its file."""
    return frozenset(path.stem for path in (HERE / "versions").glob("[0-9]*.py"))


def too_new(revision: str | None) -> str | None:
    """Return what to say of tables that only a newer version of the program knows; None of others."""
    if revision is None or revision in known():
        return None
    return f"the database is at {revision}, which a newer version of the program made: run that version"


def upgrade_connection(connection: Connection, applied: list[str]) -> None:
    """Bring the tables up to date within the open transaction of this connection; note in `applied` what was done."""
    revision = current(connection)
    if revision == head():
        return
    if problem := too_new(revision):
        raise ConfigurationError(problem)
    from alembic import command  # noqa: PLC0415

    command.upgrade(config_for(connection, applied), "head")


def config_for(connection: Connection, applied: list[str]) -> "Config":
    """Return Alembic's configuration; it notes in `applied` what it did."""
    from alembic.config import Config  # noqa: PLC0415

    config = Config()
    # The value is a format string to Alembic: a percent sign in the path must be doubled.
    config.set_main_option("script_location", str(HERE).replace("%", "%%"))
    config.attributes["connection"] = connection
    config.attributes["on_version_apply"] = lambda *, step, **_: applied.append(step.up_revision_id)
    return config


def _moved(url: str, move: Callable[[Connection, list[str]], None]) -> tuple[str, ...]:
    applied: list[str] = []
    with closing(open_door(url)) as door, understood():
        with door.turn_to_write():
            _prepare(door)
            with _alone(door) as connection:
                move(connection, applied)
        with _letterbox(door) as box:
            if box:
                _make_letterbox(box)
    return tuple(applied)


@contextmanager
def _letterbox(door: Door) -> Iterator[Door | None]:
    box = letterbox.beside(door)
    try:
        yield box
    finally:
        if box:
            box.close()


def _make_letterbox(box: Door) -> None:
    with box.turn_to_write():
        _prepare(box)
        letterbox.make(box)


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
