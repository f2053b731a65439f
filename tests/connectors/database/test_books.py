import os
import sqlite3
import threading
from datetime import datetime, timedelta, timezone

import pytest
from cryptography.fernet import Fernet

from connectors.database import open_books, postgresql
from core.errors import ConfigurationError, Misuse, Unavailable

KEY = Fernet.generate_key().decode()


def test_a_block_that_raises_writes_nothing(kept, make):
    with pytest.raises(ZeroDivisionError), kept.write() as unit:
        unit.orders.put(make.order("1"))
        raise ZeroDivisionError
    with kept.read() as unit:
        assert unit.orders.get("fern", "1") is None


def test_books_write_again_after_a_block_that_raised(kept, make):
    with pytest.raises(ZeroDivisionError), kept.write():
        raise ZeroDivisionError
    with kept.write() as unit:
        unit.orders.put(make.order("1"))


def test_a_reader_sees_one_state_while_others_write(kept, make):
    with kept.read() as unit:
        assert unit.orders.open_all("fern") == ()
        _elsewhere(kept, make.order("1"))
        assert unit.orders.open_all("fern") == ()
        assert unit.orders.get("fern", "1") is None
    with kept.read() as unit:
        assert len(unit.orders.open_all("fern")) == 1


def test_a_reader_does_not_wait_for_a_writer(kept, make):
    with kept.write() as unit:
        unit.orders.put(make.order("1"))
        seen = []

        def look():
            with kept.read() as other:
                seen.append(other.orders.get("fern", "1"))

        thread = threading.Thread(target=look)
        thread.start()
        thread.join(60)
        assert seen == [None]


def test_a_reading_transaction_cannot_write(kept, make):
    with pytest.raises(Exception, match="read-?only"), kept.read() as unit:
        unit.orders.put(make.order("1"))


def test_a_row_of_a_shop_that_is_not_connected_is_refused(kept, make):
    for writing in (
        lambda unit: unit.orders.put(make.order("1", shop="nobody")),
        lambda unit: unit.audit.write(shop="nobody", at=make.now, actor="a", what="w"),
        lambda unit: unit.items.put("nobody", make.item()),
    ):
        with pytest.raises(Misuse, match="not connected"), kept.write() as unit:
            writing(unit)


def test_an_instant_comes_back_in_utc_to_the_microsecond(kept, make):
    local = datetime(2026, 11, 23, 10, 0, 0, 123456, tzinfo=timezone(timedelta(hours=1)))
    with kept.write() as unit:
        unit.clockwork.beat("a", now=local)
    with kept.read() as unit:
        seen = unit.clockwork.last_beat()
    assert seen == local
    assert seen.utcoffset() == timedelta(0)


def test_an_instant_without_a_zone_is_refused(kept):
    from sqlalchemy.exc import StatementError

    with pytest.raises(StatementError, match="time zone"), kept.write() as unit:
        unit.clockwork.beat("a", now=datetime(2026, 11, 23))  # noqa: DTZ001  # the mistake under test


def test_a_second_write_in_the_same_thread_is_refused_at_once(books):
    with books.write(), pytest.raises(RuntimeError, match="writing already"), books.write():
        pass
    with books.write() as unit:
        assert unit.shops.all() == ()


