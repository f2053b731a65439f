"""Quantiles of demand against the distribution itself, added up from its logarithms."""

from math import exp, lgamma, log
from statistics import NormalDist

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.forecast.negative_binomial import LARGE_MEAN, gamma_quantile, quantiles
from tests.draws import examples

LEVELS = (0.5, 0.9, 0.998)


def chance(units, mean, variance):
    """Return P(demand <= units)."""
    size, fails = mean * mean / (variance - mean), mean / variance
    return sum(
        exp(lgamma(k + size) - lgamma(size) - lgamma(k + 1) + size * log(fails) + k * log(1 - fails))
        for k in range(int(units) + 1)
    )


@examples(20)
@given(st.lists(st.tuples(st.floats(0.01, LARGE_MEAN), st.floats(1.01, 20)), min_size=1, max_size=4))
def test_a_quantile_is_the_least_stock_that_covers_the_level(items):
    mean = np.array([one for one, _ in items])
    variance = mean * np.array([spread for _, spread in items])
    found = quantiles(mean, variance, LEVELS)
    for row, level in enumerate(LEVELS):
        for item, units in enumerate(found[row]):
            assert chance(units, mean[item], variance[item]) > level - 1e-9
            assert units == 0 or chance(units - 1, mean[item], variance[item]) < level + 1e-9


def test_rare_and_huge_orders_are_counted_to_their_end():
    # Nearly always nothing, now and then thousands: in two cases of a thousand more than 1,900 units.
    mean, variance = 27.6, 184.0**2
    (found,) = quantiles(np.array([mean]), np.array([variance]), [0.998])[0]
    assert found == 1964
    assert chance(found - 1, mean, variance) < 0.998 <= chance(found, mean, variance)


def test_what_is_never_asked_for_needs_no_stock_and_what_is_asked_for_often_follows_the_gamma_distribution():
    mean, variance = np.array([0.0, -1.0, 400.0, 61.0]), np.array([0.0, 4.0, 900.0, 3600.0])
    found = quantiles(mean, variance, (0.5, 0.95))
    assert found[:, :2].tolist() == [[0, 0], [0, 0]]
    for row, level in enumerate((0.5, 0.95)):
        assert found[row, 2:].tolist() == np.ceil(gamma_quantile(mean[2:], variance[2:], level)).tolist()
    # Next to no spread over a large mean: the normal distribution.
    assert gamma_quantile(np.array([1e6]), np.array([1e6]), 0.95)[0] == pytest.approx(
        1e6 + 1e3 * NormalDist().inv_cdf(0.95), rel=1e-5
    )


def test_demand_steadier_than_by_chance_is_taken_as_by_chance():
    mean = np.array([9.0])
    assert quantiles(mean, np.array([1.0]), LEVELS).tolist() == quantiles(mean, mean, LEVELS).tolist()
    # Poisson of mean 9: P(<= 9) = 0.587, P(<= 8) = 0.456.
    assert quantiles(mean, mean, [0.5]).tolist() == [[9.0]]
