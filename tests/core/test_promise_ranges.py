"""Ranges of days, joined bound by bound."""

from datetime import date

import pytest

from core.dates.promise_ranges import PromiseRange, last_of, not_before, on_day


def days(earliest, likely, latest):
    return PromiseRange(**{name: date(2026, 12, day) for name, day in
                                {"earliest": earliest, "likely": likely, "latest": latest}.items()})  # fmt: skip


@pytest.mark.parametrize(
    ("ranges", "last"),
    [
        ([days(1, 2, 3)], days(1, 2, 3)),
        ([days(1, 5, 6), days(2, 3, 9)], days(2, 5, 9)),
        ([days(4, 5, 6), days(1, 2, 3)], days(4, 5, 6)),
        ([days(1, 2, 8), days(3, 3, 3), days(2, 7, 7)], days(3, 7, 8)),
    ],
)
def test_the_last_of_several_things_is_the_last_in_each_bound(ranges, last):
    assert last_of(iter(ranges)) == last


@pytest.mark.parametrize(
    ("day", "found"), [(1, days(2, 4, 6)), (3, days(3, 4, 6)), (5, days(5, 5, 6)), (9, days(9, 9, 9))]
)
def test_nothing_leaves_before_a_day(day, found):
    assert not_before(date(2026, 12, day), days(2, 4, 6)) == found


def test_a_range_is_open_while_it_is_more_than_one_day():
    assert days(2, 2, 3).is_open
    assert not on_day(date(2026, 12, 2)).is_open
    assert on_day(date(2026, 12, 2)) == days(2, 2, 2)