def test_a_database_in_memory_works_for_one_process(make):
    books = open_books("sqlite://", encryption_keys=KEY)
    assert books.problems() == ()
    with books.write() as unit:
        unit.shops.add(make.shop("fern"), {"token": "t"})
    threads = [threading.Thread(target=_elsewhere, args=(books, make.order(str(n)))) for n in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    with books.read() as unit:
        assert len(unit.orders.open_all("fern")) == 4
    books.close()


@pytest.mark.parametrize(
    "url",
    ["", "mysql://x:secret@h/db", "sqlite+aiosqlite:///x", "postgresql+asyncpg://h/db", "no url", "secret://[bad"],
)
def test_an_address_that_we_do_not_speak_is_one_clear_error(url):
    with pytest.raises(ConfigurationError, match="BACKORDER_DATABASE_URL") as refused:
        open_books(url, encryption_keys=KEY)
    assert "secret" not in str(refused.value)


def test_a_folder_that_cannot_be_made_is_one_clear_error(tmp_path):
    with pytest.raises(ConfigurationError, match="cannot make the folder"):
        open_books(f"sqlite:///{tmp_path}/a/b/c.db", encryption_keys=KEY)


def test_a_database_without_tables_is_unavailable_in_our_words(tmp_path):
    books = open_books(f"sqlite:///{tmp_path}/new/b.db", encryption_keys=KEY)
    with pytest.raises(Unavailable, match="no such table"), books.read() as unit:
        unit.shops.all()
    books.close()


def test_a_server_that_is_not_there_is_unavailable_and_its_password_untold():
    books = open_books("postgresql://u:secret@127.0.0.1:1/db", encryption_keys=KEY)
    with pytest.raises(Unavailable, match="cannot be used now") as refused, books.read():
        pass
    assert "secret" not in str(refused.value)
    assert "\n" not in str(refused.value)
    (problem,) = books.problems()
    assert "cannot be used now" in problem
    books.close()


def test_books_speak_again_when_the_server_dropped_their_connections(postgresql_url, make, monkeypatch):
    from sqlalchemy import text

    monkeypatch.setattr(postgresql, "FRESH", -1.0)
    books = open_books(postgresql_url, encryption_keys=KEY)
    with books.read() as unit:
        unit.shops.all()
    other = open_books(postgresql_url, encryption_keys=KEY)
    with other.read() as unit:
        unit.shops.transaction.run(
            text(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE pid <> pg_backend_pid() AND datname = current_database()"
            )
        )
    with books.write() as unit:
        unit.shops.add(make.shop("fern"), {})
    for opened in (books, other):
        opened.close()


def test_credentials_cannot_be_read_in_the_raw_database(books, sqlite_url, make, tmp_path):
    with books.write() as unit:
        unit.shops.add(make.shop("fern"), {"token": "shpat-canary-token"})
        unit.shops.put_credentials("fern", {"token": "shpat-canary-token", "refresh": "canary-refresh"})
    raw = b"".join(path.read_bytes() for path in tmp_path.iterdir())
    assert b"fern" in raw
    assert b"canary" not in raw


def test_the_database_is_readable_by_its_owner_only(tmp_path):
    from connectors.database import migrate

    migrate.upgrade(f"sqlite:///{tmp_path}/own.db")
    assert (tmp_path / "own.db").stat().st_mode & 0o077 == 0


def test_a_forked_child_opens_connections_of_its_own(books, make):
    with books.write() as unit:
        unit.shops.add(make.shop("fern"), {})
    child = os.fork()
    if child == 0:
        code = 1
        try:
            with books.write() as unit:
                unit.orders.put(make.order("child"))
            code = 0
        finally:
            os._exit(code)
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0
    with books.write() as unit:
        unit.orders.put(make.order("parent"))
        assert len(unit.orders.open_all("fern")) == 2


def test_writing_is_durable_and_foreign_keys_hold(books):
    with books.write() as unit:
        ask = unit.shops.transaction.connection.exec_driver_sql
        assert ask("PRAGMA synchronous").scalar() == 2
        assert ask("PRAGMA foreign_keys").scalar() == 1
        assert ask("PRAGMA journal_mode").scalar() == "wal"


def test_the_newer_sqlite_is_used_where_it_is_installed():
    import pysqlite3

    from connectors.database.engine import sqlite_module

    assert sqlite_module().sqlite_version == pysqlite3.sqlite_version != sqlite3.sqlite_version


def _elsewhere(books, record):
    def work():
        with books.write() as unit:
            unit.orders.put(record)

    thread = threading.Thread(target=work)
    thread.start()
    thread.join(60)
    assert not thread.is_alive()
