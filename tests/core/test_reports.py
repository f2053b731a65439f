"""A shop's report, from a handful of facts of one fortnight: every figure counted by hand."""

from datetime import date

import pytest

from core.dates.arrivals import Arrival
from core.forecast.records import DemandRow
from core.forecast.telling import keep
from core.policy.past import policy_past
from core.policy.reading import merge
from core.policy.shop_policy import ShopPolicy
from core.reports import fill, losses, waiting
from core.reports.figures import figures
from core.reports.gathering import reported
from core.reports.meanings import MEANINGS
from core.reports.records import DAY, Consolation, Period, WaitedOrder, Waiter, WaitingRow
from core.reports.report import Facts, report
from tests.core.shop_builders import NOW, item, kept, line, order, shop, supply

PERIOD = Period(first=date(2026, 11, 1), last=date(2026, 11, 10))
TODAY = date(2026, 11, 20)


def day(number):
    return date(2026, 11, number)


def row(order, ordered, item="mug", **more):
    return DemandRow(shop="fern", order=order, line="1", item=item, on=day(2), ordered=ordered, **more)


def waited(order, **more):
    given = {"status": "open", "currency": "EUR", "wait_since": day(2)} | more
    return WaitedOrder(order=order, **given)


def arrival(supplier, first, came):
    return Arrival(
        shop="fern", supply=f"PO-{came}", sku="mug", location="main", noted_on=day(1), first_on=first, last_on=first,
        supplier=supplier, received_on=came,
    )  # fmt: skip


def facts(**more):
    given = {
        "period": PERIOD, "today": TODAY, "currency": "EUR", "lines": (), "orders": (), "changes": {}, "waiters": (),
        "consolations": (), "arrivals": (), "skus": {"mug": "MUG"}, "suppliers": {},
    }  # fmt: skip
    return Facts(**(given | more))


LINES = (
    row("A", 4, at_once=4, shipped=4),
    row("B", 6, at_once=2, backordered=4, shipped=2, lost=4, cause="late_supply"),
    row("C", 5, at_once=0, backordered=5, cause="a cause of before"),
    row("D", 3, preorder=True, shipped=1, lost=2),
    row("E", 2, early=2),
    row("F", 1, item="unknown", at_once=0, backordered=1, shipped=1, cause="late_supply"),
)
ORDERS = (
    waited("A", promised_on=day(5), earliest=day(4), latest=day(6), complete_on=day(3), split_on=day(2), freight=490,
           wait_until=day(3), offered=True),
    waited("B", promised_on=day(9), latest=day(9), wait_until=day(9), wait_lost=True, status="cancelled"),
    waited("C", promised_on=day(8), earliest=day(7), latest=day(8), split_on=day(4), freight=700, currency="USD"),
    waited("D", promised_on=day(8), preorder=True, wait_until=day(8)),
    waited("E", promised_on=day(10), earliest=day(8), latest=day(10), complete_on=day(12), wait_until=day(4), wait_lost=True,
           split_on=day(4)),
)  # fmt: skip
MADE = report(
    facts(
        lines=LINES, orders=ORDERS, changes={date(2026, 10, 20): 3, day(3): 4, day(9): -7},
        waiters=(Waiter(item="mug", placed_on=day(2), units=2), Waiter(item="mug", placed_on=date(2026, 8, 1), units=5)),
        consolations=(Consolation(on=day(4), worth=500), Consolation(on=TODAY, worth=900)),
        arrivals=(arrival("Kiln & Co", day(3), day(5)), arrival("Kiln & Co", day(6), day(6)), arrival(None, day(3), day(9)),
                  arrival("Early Bird", day(9), day(7)), arrival("Early Bird", None, day(8))),
    )
)  # fmt: skip
FIGURES = {one.key: one for one in figures(MADE)}


@pytest.mark.parametrize(
    ("key", "part", "whole"),
    [
        ("unit_fill_first", 6, 16), ("line_fill_first", 1, 4), ("order_fill_first", 1, 4),
        ("unit_fill_final", 7, 11), ("line_fill_final", 2, 3), ("order_fill_final", 2, 3), ("backorder_rate", 10, 16),
        ("on_time_in_full", 1, 3), ("before_range", 1, 3), ("within_range", 0, 3), ("after_range", 2, 3),
        ("cancelled", 2, 3), ("cancelled_with_offer", 0, 1), ("cancelled_without_offer", 2, 2),
        ("lost_split", 1, 2), ("lost_whole", 1, 1),
    ],
)  # fmt: skip
def test_a_share_is_counted_from_its_part_and_its_whole(key, part, whole):
    assert (FIGURES[key].part, FIGURES[key].whole, FIGURES[key].value) == (part, whole, part / whole)


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("units_waiting", 0), ("unit_days", 3 * 2 + 7 * 6), ("mean_units_waiting", 4.8), ("consolations", 1),
        ("consolation_cost", 500), ("splits", 3), ("split_freight", 490), ("split_kept", 2 / 3), ("freight_per_kept", 245),
        ("preorder_orders", 1), ("preorder_units", 3), ("preorder_shipped", 1 / 3), ("preorder_lost", 2 / 3),
    ],
)  # fmt: skip
def test_a_number_is_counted_over_the_period(key, value):
    assert FIGURES[key].value == value


