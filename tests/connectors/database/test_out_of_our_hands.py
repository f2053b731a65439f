"""What the system around the database refuses is told as such, never as a fault of ours, and passes."""

import psycopg
import pytest
from psycopg import ConnectionInfo
from sqlalchemy import text

from connectors.database import migrate, open_books, postgresql
from core.errors import ConfigurationError, Unavailable


@pytest.fixture
def read_only_server(postgresql_url):
    """Let PostgreSQL take writes no longer, as one does that became a standby, or again."""

    def turn(so, books):
        with books._door.writing.begin() as connection:
            connection.execute(text("SET TRANSACTION READ WRITE"))
            connection.execute(text(f"ALTER DATABASE backorder SET default_transaction_read_only = {so}"))
        books._door.close()

    return turn


def test_postgresqls_end_of_a_line_looks_for_signs_of_life_as_often_as_ours(postgresql_url, encryption_key):
    books = open_books(postgresql_url, encryption_keys=encryption_key)
    asked = "SELECT name, source FROM pg_settings WHERE name ~ '^tcp_(keepalives|user_timeout)' ORDER BY name"
    for door in (books._door.reading, books._door.writing):
        # Also after a transaction that was given up: what was said must not be taken back with it.
        for _ in range(2):
            with door.connect() as connection:
                rows = connection.execute(text(asked)).all()
                connection.rollback()
            assert [row.source for row in rows] == ["session"] * 4, rows
    books.close()


def test_what_was_answered_is_durable_on_a_server_that_was_told_to_be_quick(postgresql_url, encryption_key):
    books = open_books(postgresql_url, encryption_keys=encryption_key)
    told = text("SELECT setting, reset_val FROM pg_settings WHERE name = 'synchronous_commit'")
    for _ in range(2):
        with books._door.writing.connect() as connection:
            assert connection.execute(told).one() == ("on", "off")
            connection.rollback()
    books.close()


@pytest.mark.parametrize("encoding", ["LATIN1", "SQL_ASCII"])
def test_a_database_that_cannot_keep_every_name_is_refused(empty_postgresql_url, monkeypatch, encoding):
    monkeypatch.setattr(ConnectionInfo, "parameter_status", lambda _info, name: encoding)
    with pytest.raises(ConfigurationError, match=f"encoding is {encoding}: make the database with ENCODING 'UTF8'"):
        migrate.upgrade(empty_postgresql_url)


def test_a_server_that_takes_no_writes_is_away_for_us_and_says_why(
    postgresql_url, encryption_key, read_only_server, make
):
    books = open_books(postgresql_url, encryption_keys=encryption_key)
    read_only_server("on", books)
    try:
        with pytest.raises(Unavailable, match="read-only transaction"), books.write() as unit:
            unit.shops.add(make.shop("fern"), {})
        (problem,) = books.problems()
        assert problem.endswith("connect to the server that does")
    finally:
        read_only_server("off", books)
    with books.write() as unit:
        unit.shops.add(make.shop("fern"), {})
    assert books.problems() == ()
    books.close()


def test_tables_that_are_not_ours_to_use_are_away_for_us(postgresql_url, encryption_key):
    books = open_books(postgresql_url, encryption_keys=encryption_key)
    with books._door.writing.begin() as connection:
        connection.execute(text("DROP ROLE IF EXISTS stranger"))
        connection.execute(text("CREATE ROLE stranger"))
    with pytest.raises(Unavailable, match="permission denied"), books.read() as unit:
        unit.shops.transaction.run(text("SET LOCAL ROLE stranger"))
        unit.shops.all()
    with books._door.writing.begin() as connection:
        connection.execute(text("DROP ROLE stranger"))
    books.close()


@pytest.fixture
def looked_at(postgresql_url, encryption_key, monkeypatch):
    """Books on PostgreSQL, and how often one of their connections was looked at before it was used."""
    books, looks = open_books(postgresql_url, encryption_keys=encryption_key), []
    dialect = books._door.writing.dialect
    ping = dialect.do_ping
    monkeypatch.setattr(dialect, "do_ping", lambda connection: looks.append(1) or ping(connection))
    yield books, looks
    books.close()


def test_a_connection_in_use_is_not_looked_at_each_time(looked_at, monkeypatch):
    books, looks = looked_at
    monkeypatch.setattr(postgresql, "FRESH", 60.0)
    for _ in range(5):
        with books.read() as unit:
            unit.shops.all()
    assert looks == []


def test_connections_that_the_server_ended_while_they_lay_unused_are_noticed_by_nobody(
    looked_at, monkeypatch, postgresql_url
):
    books, looks = looked_at
    monkeypatch.setattr(postgresql, "FRESH", -1.0)
    with books._door.writing.connect() as one, books._door.writing.connect() as other:
        lines = [line.execute(text("SELECT pg_backend_pid()")).scalar() for line in (one, other)]
    with psycopg.connect(postgresql_url) as killer:
        for line in lines:
            killer.execute("SELECT pg_terminate_backend(%s, 10000)", (line,))
    with books.read() as first, books.read() as second:
        assert first.shops.all() == second.shops.all() == ()
    assert looks
