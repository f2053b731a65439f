"""Workers of other processes are woken through PostgreSQL; on SQLite they look by themselves."""

import queue
import threading
import time

import pytest
from sqlalchemy import create_engine, func, select

from connectors.database import open_books
from connectors.database.herald import CHANNEL
from core.ports.inbox import Letter

ALL = {"inbox", "outbox", "mails", "hooks"}


@pytest.fixture
def heard(postgresql_url, encryption_key):
    """Another process' ear: at which queues it rang."""
    books, stopped, rang = open_books(postgresql_url, encryption_keys=encryption_key), threading.Event(), queue.Queue()
    thread = threading.Thread(target=books.hear, args=(rang.put, stopped))
    thread.start()
    # When it begins to listen: nobody knows what was cried before.
    assert rang.get(timeout=30) == ALL
    yield rang
    stopped.set()
    thread.join(30)
    assert not thread.is_alive()
    books.close()


def test_another_process_is_woken(heard, postgresql_url, encryption_key):
    books = open_books(postgresql_url, encryption_keys=encryption_key)
    for queues in ({"inbox"}, {"mails", "outbox"}, {"inbox"}):
        books._wake(queues)
        assert heard.get(timeout=30) == queues
    books.close()


def test_a_delivery_wakes_who_takes_in_elsewhere(heard, postgresql_url, encryption_key, make):
    books = open_books(postgresql_url, encryption_keys=encryption_key)
    with books.write() as unit:
        unit.shops.add(make.shop(), {"token": "shpat-fern"})
    books.write_down(Letter(shop="fern", platform="shopify", topic="t", key="k", body=b"{}", at=make.now))
    assert heard.get(timeout=30) == {"inbox"}
    books.close()


@pytest.mark.parametrize("words", ["", "a queue of a later release"])
def test_the_cry_of_another_release_wakes_everybody(heard, postgresql_url, words):
    engine = create_engine(postgresql_url.replace("postgresql:", "postgresql+psycopg:"))
    with engine.begin() as connection:
        connection.execute(select(func.pg_notify(CHANNEL, words)))
    engine.dispose()
    assert heard.get(timeout=30) == ALL


def test_many_cries_at_once_are_few_notices(heard, postgresql_url, encryption_key):
    books = open_books(postgresql_url, encryption_keys=encryption_key)
    threads = threading.active_count()
    for number in range(1000):
        books._wake({"inbox"} if number % 2 else {"outbox"})
    told = set()
    while told != {"inbox", "outbox"}:
        told |= heard.get(timeout=30)
    assert threading.active_count() <= threads + 1
    books.close()


def test_a_database_that_is_away_harms_nobody(encryption_key):
    books, stopped = open_books("postgresql://u@127.0.0.1:1/db", encryption_keys=encryption_key), threading.Event()
    thread = threading.Thread(target=books.hear, args=(lambda queues: None, stopped))
    thread.start()
    books._wake({"inbox"})
    stopped.set()
    thread.join(30)
    assert not thread.is_alive()
    books.close()


def test_on_sqlite_nobody_listens(books):
    books._wake({"inbox"})
    books.hear(pytest.fail, threading.Event())


def test_closing_in_the_middle_of_a_cry_leaves_no_connection_open(postgresql_url, encryption_key):
    # A connection that its pool is gone for is only closed by the collector, which warns: a failure in this suite.
    for turn in range(12):
        books = open_books(postgresql_url, encryption_keys=encryption_key)
        books._wake({"inbox"})
        time.sleep(turn * 0.002)
        books.close()
        assert not [thread for thread in threading.enumerate() if thread.name == "herald"]
