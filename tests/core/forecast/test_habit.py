"""The habit alarm by hand: when backorders are a habit, what they cost, and the cheaper mend that is named."""

from dataclasses import replace

import pytest

from core.forecast.habit import Sold, alarms, is_habit
from core.forecast.records import LeadTime
from tests.pages.builders import forecast, shop

# 100 units in 13 weeks, 20 of which waited, 10 days each, at 0.5 % of 24.50 a day: 24.50 (as for each that was lost).
# Keeping 28 spare at 3.00 and 20 % a year costs 28 x 3 x 0.2 x 91 / 365 = 4.19 a quarter.


def sold(
    *,
    short=20,
    lost=0,
    units=100,
    weeks=4,
    slip=0.0,
    wait=10.0,
    cost=300,
    spare=28,
    sku="mug",
    share=0.95,
    supplier="Mill",
):
    made = replace(
        forecast(sku),
        backordered=short,
        lost=lost,
        safety_stock=spare,
        price=2450,
        lead=LeadTime(days=14, variance=4, slip=slip),
    )
    return Sold(
        forecast=made, share=share, supplier=supplier, units=units, weeks=in_weeks(weeks), mean_wait=wait, cost=cost
    )


def in_weeks(short):
    return (True,) * short + (None,) * (13 - short)


@pytest.mark.parametrize(
    ("weeks", "habit"),
    [
        ("!!!", True),
        ("!!", False),
        ("", False),
        ("oo!!!o", True),
        ("ooo!!!o", False),
        ("  o o !!!", True),  # weeks without a sale mend nothing
        ("ooo!ooo!ooo!o", True),  # once a month: a fourth week without is no more than usual
        ("oooo!ooo!ooo!", False),
        ("! ! !", True),
        ("ooo!!o!", False),
    ],
)
def test_a_habit_is_what_comes_again_and_again_and_ends_when_it_stays_away_longer_than_ever(weeks, habit):
    marks = {"!": True, "o": False, " ": None}
    assert is_habit([marks[week] for week in weeks]) is habit


def items(*rows, slip=0.0):
    return [one for one in alarms(shop(), rows, lambda _: slip) if one.kind == "item"]


@pytest.mark.parametrize(
    ("how", "mend"),
    [
        ({}, "raise the reorder point"),
        ({"slip": 3.0, "cost": 30_000}, "change supplier"),
        ({"slip": 2.9, "cost": 30_000}, "promise longer"),
        (
            {"slip": 9.0},
            "raise the reorder point",
        ),  # 28 spare hold for so late deliveries, and cost less than the waits
        ({"cost": 30_000}, "promise longer"),  # 419.00 of stock against 24.50 of waiting
        ({"cost": 200_000, "lost": 4}, "stop taking backorders"),  # a fifth of those who wait cancel
        ({"cost": 200_000, "lost": 3}, "promise longer"),
        ({"cost": 9_000, "lost": 5}, "raise the reorder point"),  # 125.67 of stock against 147.00 of waiting and losses
        ({"cost": None}, "raise the reorder point"),  # half of the price: 17.10 against 24.50
        ({"wait": None}, "raise the reorder point"),  # half of the lead time, a week: 17.15
    ],
)
def test_the_cheaper_mend_is_named(how, mend):
    given = {"cost": 300} | how
    if how.get("wait", 0) is None:
        given["cost"] = 300
    (alarm,) = items(sold(**given))
    assert alarm.mend == mend
    assert alarm.why.startswith(
        "20 of 100 units of the last 13 weeks had to wait, in 4 of those weeks; the target allows 5%."
    )
    assert ("They waited 10 days on the mean." in alarm.why) is ("wait" not in how)
    lost = how.get("lost")
    assert (f"{lost} units were cancelled." in alarm.why) is (lost is not None)


def test_a_late_supplier_is_kept_where_stock_against_it_costs_less_than_the_waits():
    *_, theirs = alarms(shop(), [sold(short=10), sold(sku="cup", short=3)], lambda _: 9.0)
    (found,) = items(sold(slip=9.0))
    assert [one.mend for one in (found, theirs)] == ["raise the reorder point"] * 2
    assert "Deliveries come 9 days late. Ordering at 90 units, up to 118, keeps 28 spare" in found.why
    (dear,) = items(sold(slip=9.0, cost=30_000))
    assert "Deliveries come 9 days late. Spare stock against that would cost more than the waits." in dear.why


@pytest.mark.parametrize(
    ("spare", "words"),
    [
        (28, "Ordering at 90 units, up to 118, keeps 28 spare, which costs less than the waits"),
        (0, "would end most waits, and needs no spare stock"),
    ],
)
def test_a_raised_reorder_point_says_what_it_keeps_spare(spare, words):
    (alarm,) = items(sold(spare=spare))
    assert alarm.mend == "raise the reorder point"
    assert words in alarm.why


