"""Several threads and processes at once: nothing is taken twice, lost, or seen half."""

import multiprocessing
import os
import queue
import signal
import threading
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from sqlalchemy import select, text

from connectors.database import open_books, relocking, tables
from connectors.database.writer_lock import Presence, WriterLock
from core.errors import Unavailable

LEASE = timedelta(seconds=60)
SPAWN = multiprocessing.get_context("spawn")


def together(count, work):
    """Run `work(number)` in so many threads that begin at the same moment."""
    ready = threading.Barrier(count)

    def begin(number):
        ready.wait(60)
        return work(number)

    with ThreadPoolExecutor(count) as pool:
        return list(pool.map(begin, range(count)))


def test_a_claim_keeps_no_lock_on_shops_that_it_found_nothing_for(postgresql_url, encryption_key, make):
    """Two that each keep one shop and wait for the other's would wait for ever."""
    books = open_books(postgresql_url, encryption_keys=encryption_key)
    with books.write() as unit:
        for shop in ("fern", "moss"):
            unit.shops.add(make.shop(shop), {})
            for order in ("1", "2"):
                unit.outbox.want(shop, order, [(make.tag(order), "k", "r")], now=make.now, act=True)
    with books.write() as unit:
        for _ in ("fern", "moss"):
            assert unit.outbox.claim(now=make.now, lease=LEASE, per_shop=1)
    with books.write() as first:
        assert first.outbox.claim(now=make.now, lease=LEASE, per_shop=1) is None
        with books.write() as second:
            second.shops.transaction.run(select(tables.outbox_turns).with_for_update(nowait=True)).all()
    books.close()


def test_all_that_is_kept_under_lock_is_locked_anew():
    kept = {table.name for table in relocking.locked_tables()}
    assert kept == {"shops", "approvals", "hook_endpoints", "second_factors"}


def test_a_key_that_is_renewed_while_all_is_locked_anew_is_not_put_back(postgresql_url, encryption_key, make):
    books = open_books(postgresql_url, encryption_keys=encryption_key)
    with books.write() as unit:
        unit.shops.add(make.shop("fern"), {"token": "before"})
    with ThreadPoolExecutor(1) as pool:
        with books.write() as unit:
            unit.shops.put_credentials("fern", {"token": "renewed"})
            locked_anew = pool.submit(books.relock)
            while not unit.shops.transaction.run(text("SELECT 1 FROM pg_locks WHERE NOT granted")).first():
                time.sleep(0.01)
        assert locked_anew.result(30) == 1
    with books.read() as unit:
        assert unit.shops.credentials("fern") == {"token": "renewed"}
    books.close()


def test_no_two_claimers_get_the_same_action_and_lanes_keep_their_order(kept, make):
    with kept.write() as unit:
        for order in range(12):
            for shop in ("fern", "moss"):
                wanted = [(make.tag(str(order), f"t{step}"), f"k{step}", "r") for step in range(3)]
                unit.outbox.want(shop, str(order), wanted, now=make.now, act=True)
    seen, lock = [], threading.Lock()

    def work(_number):
        while True:
            with kept.write() as unit:
                action = unit.outbox.claim(now=make.now, lease=LEASE, per_shop=3)
            if action is None:
                with kept.read() as unit:
                    if not any(unit.outbox.counts(shop).get("pending") for shop in ("fern", "moss")):
                        return
                continue
            with lock:
                seen.append((action.shop, action.order, action.key))
            with kept.write() as unit:
                unit.outbox.done(action, now=make.now, reference="")

    together(4, work)
    assert max(Counter(seen).values()) == 1
    assert len(seen) == 72
    for shop in ("fern", "moss"):
        for order in range(12):
            assert [key for s, o, key in seen if (s, o) == (shop, str(order))] == ["k0", "k1", "k2"]


