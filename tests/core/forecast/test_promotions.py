"""What a low price asked for counts only as far as the best week at the usual price."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.forecast.promotions import held_down
from tests.draws import examples

USUAL = [(10, 2000), (8, 2000), (12, 1990), (9, 2000), (11, 2000), (10, 2000), (8, 2000), (10, 2000)]


def kept(weeks):
    """Units that count of an item's weeks (units and price), the newest first."""
    units, price = (np.asarray(column, float) for column in zip(*weeks, strict=True))
    found, held = held_down(np.zeros(len(weeks), np.int64), np.arange(len(weeks)), units, price)
    return found.round(6).tolist(), np.flatnonzero(held).tolist()


CASES = {
    # weeks newest first, what counts of them, which were held down
    "a week on offer": ([USUAL[0], (60, 1500), *USUAL[1:]], {1: 12}),
    "two weeks on offer": ([USUAL[0], (60, 1500), (40, 1600), *USUAL[1:]], {1: 12, 2: 12}),
    "an offer that nobody took up": ([USUAL[0], (9, 1500), *USUAL[1:]], {}),
    "a price that came down and stayed": ([(60, 1500), (55, 1500), *USUAL], {}),
    "a little cheaper": ([USUAL[0], (60, 1801), *USUAL[1:]], {}),
    "at the limit": ([USUAL[0], (60, 1800), *USUAL[1:]], {1: 12}),
    "a price that went up for good": ([(5, 2000)] * 9 + [(30, 1000)] * 4, {}),
    "on offer every third week": ([(10, 2000), (60, 1500), (10, 2000)] * 4, {}),
    "too few weeks to tell": ([(10, 2000), (60, 1500), (10, 2000), (10, 2000)], {}),
    "no price known": ([(10, np.nan), (60, np.nan), *[(10, np.nan)] * 6], {}),
    "given away is no price": ([USUAL[0], (60, 0), *USUAL[1:]], {}),
}


@pytest.mark.parametrize("case", CASES, ids=str)
def test_what_counts_of_each_week(case):
    weeks, held = CASES[case]
    assert kept(weeks) == ([held.get(place, units) for place, (units, _) in enumerate(weeks)], sorted(held))


def test_lines_of_one_week_share_what_counts_and_items_are_told_apart():
    item = np.array([0] * 8 + [1] * 8 + [0, 0])
    ago = np.array([*range(8), *range(8), 3, 3])
    units = np.array([10.0] * 16 + [50.0, 40.0])
    price = np.array([2000.0] * 16 + [1000.0, 1000.0])
    found, held = held_down(item, ago, units, price)
    # 10 of week three at the usual price, 90 at half of it: 10 of 100 count.
    assert found[[3, 16, 17]].round(6).tolist() == [1.0, 5.0, 4.0]
    assert held.nonzero()[0].tolist() == [3, 16, 17]
    assert (found[8:16] == 10).all()


LINES = st.lists(st.tuples(st.integers(0, 2), st.integers(0, 20), st.integers(1, 99), st.sampled_from([0, 900, 1000])))


@examples(60)
@given(lines=LINES)
def test_never_more_counts_than_was_asked_for_and_never_nothing(lines):
    item, ago, units, price = (
        (np.asarray(column) for column in zip(*lines, strict=True)) if lines else [np.zeros(0)] * 4
    )
    found, held = held_down(item.astype(np.int64), ago.astype(np.int64), units.astype(float), price.astype(float))
    assert ((found > 0) & (found <= units)).all()
    assert (found[~held] == units[~held]).all()


def test_a_promotion_is_told_and_keeps_no_stock(make):
    rows = make.weekly("mug", [10] * 20 + [40] + [10] * 31)
    dear, cheap = (make.mug(rows=[replace(row, price=price) if row.ordered == 40 else row for row in rows])
                   for price in (2000, 1400))  # fmt: skip
    assert (max(dear.weeks), max(cheap.weeks)) == (40, 10)
    assert "One week at a low price counted only as far as the best at the usual price: 30 units left out." in cheap.why
    assert cheap.order_up_to <= dear.order_up_to
    assert not any("low price" in words for words in dear.why)
