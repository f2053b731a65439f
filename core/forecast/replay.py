"""The shop's past once more, as it would have been with each step of the ladder of stock levels."""

import numpy as np

from core.forecast.reach import Ladder, ladder, steps_of
from core.forecast.rolling import Totals, first_origin
from core.forecast.series import Floats, Series, Wholes
from core.forecast.smoothing import Method
from core.forecast.spread import Law, law_of, shrunk

REPLAYED = 0.75
"""The latest share of history that is replayed."""
FEWEST_PERIODS = 8
MOST_CELLS = 60_000
LAW_EVERY = 6


def ladder_of(series: Series, method: Method) -> Ladder:
    """Replay the latest part of the history with every step of the ladder."""
    begin = max(int((1 - REPLAYED) * series.periods), first_origin(series) + 1)
    steps = series.periods - begin
    sold = np.flatnonzero(series.demand.sum(axis=0) > 0)
    if steps < FEWEST_PERIODS or not sold.size:
        return Ladder()
    sample = series.part(_sample(series, sold, MOST_CELLS // steps))
    return Replay(sample, traced(sample, method)).ladder(begin)


def _sample(series: Series, sold: Wholes, most: int) -> Wholes:
    """Return items of every size: each n-th by units sold."""
    order = sold[np.argsort(-series.demand[:, sold].sum(axis=0), kind="stable")]
    return order[:: max(1, -(-order.size // max(most, 1)))]


def traced(series: Series, method: Method) -> Floats:
    """Return the rate that the method expects after every period, by item."""
    follower = method.follower(series.items, series.horizon)
    rates = np.zeros((series.periods, series.items))
    for period in range(series.periods):
        follower.step(series.demand[period].astype(np.float64), series.weight(period))
        rates[period] = follower.rate()
    return rates


class Replay:
    """Each period demand is served, then ordered up to the level of the day; `rates` are those known by then."""

    def __init__(self, series: Series, rates: Floats) -> None:
        self.series = series
        self.rates = rates
        self.totals = Totals(series)
        self.squares, self.counts = _errors(series, self.totals, rates)
        self.sold = np.cumsum(series.demand, axis=0) > 0
        self.law = Law()

    def ladder(self, begin: int) -> Ladder:
        """Return what each step would have filled from the first orders of period `begin` on."""
        levels = {
            now: self.steps(now, renew=(now - begin) % LAW_EVERY == 0) for now in range(begin, self.series.periods)
        }
        filled, asked, _ = self.served(levels)
        first = begin + int(self.series.horizon.min())
        demand = self.series.demand[first:].astype(np.float64)
        return ladder(filled[first:], asked[first:], int(np.median(self.series.horizon)), demand)

    def served(self, levels: dict[int, Floats]) -> tuple[Floats, Floats, Floats]:
        """Return units filled and left by each row of the levels, and units asked for, by the period of demand.

        `levels`: what is ordered up to at the end of each period, from the first to the last that is looked at.
        """
        series, here = self.series, self.totals.here
        rows = next(iter(levels.values())).shape[0]
        filled, left, asked = (
            np.zeros((series.periods, rows)),
            np.zeros((series.periods, rows)),
            np.zeros(series.periods),
        )
        position: Floats | None = None
        for now, wanted in levels.items():
            position = wanted if position is None else np.maximum(position - series.demand[now], wanted)
            arrives = np.minimum(now + series.horizon, series.periods - 1)
            before = position - (self.totals.units[arrives, here] - self.totals.units[now + 1])
            demand = self.totals.units[arrives + 1, here] - self.totals.units[arrives, here]
            within = now + series.horizon < series.periods
            # Nobody can keep stock of what never sold before: such first sales say nothing about the ladder.
            counts = within & self.sold[now]
            asked += np.bincount(arrives[counts], demand[counts], series.periods)
            for row in range(rows):
                got = np.minimum(np.maximum(before[row], 0), demand)
                filled[:, row] += np.bincount(arrives[counts], got[counts], series.periods)
                left[:, row] += np.bincount(
                    arrives[within], np.maximum(before[row] - demand, 0)[within], series.periods
                )
        return filled, asked, left

    def spread(self, now: int, *, renew: bool) -> tuple[Floats, Floats]:
        """Return mean and variance of demand over the horizon as they are seen at the end of a period."""
        horizon = self.series.horizon
        mean = horizon * self.rates[now]
        past = np.maximum(now - horizon, 0)
        count = self.counts[past, self.totals.here]
        own = self.squares[past, self.totals.here] / np.maximum(count, 1)
        if renew:
            self.law = law_of(mean, own)
        return mean, shrunk(mean, own, count / horizon, self.law)

    def steps(self, now: int, *, renew: bool) -> Floats:
        """Return the stock of each step of the ladder, a row a step."""
        return steps_of(*self.spread(now, renew=renew))


def _errors(series: Series, totals: Totals, rates: Floats) -> tuple[Floats, Floats]:
    """Return the running sums of squared errors and their number by origin."""
    squares, counts = np.zeros(rates.shape), np.zeros(rates.shape)
    for period in range(first_origin(series), series.periods - 1):
        units, known = totals.ahead(period)
        squares[period] = known * (units - series.horizon * rates[period]) ** 2
        counts[period] = known
    return np.cumsum(squares, axis=0), np.cumsum(counts, axis=0)
