"""Promotions: weeks in which an item sold below its usual price, and after which it was dear again.

What a low price asks for is no demand to keep stock for: it counts as far as the best week at the usual price.
"""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from core.forecast.series import Flags, Floats, Wholes

CHEAP = 0.9
"""A week is cheap at so much of the item's usual price, the middle one of its weeks, and below."""
SELDOM = 0.25
"""Share of the weeks with sales up to which cheap ones are promotions: what is on offer more often sells like that."""
LEAST_WEEKS = 4
"""Weeks at the usual price that tell what is usual."""


def held_down(item: Wholes, weeks_ago: Wholes, units: Floats, price: Floats) -> tuple[Floats, Flags]:
    """Return the units kept of each order line, and which lines belong to a week that was held down.

    `price`: a unit's, NaN where it is not known.
    """
    share, held = np.ones(units.size), np.zeros(units.size, bool)
    told = np.flatnonzero((price > 0) & (units > 0))
    if told.size:
        span = int(weeks_ago.max()) + 1
        weeks, at = np.unique(item[told] * span + weeks_ago[told], return_inverse=True)
        sold = np.bincount(at, weights=units[told]).astype(np.float64)
        paid = np.bincount(at, weights=units[told] * price[told]) / sold
        limit = _limits(weeks // span, weeks % span, paid, sold)
        share[told] = np.minimum(1.0, limit / sold)[at]
        held[told] = (sold > limit)[at]
    return units * share, held


def _limits(owner: Wholes, ago: Wholes, paid: Floats, sold: Floats) -> Floats:
    """Return what counts at most of each item's weeks with sales, which come newest first, item by item."""
    starts = np.flatnonzero(np.r_[True, np.diff(owner) > 0])
    counts = np.diff(np.r_[starts, owner.size])

    def each(of_items: NDArray[Any]) -> NDArray[Any]:
        return np.repeat(of_items, counts)

    middle = paid[np.lexsort((paid, owner))[starts + counts // 2]]
    usual = paid > CHEAP * each(middle)
    usually = np.add.reduceat(usual, starts)
    seldom = (usually >= LEAST_WEEKS) & (counts - usually <= SELDOM * counts)
    # A low price that still stands is the price, not a promotion.
    newest = np.minimum.reduceat(np.where(usual, ago, np.iinfo(ago.dtype).max), starts)
    ended = ~usual & (ago > each(newest))
    best = np.maximum.reduceat(np.where(usual, sold, 0.0), starts)
    limits: Floats = np.where(ended & each(seldom), each(best), np.inf)
    return limits
