"""A hundred thousand orders of the shop's past, read with progress, and resumed after a kill.

Some two minutes and 500 MB on one core.
"""

import resource
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace

import pytest

from connectors.mail.office import Office
from connectors.mail.transports import Memory
from core.house import House
from core.settings import Settings
from tests.pages.builders import NOW, item, line, order, shop
from worker import history
from worker.forecasting import forecast_next

pytestmark = pytest.mark.soak

ORDERS, ITEMS, DAYS = 100_000, 500, 365
KILLED_AFTER = 60_000
MOST_MEGABYTES = 900


def past():
    """Orders with the oldest change first, two lines each, four a day and item on the mean."""
    made = order("0", line("a", "item-0", 1, shipped=1), line("b", "item-1", 1, shipped=1), status="closed").snapshot
    for number in range(ORDERS):
        at = NOW - timedelta(days=DAYS) + timedelta(seconds=number * DAYS * 86_400 / ORDERS)
        lines = tuple(
            replace(
                one,
                item=f"item-item-{(number * 7 + place * 3) % ITEMS}",
                ordered=1 + number % 3,
                shipped=1 + number % 3,
            )
            for place, one in enumerate(made.lines)
        )
        yield replace(
            made,
            platform_id=str(number),
            name=f"#{number}",
            placed_at=at,
            version=at.replace(microsecond=0),
            lines=lines,
        )


@pytest.fixture
def world(books):
    with books.write() as unit:
        unit.shops.add(shop(), {"token": "t"})
        for number in range(ITEMS):
            unit.items.put("fern", item(f"item-{number}", (40, 0), unit_price=900))
    state = SimpleNamespace(books=books, given=0, kill_after=KILLED_AFTER)

    def past_orders(since, *, reading, skip):
        assert reading is None, "read by pages, the oldest change first"
        for seen in past():
            if seen.version >= since:
                state.given += 1
                if state.given > state.kill_after:
                    raise SystemExit
                yield seen

    state.house = House(
        settings=Settings(secret_key="for tests only"), books=books, now=lambda: NOW, desk=None, hooks=None, words=None,
        supports={},
        post=Office(link=lambda *_: "", unsubscribe=lambda *_: "", transport=Memory(), sender="shop@example.com"),
        open_shop=lambda _: SimpleNamespace(past_orders=past_orders, begin_past=lambda since: None),
    )  # fmt: skip
    return state


def test_a_year_of_100_000_orders_is_read_with_progress_and_resumed_after_a_kill(world):
    with world.books.write() as unit:
        unit.planning.ask("fern", history_from=NOW - timedelta(days=400))
    with pytest.raises(SystemExit):
        forecast_next(world.house)
    with world.books.read() as unit:
        run = unit.planning.run("fern")
    assert KILLED_AFTER - history.A_BATCH <= run.history_orders <= KILLED_AFTER
    assert run.history_from > NOW - timedelta(days=DAYS)
    with world.books.write() as unit:
        unit.planning.renew(run, until=datetime.now(UTC))
    world.kill_after = 2 * ORDERS
    assert forecast_next(world.house)
    # Only what the kill left unread, and the orders of its last second, came again.
    assert world.given <= ORDERS + history.A_BATCH + 2
    with world.books.read() as unit:
        run = unit.planning.run("fern")
        rows = sum(1 for _ in unit.demand.since("fern", (NOW - timedelta(days=400)).date()))
        known = unit.planning.many("fern", [f"item-{number}" for number in range(ITEMS)])
    assert (rows, run.history_orders) == (2 * ORDERS, ORDERS)
    assert (run.history_from, run.done_on) == (None, NOW.date())
    assert len(known) == ITEMS
    # 400 lines of two units an item and year: some 15 units a week.
    assert all(10 < one.rate < 20 for one in known.values())
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024 < MOST_MEGABYTES
