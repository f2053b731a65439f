"""The machine's clock ran a day ahead and was set right: nothing waits until that day has come again."""

from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace

import pytest
import time_machine
from structlog.testing import capture_logs

from connectors.database.tables import mails
from core.actions import Tag
from core.hooks.outgoing import ORDER_READY, Event
from core.messages.correspondence import Worded
from core.ports.clockwork import APART
from core.records import NewNotice
from tests.pages.builders import shop
from worker.clock import OFFICE, TERM, Clock

pytestmark = pytest.mark.usefixtures("every_level")
LEASE = timedelta(seconds=10)
AHEAD = timedelta(days=1)


@pytest.fixture
def house(any_books):
    return SimpleNamespace(books=any_books, now=lambda: datetime.now(UTC), bounces=None)


def left_by_a_worker(books, at):
    """What a worker leaves behind that dies at this instant, in the middle of work."""
    with books.write() as unit:
        unit.shops.add(shop(synced_at=at), {})
        unit.clockwork.elect(OFFICE, "gone", now=at, ttl=TERM)
        unit.clockwork.beat("gone", now=at)
        unit.inbox.add(shop="fern", topic="orders/paid", key="taken in hand", body=b"{}", at=at)
        unit.inbox.claim(now=at, lease=LEASE, limit=1)
        unit.inbox.add(shop="fern", topic="orders/paid", key="came", body=b"{}", at=at)
        unit.inbox.add(shop="fern", topic="backorder/replan", key="planned", body=b"{}", at=at - AHEAD, due=at + AHEAD)
        for order in "12":
            unit.outbox.want("fern", order, [(Tag(order=order, tags=("t",)), "t", "r")], now=at, act=True)
        unit.outbox.retry(unit.outbox.claim(now=at, lease=LEASE, per_shop=1), at=at + LEASE, error="later")


def test_what_was_under_way_goes_on_and_what_was_planned_keeps_its_day(house):
    now = datetime.now(UTC)
    left_by_a_worker(house.books, at=now + AHEAD)
    with capture_logs() as said:
        Clock(house, "next").queue_syncs()
    assert [(line["event"][:22], line["seconds"] > 80_000) for line in said] == [("the clock was set back", True)]
    soon = datetime.now(UTC) + timedelta(seconds=30)
    with house.books.write() as unit:
        assert not unit.clockwork.elect(OFFICE, "gone", now=now, ttl=TERM)
        assert unit.clockwork.last_beat() is None
        taken, _ = unit.inbox.claim(now=soon, lease=LEASE, limit=10)
        assert sorted(one.topic for one in taken) == ["backorder/sync", "orders/paid", "orders/paid"]
        assert [unit.outbox.claim(now=soon, lease=LEASE, per_shop=5).order for _ in "12"] in (["1", "2"], ["2", "1"])
        assert unit.shops.get("fern").synced_at is None


def test_it_is_noticed_after_a_worker_ended_while_it_was_ahead(house):
    now = datetime.now(UTC)
    left_by_a_worker(house.books, at=now + AHEAD)
    with house.books.write() as unit:
        unit.clockwork.resign(OFFICE, "gone")
        assert unit.clockwork.set_back(OFFICE, now=now, ttl=TERM) == AHEAD
        assert unit.clockwork.set_back(OFFICE, now=now, ttl=TERM) == timedelta(0)


def test_mails_events_and_forecasts_go_on_as_well(house):
    """Each is left in hand by a worker that died; a mail that was planned for a day, before, keeps that day."""
    now = datetime.now(UTC)
    at, order = now + AHEAD, Event(type=ORDER_READY, order="1", once="1", at=now, data={})
    heads = {"sender": "Shop", "reply_to": None}
    words = Worded(subject="s", text="t", html="h", language="en")
    with house.books.write() as unit:
        unit.shops.add(shop(), {})
        unit.clockwork.elect(OFFICE, "gone", now=at, ttl=TERM)
        unit.hooks.add("fern", "https://tool.example.com", [ORDER_READY], "whsec", at=at)
        unit.hooks.tell("fern", order, now=now - AHEAD)
        unit.hooks.claim(now=at, lease=LEASE)
        unit.mails.add("fern", "a@b.example", words, headers={**heads, "message_id": "<1@x>"}, now=at)
        unit.mails.claim(now=at, lease=LEASE)
        later = unit.mails.add("fern", "a@b.example", words, headers={**heads, "message_id": "<2@x>"}, now=now - AHEAD)
        unit.mails.transaction.run(mails.update().where(mails.c.id == later).values(next_at=at))
        unit.planning.finish(unit.planning.claim("fern", today=at.date(), now=at, until=at + LEASE), report="")
        unit.hooks.put(replace(unit.hooks.all("fern")[0], rests_until=at + LEASE))
        drafted = {"shop": "fern", "order": "1", "kind": "delay", "to": "a@b.example", "facts": {}}
        unit.notices.add([NewNotice(**drafted, key="1", at=at, due=at)])
        assert unit.clockwork.set_back(OFFICE, now=now, ttl=TERM) == AHEAD
        soon = now + 2 * LEASE
        assert unit.hooks.claim(now=soon, lease=LEASE) is not None
        assert unit.mails.claim(now=soon, lease=LEASE).message_id == "<1@x>"
        assert unit.mails.claim(now=soon, lease=LEASE) is None
        assert unit.planning.claim("fern", today=at.date(), now=soon, until=soon + LEASE) is not None
        assert unit.hooks.all("fern")[0].rests_until == now + LEASE
        assert unit.notices.next_due("fern") == now


def test_a_clock_that_goes_right_changes_nothing(house):
    left_by_a_worker(house.books, at=datetime.now(UTC))
    with capture_logs() as said:
        Clock(house, "next").queue_webhook_checks()
    assert said == []
    with house.books.read() as unit:
        assert unit.clockwork.last_beat() is not None
        assert unit.shops.get("fern").synced_at is not None


@pytest.mark.parametrize("tick", [Clock.queue_syncs, Clock.wake_cases])
def test_who_waited_long_to_write_while_others_went_on_sees_no_clock_set_back(house, tick):
    with house.books.write() as unit:
        unit.shops.add(shop(synced_at=datetime.now(UTC)), {})
    with time_machine.travel(datetime.now(UTC), tick=False) as passing, capture_logs() as said:

        @contextmanager
        def after_a_long_wait():
            passing.shift(2 * APART)
            with write() as unit:
                unit.clockwork.beat("another", now=datetime.now(UTC))
                yield unit

        write, house.books.write = house.books.write, after_a_long_wait
        tick(Clock(house, "next"))
    assert said == []


def test_every_tick_comes_at_once_when_the_clock_was_set_and_else_in_its_time(house):
    with Clock(house, "w") as clock:
        later = [job.next_run_time for job in clock.scheduler.get_jobs()]
        clock.follow()
        assert [job.next_run_time for job in clock.scheduler.get_jobs()] == later
        clock.scheduler.pause()
        with time_machine.travel(datetime.now(UTC) - timedelta(hours=1), tick=True):
            clock.follow()
            assert all(job.next_run_time <= datetime.now(UTC) for job in clock.scheduler.get_jobs())
