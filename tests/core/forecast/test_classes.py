"""Classes by hand: what an item earns, and how steadily it sells."""

import numpy as np

from core.forecast.classes import classes_of
from core.forecast.series import series_of


def test_what_earns_the_first_four_fifths_is_a_and_what_earns_nothing_c():
    # Of 100: 50, 25 and 10 stand before 0, 50 and 75 % of it are reached; 8 before 85, 7 before 93; nothing never.
    margins = np.array([10.0, 50.0, 0.0, 8.0, 25.0, 7.0])
    named = classes_of(margins, series_of(np.ones((4, 6)), 1))
    assert [one[0] for one in named] == ["A", "A", "C", "B", "A", "B"]
    assert [one[0] for one in classes_of(np.zeros(2), series_of(np.ones((4, 2)), 1))] == ["C", "C"]


def test_steadiness_is_the_spread_over_the_mean_of_the_weeks_in_which_it_could_be_bought():
    # Spread over mean: 0; 2/4 = 0.5; 3/4; 1; sqrt(3); nothing sold; and 0 where the two weeks before its life are left out.
    weeks = np.array([[4, 2, 1, 0, 0, 0, 0], [4, 6, 7, 8, 0, 0, 0], [4, 2, 1, 0, 0, 0, 5], [4, 6, 7, 8, 8, 0, 5]])
    seen = np.ones(weeks.shape)
    seen[:2, -1] = 0
    named = classes_of(np.ones(7), series_of(weeks, 1, seen))
    assert [one[1] for one in named] == ["X", "X", "Y", "Y", "Z", "Z", "X"]


def test_margin_decides_and_not_the_price(make):
    shelf = [make.item("dear", price=5000), make.item("fine", price=2000)]
    rows = [*make.weekly("dear", [10] * 30), *make.weekly("fine", [10] * 30)]
    terms = [make.buying("dear", cost=4990), make.buying("fine", cost=500)]
    found = make.night(rows=rows, terms=terms, extra=shelf, with_others=0).forecasts
    assert {one.sku: one.value_class for one in found} == {"mug": "C", "fine": "A", "dear": "C"}
