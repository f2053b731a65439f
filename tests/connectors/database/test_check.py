import os
import shutil
import time
from contextlib import closing
from datetime import UTC, datetime
from types import SimpleNamespace

import pytest
from cryptography.fernet import Fernet
from sqlalchemy import create_engine, text

from connectors.database import engine, migrate, open_books, postgresql
from connectors.database.writer_lock import WriterLock
from core.errors import ConfigurationError, Unavailable

KEY = Fernet.generate_key().decode()


def test_books_that_are_ready_have_no_problems(kept):
    assert kept.problems() == ()


def test_a_database_that_does_not_exist_is_to_be_made(tmp_path):
    books = open_books(f"sqlite:///{tmp_path}/b.db", encryption_keys=KEY)
    (problem,) = books.problems()
    assert "does not exist yet: run `flask --app app db upgrade`" in problem
    books.close()
    assert not (tmp_path / "b.db").exists()


@pytest.mark.parametrize("name", ["b.db", "b.db.letters"])
def test_a_process_that_keeps_all_others_from_writing_for_long_is_named(tmp_path, name):
    migrate.upgrade(f"sqlite:///{tmp_path}/b.db")
    books, other = open_books(f"sqlite:///{tmp_path}/b.db", encryption_keys=KEY), WriterLock(tmp_path / f"{name}.lock")
    with other:
        assert books.problems() == ()
        os.utime(tmp_path / f"{name}.lock", (time.time() - 100,) * 2)
        (problem,) = books.problems()
        assert f"process {os.getpid()} has kept all others from writing to the database for 100 seconds" in problem
    assert books.problems() == ()
    books.close()


def test_a_stopped_process_keeps_nobody_from_a_row_for_ever(postgresql_url, monkeypatch, make):
    monkeypatch.setitem(postgresql.SERVER_PATIENCE, "idle_in_transaction_session_timeout", "50ms")
    stopped, others = (open_books(postgresql_url, encryption_keys=KEY) for _ in range(2))
    with others.write() as unit:
        unit.shops.add(make.shop("fern"), {})
    with pytest.raises(Unavailable), stopped.write() as held:
        held.shops.lock("fern")
        with others.write() as unit:  # waits for the server to end the other
            unit.shops.lock("fern")
    stopped.close()
    others.close()


def test_tables_that_are_not_up_to_date_are_named(any_url):
    migrate.downgrade(any_url, "0001_facts")
    books = open_books(any_url, encryption_keys=KEY)
    (problem,) = books.problems()
    assert "not up to date: run `flask --app app db upgrade`" in problem
    books.close()
    migrate.upgrade(any_url)


def test_a_database_of_a_newer_version_is_not_touched(sqlite_url):
    _execute(sqlite_url, "UPDATE alembic_version SET version_num = '9999_future'")
    books = open_books(sqlite_url, encryption_keys=KEY)
    (problem,) = books.problems()
    assert "9999_future, which a newer version of the program made" in problem
    books.close()
    with pytest.raises(ConfigurationError, match="9999_future, which a newer version of the program made"):
        migrate.upgrade(sqlite_url)


def test_a_database_without_wal_is_to_be_upgraded(sqlite_url):
    _execute(sqlite_url, "PRAGMA journal_mode=DELETE")
    books = open_books(sqlite_url, encryption_keys=KEY)
    (problem,) = books.problems()
    assert "not in WAL mode" in problem
    books.close()
    migrate.upgrade(sqlite_url)
    books = open_books(sqlite_url, encryption_keys=KEY)
    assert books.problems() == ()
    books.close()


def test_credentials_that_no_key_opens_are_a_problem_said_once_for_each_shop(any_url, kept):
    with kept.write() as unit:
        unit.hooks.add("fern", "https://tool.example.com", ["order.ready"], "whsec", at=datetime.now(UTC))
    books = open_books(any_url, encryption_keys=KEY)
    assert [problem.partition(" of ")[2].partition(":")[0] for problem in books.problems()] == ["fern", "moss"]
    books.close()


