"""A worker that is told to stop ends soon, whatever its threads wait for."""

import threading
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace

from plugging import worker_name
from worker import loop
from worker.loop import Worker

STEPS = ("take_in", "send", "mail", "tell")


def test_all_threads_that_hang_have_one_time_to_end_together(books, monkeypatch):
    hanging, freed = threading.Semaphore(0), threading.Event()

    def hang(_worker, _found):
        hanging.release()
        return not freed.wait(60)

    for step in STEPS:
        monkeypatch.setattr(Worker, step, hang)
    for step in ("write", "look_ahead"):
        monkeypatch.setattr(Worker, step, lambda _worker: False)
    monkeypatch.setattr(loop, "LONGEST_END", 0.2)
    monkeypatch.setattr(loop, "FOLLOW_SECONDS", 0.01)
    kept = timedelta(days=1)
    settings = SimpleNamespace(keep_bodies=kept, keep_people=kept, keep_log=kept)
    house = SimpleNamespace(books=books, now=lambda: datetime.now(UTC), bounces=None, settings=settings)
    hands = Worker(house, name="w", senders=20)
    given, join = [], threading.Thread.join
    monkeypatch.setattr(threading.Thread, "join", lambda it, timeout=None: given.append(timeout) or join(it, timeout))
    running = threading.Thread(target=hands.run)
    running.start()
    for _ in range(20 + loop.TAKERS + loop.TELLERS + 1):
        assert hanging.acquire(timeout=30)
    hands.stop()
    join(running, 60)
    assert not running.is_alive()
    freed.set()
    waited = [seconds for seconds in given if seconds is not None and seconds <= loop.LONGEST_END]
    assert len(waited) >= 27
    assert waited == sorted(waited, reverse=True)
    assert waited[-1] == 0.0


def test_no_two_workers_bear_one_name():
    assert worker_name() != worker_name()
