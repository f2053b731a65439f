"""Putting a copy back in the place of what is there: whole, or not at all."""

import os
import shutil
import subprocess
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from connectors.database import migrate, tables
from connectors.database.backup import address_and_secret, complaint, damage, program
from connectors.database.engine import Door, sqlite_module
from connectors.database.faults import understood
from connectors.database.postgresql import refuse_pooler
from core.errors import Misuse

NO_COPY = "is no copy made by `flask --app app backup`"


def put_back(door: Door, path: str) -> None:
    """Replace everything by the copy at `path`, brought up to date.

    Raises Misuse for what is no copy, belongs to the other kind of database, or was made by a newer version.
    """
    copy = Path(path)
    if not copy.is_file():
        raise Misuse(f"{path}: there is no such file")
    if door.in_memory:
        raise Misuse("a database in memory takes no copy: set BACKORDER_DATABASE_URL")
    with understood():
        if door.sqlite:
            _put_back_sqlite(door, copy)
        else:
            _put_back_archive(door, copy)
    migrate.upgrade(door.url.render_as_string(hide_password=False))


def check_revision(path: Path, revision: str | None) -> None:
    """Raise Misuse unless this version of the program knows the copy's tables."""
    if revision is None:
        raise Misuse(f"{path} {NO_COPY}")
    if revision not in migrate.known():
        raise Misuse(f"{path} is at {revision}, which a newer version of the program made: restore it with that one")


def _put_back_sqlite(door: Door, copy: Path) -> None:
    with copy.open("rb") as file:
        if file.read(16) != b"SQLite format 3\0":
            raise Misuse(f"{copy} {NO_COPY} of a SQLite database")
    with _beside(door, copy) as draft, closing(sqlite_module().connect(draft)) as source:
        _check_whole(copy, source)
        bare = door.writing.raw_connection()
        try:
            with door.turn_to_write():
                source.backup(bare.cursor().connection)
        finally:
            bare.close()


@contextmanager
def _beside(door: Door, copy: Path) -> Iterator[Path]:
    """Yield a second copy beside the database: SQLite writes beside a file to read it."""
    file = door.file or copy
    draft = file.with_name(f".{file.name}.restore.{os.getpid()}")
    try:
        os.close(os.open(draft, os.O_RDWR | os.O_CREAT | os.O_TRUNC, 0o600))
        shutil.copyfile(copy, draft)
        yield draft
    except OSError as problem:
        raise Misuse(f"cannot copy {copy}: {problem.strerror}") from problem
    finally:
        for leftover in (draft, draft.with_name(draft.name + "-wal"), draft.with_name(draft.name + "-shm")):
            leftover.unlink(missing_ok=True)


def _check_whole(copy: Path, source: Any) -> None:  # noqa: ANN401  # a driver's connection
    try:
        wrong = damage(source)
        known = source.execute("SELECT 1 FROM sqlite_master WHERE name = 'alembic_version'").fetchone()
        row = source.execute("SELECT version_num FROM alembic_version").fetchone() if known else None
    except sqlite_module().DatabaseError as problem:
        raise Misuse(f"{copy} is damaged: {problem}") from problem
    if wrong:
        raise Misuse(f"{copy} is damaged: {wrong}")
    check_revision(copy, row[0] if row else None)


def _put_back_archive(door: Door, copy: Path) -> None:
    """Drop our tables and read the archive in, in one transaction."""
    refuse_pooler(door.reading)
    restore, psql = program("pg_restore"), program("psql")
    address, secret = address_and_secret(door)
    check_revision(copy, _revision(_run([restore, "--data-only", "--table=alembic_version", "--file=-", str(copy)])))
    names = ", ".join(f'public."{name}"' for name in [*tables.metadata.tables, "alembic_version"])
    with TemporaryDirectory(prefix="backorder-restore-") as folder:
        # Not through a pipe: an archive that breaks off would look to psql like one that is at its end.
        script = f"{folder}/script.sql"
        _run([restore, "--no-owner", f"--file={script}", str(copy)])
        put = [psql, "--no-psqlrc", "--quiet", "--no-password", "--single-transaction", "--set=ON_ERROR_STOP=1"]
        _run(
            [*put, f"--command=DROP TABLE IF EXISTS {names} CASCADE", f"--file={script}", f"--dbname={address}"], secret
        )


def _revision(script: str) -> str | None:
    lines = iter(script.splitlines())
    for line in lines:
        if line.startswith("COPY ") and "alembic_version" in line:
            return next(lines, "").strip() or None
    return None


def _run(command: Sequence[str], secret: Mapping[str, str] | None = None) -> str:
    done = subprocess.run(  # noqa: S603  # the program's own path, arguments without a shell
        command, env={**os.environ, **(secret or {})}, capture_output=True, text=True, check=False
    )
    if done.returncode:
        raise Misuse(f"{Path(command[0]).name} could not put the copy back: {complaint(done)}")
    return done.stdout