@pytest.mark.parametrize(
    "how",
    [{"weeks": 2}, {"short": 5}, {"short": 0}, {"units": 0, "short": 0}],
    ids=["two weeks are no habit", "within the target", "nothing waited", "nothing was sold"],
)
def test_what_is_no_habit_raises_no_alarm(how):
    assert items(sold(**how)) == []


def test_of_what_is_made_to_order_customers_wait_on_purpose():
    to_order = replace(sold(cost=30_000), made_to_order=True)
    assert alarms(shop(), [to_order], lambda _: 9.0) == ()
    other = sold(sku="cup", short=6, units=100)
    # Of the supplier's too only the rest counts.
    found = alarms(shop(), [to_order, other], lambda _: 0.0)
    assert {(one.name, one.units) for one in found} == {("Mill", 6), ("cup", 6)}


def test_a_young_shops_stock_is_weighed_over_the_weeks_that_it_has_lived():
    one = sold(cost=2000)
    young = replace(one, forecast=replace(one.forecast, weeks=one.forecast.weeks[:5]))
    assert [items(row)[0].mend for row in (one, young)] == ["promise longer", "raise the reorder point"]
    assert items(young)[0].holding == round(28 * 2000 * 0.2 * 35 / 365)
    assert "of the last 5 weeks" in items(young)[0].why


def test_the_target_is_the_items_own():
    assert items(sold(share=0.8)) == []
    (alarm,) = items(sold(share=0.9))
    assert "the target allows 10%" in alarm.why
    # 20 of 100 and 20 of 300 waited; 20 and 15 were allowed, so 35 of the supplier's 40.
    rows = [sold(share=0.8), sold(sku="cup", units=300, share=0.95)]
    assert [one.name for one in alarms(shop(), rows, lambda _: 0.0)] == ["Mill", "cup"]


def test_the_cost_is_that_of_the_waits_and_of_what_was_lost():
    (alarm,) = items(sold(lost=2))
    assert (alarm.cost, alarm.holding, alarm.rate, alarm.units, alarm.lost) == (2450 + 2 * 2450, 419, 0.2, 20, 2)


def test_a_supplier_is_named_with_how_late_it_comes():
    dear = [sold(cost=30_000), sold(sku="cup", short=40, cost=30_000)]
    found = alarms(shop(), dear, lambda name: 4.0 if name == "Mill" else 0.0)
    assert [(one.kind, one.name, one.units) for one in found] == [
        ("supplier", "Mill", 60),
        ("item", "cup", 40),
        ("item", "mug", 20),
    ]
    assert found[0].mend == "change supplier"
    assert found[0].why == "60 of 200 units of 2 items from this supplier had to wait; deliveries come 4 days late."


def test_items_that_nobody_is_known_to_sell_are_no_suppliers_habit():
    found = alarms(shop(), [sold(supplier=None), sold(sku="cup", supplier=None)], lambda _: 9.0)
    assert [(one.kind, one.name) for one in found] == [("item", "cup"), ("item", "mug")]


@pytest.mark.parametrize(
    ("slip", "mend", "end"),
    [
        (0.4, "raise the reorder point", "had to wait."),
        (1.0, "raise the reorder point", "had to wait; deliveries come 1 day late."),
        (2.9, "raise the reorder point", "had to wait; deliveries come 3 days late."),
        (3.0, "change supplier", "had to wait; deliveries come 3 days late."),
    ],
)
def test_a_supplier_is_changed_for_coming_days_late(slip, mend, end):
    rows = [sold(wait=4.0, cost=30_000), sold(sku="cup", short=0, wait=None, weeks=9)]
    *_, found = alarms(shop(), rows, lambda _: slip)
    assert (found.kind, found.mend, found.weeks, found.units, found.rate) == ("supplier", mend, 9, 20, 0.1)
    assert (found.mean_wait, found.cost) == (4.0, 980)
    assert found.why.endswith(end)


@pytest.mark.parametrize(
    "rows",
    [
        [sold(weeks=2), sold(sku="cup", weeks=2)],
        [sold(short=5), sold(sku="cup", short=5)],
        [sold(units=0, short=0)],
    ],
    ids=["two weeks", "as many as allowed", "nothing sold"],
)
def test_what_is_no_habit_of_a_supplier_raises_no_alarm(rows):
    assert alarms(shop(), rows, lambda _: 9.0) == ()


def test_a_supplier_of_whom_nobody_waits_now_has_no_mean_wait():
    *_, found = alarms(shop(), [sold(wait=None)], lambda _: 0.0)
    assert found.mean_wait is None
