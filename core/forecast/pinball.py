"""How a method would have foretold the distribution of an item's demand over its horizon: its pinball loss."""

import numpy as np

from core.forecast.negative_binomial import gamma_quantile, quantiles
from core.forecast.rolling import Totals, first_origin, judge
from core.forecast.series import Floats, Series
from core.forecast.smoothing import Method
from core.forecast.spread import Law, shrunk

LEVELS = (0.5, 0.9, 0.95)
MOST_ORIGINS = 8
COUNTED_BELOW = 4.0


def origins_of(series: Series) -> tuple[int, ...]:
    """Return the periods after which forecasts are judged, in the later half of the past; none where it is short."""
    every = every_origin(series)
    if not every:
        return ()
    return tuple(sorted({int(origin) for origin in np.linspace(every[0], every[-1], MOST_ORIGINS)}))


def every_origin(series: Series) -> tuple[int, ...]:
    """Return all periods of the later half of the past whose horizon has passed; a short season lies between a few."""
    first = max(first_origin(series), series.periods // 2)
    return tuple(range(first, series.periods - int(series.horizon.min(initial=series.periods))))


def pinball(series: Series, method: Method, law: Law, origins: tuple[int, ...]) -> Floats:
    """Return each item's mean pinball loss of the method's quantiles at the origins."""
    totals = Totals(series)
    own = judge(series, totals, method, origins)
    loss, count = np.zeros(series.items), np.zeros(series.items)
    for period, rate in own.then.items():
        mean = series.horizon * rate
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
