"""A consistent copy of the database while others go on working."""

import os
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import closing, contextmanager
from itertools import chain
from pathlib import Path
from typing import Any

from sqlalchemy import URL

from connectors.database.engine import Door, open_door, sqlite_module
from connectors.database.faults import understood
from connectors.database.inbox import InboxTables
from connectors.database.letterbox import Letterbox
from connectors.database.postgresql import refuse_pooler
from connectors.database.secrets import Vault
from connectors.database.transaction import Transaction
from core.errors import ConfigurationError, Misuse, Unavailable


def copy(door: Door, letterbox: Letterbox | None, vault: Vault, path: str) -> None:
    """Write the copy to `path`, replacing what was there. Raises Misuse, ConfigurationError or Unavailable.

    What lies in the letterbox is among the copy's deliveries.
    """
    target = Path(path)
    if door.file and target.resolve() == door.file.resolve():
        raise Misuse(f"{path} is the database itself: name another file for the copy")
    try:
        with _draft(target) as draft, understood():
            if letterbox:
                _copy_with_letters(door, letterbox, vault, draft)
            elif door.sqlite:
                _copy_sqlite(door, draft)
            else:
                _dump(door, draft)
    except OSError as problem:
        raise Misuse(f"cannot write {path}: {problem.strerror}") from problem


@contextmanager
def _draft(target: Path) -> Iterator[Path]:
    """Yield a file of the owner's only, which becomes the target when all went well."""
    draft = target.with_name(f".{target.name}.{os.getpid()}")
    os.close(os.open(draft, os.O_RDWR | os.O_CREAT | os.O_TRUNC, 0o600))
    try:
        yield draft
        with draft.open("rb") as written:
            os.fsync(written.fileno())
        draft.replace(target)
    finally:
        for ending in ("", "-wal", "-shm", ".open"):
            draft.with_name(draft.name + ending).unlink(missing_ok=True)


def _copy_with_letters(door: Door, letterbox: Letterbox, vault: Vault, draft: Path) -> None:
    # Looked into before the rest is copied: what is taken out meanwhile is in both then, and otherwise in neither.
    with closing(letterbox.batches()) as batches:
        first = next(batches, None)
        _copy_sqlite(door, draft)
        if first:
            place = URL.create("sqlite", database=str(draft))
            with closing(open_door(place)) as copied, copied.writing.begin() as connection:
                for _, letters in chain((first,), batches):
                    InboxTables(Transaction(connection, vault)).accept(letters)


def _copy_sqlite(door: Door, draft: Path) -> None:
    """Copy all pages in one step: one reading transaction, which waits for no writer and is not begun anew by one."""
    bare = closing(door.reading.raw_connection())
    with door.turn_to_read(), bare as source, closing(sqlite_module().connect(draft)) as copied:
        source.cursor().connection.backup(copied)
        if problem := damage(copied):
            raise Unavailable(f"the database is damaged, no copy was kept: {problem}; put an older copy back")


def damage(connection: Any) -> str | None:  # noqa: ANN401  # a SQLite driver's connection
    """Return what SQLite finds wrong with the file first; None of a whole one."""
    said = str(connection.execute("PRAGMA quick_check(1)").fetchone()[0])
    return None if said == "ok" else " ".join(said.split())


def _dump(door: Door, draft: Path) -> None:
    refuse_pooler(door.reading)
    address, secret = address_and_secret(door)
    made = subprocess.run(  # noqa: S603  # the program's own path, arguments without a shell
        [
            program("pg_dump"),
            "--format=custom",
            "--no-owner",
            "--no-password",
            f"--file={draft}",
            f"--dbname={address}",
        ],
        env={**os.environ, **secret},
        capture_output=True,
        text=True,
        check=False,
    )
    if made.returncode:
        raise ConfigurationError(f"pg_dump could not copy the database: {complaint(made)}")


def complaint(ended: subprocess.CompletedProcess[str]) -> str:
    """Return what a program that failed said, in one line: which versions do not match stands in the second."""
    return " ".join(ended.stderr.split())[:300] or f"it ended with {ended.returncode}"


def program(name: str) -> str:
    """Return where PostgreSQL's client program is. Raises ConfigurationError."""
    found = shutil.which(name)
    if found is None:
        raise ConfigurationError(f"{name} is not on the PATH: install PostgreSQL's client programs")
    return found


def address_and_secret(door: Door) -> tuple[str, dict[str, str]]:
    """Return the database's address without its password, and the environment that carries it.

    Arguments can be read by every user of the machine.
    """
    url = door.url
    bare = URL.create("postgresql", url.username, None, url.host, url.port, url.database, url.query).render_as_string()
    return bare, {"PGPASSWORD": str(url.password)} if url.password else {}
