"""Workers of other processes are woken through PostgreSQL; on SQLite they look by themselves."""

import threading
import time

import pytest

from connectors.database import open_books


@pytest.fixture
def heard(postgresql_url, encryption_key):
    """Another process' ear: how often it rang, and what it rang."""
    books, stopped, rang = (
        open_books(postgresql_url, encryption_keys=encryption_key),
        threading.Event(),
        threading.Event(),
    )
    thread = threading.Thread(target=books.hear, args=(rang.set, stopped))
    thread.start()
    # It rings once when it begins to listen.
    assert rang.wait(30)
    rang.clear()
    yield rang
    stopped.set()
    thread.join(30)
    assert not thread.is_alive()
    books.close()


def test_another_process_is_woken(heard, postgresql_url, encryption_key):
    books = open_books(postgresql_url, encryption_keys=encryption_key)
    for _ in range(3):
        books.tell()
        assert heard.wait(30)
        heard.clear()
    books.close()


def test_many_cries_at_once_are_few_notices(heard, postgresql_url, encryption_key):
    books = open_books(postgresql_url, encryption_keys=encryption_key)
    threads = threading.active_count()
    for _ in range(1000):
        books.tell()
    assert heard.wait(30)
    assert threading.active_count() <= threads + 1
    books.close()


def test_a_database_that_is_away_harms_nobody(encryption_key):
    books, stopped = open_books("postgresql://u@127.0.0.1:1/db", encryption_keys=encryption_key), threading.Event()
    thread = threading.Thread(target=books.hear, args=(lambda: None, stopped))
    thread.start()
    books.tell()
    stopped.set()
    thread.join(30)
    assert not thread.is_alive()
    books.close()


def test_on_sqlite_nobody_listens(books):
    books.tell()
    books.hear(pytest.fail, threading.Event())


def test_closing_in_the_middle_of_a_cry_leaves_no_connection_open(postgresql_url, encryption_key):
    # A connection that its pool is gone for is only closed by the collector, which warns: a failure in this suite.
    for turn in range(12):
        books = open_books(postgresql_url, encryption_keys=encryption_key)
        books.tell()
        time.sleep(turn * 0.002)
        books.close()
        assert not [thread for thread in threading.enumerate() if thread.name == "herald"]
