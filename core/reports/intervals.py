"""Confidence intervals of a difference: between two shares, and between two means."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import sqrt
from statistics import NormalDist, fmean, variance

from core.reports.fill import Share

LEVEL = 0.95
ENOUGH = 30
"""Of fewer values on a side the normal law says nothing about their mean."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """The first less the second, with the bounds between which the true one lies in 95 of 100 such comparisons."""

    estimate: float
    low: float
    high: float

    @property
    def is_clear(self) -> bool:
        """Whether no difference at all lies outside the bounds."""
        return self.low > 0 or self.high < 0


def wilson(share: Share, level: float = LEVEL) -> tuple[float, float]:
    """Return the score interval of one share. E. B. Wilson, J. Am. Stat. Assoc. 22 (1927), 209-212."""
    z = NormalDist().inv_cdf((1 + level) / 2)
    n, p = share.whole, share.part / share.whole
    middle, reach = p + z * z / (2 * n), z * sqrt(p * (1 - p) / n + z * z / (4 * n * n))
    return max(0.0, (middle - reach) / (1 + z * z / n)), min(1.0, (middle + reach) / (1 + z * z / n))


def between_shares(one: Share, other: Share, level: float = LEVEL) -> Difference | None:
    """Return how two independent shares differ, by Newcombe's hybrid score interval; None where one is of nothing.

    R. G. Newcombe, Statistics in Medicine 17 (1998), 873-890, method 10: right also for few orders and shares near 0.
    """
    if one.rate is None or other.rate is None:
        return None
    (low, high), (low_other, high_other) = wilson(one, level), wilson(other, level)
    estimate = one.rate - other.rate
    down = sqrt((one.rate - low) ** 2 + (high_other - other.rate) ** 2)
    up = sqrt((high - one.rate) ** 2 + (other.rate - low_other) ** 2)
    return Difference(estimate=estimate, low=max(-1.0, estimate - down), high=min(1.0, estimate + up))


def between_means(one: Sequence[float], other: Sequence[float], level: float = LEVEL) -> Difference | None:
    """Return how two means differ, by the normal law and without equal variances; None of fewer than 30 on a side."""
    if min(len(one), len(other)) < ENOUGH:
        return None
    z = NormalDist().inv_cdf((1 + level) / 2)
    estimate = fmean(one) - fmean(other)
    reach = z * sqrt(variance(one) / len(one) + variance(other) / len(other))
    return Difference(estimate=estimate, low=estimate - reach, high=estimate + reach)
