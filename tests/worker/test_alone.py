"""One at a time across processes: whoever dies in it frees it after its term."""

import threading
from datetime import timedelta

import pytest

from core.errors import Unavailable
from worker import leases

TERM, PATIENCE = timedelta(seconds=120), timedelta(seconds=120)


def test_two_take_turns(any_books):
    inside, most = [], []

    def work():
        with leases.alone(any_books, "renewal fern", term=TERM, patience=PATIENCE):
            inside.append(1)
            most.append(len(inside))
            threading.Event().wait(0.05)
            inside.pop()

    threads = [threading.Thread(target=work) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert most == [1, 1, 1]


def test_another_office_does_not_wait(any_books):
    with (
        leases.alone(any_books, "renewal fern", term=TERM, patience=timedelta(0)),
        leases.alone(any_books, "renewal birch", term=TERM, patience=timedelta(0)),
    ):
        pass


def test_who_waits_too_long_is_told_when_to_come_again(any_books):
    with (
        leases.alone(any_books, "renewal fern", term=TERM, patience=timedelta(0)),
        pytest.raises(Unavailable) as told,
        leases.alone(any_books, "renewal fern", term=TERM, patience=timedelta(0)),
    ):
        pass
    assert told.value.retry_after == TERM.total_seconds()


def test_the_office_of_one_that_died_is_free_after_its_term(any_books):
    leases._elected(any_books, "renewal fern", "a process that was killed", timedelta(milliseconds=50))
    with leases.alone(any_books, "renewal fern", term=TERM, patience=PATIENCE):
        pass
