"""An item's shelf over time: steps of the past and of what is coming, and what the forecast makes of it by hand."""

from datetime import date, timedelta

import pytest

from core.forecast.records import DemandRow, ItemForecast, LeadTime, Position, ShelfDay
from core.items.shelf import months, shelf_of

TODAY = date(2026, 11, 23)
DAY = timedelta(days=1)


def noted(*days):
    return [
        ShelfDay(shop="fern", sku="mug", on=TODAY - ago * DAY, on_hand=there, owed=owed, coming=0)
        for ago, there, owed in days
    ]


def forecast(rate=7.0, variance=40.0, cover=10.0):
    return ItemForecast(
        shop="fern", sku="mug", made_on=TODAY, pattern="smooth", method="m", weeks=(), rate=rate, lead=LeadTime(days=7, variance=0),
        review_days=3, cover_days=cover, mean=10, variance=variance, error=1, quantiles={}, level=0.9, factor=1, target="t",
        reorder_point=9, order_up_to=20, safety_stock=4, value_class="A", steadiness="X",
    )  # fmt: skip


def shelf(position, *, days=(), changes=None, free=(), known=None):
    return shelf_of(position, days, changes or {}, tuple(free), known, TODAY)


def test_the_past_begins_with_the_last_word_before_it_and_ends_with_what_is_there():
    made = shelf(Position(on_hand=2), days=noted((200, 9, 0), (100, 7, 0), (30, 4, 1), (0, 3, 0)))
    assert made.on_hand == ((TODAY - 90 * DAY, 7), (TODAY - 30 * DAY, 4), (TODAY, 2))


def test_waiting_units_are_summed_up_from_the_first_day_ever():
    made = shelf(Position(on_hand=0), changes={TODAY - 200 * DAY: 5, TODAY - 100 * DAY: -2, TODAY - 3 * DAY: 4})
    assert made.waiting == ((TODAY - 90 * DAY, 3), (TODAY - 3 * DAY, 7))


def test_what_is_coming_adds_to_what_is_there_and_undated_supply_does_not():
    coming = ((TODAY + 9 * DAY, 5), (None, 50), (TODAY + 2 * DAY, 3), (TODAY - DAY, 8))
    made = shelf(Position(on_hand=4, coming=coming))
    assert made.coming == ((TODAY, 4), (TODAY + 2 * DAY, 7), (TODAY + 9 * DAY, 12))
    assert made.last == TODAY + 28 * DAY


def test_the_forecast_says_what_is_left_each_day_and_when_it_runs_out():
    # 10 there, 2 owed, 4 come on the third day; one a day is asked for: 8 - 1 - 1 - 1 + 4 = 9 on that day.
    made = shelf(Position(on_hand=10, owed=2, coming=((TODAY + 3 * DAY, 4),)), known=forecast())
    assert [one.middle for one in made.expected[:4]] == [8, 7, 6, 9]
    # Variance 40 over 10 days is 4 a day: on the fourth day 16, a deviation of 4.
    assert made.expected[4].high - made.expected[4].middle == pytest.approx(1.2816 * 4)
    # The same day as on the page of what to order: the last of the twelve is gone as it begins.
    assert made.runs_out_on == TODAY + 12 * DAY
    assert made.reorder_point == 9


@pytest.mark.parametrize(
    ("there", "owed", "known", "out"),
    [
        (0, 0, forecast(rate=0), TODAY), (1, 0, forecast(rate=0), None), (0, 1, forecast(rate=0), TODAY), (-3, 0, forecast(), TODAY), (5, 0, None, None),
        (0, 0, forecast(cover=0), TODAY), (28, 0, forecast(), TODAY + 28 * DAY), (29, 0, forecast(), None),
    ],
)  # fmt: skip
def test_odd_shelves_give_sensible_days(there, owed, known, out):
    assert shelf(Position(on_hand=there, owed=owed), known=known).runs_out_on == out


def test_months_count_what_was_asked_for_waited_was_lost_and_empty_days():
    rows = [
        DemandRow(shop="fern", order="1", line="a", item="mug", on=date(2026, 11, 3), ordered=5, backordered=2, lost=1),
        DemandRow(shop="fern", order="2", line="a", item="mug", on=date(2026, 10, 3), ordered=4, early=1, lost=1),
    ]
    # Empty from 30 October until 2 November, and again since yesterday.
    days = noted((24, 0, 0), (20, 5, 2), (1, 2, 2))
    this, before, *_ = months(rows, days, TODAY)
    assert (this.first, this.asked, this.waited, this.lost, this.empty_days) == (date(2026, 11, 1), 5, 2, 1, 4)
    assert (before.asked, before.waited, before.lost, before.empty_days) == (3, 0, 0, 2)
    assert len(months(rows, days, TODAY)) == 12
