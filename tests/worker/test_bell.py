"""Idle threads are woken one at a time: one call is one look, not a look of everybody."""

import threading
import time
from contextlib import contextmanager

import pytest

from worker import bell
from worker.bell import Crew

LONG = 60.0


@contextmanager
def resting(crew, threads, seconds=LONG):
    """So many threads that rest again and again; yields a semaphore that each return releases."""
    back, ended = threading.Semaphore(0), threading.Event()

    def work():
        while not ended.is_set():
            crew.rest(seconds)
            back.release()

    hands = [threading.Thread(target=work) for _ in range(threads)]
    for hand in hands:
        hand.start()
    yield back
    ended.set()
    crew.dismiss()
    for hand in hands:
        hand.join(30)
        assert not hand.is_alive()


def test_a_call_wakes_one_of_those_who_rest():
    with Crew("outbox") as crew, resting(crew, 4) as back:
        for _ in range(3):
            bell.ring({"outbox"})
            assert back.acquire(timeout=30)
            assert not back.acquire(timeout=0.05)


def test_a_call_while_nobody_rests_is_heard_by_the_next_who_would():
    with Crew("outbox") as crew:
        bell.ring({"outbox"})
        crew.rest(LONG)


def test_only_who_works_at_the_queue_is_woken():
    with Crew("inbox") as crew, resting(crew, 2) as back:
        bell.ring({"outbox", "mails", "hooks"})
        assert not back.acquire(timeout=0.05)
        bell.ring({"outbox", "inbox"})
        assert back.acquire(timeout=30)


def test_of_many_who_rest_one_keeps_watch():
    watching = []

    class Seen(Crew):
        def _watch(self, seconds):
            watching.append(1)
            try:
                return super()._watch(seconds)
            finally:
                watching.pop()

    with Seen("inbox") as crew, resting(crew, 8):
        while len(crew._news._waiters) < 8:
            time.sleep(0.001)
        assert watching == [1]


def test_who_keeps_watch_looks_though_nobody_calls():
    with Crew("inbox") as crew, resting(crew, 8, seconds=0.01) as back:
        assert all(back.acquire(timeout=30) for _ in range(5))


def test_while_who_kept_watch_works_another_one_looks():
    crew, looks, at_work, done = Crew("hooks"), [], threading.Event(), threading.Event()

    def hangs():
        crew.rest(0.01)
        at_work.set()
        done.wait(LONG)

    def looks_on():
        at_work.wait(LONG)
        crew.rest(0.01)
        looks.append(1)

    hands = [threading.Thread(target=duty) for duty in (hangs, looks_on)]
    for hand in hands:
        hand.start()
    hands[1].join(30)
    assert looks == [1]
    done.set()
    hands[0].join(30)


@pytest.mark.parametrize("threads", [1, 4])
def test_who_is_dismissed_rests_no_more(threads):
    with Crew("mails") as crew, resting(crew, threads):
        pass
    crew.rest(LONG)


def test_who_left_is_called_no_more():
    with Crew("mails") as crew:
        pass
    bell.ring({"mails"})
    assert crew not in bell._crews