def test_a_lane_and_a_shops_limit_hold_under_a_rush(kept, make):
    with kept.write() as unit:
        for order in range(6):
            unit.outbox.want(
                "fern", str(order), [(make.tag(), "a", "r"), (make.hold(), "b", "r")], now=make.now, act=True
            )

    def work(_number):
        with kept.write() as unit:
            return unit.outbox.claim(now=make.now, lease=LEASE, per_shop=4)

    claimed = [action for action in together(8, work) if action]
    assert len(claimed) == 4
    assert len({action.order for action in claimed}) == 4
    assert {action.key for action in claimed} == {"a"}


def test_no_two_workers_take_in_the_same_shop(kept, make):
    with kept.write() as unit:
        for number in range(40):
            for shop in ("fern", "moss"):
                unit.inbox.add(shop=shop, topic="t", key=str(number), body=b"", at=make.now)
    seen, inside, lock = Counter(), Counter(), threading.Lock()

    def work(_number):
        while sum(seen.values()) < 80:
            with kept.write() as unit:
                deliveries, fence = unit.inbox.claim(now=make.now, lease=LEASE, limit=5)
            if not deliveries:
                continue
            with lock:
                inside[deliveries[0].shop] += 1
                assert inside[deliveries[0].shop] == 1
                seen.update((row.shop, row.key) for row in deliveries)
                inside[deliveries[0].shop] -= 1
            with kept.write() as unit:
                unit.inbox.finish(deliveries, fence)

    together(3, work)
    assert len(seen) == 80
    assert set(seen.values()) == {1}


def test_one_delivery_posted_many_times_at_once_is_stored_once(kept, make):
    def work(_number):
        with kept.write() as unit:
            return unit.inbox.add(shop="fern", topic="t", key="k", body=b"", at=make.now)

    assert sum(together(6, work)) == 1


def test_one_wake_up_sent_many_times_at_once_waits_once(kept, make):
    def work(number):
        with kept.write() as unit:
            return unit.inbox.add(
                shop="fern", topic="backorder/x", key="k", body=b"", at=make.now + timedelta(seconds=number)
            )

    assert sum(together(6, work)) == 1


def test_one_of_many_wins_an_election(kept, make):
    def work(number):
        with kept.write() as unit:
            return unit.clockwork.elect("clock", str(number), now=make.now, ttl=LEASE)

    assert sum(together(6, work)) == 1


def test_a_link_used_many_times_at_once_opens_once(kept, make):
    with kept.write() as unit:
        unit.access.add_link(shop="fern", link_hash="l", expires_at=make.now + LEASE)

    def work(_number):
        with kept.write() as unit:
            return unit.access.use_link("l", now=make.now)

    assert [seat.shop for seat in together(6, work) if seat] == ["fern"]


def test_the_same_want_many_times_at_once_queues_once(kept, make):
    def work(_number):
        with kept.write() as unit:
            unit.shops.lock("fern")
            return unit.outbox.want("fern", "1", [(make.tag(), "tag", "r")], now=make.now, act=True)

    assert sum(together(6, work)) == 1


def test_erasing_a_shop_while_deliveries_come_in_leaves_nothing(kept, make):
    from core.errors import Misuse

    def work(number):
        if number == 0:
            with kept.write() as unit:
                unit.shops.erase("fern")
            return "erased"
        try:
            for step in range(20):
                with kept.write() as unit:
                    unit.inbox.add(shop="fern", topic="t", key=f"{number}-{step}", body=b"", at=make.now)
        except Misuse:
            return "refused"
        return "early"

    outcomes = together(4, work)
    assert outcomes[0] == "erased"
    with kept.read() as unit:
        assert unit.inbox.oldest_waiting() is None
        assert unit.shops.get("fern") is None


def _add_many(url, key, name, count):
    from datetime import UTC, datetime

    books = open_books(url, encryption_keys=key)
    for number in range(count):
        with books.write() as unit:
            unit.inbox.add(shop="fern", topic="t", key=f"{name}-{number}", body=b"x" * 2000, at=datetime.now(UTC))
    books.close()


