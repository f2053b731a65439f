"""Items that sell at half their pace or less: since when, and what their forecast becomes."""

import numpy as np
import pytest

from core.forecast.falls import fallen_since, since
from core.forecast.series import series_of

STEADY = [40, 35, 44, 41, 38, 46, 33, 43] * 5
LOW = [4, 3, 5, 4, 6, 2, 4, 5]


def fallen(weeks, seen=None):
    units = np.array(weeks, np.float64)[:, None]
    return int(fallen_since(series_of(units, 3, None if seen is None else np.array(seen)[:, None]))[0])


@pytest.mark.parametrize(
    ("weeks", "at"),
    [
        ([*STEADY, *LOW], 40),
        ([*STEADY, *LOW[:4]], 40),
        ([*STEADY, *LOW[:3]], 0),  # three weeks may be a lull
        ([*STEADY, *[0] * 12], 0),  # silence is no pace
        ([*STEADY, *[0] * 12, *STEADY[:4]], 0),  # an empty shelf, nobody told when, and full again
        ([*LOW, *LOW, *STEADY[:10]], 0),  # a rise may be over next month
        ([*STEADY, *[30, 28, 33, 29, 31, 27, 30, 32]], 0),  # not so much less
        (STEADY, 0),
        ([*STEADY, 30, 18, 9, 4], 0),  # still falling: no pace yet
        ([0, 0, 90, 0, 0, 0, 30, 0] * 5 + [0, 2, 0, 3, 0, 0, 2, 0], 0),  # chance, among such orders
        ([40] * 6 + LOW, 0),  # six weeks do not tell what is usual
        ([], 0),
    ],
)
def test_a_fall_is_told_once_the_lower_pace_has_held_and_chance_hardly_makes_it(weeks, at):
    assert fallen(weeks) == at


def test_weeks_in_which_nobody_could_buy_tell_no_lower_pace():
    closed = [1.0] * 40 + [0.0] * 5 + [1.0] * 3
    assert fallen([*STEADY, 0, 0, 0, 0, 0, *LOW[:3]], closed) == 0
    kept = since(series_of(np.array([[5.0], [6.0], [7.0]]), 1, np.array([[1.0], [1.0], [0.6]])), np.array([1]))
    assert (kept.seen[:, 0].tolist(), kept.demand[0, 0]) == ([0.0, 1.0, pytest.approx(0.6)], 0.0)


def test_many_items_are_looked_at_a_part_at_a_time(monkeypatch):
    units = np.array([STEADY + LOW, STEADY + STEADY[:8], STEADY + LOW], np.float64).T
    monkeypatch.setattr("core.forecast.falls.AT_ONCE", 2)
    assert fallen_since(series_of(units, 3)).tolist() == [40, 0, 40]


@pytest.mark.parametrize(
    ("weeks", "least", "most", "stopped"),
    [
        ([*[10] * 60, *[0] * 9], 0, 0, True),
        ([*[0, 3] * 30, *[0] * 16], 0, 0, True),
        # Not long enough, or as chance has it; and what came back sells again.
        ([*[10] * 60, *[0] * 6], 5, 10, False),
        ([*[0, 3] * 30, *[0] * 9], 0.5, 2, False),
        ([*[10] * 60, *[0] * 12, 10, 10], 2, 10, False),
    ],
)
def test_what_has_been_silent_for_longer_than_by_chance_is_expected_no_more(weeks, least, most, stopped, make):
    found = make.mug(weeks)
    assert least <= found.rate <= most
    assert (found.pattern == "dying") is stopped
    assert (found.order_up_to == 0) is stopped


def test_what_fell_is_ordered_for_as_it_sells_now(make):
    found = make.mug([*STEADY, *LOW[:4], *LOW])
    assert 3 <= found.rate <= 5
    assert 12 <= found.order_up_to <= 25
    assert "Sells half of what it did or less: only the last 12 weeks count." in found.why