def test_the_figures_stand_in_the_order_of_what_they_mean():
    assert list(FIGURES) == list(MEANINGS)


def test_what_nobody_knows_has_no_value():
    empty = {one.key: one.value for one in figures(report(facts()))}
    assert (empty["unit_fill_first"], empty["freight_per_kept"], empty["split_freight"]) == (None, None, 0)
    unpriced = losses.splits([waited("A", split_on=day(3))], PERIOD, "EUR")
    assert (unpriced.freight, unpriced.freight_per_kept) == (None, None)
    assert losses.offers([], [Consolation(on=day(3), worth=None)], PERIOD).cost is None


def test_shortages_causes_and_suppliers_are_listed_the_worst_first():
    assert [(one.name, one.asked, one.waited, one.lost, one.weeks, one.rate) for one in MADE.items] == [
        ("MUG", 15, 9, 4, 1, 0.6)
    ]
    assert fill.Shortage(name="MUG", asked=0, waited=0, lost=0, weeks=0).rate == 0.0
    assert MADE.causes == (("late_supply", 2, 5), ("unknown", 1, 5))
    assert [(one.name, one.deliveries, one.on_time, one.mean_days_late) for one in MADE.deliveries] == [
        ("Kiln & Co", 2, 1, 1.0), ("Early Bird", 1, 1, -2.0),
    ]  # fmt: skip


def test_cancellations_are_told_by_how_long_the_customer_had_waited():
    found = {name: (share.part, share.whole) for name, share in MADE.cancelled_by_wait if share.whole}
    assert found == {"0-3": (1, 2), "4-7": (1, 1)}


def test_weeks_count_from_the_first_day_and_the_last_is_as_long_as_it_is():
    assert [(week.first, week.last, share.part, share.whole) for week, share in MADE.on_time_by_week] == [
        (day(1), day(7), 1, 1), (day(8), day(10), 0, 2),
    ]  # fmt: skip
    assert PERIOD.before == Period(first=date(2026, 10, 22), last=date(2026, 10, 31))


def test_what_waits_is_told_by_its_age_and_at_its_most():
    assert MADE.waiting.most == 7
    assert [row for row in MADE.waiting.ageing if row[1]] == [("8-14", 1, 2), ("61+", 1, 5)]
    assert waiting.Waiting(by_day=((day(1), 2),), ageing=()).mean == 2.0


def test_a_report_of_the_books_starts_with_their_lines():
    with kept(item("mug", 2), order("1001", line("mug", 5), days=2), supply("PO-1", "mug", 9, 4)) as made:
        today = NOW.date()
        with made.books.write() as unit:
            keep(unit, shop(), [unit.orders.get("fern", "1001")])
            found = reported(unit, shop(), Period(first=today - 9 * DAY, last=today), today)
    assert (found.orders, found.first.units.part, found.first.units.whole, found.offers.made) == (1, 2, 5, 0)
    assert [one.name for one in found.items] == ["mug"]


@pytest.mark.parametrize(
    ("rules", "orders", "freight"),
    [({}, 1, None), ({"parcel_cost": "4.90"}, 1, 490), ({"enabled": False}, 0, None), ({"min_units": 9}, 0, None)],
)
def test_a_policy_is_played_back_over_the_past(rules, orders, freight):
    policy = merge(ShopPolicy(), {"ship_part": {"enabled": True, "parcel_cost": "0"} | rules})
    lines = (row("B", 6, at_once=2, backordered=4, price=1000), row("A", 1, at_once=1, price=1000))
    found = policy_past(policy, facts(lines=lines, orders=ORDERS, waiters=(Waiter(item="mug", placed_on=day(2), units=2),),
                                      arrivals=(arrival("Kiln & Co", day(3), day(5)),)))  # fmt: skip
    assert (found.parts.orders, found.parts.waited, found.parts.freight or None) == (orders, 1, freight)
    assert (found.deliveries, found.days_late, found.waiting, found.ended.whole) == (1, 2.0, 1, 3)
    assert policy_past(policy, facts()).days_late is None


def test_a_mean_wait_is_of_all_units_that_waited_until_they_left_or_are_expected_to():
    def noted(order, on, units, item="mug"):
        return WaitingRow(shop="fern", order=order, line="1", item=item, on=day(on), units=units)

    rows = [
        *(noted("A", 2, 4), noted("A", 6, 1), noted("A", 10, 0)),  # 4 x 4 + 1 x 4 days
        *(noted("B", 16, 2), noted("C", 18, 1)),  # B until the 24th, C until today, the 20th
        noted("D", 5, 0, item="cup"),
    ]
    assert waiting.mean_waits(rows, {("B", "1"): day(24), ("C", "1"): day(19)}, TODAY) == {
        "mug": (16 + 4 + 2 * 8 + 2) / (4 + 2 + 1)
    }
