"""What whole packs and least orders leave over is stock too: with large ones less has to be kept spare.

Where orders are rounded up to packs of q, the position after each look is as likely level, level + 1, ... level + q - 1
(the (R, nQ) policy; Hadley and Whitin 1963). So units are short on the mean over those, not as at the level itself.
"""

import numpy as np

from core.forecast.negative_binomial import slices
from core.forecast.reach import Reach
from core.forecast.series import Floats

EDGES = np.concatenate([np.linspace(0, 0.9, 19), 1 - np.geomspace(0.1, 0.0005, 16)[1:]])
"""Slices of the distribution of demand, the finer the nearer to its end: each stands for its middle."""
HALVINGS = 24


def spared(mean: Floats, variance: Floats, reach: Reach, packs: Floats) -> Floats:
    """Return the whole units up to which orders in `packs` are made so that as few are short as at the reach.

    Never below what is expected: packs eat spare stock, and nobody waits on purpose.
    """
    wanted = reach.stock(mean, variance)
    least = np.minimum(np.ceil(mean), wanted)
    many = np.flatnonzero((packs > 1) & (wanted > least))
    if not many.size:
        return wanted
    demand, weights = slices(mean[many], variance[many], EDGES)
    packed, low, high = packs[many], least[many].copy(), wanted[many].copy()
    allowed = weights @ np.maximum(demand - high, 0)
    for _ in range(HALVINGS):
        level = (low + high) / 2
        enough = weights @ _short(demand - level, packed) <= allowed
        low, high = np.where(enough, low, level), np.where(enough, level, high)
    wanted[many] = np.clip(np.ceil(high - 1e-3), least[many], wanted[many])
    return wanted


def _short(beyond: Floats, packs: Floats) -> Floats:
    """Return the units short where demand is so far `beyond` the level, on the mean over what packs leave over."""
    some = np.clip(beyond, 0, packs)
    made: Floats = some * (some + 1) / (2 * packs) + np.maximum(beyond - packs, 0)
    return made
