"""Making a packing plan better: exchanges of one order for others, then a search where the prices leave doubt."""

from collections.abc import Sequence

import numpy as np

from core.engine.allocation.bench import TINY, Bench
from core.engine.allocation.packing import Flags, Floats, Needs, Packing, Prices
from core.engine.allocation.shaking import shake

# Where the bound leaves more than this share in doubt, a plan of few orders is shaken: one is much there.
DOUBT = 0.01
FEW = 500
SHAKES = 100_000


def improve(
    packing: Packing, needs: Sequence[Needs], chosen: Flags, cost: Floats, prices: Prices, *, trials: int
) -> list[bool]:
    """Return a plan worth at least as much. `cost` of an order that can never fit is infinite."""
    bench = Bench(packing, needs, chosen.tolist(), trials)
    costs = cost.tolist()
    by_cost = sorted(np.flatnonzero(np.isfinite(cost)).tolist(), key=lambda row: (costs[row] / bench.worth[row], row))
    while _exchange(bench, by_cost, trials // 2):
        pass
    _search(bench, by_cost, costs, prices)
    doubt = bench.trials <= 0 and prices.bound - bench.total() > DOUBT * prices.bound
    if doubt and len(by_cost) <= FEW:
        return shake(Bench(packing, needs, bench.chosen, SHAKES), by_cost)
    return bench.chosen


def _exchange(bench: Bench, by_cost: Sequence[int], reserve: int) -> bool:
    """Put out one order at a time, dearest first, where others that are worth more then fit; True when any did."""
    better = False
    waiting = _waiting_for(bench, by_cost)
    for row in reversed(by_cost):
        if not bench.chosen[row]:
            continue
        if bench.trials <= reserve:
            return False
        bench.put(row, chosen=False)
        rivals = dict.fromkeys(rival for place, _ in bench.needs[row] for rival in waiting.get(place, ()))
        entered = [rival for rival in rivals if not bench.chosen[rival] and _enter(bench, rival)]
        if sum(bench.worth[rival] for rival in entered) > bench.worth[row] + TINY:
            better = True
            continue
        for rival in entered:
            bench.put(rival, chosen=False)
        bench.put(row, chosen=True)
    return better


def _enter(bench: Bench, row: int) -> bool:
    if not bench.fits(row):
        return False
    bench.put(row, chosen=True)
    return True


def _waiting_for(bench: Bench, by_cost: Sequence[int]) -> dict[int, list[int]]:
    """Return by place the orders that it keeps out: nothing else lets them in. Those that fit enter at once."""
    waiting: dict[int, list[int]] = {}
    for row in by_cost:
        if not bench.chosen[row] and not _enter(bench, row):
            short = next(place for place, units in bench.needs[row] if units > bench.room[place])
            waiting.setdefault(short, []).append(row)
    return waiting


def _search(bench: Bench, by_cost: Sequence[int], costs: Sequence[float], prices: Prices) -> None:
    """Depth first, cheapest orders in first, over those orders whose price does not settle them already.

    An order whose profit or loss at these prices exceeds the gap between bound and plan is in, or out, in every
    better plan (reduced-cost fixing).
    """
    best = bench.total()
    gap = prices.bound - best
    if gap <= TINY:
        return
    known = list(bench.chosen)
    free: list[int] = []
    for row in by_cost:
        profit = bench.worth[row] - costs[row]
        if abs(profit) <= gap:
            free.append(row)
            wanted = False
        else:
            wanted = profit > 0
        if bench.chosen[row] != wanted:
            bench.put(row, chosen=wanted)
    if all(units >= 0 for units in bench.room):
        found = _depth_first(bench, free, costs, prices, best)
        if found is not None:
            bench.chosen = found
            return
    bench.chosen = known


def _depth_first(
    bench: Bench, free: Sequence[int], costs: Sequence[float], prices: Prices, best: float
) -> list[bool] | None:
    """Return the best plan found that is worth more than `best`, or None."""
    # What the orders from each depth on can bring at most, beside the value of the room that is left.
    profits = [0.0]
    for row in reversed(free):
        profits.append(profits[-1] + max(0.0, bench.worth[row] - costs[row]))
    profits.reverse()
    left = sum(
        price * room / max(whole, 1)
        for price, room, whole in zip(prices.of_room.tolist(), bench.room, _whole(bench), strict=True)
    )
    worth = bench.total()
    found: list[bool] | None = None
    depth, path = 0, [False] * len(free)
    while True:
        if bench.trials <= 0:
            return found
        if worth > best + TINY:
            best, found = worth, list(bench.chosen)
        if depth < len(free) and worth + left + profits[depth] > best + TINY:
            row = free[depth]
            path[depth] = bench.fits(row)
            if path[depth]:
                bench.put(row, chosen=True)
                worth, left = worth + bench.worth[row], left - costs[row]
            depth += 1
            continue
        while depth and not path[depth - 1]:
            depth -= 1
        if not depth:
            return found
        row = free[depth - 1]
        path[depth - 1] = False
        bench.put(row, chosen=False)
        worth, left = worth - bench.worth[row], left + costs[row]


def _whole(bench: Bench) -> list[int]:
    """Return every room's size: what is left and what chosen orders hold."""
    whole = list(bench.room)
    for needs, taken in zip(bench.needs, bench.chosen, strict=True):
        for place, units in needs if taken else ():
            whole[place] += units
    return whole
