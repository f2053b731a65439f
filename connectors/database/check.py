"""What is wrong with the database, in sentences that say what to do."""

import os
import shutil
from collections.abc import Iterator

from sqlalchemy import Connection, select, text

from connectors.database import migrate
from connectors.database.engine import Door, library_version, loses_writes
from connectors.database.faults import understood
from connectors.database.letterbox import Letterbox, is_made
from connectors.database.postgresql import OURS
from connectors.database.relocking import locked_tables
from connectors.database.secrets import Vault
from core.errors import ConfigurationError, Unavailable

OLDEST_POSTGRESQL = 150000
LEAST_ROOM = 16 * 1024 * 1024
"""Bytes: two of the largest deliveries. Below that, what comes is soon refused, though nothing else is wrong."""
PROMISES = {
    "fsync": "deliveries that were answered with 200 may be gone, and the database with them",
    "full_page_writes": "pages may be half written, and the database be lost",
}
"""What a server breaks that was told not to keep its word."""
LOOKED_AT = 50
"""Credentials tried: all of them were locked with the same few keys."""


def problems(door: Door, letterbox: Letterbox | None, vault: Vault) -> tuple[str, ...]:
    """Return the sentences, none when the database is ready. Raises nothing."""
    if door.file and not door.file.exists():
        return (_upgrade("the database does not exist yet"),)
    try:
        with understood(), door.turn_to_read(), door.reading.begin() as connection:
            found = (*_found(door, connection, vault), *_of_letterbox(letterbox), *_held_up(door, letterbox))
            # A shop has secrets in several tables: what is wrong with all of them is said once.
            return tuple(dict.fromkeys(found))
    except Unavailable as problem:
        return (str(problem),)


def _found(door: Door, connection: Connection, vault: Vault) -> Iterator[str]:
    yield from _of_sqlite(door, connection) if door.sqlite else _of_postgresql(connection)
    revision = migrate.current(connection)
    if problem := migrate.too_new(revision):
        yield problem
    elif revision != migrate.head():
        yield _upgrade("the database's tables are not up to date")
    else:
        yield from _of_credentials(connection, vault)


def _of_sqlite(door: Door, connection: Connection) -> Iterator[str]:
    if loses_writes() and not alone(door):
        version = ".".join(str(part) for part in library_version())
        yield (
            f"SQLite {version} can lose committed writes when several processes use one file (mended in 3.51.3): "
            "install pysqlite3, or run one process only"
        )
    if door.file is None:
        return
    if connection.exec_driver_sql("PRAGMA journal_mode").scalar() != "wal":
        yield _upgrade("the database is not in WAL mode")
    if not (os.access(door.file, os.W_OK) and os.access(door.file.parent, os.W_OK)):
        yield f"{door.file} and its folder must be writable by the user that runs this"
    if shutil.disk_usage(door.file.parent).free < LEAST_ROOM:
        yield f"the disk of {door.file} is full or nearly so: make room, or deliveries are refused with 503"


def warnings(door: Door) -> tuple[str, ...]:
    """Return sentences about what is not wrong now and may cost what is kept one day. Raises Unavailable."""
    if door.sqlite:
        return ()
    off = text("SELECT name FROM pg_settings WHERE name = ANY(:promises) AND setting = 'off' ORDER BY name")
    with understood(), door.reading.connect() as connection:
        names = connection.execute(off, {"promises": list(PROMISES)}).scalars().all()
    return tuple(
        f"PostgreSQL runs with {name}=off: after a power cut {PROMISES[name]}; turn it on and reload the server"
        for name in names
    )


def alone(door: Door) -> bool:
    """Whether no other process of ours has the database open, as far as that can be seen from here."""
    if door.sqlite:
        return door.presence is None or door.presence.alone()
    others = "datname = current_database() AND application_name = :ours AND pid <> pg_backend_pid()"
    with understood(), door.reading.connect() as connection:
        asked = text(f"SELECT count(*) FROM pg_stat_activity WHERE {others}")  # noqa: S608  # words from here
        return int(connection.execute(asked, {"ours": OURS}).scalar_one()) == 0


def _held_up(door: Door, letterbox: Letterbox | None) -> Iterator[str]:
    doors = (door, letterbox.door) if letterbox else (door,)
    yield from (told for one in doors if one.lock and (told := one.lock.held_up()))


def _of_letterbox(letterbox: Letterbox | None) -> Iterator[str]:
    if letterbox and not is_made(letterbox.door):
        yield _upgrade("the letterbox for deliveries does not exist yet")


def _of_postgresql(connection: Connection) -> Iterator[str]:
    if int(connection.execute(text("SHOW server_version_num")).scalar_one()) < OLDEST_POSTGRESQL:
        yield "PostgreSQL 15 or newer is needed: upgrade the server"
    # Asked for as a setting of the server's: this transaction reads only, wherever it is.
    if connection.execute(
        text(
            "SELECT pg_is_in_recovery() OR setting = 'on' FROM pg_settings WHERE name = 'default_transaction_read_only'"
        )
    ).scalar():
        yield "PostgreSQL takes no writes here, as a standby does: connect to the server that does"


def _of_credentials(connection: Connection, vault: Vault) -> Iterator[str]:
    for table in locked_tables():
        whose = table.c.shop if "shop" in table.c else next(iter(table.primary_key))
        locked = select(whose, table.c.credentials).where(table.c.credentials.is_not(None))
        for owner, credentials in connection.execute(locked.order_by(*table.primary_key).limit(LOOKED_AT)):
            try:
                vault.open(owner, credentials)
            except ConfigurationError as problem:
                yield str(problem)


def _upgrade(what: str) -> str:
    return f"{what}: run `flask --app app db upgrade`"
