"""Which method each item gets: the one with the least pinball loss on the demand of its whole horizon.

An item's own record is short and noisy, so it counts beside the method's record over the whole shop; an item leaves
the shop's usual method only for one that is clearly better. A season is an item's own: whether it has one is told by
its own record alone, of every period.
"""

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from core.forecast.classes import are_rare
from core.forecast.pinball import every_origin, origins_of, pinball
from core.forecast.series import Floats, Series
from core.forecast.smoothing import YEAR, Method
from core.forecast.spread import Law

BUSY = 10
"""Periods with a sale from which an item's own record says something."""
MOST_BUSY = 6000
"""Items tried, those that sell most often: the others' records would seldom outweigh the shop's."""
WITNESS = 12.0
"""So many forecasts of an item count as much as the whole shop's record."""
CLEARLY = 0.93
FOR_PAUSES = ("croston", "sba")
SEASON_ALPHA = 0.2
"""A season is told against the last weeks: a constant that remembers a whole year would have smoothed it away."""


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
    quicker = (replace(usual, alpha=min(0.4, 2.5 * alpha)),) if usual.name == "smoothing" else ()
    season = (Method(name="season", alpha=max(alpha, SEASON_ALPHA)),) if periods >= YEAR + YEAR // 2 else ()
    return (
        usual,
        *quicker,
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
    origins = origins_of(series)
    if not busy.size or len(origins) < 3:
        return Choice(methods=methods, chosen=chosen, relative=relative, origins=len(origins))
    part = series.part(busy)
    losses = np.array([pinball(part, method, law, origins) for method in methods])
    ratio = losses / np.maximum(losses[0], 1e-12)
    shop = np.exp(np.log(np.clip(ratio, 0.2, 5.0)).mean(axis=1))
    score = (len(origins) * np.clip(ratio, 0.2, 5.0) + WITNESS * shop[:, None]) / (len(origins) + WITNESS)
    for number, method in enumerate(methods):
        if method.name == "season":
            ratio[number] = score[number] = _by_season(part, usual, method, law)
    score[0] = CLEARLY
    # What corrects for pauses is wrong by that much where there are none.
    bridging = np.array([method.name in FOR_PAUSES for method in methods])
    score[np.ix_(bridging, ~are_rare(part))] = np.inf
    best = np.argmin(score, axis=0)
    chosen[busy] = best
    relative[busy] = ratio[best, np.arange(busy.size)]
    return Choice(methods=methods, chosen=chosen, relative=relative, origins=len(origins))


def _by_season(part: Series, usual: Method, season: Method, law: Law) -> Floats:
    """Return each item's loss with its season as a share of what it is without, by the usual method or one as quick."""
    tried, every = (usual, replace(season, name="smoothing"), season), every_origin(part)
    usually, as_quick, seasonal = (pinball(part, method, law, every) for method in tried)
    shares: Floats = seasonal / np.maximum(np.minimum(usually, as_quick), 1e-12)
    return shares
