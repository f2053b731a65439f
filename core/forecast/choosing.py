"""Which method each item gets: the one with the least pinball loss on the demand of its whole horizon.

An item's own record is short and noisy, so it counts beside the method's record over the whole shop; an item leaves
the shop's usual method only for one that is clearly better.
"""

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from core.forecast.negative_binomial import gamma_quantile, quantiles
from core.forecast.rolling import Totals, first_origin, judge
from core.forecast.series import Floats, Series
from core.forecast.smoothing import YEAR, Method
from core.forecast.spread import Law, shrunk

LEVELS = (0.5, 0.9, 0.95)
BUSY = 10
"""Periods with a sale from which an item's own record says something."""
MOST_BUSY = 6000
"""Items tried, those that sell most often: the others' records would seldom outweigh the shop's."""
MOST_ORIGINS = 8
WITNESS = 12.0
"""So many forecasts of an item count as much as the whole shop's record."""
CLEARLY = 0.97
SEASON_ALPHA = 0.2
"""A season is told against the last weeks: a constant that remembers a whole year would have smoothed it away."""
COUNTED_BELOW = 4.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """The methods tried, each item's choice among them, and each item's loss relative to the usual one (the first)."""

    methods: tuple[Method, ...]
    chosen: NDArray[np.int8]
    relative: Floats
    origins: int


def candidates(usual: Method, periods: int) -> tuple[Method, ...]:
    """Return the methods tried: the shop's usual one first; the season where a second year has begun."""
    alpha = usual.alpha
    season = (Method(name="season", alpha=max(alpha, SEASON_ALPHA)),) if periods >= YEAR + YEAR // 2 else ()
    return (
        usual,
        replace(usual, alpha=min(0.4, 2.5 * alpha)),
        Method(name="average"),
        Method(name="croston", alpha=0.1),
        Method(name="sba", alpha=0.1),
        Method(name="tsb", alpha=0.1, beta=0.1),
        *season,
    )


def choose(series: Series, usual: Method, law: Law) -> Choice:
    """Try every method on the items that sell often enough."""
    methods = candidates(usual, series.periods)
    chosen, relative = np.zeros(series.items, np.int8), np.ones(series.items)
    sales = (series.demand > 0).sum(axis=0)
    busy = np.flatnonzero(sales >= BUSY)
    busy = np.sort(busy[np.argsort(-sales[busy], kind="stable")][:MOST_BUSY])
    origins = _origins(series)
    if not busy.size or len(origins) < 3:
        return Choice(methods=methods, chosen=chosen, relative=relative, origins=len(origins))
    part = series.part(busy)
    losses = np.array([_loss(part, method, law, origins) for method in methods])
    ratio = losses / np.maximum(losses[0], 1e-12)
    shop = np.exp(np.log(np.clip(ratio, 0.2, 5.0)).mean(axis=1))
    score = (len(origins) * np.clip(ratio, 0.2, 5.0) + WITNESS * shop[:, None]) / (len(origins) + WITNESS)
    score[0] = CLEARLY
    best = np.argmin(score, axis=0)
    chosen[busy] = best
    relative[busy] = ratio[best, np.arange(busy.size)]
    return Choice(methods=methods, chosen=chosen, relative=relative, origins=len(origins))


def _origins(series: Series) -> tuple[int, ...]:
    first = max(first_origin(series), series.periods // 2)
    last = series.periods - 1 - int(series.horizon.min(initial=series.periods))
    if last < first:
        return ()
    return tuple(sorted({int(origin) for origin in np.linspace(first, last, MOST_ORIGINS)}))


def _loss(series: Series, method: Method, law: Law, origins: tuple[int, ...]) -> Floats:
    """Return the mean pinball loss of the method's quantiles at the origins."""
    totals = Totals(series)
    own = judge(series, totals, method)
    follower = method.follower(series.items, series.horizon)
    loss, count = np.zeros(series.items), np.zeros(series.items)
    for period in range(max(origins) + 1):
        follower.step(series.demand[period].astype(np.float64), series.weight(period))
        if period in origins:
            mean = series.horizon * follower.rate()
            spread = shrunk(mean, own.square, own.windows / series.horizon, law)
            units, known = totals.ahead(period)
            for level, reached in zip(LEVELS, _reached(mean, spread), strict=True):
                gap = units - reached
                loss += known * np.maximum(level * gap, (level - 1) * gap)
            count += known
    made: Floats = loss / np.maximum(count, 1)
    return made


def _reached(mean: Floats, variance: Floats) -> list[Floats]:
    """Return the quantiles at LEVELS; where units are few they are counted, else the quick formula is close enough."""
    few = mean < COUNTED_BELOW
    safe = np.maximum(mean, 1e-3)
    found = [gamma_quantile(safe, np.maximum(variance, safe), level) for level in LEVELS]
    if few.any():
        for row, counted in zip(found, quantiles(mean[few], variance[few], LEVELS), strict=True):
            row[few] = counted
    return found
