"""Classes of items: how they sell (Syntetos, Boylan, Croston 2005), what they earn (ABC), how steadily (XYZ)."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from core.forecast.records import Pattern
from core.forecast.series import Flags, Floats, Series, silent_since
from core.forecast.smoothing import YEAR

INTERVAL = 1.32
SPREAD = 0.49
"""Their limits: mean periods between sales, and squared coefficient of variation of the sizes."""
NEW_PERIODS = 8.0
DYING = 4.0
"""An item is dying when it has been silent for so many of its usual intervals, and a quarter of its life."""
BY_CHANCE = 1e-4
"""Or for so long that what sold as often as it did would hardly ever have been."""
ON_TIME = 4.0
"""Weeks by which what comes once a year may come later than the year before."""
A_SHARE, B_SHARE = 0.8, 0.95
PATTERNS: tuple[Pattern, ...] = ("smooth", "erratic", "intermittent", "lumpy", "new", "dying", "none")


@dataclass(frozen=True, slots=True, kw_only=True)
class Patterns:
    """Each item's pattern as an index into PATTERNS, and which items are silent as they were before and sold again.

    `stopped`: those that are dying, and have been silent for longer than by chance.
    """

    number: NDArray[np.int8]
    paused: Flags
    stopped: Flags

    def are(self, pattern: Pattern) -> Flags:
        """Return which items sell so."""
        found: Flags = self.number == PATTERNS.index(pattern)
        return found


def patterns_of(series: Series) -> Patterns:
    """Return how each item sells; `none` never sold."""
    sold = series.demand > 0
    sales = sold.sum(axis=0)
    lived = _lived(series)
    interval = lived / np.maximum(sales, 1)
    spread = _spread(series, sales)
    silent = _silent(series, sales)
    erratic = spread >= SPREAD
    found = np.where(are_rare(series), np.where(erratic, 3, 2), np.where(erratic, 1, 0))
    stopped = silent * np.log1p(-sales / (np.maximum(lived - silent, sales) + 1)) < np.log(BY_CHANCE)
    dying = (silent > DYING * interval) & (stopped | (silent > lived / 4)) & (silent > NEW_PERIODS)
    paused = np.zeros(series.items, np.bool_)
    paused[dying] = _came_back(series.part(np.flatnonzero(dying)), silent[dying])
    dying &= ~paused
    found = np.where(dying, 5, found)
    found = np.where((lived < NEW_PERIODS) & ~dying, 4, found)
    number = np.where((sales == 0) & (lived >= NEW_PERIODS), 6, found).astype(np.int8)
    return Patterns(number=number, paused=paused & (sales > 0), stopped=stopped & dying)


def are_rare(series: Series) -> NDArray[np.bool_]:
    """Return which items are sold with pauses between: in three periods of four at most."""
    rare: NDArray[np.bool_] = _lived(series) >= INTERVAL * np.maximum((series.demand > 0).sum(axis=0), 1)
    return rare


def classes_of(margins: Floats, series: Series) -> list[str]:
    """Return two letters by item; `margins` are what each is expected to earn in a period.

    A earns the first 80 % of all, B up to 95 %, C the rest and what earns nothing. X, Y, Z: the weeks' spread over
    their mean is up to 0.5, up to 1, beyond or unknown; weeks in which the item could not be bought are left out.
    """
    return [value + steady for value, steady in zip(_by_value(margins), _by_steadiness(series), strict=True)]


def _by_value(margins: Floats) -> list[str]:
    order, total = np.argsort(-margins, kind="stable"), float(margins.sum())
    before = np.ones(margins.size)
    if total > 0:
        before[order] = np.r_[0.0, np.cumsum(margins[order])[:-1]] / total
    return [
        "C" if not own else "A" if share < A_SHARE else "B" if share < B_SHARE else "C"
        for own, share in zip(margins, before, strict=True)
    ]


def _by_steadiness(series: Series) -> list[str]:
    seen = np.ones(series.demand.shape) if series.seen is None else (series.seen > 0).astype(np.float64)
    weeks = np.maximum(seen.sum(axis=0), 1.0)
    mean = (series.demand * seen).sum(axis=0) / weeks
    spread = np.sqrt((seen * (series.demand - mean) ** 2).sum(axis=0) / weeks) / np.maximum(mean, 1e-9)
    return ["Z" if not own or one > 1 else "Y" if one > 0.5 else "X" for own, one in zip(mean, spread, strict=True)]


def _lived(series: Series) -> Floats:
    if series.seen is None:
        return np.full(series.items, float(series.periods))
    lived: Floats = series.seen.sum(axis=0).astype(np.float64)
    return lived


def _came_back(series: Series, silent: Floats) -> Flags:
    """Return which items have been as silent before and sold again, or began to sell at this time of the year before.

    What is asked for in its season alone has not stopped selling in between.
    """
    gap, longest = np.zeros(series.items), np.zeros(series.items)
    began, sold_before = np.zeros(series.items, np.bool_), np.zeros(series.items, np.bool_)
    year_ago = series.periods - YEAR
    for period in range(series.periods):
        sold = series.demand[period] > 0
        longest = np.where(sold & sold_before, np.maximum(longest, gap), longest)
        if year_ago <= period < year_ago + ON_TIME:
            began |= sold & (gap > NEW_PERIODS)
        sold_before |= sold
        gap = np.where(sold, 0.0, gap + series.weight(period))
    found: Flags = (silent <= longest + ON_TIME) | (began & (silent <= YEAR))
    return found


def _spread(series: Series, sales: NDArray[np.int64]) -> Floats:
    """Return the squared coefficient of variation of the periods with a sale."""
    count = np.maximum(sales, 1)
    mean = series.demand.sum(axis=0, dtype=np.float64) / count
    square = np.square(series.demand, dtype=np.float64).sum(axis=0) / count
    made: Floats = np.where(mean > 0, np.maximum(square - mean * mean, 0) / np.maximum(mean * mean, 1e-12), 0.0)
    return made


def _silent(series: Series, sales: NDArray[np.int64]) -> Floats:
    """Return the seen periods since the last sale."""
    since = np.where(sales > 0, silent_since(series), 0)
    if series.seen is None:
        made: Floats = (series.periods - since).astype(np.float64)
        return made
    after = np.arange(series.periods)[:, None] >= since
    kept: Floats = (series.seen * after).sum(axis=0).astype(np.float64)
    return kept
