"""I5 for promises: one that moves binds the other orders within the same plan, and planning once more changes nothing."""

import random
from dataclasses import replace

import pytest

from core.dates.published import with_promise
from core.planning import shop_plan
from core.planning.merge import merged
from core.planning.shop_facts import ShopState
from core.records import ItemRecord
from tests.core.shop_builders import NOW, in_days, item, lasting, line, order, shop, supply

SKUS = ("mug", "cup", "jug")
POLICIES = ("first_come", "tiers", "fair_share", "completion_first")


def a_shop(pick):
    """A shop in which most customers were told a day, many of them one that cannot be kept or is too late."""
    return ShopState(
        shop=shop(allocation=pick.choice(POLICIES), release=pick.choice(("need_date", "strict")),
                  notices={"tolerance_days": pick.choice((0, 0, 1, 3))}),
        orders=tuple(an_order(pick, number) for number in range(pick.randint(3, 12))),
        items={f"item-{sku}": ItemRecord(shop="fern", sku=sku, snapshot=item(sku, pick.randint(0, 8))) for sku in SKUS},
        supply=tuple(
            supply(f"PO-{sku}-{n}", sku, pick.randint(1, 8), pick.randint(0, 12))
            for sku in SKUS for n in range(pick.randint(0, 4))
        ),
    )  # fmt: skip


def an_order(pick, number):
    lines = (line(sku, pick.randint(1, 5), id=sku) for sku in pick.sample(SKUS, pick.randint(1, 3)))
    record = merged(None, "fern", order(number, *lines, days=20 - number))
    if pick.random() < 0.8:
        record = replace(record, published_at=NOW, promised_on=in_days(pick.randint(0, 12)))
    return replace(record, manual={"ship": "together"}) if pick.random() < 0.3 else record


def planned(state):
    """Plan the state as replanning does; return what each order is told but for a move, and the state as it is stored."""
    made = shop_plan.plan_shop(state, NOW)
    days = state.shop.policy.notices.tolerance_days
    kept = tuple(with_promise(replace(one.record, plan=one.plan, planned_at=NOW), days) for one in made)
    return [lasting(one.plan) for one in made], replace(state, orders=kept)


@pytest.mark.parametrize("seed", range(4))
def test_promises_come_to_rest_within_one_plan_of_the_shop(seed):
    pick = random.Random(seed)
    for _ in range(25):
        state = a_shop(pick)
        plans, stored = planned(state)
        again, kept = planned(stored)
        assert again == plans
        assert [order.promised_on for order in kept.orders] == [order.promised_on for order in stored.orders]


def test_a_shop_in_which_no_promise_moves_is_planned_once(monkeypatch):
    calls, once = [], shop_plan.make_plan
    monkeypatch.setattr(shop_plan, "make_plan", lambda facts: calls.append(1) or once(facts))
    _, stored = planned(a_shop(random.Random(1)))
    calls.clear()
    planned(stored)
    assert len(calls) == 1


@pytest.mark.parametrize("seed", [35, 67, 153])
def test_a_shop_that_is_not_at_rest_in_time_comes_to_the_same_rest_with_the_next_plan(seed, monkeypatch):
    state = a_shop(random.Random(seed))
    plans, rest = planned(state)
    monkeypatch.setattr(shop_plan, "MOST_ROUNDS", 1)
    early, stored = planned(state)
    assert (early, stored.orders) != (plans, rest.orders)
    again, stored = planned(stored)
    assert again == plans
    assert [order.promised_on for order in stored.orders] == [order.promised_on for order in rest.orders]
