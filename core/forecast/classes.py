"""How an item sells: by the interval between sales and the spread of their sizes (Syntetos, Boylan, Croston 2005)."""

import numpy as np
from numpy.typing import NDArray

from core.forecast.records import Pattern
from core.forecast.series import Floats, Series

INTERVAL = 1.32
SPREAD = 0.49
"""Their limits: mean periods between sales, and squared coefficient of variation of the sizes."""
NEW_PERIODS = 8.0
DYING = 4.0
"""An item is dying when it has been silent for so many of its usual intervals, and a quarter of its life."""
PATTERNS: tuple[Pattern, ...] = ("smooth", "erratic", "intermittent", "lumpy", "new", "dying", "none")


def patterns_of(series: Series) -> NDArray[np.int8]:
    """Return each item's pattern as an index into PATTERNS; `none` never sold."""
    sold = series.demand > 0
    sales = sold.sum(axis=0)
    lived = _lived(series)
    interval = lived / np.maximum(sales, 1)
    spread = _spread(series, sales)
    silent = _silent(series, sales)
    erratic = spread >= SPREAD
    rare = interval >= INTERVAL
    found = np.where(rare, np.where(erratic, 3, 2), np.where(erratic, 1, 0))
    dying = (silent > DYING * interval) & (silent > lived / 4) & (silent > NEW_PERIODS)
    found = np.where(dying, 5, found)
    found = np.where((lived < NEW_PERIODS) & ~dying, 4, found)
    return np.where((sales == 0) & (lived >= NEW_PERIODS), 6, found).astype(np.int8)


def _lived(series: Series) -> Floats:
    if series.seen is None:
        return np.full(series.items, float(series.periods))
    lived: Floats = series.seen.sum(axis=0).astype(np.float64)
    return lived


def _spread(series: Series, sales: NDArray[np.int64]) -> Floats:
    """Return the squared coefficient of variation of the periods with a sale."""
    count = np.maximum(sales, 1)
    mean = series.demand.sum(axis=0, dtype=np.float64) / count
    square = np.square(series.demand, dtype=np.float64).sum(axis=0) / count
    made: Floats = np.where(mean > 0, np.maximum(square - mean * mean, 0) / np.maximum(mean * mean, 1e-12), 0.0)
    return made


def _silent(series: Series, sales: NDArray[np.int64]) -> Floats:
    """Return the seen periods since the last sale."""
    sold = series.demand > 0
    last = series.periods - 1 - np.argmax(sold[::-1], axis=0)
    if series.seen is None:
        made: Floats = np.where(sales > 0, series.periods - 1 - last, series.periods).astype(np.float64)
        return made
    after = np.arange(series.periods)[:, None] > np.where(sales > 0, last, -1)
    kept: Floats = (series.seen * after).sum(axis=0).astype(np.float64)
    return kept
