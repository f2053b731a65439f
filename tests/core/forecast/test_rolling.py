"""The run through the past against a slow one that follows each item by itself and adds up every window by hand."""

import numpy as np
import pytest

from core.forecast.rolling import Totals, first_origin, judge, lead_time_loss
from core.forecast.series import series_of
from core.forecast.smoothing import Method, blended

METHOD = Method(name="smoothing", alpha=0.2)
WEEKS, ITEMS = 12, 5
RANDOM = np.random.default_rng(11)
UNITS = RANDOM.integers(0, 9, (WEEKS, ITEMS))
SEEN = np.where(RANDOM.random((WEEKS, ITEMS)) < 0.1, 0.0, 1.0)


def slowly(series, item):
    """Return the last rate, the sum of squared errors and the windows of one item."""
    horizon, own = int(series.horizon[item]), np.array([item])
    follower = METHOD.follower(1, series.horizon[own])
    square, windows = 0.0, 0
    for week in range(WEEKS):
        follower.step(series.demand[week, own].astype(float), series.weight(week)[own])
        ahead = range(week + 1, week + 1 + horizon)
        known = ahead.stop <= WEEKS and all(series.weight(one)[item] == 1 for one in ahead)
        if week >= first_origin(series) and known:
            square += (sum(series.demand[one, item] for one in ahead) - horizon * follower.rate()[0]) ** 2
            windows += 1
    return follower.rate()[0], square, windows


@pytest.mark.parametrize("seen", [None, SEEN], ids=["always on sale", "sold out at times"])
@pytest.mark.parametrize("horizon", [2, np.array([1, 2, 3, 9, 20])], ids=["one horizon", "each its own"])
def test_every_window_of_the_past_is_judged_and_no_other(horizon, seen):
    series = series_of(UNITS, horizon, seen)
    found = judge(series, Totals(series), METHOD)
    for item in range(ITEMS):
        rate, square, windows = slowly(series, item)
        assert found.rate[item] == pytest.approx(rate)
        assert found.windows[item] == windows
        assert found.square[item] == pytest.approx(square / max(windows, 1), rel=1e-5)


def test_a_shops_loss_weighs_each_item_by_its_own_size():
    small, large = np.array([[1], [3]] * 6), np.array([[100], [300]] * 6)
    alone = [series_of(one, 1) for one in (small, large)]
    losses = [lead_time_loss(one, judge(one, Totals(one), METHOD)) for one in alone]
    both = series_of(np.hstack([small, large, np.zeros((12, 1))]), np.array([1, 1, 20]))
    assert lead_time_loss(both, judge(both, Totals(both), METHOD)) == pytest.approx(sum(losses) / 2)


def test_a_mean_of_methods_expects_the_mean_of_what_they_expect():
    slow, quick = Method(name="smoothing", alpha=0.05), Method(name="croston", alpha=0.3)
    series = series_of(UNITS, 2)
    alone, other, both = (
        judge(series, Totals(series), one) for one in (slow, quick, blended([1.0, 3.0], [slow, quick]))
    )
    assert both.rate == pytest.approx((alone.rate + 3 * other.rate) / 4)


def test_a_past_too_short_to_judge_has_no_loss():
    short = series_of(np.ones((3, 2)), 9)
    assert lead_time_loss(short, judge(short, Totals(short), METHOD)) == 0


def test_nothing_to_judge_is_judged_at_once():
    none = series_of(np.zeros((4, 0)), 1)
    assert judge(none, Totals(none), METHOD).rate.size == 0
