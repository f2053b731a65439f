"""Items with a season among others that have none: each is judged by its own record."""

import numpy as np
import pytest

from core.forecast.series import series_of
from core.forecast.shop import forecast

OTHERS = 40


def shop_with(first):
    """Units by week and item: the first as given, the others at rates of their own, by chance, without a season."""
    random = np.random.default_rng(1)
    units = random.poisson(random.gamma(2, 4, OTHERS + 1), (len(first), OTHERS + 1))
    units[:, 0] = random.poisson(first)
    return series_of(units, 3)


def weeks(usual, peak, lasting, *, known=155):
    """The weeks of an item whose season begins in the coming week, as it did a year ago and two years ago."""
    return np.where((np.arange(known) - known) % 52 < lasting, peak, usual)


@pytest.mark.parametrize(
    ("usual", "peak", "lasting"), [(10, 80, 4), (10, 80, 8), (10, 40, 8), (10, 30, 13), (0, 30, 4)]
)
def test_a_season_that_came_before_is_expected_however_short_it_is(usual, peak, lasting):
    made = forecast(shop_with(weeks(usual, peak, lasting)))
    assert made.choice.methods[made.choice.chosen[0]].name == "season"
    assert made.rate[0] > peak / 2


@pytest.mark.parametrize("first", [np.full(155, 10), np.repeat([30, 3], [80, 75]), np.repeat([3, 30], [80, 75])])
def test_what_is_steady_fades_or_grows_has_no_season(first):
    made = forecast(shop_with(first))
    names = [made.choice.methods[number].name for number in made.choice.chosen]
    assert "season" not in names
