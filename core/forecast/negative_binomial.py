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
    """Return the least whole units k with P(demand <= k) >= level: a row for each level, a column for each item.

    Levels are above 0 and below 1.
    """
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


def slices(mean: Floats, variance: Floats, edges: Floats) -> tuple[Floats, Floats]:
    """Return the demand in the middle of each slice of its distribution, a row a slice, and the slices' weights."""
    middles = (edges[1:] + edges[:-1]) / 2
    return quantiles(mean, variance, [float(one) for one in middles]), np.diff(edges)


def gamma_quantile(mean: Floats, variance: Floats, level: float) -> Floats:
    """Return the gamma distribution's quantile, never below 0; close where the mean is above its spread."""
    shape = mean * mean / variance
    normal = NormalDist().inv_cdf(level)
    root = 1 - 1 / (9 * shape) + normal / (3 * np.sqrt(shape))
    made: Floats = mean * np.maximum(root, 0.0) ** 3
    return made


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
    units = 0
    while here.size:
        found[:, here] += passed < levels[:, None]
        if units % TIDY_EVERY == 0:
            going = passed < highest
            here, size, ratio = here[going], size[going], ratio[going]
            chance, passed = chance[going], passed[going]
        chance = chance * (ratio * (units + size) / (units + 1))
        passed = passed + chance
        units += 1
    return found
