"""Demand as arrays: a row for each period, a column for each item, and what may be read off it before any forecast."""

from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Numbers = NDArray[np.float32]
Wholes = NDArray[np.int64]
Flags = NDArray[np.bool_]

SPIKE = 5.0
"""A period is a spike when it holds so many times the second largest one."""
BEFORE = 2.0
"""Usual intervals without a sale that are nothing unusual."""
LEAST_SALES = 5
"""Periods with a sale that an item needs before one of them can be called a spike."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Series:
    """Units asked for. `seen` is the share of each period in which the item could be bought; None: all of all.

    `horizon`: whole periods of lead time and review together, for each item.
    """

    demand: Numbers
    horizon: Wholes
    seen: Numbers | None = None

    @property
    def periods(self) -> int:
        """How many periods there are."""
        return int(self.demand.shape[0])

    @property
    def items(self) -> int:
        """How many items there are."""
        return int(self.demand.shape[1])

    def weight(self, period: int) -> Floats:
        """Return the share of the period that was seen, by item."""
        if self.seen is None:
            return np.ones(self.items)
        share: Floats = self.seen[period].astype(np.float64)
        return share

    def part(self, columns: Wholes) -> "Series":
        """Return the series of these items."""
        seen = None if self.seen is None else self.seen[:, columns]
        return Series(demand=self.demand[:, columns], horizon=self.horizon[columns], seen=seen)


def series_of(demand: NDArray[np.generic], horizon: int | NDArray[np.generic], seen: object = None) -> Series:
    """Return a series from any arrays. A period without a number counts as not seen.

    A part-seen period (sold out without backorders) is scaled up to a whole one where at least half of it was seen,
    and left out where less was. Negative demand counts as none.
    """
    units = np.asarray(demand, dtype=np.float32)
    share = np.ones_like(units) if seen is None else np.asarray(seen, dtype=np.float32).copy()
    share[np.isnan(units)] = 0.0
    share[share < 0.5] = 0.0
    scaled = np.maximum(np.nan_to_num(units), 0.0) / np.where(share > 0, share, 1.0)
    scaled[share == 0] = 0.0
    stretch = np.maximum(np.broadcast_to(np.asarray(horizon, np.int64), units.shape[1:]), 1)
    whole = bool((share == 1.0).all())
    return Series(demand=scaled.astype(np.float32), horizon=stretch.copy(), seen=None if whole else share)


def lives_from(demand: NDArray[np.floating[Any]]) -> Wholes:
    """Return the period in which each item's life begins, as its sales tell it; the number of periods without any.

    BEFORE usual intervals before the first sale: counted from the sale itself a slow seller would look quicker than
    it is, counted from the first period of all a newcomer slower.
    """
    periods, sold = demand.shape[0], demand > 0
    first = np.where(sold.any(axis=0), np.argmax(sold, axis=0), periods)
    interval = (periods - first) / np.maximum(sold.sum(axis=0), 1)
    made: Wholes = np.maximum(first - np.rint(BEFORE * interval), 0).astype(np.int64)
    return made


def silent_since(series: Series) -> Wholes:
    """Return the period after each item's last sale; means nothing of one that never sold."""
    found: Wholes = series.periods - np.argmax((series.demand > 0)[::-1], axis=0)
    return found


def without_spikes(series: Series) -> tuple[Series, Flags]:
    """Return the series with every single, isolated spike cut down to the item's second largest period.

    The flags say which items had one. Items that often have large periods are lumpy, not spiked, and stay as they are.
    """
    if series.periods < LEAST_SALES:
        return series, np.zeros(series.items, np.bool_)
    top = np.partition(series.demand, -2, axis=0)[-2:]
    sold = (series.demand > 0).sum(axis=0)
    spiked: Flags = (top[1] >= SPIKE * top[0]) & (top[0] > 0) & (sold >= LEAST_SALES)
    if not spiked.any():
        return series, spiked
    demand = series.demand.copy()
    demand[:, spiked] = np.minimum(demand[:, spiked], top[0][spiked])
    return replace(series, demand=demand), spiked