def test_a_file_that_is_no_database_is_a_problem(tmp_path):
    (tmp_path / "b.db").write_text("no database at all, only words" * 50)
    books = open_books(f"sqlite:///{tmp_path}/b.db", encryption_keys=KEY)
    (problem,) = books.problems()
    assert "not a database" in problem
    books.close()


@pytest.mark.parametrize(
    ("version", "bad"),
    [
        ((3, 6, 23), False),
        ((3, 7, 0), True),
        ((3, 40, 1), True),
        ((3, 51, 2), True),
        ((3, 51, 3), False),
        ((3, 53, 0), False),
    ],
)
def test_the_versions_that_may_lose_writes_are_known(version, bad):
    assert engine.may_lose_writes(version) is bad


def test_an_old_sqlite_is_a_problem_only_while_several_have_the_database_open(sqlite_url, monkeypatch):
    import sqlite3

    monkeypatch.setattr(engine, "sqlite_module", lambda: sqlite3)
    monkeypatch.setattr(engine, "library_version", lambda: (3, 40, 1))
    first = open_books(sqlite_url, encryption_keys=KEY)
    assert first.problems() == ()
    second = open_books(sqlite_url, encryption_keys=KEY)
    (problem,) = first.problems()
    assert "can lose committed writes when several processes use one file" in problem
    assert "install pysqlite3" in problem
    second.close()
    assert first.problems() == ()
    first.close()


def test_it_is_seen_whether_another_process_has_the_database_open(any_url):
    with closing(open_books(any_url, encryption_keys=KEY)) as first:
        # A server may still be taking leave of whoever was there before.
        assert first.alone() or any_url.startswith("postgresql")
        with closing(open_books(any_url, encryption_keys=KEY)) as second, second.read():
            assert not first.alone()


def test_a_server_that_forgets_what_it_said_is_warned_of(postgresql_url, sqlite_url):
    with closing(open_books(postgresql_url, encryption_keys=KEY)) as books:
        assert [words.partition("with ")[2].partition(":")[0] for words in books.warnings()] == [
            "fsync=off",
            "full_page_writes=off",
        ]
    with closing(open_books(sqlite_url, encryption_keys=KEY)) as books:
        assert books.warnings() == ()


def test_the_standard_librarys_sqlite_serves_as_well(sqlite_url, monkeypatch, make):
    import sqlite3

    monkeypatch.setattr(engine, "sqlite_module", lambda: sqlite3)
    books = open_books(sqlite_url, encryption_keys=KEY)
    with books.write() as unit:
        unit.shops.add(make.shop("fern"), {})
        unit.inbox.add(shop="fern", topic="t", key="k", body=b"b", at=make.now)
        assert len(unit.inbox.claim(now=make.now, lease=make.second, limit=9)[0]) == 1
        unit.outbox.want("fern", "1", [(make.tag(), "tag", "r")], now=make.now, act=True)
        assert unit.outbox.claim(now=make.now, lease=make.second, per_shop=1).key == "tag"
    books.close()


@pytest.mark.parametrize("lacking", ["file", "folder"])
def test_a_place_that_cannot_be_written_is_a_problem(books, sqlite_url, monkeypatch, lacking):
    file = sqlite_url.removeprefix("sqlite:///")
    closed = file if lacking == "file" else os.path.dirname(file)  # noqa: PTH120  # compared as text
    allowed = os.access
    monkeypatch.setattr(os, "access", lambda path, mode: str(path) != closed and allowed(path, mode))
    (problem,) = books.problems()
    assert "must be writable" in problem


def test_a_disk_that_is_nearly_full_is_a_problem(books, monkeypatch):
    monkeypatch.setattr(shutil, "disk_usage", lambda place: SimpleNamespace(free=16 * 1024 * 1024 - 1))
    (problem,) = books.problems()
    assert problem.endswith("make room, or deliveries are refused with 503")


def _execute(url, words):
    made = create_engine(url)
    with made.begin() as connection:
        connection.execute(text(words))
    made.dispose()
