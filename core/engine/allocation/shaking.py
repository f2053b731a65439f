"""A last search for small plans that may still be an order short: waiting orders are forced in, one at a time.

What they push out comes back where it fits, or others come that have not moved for longer (a tabu search: what has just
moved rests, so that it does not turn in a circle). No randomness: same input, same answer.
"""

from collections.abc import Sequence

from core.engine.allocation.bench import TINY, Bench

# In turns, found by trying: when it starts again from the best plan, how long an order rests after it moved, and how
# often the order that waits longest is forced in whatever that costs.
PATIENCE = 200
REST = 8
STRAY = 25


class _Shaking:
    """A plan being shaken. `moved` is the turn in which each order last went in or out."""

    def __init__(self, bench: Bench, rows: Sequence[int]) -> None:
        self.bench = bench
        self.rows = rows
        self.moved = [0] * len(bench.worth)
        self.turn = 0
        self.units = [dict(needs) for needs in bench.needs]
        self.wanting: dict[int, list[int]] = {}
        for row in rows:
            for place in self.units[row]:
                self.wanting.setdefault(place, []).append(row)

    def take(self) -> None:
        """Force in a waiting order, and let come what then fits. One waits always: else there were no doubt."""
        bench = self.bench
        waiting = [row for row in self.rows if not bench.chosen[row]]
        self.turn += 1
        forced = self._next(waiting)
        self._move(forced, chosen=True)
        pushed_out = [row for place in self.units[forced] for row in self._push_out(place, forced)]
        freed = dict.fromkeys(place for row in pushed_out for place in self.units[row])
        rivals = dict.fromkeys(row for place in freed for row in self.wanting[place] if not bench.chosen[row])
        for row in sorted(rivals, key=self.moved.__getitem__):
            if self.moved[row] < self.turn and bench.fits(row):
                self._move(row, chosen=True)
        for row in pushed_out:
            if bench.fits(row):
                self._move(row, chosen=True)

    def _next(self, waiting: list[int]) -> int:
        """Return the order that the fewest places keep out, the longest unmoved of several."""
        oldest = min(waiting, key=self.moved.__getitem__)
        if self.turn % STRAY == 0:
            return oldest
        rested = [row for row in waiting if self.moved[row] + REST <= self.turn] or [oldest]
        self.bench.trials -= len(rested)
        return min(rested, key=lambda row: (self._cost(row), self.moved[row]))

    def _cost(self, row: int) -> float:
        room = self.bench.room
        return sum(units > room[place] for place, units in self.bench.needs[row]) / self.bench.worth[row]

    def _push_out(self, place: int, forced: int) -> list[int]:
        """Put orders out until the place holds no more than it has: those that are worth least for what they free."""
        bench, out = self.bench, []
        while bench.room[place] < 0:
            lack = -bench.room[place]
            there = [row for row in self.wanting[place] if bench.chosen[row] and row != forced]
            bench.trials -= len(there)
            least = min(there, key=lambda row: (bench.worth[row] / min(self.units[row][place], lack), self.moved[row]))
            self._move(least, chosen=False)
            out.append(least)
        return out

    def _move(self, row: int, *, chosen: bool) -> None:
        self.bench.put(row, chosen=chosen)
        self.moved[row] = self.turn

    def go_back(self, chosen: Sequence[bool]) -> None:
        """Return to an earlier plan; who moved last is remembered."""
        for wanted in (False, True):
            for row in self.rows:
                if chosen[row] is wanted is not self.bench.chosen[row]:
                    self.bench.put(row, chosen=wanted)


def shake(bench: Bench, rows: Sequence[int]) -> list[bool]:
    """Return a plan worth at least as much; `rows` are the orders that could fit, cheapest first."""
    shaking = _Shaking(bench, rows)
    best, since = list(bench.chosen), 0
    best_worth = bench.total()
    while bench.trials > 0:
        shaking.take()
        worth = bench.total()
        if worth > best_worth + TINY:
            best, best_worth, since = list(bench.chosen), worth, shaking.turn
        elif shaking.turn - since > PATIENCE:
            shaking.go_back(best)
            since = shaking.turn
    return best
