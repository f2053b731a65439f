"""Backorder is killed while orders come in: each ends as if nothing had happened, with the same writes at the shop.

The process that dies may be the web server too. What it did not answer with 200, the shop sends again; what it did is
never sent again, and no comparison with the shop is made that could heal a loss.
"""

import random
import time
from collections import Counter
from datetime import UTC, datetime

import pytest

from connectors.simulator.hooks import Retries
from core.desired_state.desired import tags_for
from tests.scenarios.processes import Service, fate, given_up, in_background, lost_deliveries, writes_of

FEW, MANY = 5, 100
"""Orders at each of both shops."""
KILLS = {FEW: 2, MANY: 25}
ON_HAND, WANTED = 5, 8
FAR = datetime(2100, 1, 1, tzinfo=UTC)
PERSISTENT = Retries(delays=(0.3,) * 10_000)


def short_of(number):
    """The item of a short order; every fourth order takes one of what there is plenty of."""
    return None if number % 4 == 3 else f"ITEM-{number}"


@pytest.fixture
def service(any_url, layout, tmp_path, both_sides, orders):
    running = Service(tmp_path, any_url, together=layout == "together", **both_sides[0].settings)
    running.hire(0 if layout == "together" else 2)
    for side in both_sides:
        side.shop.hooks.retries = PERSISTENT
        side.shop.add_product("PLENTY", "Plenty", "12.50", 10_000)
        # The last one is for the order that nothing disturbs.
        for number in range(orders + 1):
            side.shop.add_product(f"ITEM-{number}", f"Item {number}", "12.50", ON_HAND)
        side.connect(running.house)
        side.set_policy(offers={"enabled": True, "min_wait_days": 0})
    running.rest(120)
    for side in both_sides:
        running.never_compare(side, FAR)
    yield running
    running.close()


def order(side, number):
    item = short_of(number)
    return side.checkout((item, WANTED) if item else ("PLENTY", 1))


def shopping(sides, orders):
    chance, placed = random.Random(7), {side: [] for side in sides}
    for number in range(orders):
        for side in sides:
            placed[side].append(order(side, number))
            time.sleep(chance.uniform(0.02, 0.2))
    return placed


def calls(sides):
    return sum(len(side.shop.journal.entries()) for side in sides)


def kill_at_work(service, sides, layout, kills):
    """Kill what works, in the middle of it, so many times or until all is done: one that only starts loses nothing."""
    chance = random.Random(8)
    for kill in range(kills):
        heard, soon, deadline = calls(sides), chance.randint(6, 40), time.monotonic() + 240
        while calls(sides) < heard + soon:
            if time.monotonic() > deadline:
                assert kill >= kills * 2 // 3, f"{kill} kills only: {service.said()}"
                return
            time.sleep(0.01)
        if layout == "apart" and chance.random() < 0.7:
            service.kill_the_older_worker()
        else:
            service.kill_the_web()


def undisturbed(service, sides, number):
    """The writes at the shop for a short order that nothing disturbs."""
    placed = {side: order(side, number) for side in sides}
    assert all(side.shop.hooks.flush(600) for side in sides)
    service.rest(180)
    return {side: writes_of(side, placed[side]) for side in sides}


def check(service, side, placed, usual, codes_before):
    with service.house.books.read() as unit:
        records = [unit.orders.get(side.record.id, order) for order in placed]
        lanes = [unit.outbox.of_order(side.record.id, order) for order in placed]
    short = 0
    for number, (name, record, lane) in enumerate(zip(placed, records, lanes, strict=True)):
        assert record is not None, (name, fate(service, side, name))
        # Skipped is what a worker did whose last word was lost: the order was read again, and nothing was wanted.
        assert {action.error for action in lane if action.state != "done"} <= {"no longer wanted"}, number
        assert {action.state for action in lane} <= {"done", "skipped"}, number
        if short_of(number) is None:
            assert (side.held_outside(name), side.tags_outside(name)) == ({}, set()), number
            assert writes_of(side, name) == Counter(), number
            continue
        short += 1
        (line,) = record.plan.lines
        assert (line.on_hand, line.backordered) == (ON_HAND, WANTED - ON_HAND), number
        assert side.held_outside(name) == {line.id: WANTED - ON_HAND}, number
        assert side.tags_outside(name) == tags_for(record.plan, record) != set(), number
        assert side.doubles(name) == [], number
        assert writes_of(side, name) == usual, number
        assert len(record.offers) == 1, number
    codes = side.codes_outside()
    assert len(codes) == len(set(codes)) == codes_before + short
    assert lost_deliveries(service, side) == []
    assert service.shop(side).synced_at == FAR, "a comparison may have healed what was lost"


def run(service, sides, layout, orders):
    usual = undisturbed(service, sides, orders if short_of(orders) else orders + 1)
    codes_before = {side: len(side.codes_outside()) for side in sides}
    with in_background(kill_at_work, service, sides, layout, KILLS[orders]):
        placed = shopping(sides, orders)
    assert all(side.shop.hooks.flush(600) for side in sides)
    service.rest(300)
    for side in sides:
        assert [sent for sent in side.shop.hooks.deliveries if sent.status not in {200, None}] == []
        assert given_up(side) == set()
        check(service, side, placed[side], usual[side], codes_before[side])


@pytest.mark.parametrize(("orders", "layout"), [(FEW, "together")])
def test_a_service_killed_with_orders_coming_loses_nothing_and_writes_nothing_twice(
    service, both_sides, orders, layout
):
    run(service, both_sides, layout, orders)


@pytest.mark.soak
@pytest.mark.parametrize(("orders", "layout"), [(MANY, "together"), (MANY, "apart")])
def test_a_service_killed_in_the_middle_of_two_hundred_orders_loses_nothing_and_writes_nothing_twice(
    service, both_sides, orders, layout
):
    run(service, both_sides, layout, orders)
