"""What the system around the database refuses is told as such, never as a fault of ours, and passes."""

import pytest
from sqlalchemy import text

from connectors.database import open_books
from core.errors import Unavailable


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
