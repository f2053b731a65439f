"""The negative binomial distribution of demand over a stretch of time, for arrays of items at once.

Written with mean m and variance v > m: r = m^2 / (v - m) and P(0) = (r / (r + m))^r. Large means, where counting up
would be slow and whole units no longer matter, are answered by the gamma distribution of the same mean and variance
(Wilson and Hilferty's cube root).
"""

from collections.abc import Sequence
from statistics import NormalDist

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
LARGE_MEAN = 60.0
LONGEST_COUNT = 1500
LEAST_SPREAD = 1.0001
"""Variance over mean: below it is a Poisson distribution, which this one reaches only in the limit."""
TIDY_EVERY = 8


def quantiles(mean: Floats, variance: Floats, levels: Sequence[float]) -> Floats:
    """Return the least whole units k with P(demand <= k) >= level: a row for each level, a column for each item."""
    mean = np.maximum(np.asarray(mean, np.float64), 0.0)
    variance = np.maximum(np.asarray(variance, np.float64), mean * LEAST_SPREAD)
    found = np.zeros((len(levels), mean.size))
    spread = np.sqrt(variance)
    large = (mean > LARGE_MEAN) | (mean + 8 * spread > LONGEST_COUNT)
    counted = np.flatnonzero(~large & (mean > 0))
    if counted.size:
        found[:, counted] = _counted(mean[counted], variance[counted], np.asarray(levels))
    big = np.flatnonzero(large & (mean > 0))
    for row, level in enumerate(levels):
        found[row, big] = np.ceil(gamma_quantile(mean[big], variance[big], level))
    return found


def gamma_quantile(mean: Floats, variance: Floats, level: float) -> Floats:
    """Return the gamma distribution's quantile, never below 0; close where the mean is above its spread."""
    shape = mean * mean / variance
    normal = NormalDist().inv_cdf(level)
    root = 1 - 1 / (9 * shape) + normal / (3 * np.sqrt(shape))
    made: Floats = mean * np.maximum(root, 0.0) ** 3
    return made


def expected_shortage(mean: Floats, variance: Floats, stock: Floats) -> Floats:
    """Return the units by which demand is expected to be above `stock`, which may be negative."""
    mean = np.maximum(np.asarray(mean, np.float64), 0.0)
    variance = np.maximum(np.asarray(variance, np.float64), np.maximum(mean * LEAST_SPREAD, 1e-12))
    stock = np.asarray(stock, np.float64)
    short: Floats = _normal_shortage(mean, variance, stock)
    counted = np.flatnonzero((mean <= LARGE_MEAN) & (mean > 0) & (stock > 0) & (stock <= LONGEST_COUNT))
    if counted.size:
        short[counted] = _counted_shortage(mean[counted], variance[counted], stock[counted])
    short[stock <= 0] = (mean - stock)[stock <= 0]
    return short


def _start(mean: Floats, variance: Floats) -> tuple[Floats, Floats, Floats]:
    """Return size and ratio of the distributions, and the chance that no unit is asked for."""
    size = mean * mean / (variance - mean)
    return size, mean / (size + mean), np.exp(-size * np.log1p(mean / size))


def _counted(mean: Floats, variance: Floats, levels: Floats) -> Floats:
    """Count up the distribution: an item leaves the round once its highest level is passed."""
    size, ratio, chance = _start(mean, variance)
    passed = chance.copy()
    highest = float(levels.max())
    found = np.zeros((levels.size, mean.size))
    here: NDArray[np.int64] = np.arange(mean.size)
    for units in range(LONGEST_COUNT):
        found[:, here] += passed < levels[:, None]
        if units % TIDY_EVERY == 0:
            going = passed < highest
            if not going.any():
                break
            here, size, ratio = here[going], size[going], ratio[going]
            chance, passed = chance[going], passed[going]
        chance = chance * (ratio * (units + size) / (units + 1))
        passed = passed + chance
    return found


def _counted_shortage(mean: Floats, variance: Floats, stock: Floats) -> Floats:
    """E(D - S)+ = mean - sum of P(D > k) for k below S."""
    size, ratio, chance = _start(mean, variance)
    passed = chance.copy()
    short = mean.copy()
    for units in range(int(np.ceil(stock.max()))):
        weight = np.clip(stock - units, 0.0, 1.0)
        short -= weight * np.maximum(1 - passed, 0.0)
        chance = chance * (ratio * (units + size) / (units + 1))
        passed = passed + chance
    return np.maximum(short, 0.0)


def _normal_shortage(mean: Floats, variance: Floats, stock: Floats) -> Floats:
    spread = np.sqrt(variance)
    gap = (stock - mean) / spread
    density = np.exp(-0.5 * gap * gap) / np.sqrt(2 * np.pi)
    # Abramowitz and Stegun 7.1.26 for the upper tail: absolute error below 1e-7.
    turn = 1 / (1 + 0.2316419 * np.abs(gap))
    poly = turn * (
        0.319381530 + turn * (-0.356563782 + turn * (1.781477937 + turn * (-1.821255978 + turn * 1.330274429)))
    )
    upper = np.where(gap >= 0, density * poly, 1 - density * poly)
    made: Floats = np.maximum(spread * (density - gap * upper), 0.0)
    return made
