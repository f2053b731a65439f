"""The variance of demand over the horizon: an item's own errors, shrunk towards the shop's mean-variance law.

An item's own variance rests on few independent stretches and is a noisy guess. Over a shop, variance follows a power
of the mean (Taylor's law); the fewer stretches an item has, the more that law counts.
"""

from dataclasses import dataclass

import numpy as np

from core.forecast.series import Floats

STRETCHES = 12.0
"""Independent stretches at which an item's own variance counts as much as the law."""
FEWEST_ITEMS = 8
LEAST = 1e-9


@dataclass(frozen=True, slots=True, kw_only=True)
class Law:
    """log(variance) = start + slope * log(mean)."""

    start: float = 0.5
    slope: float = 1.3

    def variance(self, mean: Floats) -> Floats:
        """Return the law's variance, never below the mean (a Poisson distribution's)."""
        made: Floats = np.maximum(np.exp(self.start + self.slope * np.log(np.maximum(mean, LEAST))), mean)
        return made


def law_of(mean: Floats, variance: Floats) -> Law:
    """Fit the law by least squares; the usual one where too few items have sold."""
    good = (mean > LEAST) & (variance > LEAST)
    if good.sum() < FEWEST_ITEMS:
        return Law()
    across, up = np.log(mean[good]), np.log(variance[good])
    centred = across - across.mean()
    square = float((centred * centred).sum())
    slope = float((centred * (up - up.mean())).sum() / square) if square > LEAST else 1.0
    slope = min(max(slope, 0.8), 2.2)
    return Law(start=float(up.mean() - slope * across.mean()), slope=slope)


def shrunk(mean: Floats, own: Floats, stretches: Floats, law: Law) -> Floats:
    """Return the geometric mean of own and lawful variance, weighted by how much there is to go by."""
    lawful = law.variance(mean)
    weight = STRETCHES / (STRETCHES + np.maximum(stretches, 0.0))
    weight = np.where(own > LEAST, weight, 1.0)
    made: Floats = np.exp(weight * np.log(lawful + LEAST) + (1 - weight) * np.log(np.maximum(own, LEAST)))
    return np.maximum(made, mean)
