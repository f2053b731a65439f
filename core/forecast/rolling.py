"""Rolling-origin evaluation: every method is judged on the demand of the whole stretch that an order must cover."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field

import numpy as np

from core.forecast.series import Floats, Series
from core.forecast.smoothing import Method

SETTLING = 0.25
"""Share of the history that a method may use before its first forecast is judged."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Judged:
    """One method over all items: its rate now, and the mean square of its errors over the horizon.

    `windows` counts the forecasts judged; they overlap, so only `windows / horizon` of them are independent. `then`:
    the rates after the periods asked for.
    """

    rate: Floats
    square: Floats
    windows: Floats
    then: Mapping[int, Floats] = field(default_factory=dict)


class Totals:
    """Running totals of demand, from which any stretch is one subtraction away."""

    def __init__(self, series: Series) -> None:
        self.horizon = series.horizon
        self.periods = series.periods
        self.here = np.arange(series.items)
        self.uniform = (
            int(series.horizon[0]) if series.items and bool((series.horizon == series.horizon[0]).all()) else 0
        )
        self.units = _running(series.demand)
        self.seen = None if series.seen is None else _running(series.seen)

    def ahead(self, origin: int) -> tuple[Floats, Floats]:
        """Return demand over the horizon after a period, and 1 where all of it was seen and lies in the past."""
        first = origin + 1
        if self.uniform and self.seen is None:
            last = first + self.uniform
            if last > self.periods:
                return np.zeros(self.here.size), np.zeros(self.here.size)
            return (self.units[last] - self.units[first]).astype(np.float64), np.ones(self.here.size)
        last_of = np.minimum(first + self.horizon, self.periods)
        units = (self.units[last_of, self.here] - self.units[first]).astype(np.float64)
        known = first + self.horizon <= self.periods
        if self.seen is not None:
            known &= self.seen[last_of, self.here] - self.seen[first] >= self.horizon - 1e-3
        return units, known.astype(np.float64)


def judge(series: Series, totals: Totals, method: Method, then: Collection[int] = ()) -> Judged:
    """Run the method through the history and return its rate and errors, and its rates after the periods `then`."""
    follower = method.follower(series.items, series.horizon)
    square, windows = np.zeros(series.items), np.zeros(series.items)
    first, rates = first_origin(series), {}
    for period in range(series.periods):
        follower.step(series.demand[period].astype(np.float64), series.weight(period))
        if period >= first and period + 1 < series.periods:
            units, known = totals.ahead(period)
            error = (units - series.horizon * follower.rate()) * known
            square += error * error
            windows += known
        if period in then:
            rates[period] = follower.rate().copy()
    square /= np.maximum(windows, 1)
    return Judged(rate=follower.rate().copy(), square=square, windows=windows, then=rates)


def first_origin(series: Series) -> int:
    """Return the first period after which forecasts are judged."""
    return max(int(SETTLING * series.periods), 2)


def lead_time_loss(series: Series, judged: Judged) -> float:
    """Return the error over the shop, each item's measured against its own size so that no bestseller decides alone."""
    size = series.horizon * series.demand.mean(axis=0, dtype=np.float64) + 0.1
    known = judged.windows > 0
    return float((judged.square / size)[known].mean()) if known.any() else 0.0


def _running(
    values: np.ndarray[tuple[int, ...], np.dtype[np.float32]],
) -> np.ndarray[tuple[int, ...], np.dtype[np.float32]]:
    made = np.zeros((values.shape[0] + 1, values.shape[1]), np.float32)
    np.cumsum(values, axis=0, out=made[1:])
    return made
