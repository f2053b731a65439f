"""A pooler between us and PostgreSQL: each transaction may speak to the server through another line."""

import threading

import pytest
from psycopg import ConnectionInfo
from sqlalchemy import text

from connectors.database import open_books
from core.errors import ConfigurationError

DURABLE = text("SELECT setting, reset_val FROM pg_settings WHERE name = 'synchronous_commit'")
PREPARED = text("SELECT count(*) FROM pg_prepared_statements")


@pytest.fixture
def pooled(postgresql_url, encryption_key, monkeypatch):
    """Books behind a pooler, which tells a number that the server does not know."""
    monkeypatch.setattr(ConnectionInfo, "backend_pid", -1)
    books = open_books(postgresql_url, encryption_keys=encryption_key)
    yield books
    books.close()


def test_behind_a_pooler_nothing_is_left_on_a_line_that_the_next_transaction_may_not_get(pooled):
    for _ in range(8):
        with pooled._door.writing.connect() as connection:
            assert connection.execute(DURABLE).one() == ("on", "off")
            assert connection.execute(PREPARED).scalar() == 0
            connection.rollback()
    with pooled._door.reading.connect() as connection:
        assert connection.execute(DURABLE).one() == ("off", "off")
        told = text("SELECT count(*) FROM pg_settings WHERE source = 'session' AND name LIKE 'tcp_%'")
        assert connection.execute(told).scalar() == 0


def test_postgresqls_own_programs_are_not_let_through_a_pooler_whose_lines_they_would_spoil(pooled, tmp_path):
    copy = tmp_path / "copy"
    with pytest.raises(ConfigurationError, match="name the server itself"):
        pooled.backup(str(copy))
    copy.write_bytes(b"PGDMP")
    with pytest.raises(ConfigurationError, match="name the server itself"):
        pooled.put_back(str(copy))


def test_behind_a_pooler_nobody_listens_and_workers_look_by_themselves(pooled):
    rung = []
    pooled.hear(rung.append, threading.Event())
    assert rung == []
