"""How far stock must reach for the same share of units where it is not ordered every week.

The shop's past is replayed in whole weeks with an order in each. What a quantile of demand fills hangs on that: ordered
every day, a shortage is a large part of the little that a day asks for, and ordered once a month most of the month is
sold before anything can run short. So of both rhythms it is reckoned what every step of the ladder would fill if demand
came as forecast, and the step is taken that fills as much in the item's own rhythm as the replayed one does in weeks.
What the past knew better than the distribution stays in it.
"""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from core.forecast.negative_binomial import slices
from core.forecast.reach import STEPS, Reach, reach_at, steps_of
from core.forecast.records import LeadTime
from core.forecast.series import Floats, Series
from core.forecast.shop import ShopForecast
from core.forecast.spread import LEAST
from core.forecast.stock import RARE, WEEK, Target

MOST = 120
"""Items that stand for the shop."""
EDGES = np.concatenate([np.linspace(0, 0.9, 19), 1 - np.geomspace(0.1, 1e-5, 31)[1:]])
"""Slices of the distribution of demand, the finer the nearer to its end: each stands for its middle."""


class Cycles:
    """What a shop's items fill in any rhythm of ordering, if demand comes as forecast."""

    def __init__(self, model: ShopForecast, series: Series) -> None:
        kept = np.flatnonzero(model.rate > RARE)
        kept = kept[np.argsort(-model.rate[kept], kind="stable")]
        sample = kept[:: max(1, -(-kept.size // MOST))]
        self._mean = model.rate[sample] / WEEK
        self._variance = model.variance[sample] / (WEEK * series.horizon[sample])
        self._known: dict[tuple[int, int], Floats] = {}

    def reach(self, reach: Reach, lead: int, review: int) -> Reach:
        """Return what fills with orders every `review` days, `lead` days ahead, what the reach fills in whole weeks."""
        weeks = max(1, round((lead + review) / WEEK))
        whole = (WEEK * (weeks - 1), WEEK)
        if (lead, review) == whole or not self._mean.size:
            return reach
        missing = float(np.interp(reach.step, np.arange(STEPS), self._missing(*whole)))
        return reach_at(float(np.interp(missing, self._missing(lead, review), np.arange(STEPS))))

    def _missing(self, lead: int, review: int) -> Floats:
        """Return what is missing of every step, as the logarithm of the share of units, with its sign turned."""
        if (lead, review) not in self._known:
            mean, variance = self._over(lead + review)
            stock = steps_of(mean, variance)
            short = _beyond(mean, variance, stock) - _beyond(*self._over(lead), stock)
            share = short.sum(axis=1) / (review * self._mean.sum())
            self._known[lead, review] = np.maximum.accumulate(-np.log(np.clip(share, LEAST, 1.0)))
        return self._known[lead, review]

    def _over(self, days: int) -> tuple[Floats, Floats]:
        mean = self._mean * days
        return mean, np.maximum(self._variance * days, mean)


def fitted(targets: Sequence[Target], cycles: Cycles, lead: Sequence[LeadTime], cover: Floats) -> tuple[Target, ...]:
    """Return the targets with the reach for each item's own rhythm; `cover` is days of lead time and review.

    Only shares of units hang on it: other targets are quantiles themselves.
    """
    made: dict[tuple[Target, int, int], Target] = {}

    def own(target: Target, ahead: int, review: int) -> Target:
        key = (target, ahead, review)
        if key not in made:
            made[key] = replace(target, reach=cycles.reach(target.reach, ahead, review))
        return made[key]

    return tuple(
        own(target, round(one.days), max(1, round(float(days) - one.days))) if target.of_units else target
        for target, one, days in zip(targets, lead, cover, strict=True)
    )


def _beyond(mean: Floats, variance: Floats, stock: Floats) -> Floats:
    """Return the units asked for beyond each row of the stock, on the mean."""
    if not mean.any():
        return np.zeros(stock.shape)
    demand, weights = slices(mean, variance, EDGES)
    return np.array([weights @ np.maximum(demand - row, 0) for row in stock])