def test_processes_that_write_to_one_database_lose_nothing(any_url, kept, encryption_key):
    writers = [SPAWN.Process(target=_add_many, args=(any_url, encryption_key, f"p{n}", 60)) for n in range(2)]
    for writer in writers:
        writer.start()
    _add_many(any_url, encryption_key, "here", 60)
    for writer in writers:
        writer.join(300)
        assert writer.exitcode == 0
    with kept.write() as unit:
        deliveries, _ = unit.inbox.claim(now=_far(), lease=LEASE, limit=1000)
    assert len({row.key for row in deliveries}) == 180


def _write_and_hang(url, key, ready):
    from datetime import UTC, datetime

    books = open_books(url, encryption_keys=key)
    with books.write() as unit:
        unit.inbox.add(shop="fern", topic="t", key="kept", body=b"", at=datetime.now(UTC))
    with books.write() as unit:
        unit.inbox.add(shop="fern", topic="t", key="lost", body=b"", at=datetime.now(UTC))
        ready.set()
        time.sleep(600)


def test_a_writer_that_is_killed_frees_the_line_and_leaves_what_it_committed(any_url, kept, encryption_key):
    ready = SPAWN.Event()
    writer = SPAWN.Process(target=_write_and_hang, args=(any_url, encryption_key, ready))
    writer.start()
    assert ready.wait(120)
    os.kill(writer.pid, signal.SIGKILL)
    writer.join(60)
    with kept.write() as unit:
        deliveries, _ = unit.inbox.claim(now=_far(), lease=LEASE, limit=10)
    assert [row.key for row in deliveries] == ["kept"]


def test_the_writer_lock_keeps_other_lock_holders_out(tmp_path):
    path = tmp_path / "x.lock"
    inside, most, lock = 0, 0, threading.Lock()

    def work(_number):
        nonlocal inside, most
        own = WriterLock(path)
        for _ in range(20):
            with own:
                with lock:
                    inside += 1
                    most = max(most, inside)
                with lock:
                    inside -= 1

    together(4, work)
    assert most == 1


class Seen:
    """A lock that tells who comes to it."""

    def __init__(self, lock):
        self.came, self.release, self._lock = queue.Queue(), lock.release, lock

    def acquire(self):
        self.came.put(threading.current_thread().name)
        return self._lock.acquire()

    def __enter__(self):
        return self.acquire()

    def __exit__(self, *_):
        self.release()


def test_who_goes_before_the_line_waits_for_one_writer_and_not_for_all_who_stand_there(tmp_path):
    lock, wrote = WriterLock(tmp_path / "x.lock"), []

    def write(turn):
        with turn:
            wrote.append(threading.current_thread().name)

    in_line = {f"number {number}" for number in range(6)}
    with lock.in_line():
        lock._line, lock._mutex = Seen(lock._line), Seen(lock._mutex)
        threads = [threading.Thread(target=write, args=(lock.in_line(),), name=name) for name in in_line]
        threads.append(threading.Thread(target=write, args=(lock,), name="before the line"))
        for thread in threads:
            thread.start()
        assert {lock._line.came.get(timeout=30) for _ in in_line} == in_line
        # Six stand in line, and as far as the lock comes only who goes before them.
        assert lock._mutex.came.get(timeout=30) == "before the line"
        assert lock._mutex.came.empty()
    for thread in threads:
        thread.join(30)
    assert sorted(wrote) == sorted({*in_line, "before the line"})


def test_the_writer_lock_is_free_again_when_its_file_cannot_be_made(tmp_path):
    """As on a read-only disk, or with too many files open: whoever writes is told to come again."""
    lock = WriterLock(tmp_path / "missing" / "x.lock")
    for _ in range(2):
        with pytest.raises(Unavailable, match="missing/x.lock: No such file or directory"), lock:
            pass


def test_presence_tells_whether_another_has_the_database_open(tmp_path):
    path = tmp_path / "x.open"
    first = Presence(path)
    assert first.alone()
    second = Presence(path)
    assert not first.alone()
    assert not second.alone()
    second.close()
    assert first.alone()
    first.close()


def _far():
    from datetime import UTC, datetime

    return datetime(2100, 1, 1, tzinfo=UTC)
