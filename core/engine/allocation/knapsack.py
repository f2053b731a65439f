"""Which orders to complete from what there is: a packing problem with one constraint for each item and pool.

Prices on units come from dual ascent (subgradient steps of Polyak's length), a greedy pass by price and an exchange
pass make a plan of them, and searches with fixed budgets of steps settle what is still open. The dual value is an
upper bound. No randomness, no clock: same input, same answer.
"""

from collections.abc import Sequence

import numpy as np

from core.engine.allocation.packing import Flags, Floats, Needs, Packing, Prices
from core.engine.allocation.search import improve

STEPS = 300
GREEDY_EVERY = 50
# Take some hundredths of a second together; larger instances have smaller relative gaps.
TRIALS = 60_000


def pack(packing: Packing) -> list[bool]:
    """Return for each order whether it is to be completed."""
    fits = _fits_alone(packing)
    if not fits.any():
        return [False] * len(fits)
    share, needs = _share(packing), packing.needs()
    best, prices = _ascend(packing, needs, share, fits)
    cost = np.bincount(packing.order, prices.of_room[packing.place] * share, len(fits))
    return improve(packing, needs, best, np.where(fits, cost, np.inf), prices, trials=TRIALS)


def bound(packing: Packing) -> int:
    """Return an upper bound on the number of orders (worth 1 each) that can be completed."""
    fits = _fits_alone(packing)
    if not fits.any():
        return 0
    _, prices = _ascend(packing, packing.needs(), _share(packing), fits)
    return min(int(fits.sum()), int(np.floor(prices.bound + 1e-6)))


def _share(packing: Packing) -> Floats:
    """Return each need as a share of its room; needs of empty rooms do not matter, their orders never fit."""
    return packing.units / np.maximum(packing.room[packing.place], 1)


def _fits_alone(packing: Packing) -> Flags:
    too_much = packing.units > packing.room[packing.place]
    fits: Flags = np.bincount(packing.order, too_much, len(packing.worth)) == 0
    return fits


def _ascend(packing: Packing, needs: Sequence[Needs], share: Floats, fits: Flags) -> tuple[Flags, Prices]:
    """Return the best greedy plan met on the way, and the best prices."""
    worth = np.where(fits, packing.worth, 0.0)
    of_room = np.zeros(len(packing.room))
    prices = Prices(of_room, float("inf"))
    best, best_worth, pace, stale = np.zeros(len(worth), dtype=bool), 0.0, 1.0, 0
    for step in range(STEPS):
        cost = np.bincount(packing.order, of_room[packing.place] * share, len(worth))
        profit = worth - cost
        value = float(of_room.sum() + profit[profit > 0].sum())
        stale += 1
        if value < prices.bound - 1e-9:
            prices, stale = Prices(of_room.copy(), value), 0
        if step % GREEDY_EVERY == GREEDY_EVERY - 1:
            plan = _greedy(packing, needs, np.where(fits, cost / packing.worth, np.inf))
            total = float(worth[plan].sum())
            if total > best_worth:
                best, best_worth = plan, total
        if stale >= 20:  # no better bound for a while: shorter steps
            pace, stale, of_room = pace / 2, 0, prices.of_room.copy()
            continue
        slope = 1.0 - np.bincount(packing.place, share * (profit > 0)[packing.order], len(of_room))
        slope[(of_room <= 0) & (slope > 0)] = 0.0
        steep = float(slope @ slope)
        if steep < 1e-18:
            break
        of_room = np.maximum(0.0, of_room - slope * (pace * max(value - best_worth, 1e-6) / steep))
    if not best.any():
        best = _greedy(packing, needs, np.where(fits, cost / packing.worth, np.inf))
    return best, prices


def _greedy(packing: Packing, needs: Sequence[Needs], rank: Floats) -> Flags:
    """Take the orders in this rank's order while they fit; the earlier wins a tie, an infinite rank never fits."""
    room = packing.room.tolist()
    chosen = np.zeros(len(rank), dtype=bool)
    for row in np.argsort(rank, kind="stable")[: np.isfinite(rank).sum()].tolist():
        for place, units in needs[row]:
            if units > room[place]:
                break
        else:
            chosen[row] = True
            for place, units in needs[row]:
                room[place] -= units
    return chosen
