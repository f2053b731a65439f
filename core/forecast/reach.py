"""How far into the distribution of demand stock must reach so that the shop fills what it promises.

A merchant means the share of units that ship at once; a quantile of demand is something else. So the shop's last
months are replayed with a ladder of stock levels, and the step that would have filled the target is taken for all
items alike (equal quantiles fill a given share of units with the least stock).
"""

from dataclasses import dataclass, field

import numpy as np

from core.forecast.negative_binomial import quantiles
from core.forecast.rolling import Totals, first_origin
from core.forecast.series import Floats, Series, Wholes
from core.forecast.smoothing import Method
from core.forecast.spread import Law, law_of, shrunk

LEVELS = (0.5, 0.7, 0.8, 0.85, 0.9, 0.93, 0.95, 0.97, 0.98, 0.99)
FACTORS = (1.15, 1.4, 1.8, 2.5, 4.0)
"""Beyond the last level, where a fitted distribution knows nothing, its stock is multiplied instead."""
REPLAYED = 0.4
"""The latest share of history that is replayed."""
HALF_LIFE = 4.0
"""Periods after which what was filled counts half: a shop that grows into its season is not the one of the spring."""
FEWEST_PERIODS = 8
MOST_CELLS = 60_000
LAW_EVERY = 6


@dataclass(frozen=True, slots=True, kw_only=True)
class Reach:
    """A quantile of demand, times a factor where even the last quantile would be too little."""

    level: float
    factor: float = 1.0

    def stock(self, mean: Floats, variance: Floats) -> Floats:
        """Return the whole units that reach so far."""
        made: Floats = np.ceil(quantiles(mean, variance, [self.level])[0] * self.factor - 1e-9)
        return made


@dataclass(frozen=True, slots=True, kw_only=True)
class Ladder:
    """What each step would have filled, as a share of units; empty where there was too little to replay."""

    fills: tuple[float, ...] = field(default=())

    def reach(self, target: float) -> Reach:
        """Return the reach that would have filled the target."""
        if not self.fills:
            return Reach(level=min(0.99, target + (1 - target) / 2))
        step = float(np.interp(target, np.maximum.accumulate(self.fills), np.arange(len(self.fills))))
        if step <= len(LEVELS) - 1:
            # Levels are far apart near 1: what is left to 1 is interpolated on its logarithm.
            left = np.log(1 - np.asarray(LEVELS))
            return Reach(level=float(1 - np.exp(np.interp(step, np.arange(len(LEVELS)), left))))
        factors = (1.0, *FACTORS)
        factor = float(np.interp(step - (len(LEVELS) - 1), np.arange(len(factors)), factors))
        return Reach(level=LEVELS[-1], factor=factor)


def ladder_of(series: Series, method: Method) -> Ladder:
    """Replay the latest part of the history with every step of the ladder."""
    begin = max(int((1 - REPLAYED) * series.periods), first_origin(series) + 1)
    steps = series.periods - begin
    sold = np.flatnonzero(series.demand.sum(axis=0) > 0)
    if steps < FEWEST_PERIODS or not sold.size:
        return Ladder()
    sample = series.part(_sample(series, sold, MOST_CELLS // steps))
    filled, asked = _Replay(sample, method).run(begin)
    return Ladder(fills=tuple(float(share) for share in filled / asked)) if asked else Ladder()


def _sample(series: Series, sold: Wholes, most: int) -> Wholes:
    """Return items of every size: each n-th by units sold."""
    order = sold[np.argsort(-series.demand[:, sold].sum(axis=0), kind="stable")]
    return order[:: max(1, -(-order.size // max(most, 1)))]


class _Replay:
    """The shop as it would have been: each period demand is served, then ordered up to the level of the day."""

    def __init__(self, series: Series, method: Method) -> None:
        self.series = series
        self.totals = Totals(series)
        self.rates, self.squares, self.counts = _traced(series, self.totals, method)
        self.sold = np.cumsum(series.demand, axis=0) > 0
        self.law = Law()

    def run(self, begin: int) -> tuple[Floats, float]:
        """Return the units filled by each step of the ladder, and the units asked for, late ones counting more."""
        series, here = self.series, self.totals.here
        filled, asked = np.zeros(len(LEVELS) + len(FACTORS)), 0.0
        position: Floats | None = None
        end = series.periods - int(series.horizon.min())
        for now in range(begin, end):
            wanted = self._stock(now, renew=(now - begin) % LAW_EVERY == 0)
            position = wanted if position is None else np.maximum(position - series.demand[now], wanted)
            arrives = np.minimum(now + series.horizon, series.periods - 1)
            before = position - (self.totals.units[arrives, here] - self.totals.units[now + 1])
            demand = self.totals.units[arrives + 1, here] - self.totals.units[arrives, here]
            # Nobody can keep stock of what never sold before: such first sales say nothing about the ladder.
            counts = self.sold[now] & (now + series.horizon < series.periods)
            weight = faded(end - 1 - now)
            filled += weight * np.minimum(np.maximum(before, 0), demand)[:, counts].sum(axis=1)
            asked += weight * float(demand[counts].sum())
        return filled, asked

    def _stock(self, now: int, *, renew: bool) -> Floats:
        horizon = self.series.horizon
        mean = horizon * self.rates[now]
        past = np.maximum(now - horizon, 0)
        count = self.counts[past, self.totals.here]
        own = self.squares[past, self.totals.here] / np.maximum(count, 1)
        if renew:
            self.law = law_of(mean, own)
        steps = quantiles(mean, shrunk(mean, own, count / horizon, self.law), LEVELS)
        return np.vstack([steps, *(np.ceil(steps[-1:] * factor) for factor in FACTORS)])


def faded(age: int) -> float:
    """Return how much a period counts that lies so many periods before the last one."""
    return float(0.5 ** (age / HALF_LIFE))


def _traced(series: Series, totals: Totals, method: Method) -> tuple[Floats, Floats, Floats]:
    """Return every period's rate, and the running sums of squared errors and their number by origin."""
    follower = method.follower(series.items, series.horizon)
    shape = (series.periods, series.items)
    rates, squares, counts = np.zeros(shape), np.zeros(shape), np.zeros(shape)
    for period in range(series.periods):
        follower.step(series.demand[period].astype(np.float64), series.weight(period))
        rates[period] = follower.rate()
        if first_origin(series) <= period < series.periods - 1:
            units, known = totals.ahead(period)
            squares[period] = known * (units - series.horizon * rates[period]) ** 2
            counts[period] = known
    return rates, np.cumsum(squares, axis=0), np.cumsum(counts, axis=0)
