"""Weeks made of order lines by hand: which lines count, kits, one-off large orders, and when an item could be bought."""

from datetime import date, timedelta

import numpy as np
import pytest

from core.forecast.past import MOST_WEEKS, past_of, seen_of
from core.forecast.records import DemandRow, SoldOut

TODAY = date(2026, 11, 23)
SKUS = ("cup", "mug")
SKU_OF = {"p-cup": "cup", "p-mug": "mug", "p-set": "set", "p-gone": "gone"}
KITS = {"set": {"mug": 2, "cup": 1, "saucer": 3}}


def days_ago(days):
    return TODAY - timedelta(days=days)


def row(units=1, *, item="p-mug", ago=1, **fields):
    return DemandRow(shop="fern", order="1", line="1", item=item, on=days_ago(ago), ordered=units, **fields)


def past(*rows):
    return past_of(rows, SKU_OF, KITS, SKUS, TODAY)


def mugs(*rows):
    return past(*rows).demand[:, 1].tolist()


@pytest.mark.parametrize(
    ("rows", "weeks"),
    [
        ([row(2), row(3, ago=7), row(4, ago=8), row(5, ago=21)], [5, 4, 5]),
        ([row(2), row(9, ago=0), row(9, ago=-3)], [2]),
        ([row(2), row(9, item="p-unknown"), row(9, item="p-gone")], [2]),
        ([row(2), row(9, early=9, ago=30)], [2]),
        ([row(9, early=4)], [5]),
        ([row(2), row(9, ago=7 * MOST_WEEKS + 1)], [2]),
        ([row(2, item="p-set"), row(1)], [5]),
        ([row(2, item="p-cup", ago=9)], [0, 0]),
        ([], [0]),
    ],
    ids=["by-week", "today-and-later", "unknown-items", "wanted-no-more", "wanted-less", "long-ago", "in-a-kit", "others", "nothing"],
)  # fmt: skip
def test_weeks_end_yesterday_and_hold_what_was_wanted(rows, weeks):
    assert mugs(*rows) == weeks


def test_the_first_of_three_years_still_counts():
    weeks = mugs(row(7, ago=7 * MOST_WEEKS), row())
    assert (len(weeks), weeks[0], weeks[-1], sum(weeks)) == (MOST_WEEKS, 7, 1, 8)


def test_waits_and_losses_are_those_of_the_last_quarter():
    rows = [
        row(5, backordered=3, lost=1),
        row(4, backordered=2, ago=3),
        row(4, backordered=2, ago=8),
        row(6, backordered=4, lost=2, ago=91),
        row(6, backordered=6, lost=6, ago=92),
        row(2, backordered=2, item="p-set", ago=15),
        row(6, ago=22),
        row(3, ago=10, item="p-cup", preorder=True, backordered=3),
    ]
    found = past(*rows)
    assert found.backordered.tolist() == [2, 3 + 2 + 2 + 4 + 2 * 2]
    assert found.lost.tolist() == [0, 1 + 2]
    assert found.recent.tolist() == [2 + 3, 5 + 4 + 4 + 6 + 2 * 2 + 6]
    assert {item: [week for week, short in enumerate(weeks) if short] for item, weeks in found.short.items()} == {
        0: [2], 1: [0, 1, 2, 12]}  # fmt: skip
    assert (found.short[1][3], found.short[1][4], len(found.short[1])) == (False, None, 13)
    assert (found.first.tolist(), found.weeks) == ([11, 0], 14)


def test_what_was_never_sold_has_no_first_week():
    assert past(row(ago=20)).first.tolist() == [3, 0]


@pytest.mark.parametrize(
    ("lines", "kept"),
    [
        ([1, 500], [1, 500]),  # two tell nothing of what is usual
        ([1, 1, 500], [1, 1, 10]),
        ([1, 3, 500], [1, 3, 30]),
        ([2] * 8 + [500], [2] * 8 + [20]),
        ([4] * 9 + [500], [4] * 9 + [20]),  # from ten lines on: five times the middle one
        ([4] * 8 + [30, 500], [4] * 8 + [30, 60]),  # or twice what nine of ten stay below
        ([1] * 9 + [500], [1] * 9 + [10]),
        ([500, 1, 1], [10, 1, 1]),
    ],
    ids=str,
)
def test_one_off_large_orders_are_cut_down_to_what_is_usual_for_the_item(lines, kept):
    others = [row(100, item="p-cup", ago=day) for day in (1, 2, 3)]
    found = past(*(row(units) for units in lines), *others)
    assert found.demand[-1].tolist() == [300, sum(kept)]
    assert found.cut.tolist() == [0, sum(lines) - sum(kept)]
    assert found.cut_orders.tolist() == [0, int(lines != kept)]


@pytest.mark.parametrize(("usual", "kept"), [(1, 10), (4, 40), (100, 500)])
def test_a_newcomers_first_order_is_measured_by_what_customers_of_the_shop_take(usual, kept):
    others = [row(usual, item="p-cup", ago=day) for day in range(1, 12)]
    assert past(row(500), *others).demand[-1, 1] == kept


@pytest.mark.parametrize(("weeks", "kept"), [((1, 5, 9), 3 * 10), ((1, 5, 9, 13), 4 * 100)])
def test_what_comes_large_again_and_again_is_no_exception(weeks, kept):
    lines = [row(1, ago=7 * week) for week in range(1, 20)] + [row(100, ago=7 * week) for week in weeks]
    found = past(*lines)
    assert found.demand[:, 1].sum() == 19 + kept
    assert found.cut[1] == 100 * len(weeks) - kept


@pytest.mark.parametrize(
    ("born", "share"),
    [
        ({}, [0, 1, 1, 1, 1]),
        ({"mug": days_ago(33)}, [1, 1, 1, 1, 1]),
        ({"mug": days_ago(14)}, [0, 0, 0, 1, 1]),
        ({"mug": days_ago(2)}, [0, 1, 1, 1, 1]),
        ({"mug": days_ago(400)}, [1, 1, 1, 1, 1]),
    ],
    ids=[
        "two usual intervals before it sold",
        "seen before",
        "seen the week it sold",
        "seen after",
        "seen long before",
    ],
)
def test_an_items_life_begins_when_it_was_first_seen_or_two_intervals_before_it_first_sold(born, share):
    known = past(row(ago=10), row(ago=3), row(item="p-cup", ago=33))
    assert seen_of(known, born, ())[:, 1].tolist() == share
    assert seen_of(known, born, ())[:, 0].tolist() == [1, 1, 1, 1, 1]


def sold_out(ago, *, sku="mug", closed=True):
    return SoldOut(shop="fern", sku=sku, on=days_ago(ago), closed=closed)


def test_days_on_which_an_item_could_not_be_ordered_are_taken_out_of_its_weeks():
    days = [
        *(sold_out(ago) for ago in range(8, 15)),
        *(sold_out(ago) for ago in (1, 2)),
        sold_out(3, closed=False),
        sold_out(4, sku="cup"),
        sold_out(5, sku="gone"),
        sold_out(0),
        sold_out(22),
    ]
    seen = seen_of(past(row(ago=21), row(item="p-cup", ago=21)), {}, days)
    assert np.allclose(seen[:, 1], [1, 0, 5 / 7], atol=1e-6)
    assert np.allclose(seen[:, 0], [1, 1, 6 / 7])
    assert (seen >= 0).all()


def test_a_shop_without_items_was_open_all_the_time():
    assert seen_of(past_of((), {}, {}, (), TODAY), {}, [sold_out(1)]).shape == (1, 0)
