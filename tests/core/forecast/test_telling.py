"""What an order tells of demand, whenever and in whatever order it is read."""

from dataclasses import replace

import pytest

from core.forecast.telling import demand_of, in_parts
from core.plan import LinePlan, OrderPlan
from core.records import OrderRecord
from tests.core.shop_builders import NOW, in_days, line, order

PLAN = OrderPlan(
    id="1001", decision="wait", reasons=(), release_now=False, completes_on=None,
    lines=(LinePlan(id="a", sku="mug", open=5, ahead=0, on_hand=2, backordered=3, release_now=0, completes_on=None, allocations=()),),
)  # fmt: skip
ORDERED = order("1001", line("mug", 5))


def told(seen, before=(), **more):
    record = OrderRecord(shop="fern", snapshot=seen, **more)
    return demand_of("fern", "UTC", seen, before, record)


@pytest.mark.parametrize(
    ("change", "days", "lost", "early"),
    [
        ({}, -1, 0, 0),
        ({"cancelled": 2}, -1, 0, 2),
        ({"cancelled": 2}, 0, 2, 0),
        ({"cancelled": 4, "refunded": 4}, 0, 5, 0),
    ],
    ids=["nothing", "on-the-day", "later", "no-more-than-ordered"],
)
def test_what_is_cancelled_later_was_wanted(change, days, lost, early):
    (row,) = told(replace(order("1001", line("mug", 5, **change)), version=in_at(days)))
    assert (row.units, row.lost, row.early) == (5 - early, lost, early)


def in_at(days):
    return NOW.replace(day=in_days(days).day)


@pytest.mark.parametrize(("status", "early", "lost"), [("gone", 5, 0), ("cancelled", 0, 3), ("open", 0, 0)])
def test_a_deleted_order_was_no_demand_and_a_cancelled_one_lost_what_had_not_left(status, early, lost):
    (row,) = told(order("1001", line("mug", 5, shipped=2), status=status))
    assert (row.early, row.lost, row.shipped) == (early, lost, 2)


def test_what_does_not_ship_or_is_no_item_of_the_shop_is_left_out():
    assert told(order("1001", line("card", 1, ships=False), replace(line("wish", 1, id="b"), item=None))) == ()


def test_the_first_plan_is_kept_and_the_most_that_waited():
    (row,) = told(ORDERED, plan=PLAN, causes={"a": "late_supply"}, preorders={"a": in_days(9)})
    assert (row.at_once, row.backordered, row.cause, row.preorder) == (2, 3, "late_supply", True)
    served = replace(PLAN, lines=(replace(PLAN.lines[0], on_hand=5, backordered=0),))
    assert told(ORDERED, (row,), plan=served) == (row,)


def test_kits_are_demand_of_their_parts_and_one_that_holds_itself_is_plain():
    kits = {"set": {"mug": 2, "box": 1}, "box": {"lid": 1, "mug": 1}, "odd": {"odd": 3}}
    assert in_parts({"set": 2, "odd": 1, "mug": 1}, kits) == {"mug": 7, "lid": 2, "odd": 3}
