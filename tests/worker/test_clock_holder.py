"""Two processes on one database: one keeps the clock, and when it is killed the other does; never both."""

import os
import signal
import time
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from types import SimpleNamespace

import pytest

from core.planning import wake_ups
from tests.pages.builders import shop
from worker import clock

TERM = timedelta(seconds=0.4)


def keep_time(house, name):
    """What the scheduler of a process does, far more often."""
    ticking = clock.Clock(house, name)
    while True:
        ticking.queue_syncs()
        time.sleep(0.02)


@pytest.fixture
def hire(any_books, monkeypatch):
    """Start a process that keeps time and writes its name down at every tick that is its own."""
    monkeypatch.setattr(clock, "TERM", TERM)
    running = {}

    def start(name):
        def tick(unit, key, at):
            unit.audit.write(shop=key, at=at, actor=name, what="tick")

        monkeypatch.setattr(wake_ups, "compare", tick)
        house = SimpleNamespace(books=any_books, now=lambda: datetime.now(UTC))
        child = os.fork()
        if child == 0:  # pragma: no cover  # another process
            try:
                keep_time(house, name)
            finally:
                os._exit(1)
        running[name] = child

    def kill(name):
        os.kill(running[name], signal.SIGKILL)
        assert os.waitstatus_to_exitcode(os.waitpid(running.pop(name), 0)[1]) == -signal.SIGKILL

    yield start, kill
    for name in list(running):
        kill(name)


def test_one_of_two_processes_keeps_the_clock_and_the_other_takes_it_over(any_books, hire):
    start, kill = hire
    with any_books.write() as unit:
        unit.shops.add(shop(synced_at=None), {})

    def ticks():
        with any_books.read() as unit:
            return [(entry.actor, entry.at) for entry in reversed(unit.audit.page("fern", limit=10_000).items)]

    def until(so):
        deadline = time.monotonic() + 60
        while not so(told := ticks()):
            assert time.monotonic() < deadline, told[-20:]
            time.sleep(0.05)

    start("one")
    start("two")
    until(bool)
    # Longer than a term: whoever keeps it goes on renewing it, and the other has no turn.
    enough = len(ticks()) + 10
    until(lambda told: len(told) > enough)
    killed = ticks()[-1][0]
    kill(killed)
    until(lambda told: told[-1][0] != killed)
    turns = [(before, after) for before, after in pairwise(ticks()) if before[0] != after[0]]
    assert turns
    assert all(after[1] - before[1] >= TERM for before, after in turns)
