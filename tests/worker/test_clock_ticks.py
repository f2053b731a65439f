"""What the clock asks for and of whom, and that it leaves its office when it ends."""

from datetime import UTC, datetime, timedelta
from types import SimpleNamespace

import pytest
import time_machine
from structlog.testing import capture_logs

from connectors.database.law_cases import LawTables
from core.actions import Tag
from core.policy.reading import merge
from core.policy.shop_policy import ShopPolicy
from tests.pages.builders import NOW, shop
from worker.clock import OFFICE, SYNC_EVERY, TERM, Clock

ACTING = merge(ShopPolicy(), {"mode": "act", "laws": ["us_ftc_435"]})


@pytest.fixture
def clock(books):
    house = SimpleNamespace(books=books, now=lambda: NOW, wake=lambda: None, bounces=None)
    return Clock(house, "w")


def asked(books):
    """The shops for which something waits in the inbox."""
    with books.read() as unit:
        return {one.id for one in unit.shops.all() if unit.inbox.counts(one.id)["new"]}


def test_a_shop_is_compared_ten_minutes_after_the_last_time_and_none_that_left(books, clock):
    with books.write() as unit:
        for key, fields in {
            "due": {"synced_at": NOW - SYNC_EVERY}, "early": {"synced_at": NOW - SYNC_EVERY + timedelta(seconds=1)},
            "new": {"synced_at": None}, "left": {"synced_at": None, "state": "uninstalled"},
        }.items():  # fmt: skip
            unit.shops.add(shop(key, **fields), {})
    clock.queue_syncs()
    assert asked(books) == {"due", "new"}


def test_a_law_wakes_only_orders_of_shops_whose_clocks_run(books, clock, monkeypatch):
    with books.write() as unit:
        for key, fields in {
            "acting": {"policy": ACTING}, "observed": {"policy": merge(ACTING, {"mode": "observe"})},
            "left": {"policy": ACTING, "state": "uninstalled"},
        }.items():  # fmt: skip
            unit.shops.add(shop(key, **fields), {})
    monkeypatch.setattr(
        LawTables, "due", lambda _table, _now: [(key, "1") for key in ("acting", "observed", "left", "gone")]
    )
    clock.wake_cases()
    assert asked(books) == {"acting"}


def test_a_day_begins_once_for_every_shop_that_is_there(books, clock):
    with books.write() as unit:
        for key, state in {"here": "connected", "left": "uninstalled"}.items():
            unit.shops.add(shop(key, state=state), {})
    for hours, planned in ((0, {"here"}), (1, set()), (24, {"here"})):
        clock.house.now = lambda hours=hours: NOW + timedelta(hours=hours)
        clock.begin_day()
        assert asked(books) == planned
        with books.write() as unit:
            unit.inbox.finish(*unit.inbox.claim(now=datetime.now(UTC), lease=TERM, limit=9))


def test_whoever_ends_leaves_the_office_to_the_next_one_at_once(books, clock):
    with clock:
        clock.queue_syncs()
        with books.write() as unit:
            assert not unit.clockwork.elect(OFFICE, "another", now=datetime.now(UTC), ttl=TERM)
    with books.write() as unit:
        assert unit.clockwork.elect(OFFICE, "another", now=datetime.now(UTC), ttl=TERM)


@pytest.mark.parametrize("after", [timedelta(seconds=10), timedelta(hours=-1)])
def test_books_that_know_the_last_beat_and_a_clock_that_was_set_back_are_no_older_books(clock, after):
    with time_machine.travel(datetime.now(UTC), tick=False) as machine, capture_logs() as said:
        for _ in range(3):
            clock.beat()
            machine.shift(after)
    assert said == []


@pytest.mark.parametrize(("lost", "paused", "left"), [(5, False, "pending"), (3600, True, "skipped")])
def test_older_books_are_noticed_and_only_of_much_that_they_lack_a_person_is_to_look_at(
    books, clock, lost, paused, left
):
    now = datetime.now(UTC)
    with books.write() as unit:
        unit.shops.add(shop(policy=merge(ACTING, {"notices": {"wording_seen": True}})), {})
        unit.outbox.want("fern", "1", [(Tag(order="1", tags=("t",)), "t", "r")], now=now, act=True)
    clock.beat()
    with books.write() as unit:
        unit.clockwork.beat("w", now=now - timedelta(seconds=lost))
    clock.beat()
    assert asked(books) == {"fern"}
    with books.read() as unit:
        assert unit.shops.get("fern").policy.notices.paused is paused
        assert [action.state for action in unit.outbox.of_order("fern", "1")] == [left]
