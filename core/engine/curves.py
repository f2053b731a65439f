"""What can still be had for good at each moment: a queue's units over time, for everybody and behind fences.

Units behind a fence are for one class while it stands. With G(u) units open to all by moment u, F(u) behind the
fence of a class and d(u) claimed by it, what is left for others is G - (claims of others) - sum of max(0, d - F).
"""

from collections.abc import Sequence

from core.engine.ledger import NEVER, NOW, Lot, Queue, Taken


class Curve:
    """Units of one queue that nobody has claimed, moment by moment; undated and `doubtful` supply does not count."""

    def __init__(self, queue: Queue, doubtful: frozenset[tuple[str, str, str]] = frozenset()) -> None:
        self._sku, self._doubtful = queue.sku, doubtful
        fenced = {fence.order_class for fence in queue.fences}
        dated = {lot.at for lot in queue.all_lots()} | {fence.until for fence in queue.fences}
        self.moments = sorted({NOW, *dated} - {NEVER})
        self.slack = self.rising([(lot, lot.left) for lot in queue.lots])
        self.fences = {order_class: [0] * len(self.moments) for order_class in fenced}
        self.used = {order_class: [0] * len(self.moments) for order_class in fenced}
        if fenced:
            self._lay_out_fences(queue)

    def _lay_out_fences(self, queue: Queue) -> None:
        """Build fences and what their classes hold, so that what the allocation gave is claimed already."""
        taken = [
            (claim.line.order.order.order_class, lot, units) for claim in queue.claims for lot, units in claim.taken
        ]
        for fence in queue.fences:
            inside = set(map(id, fence.lots))
            units = sum(lot.left for lot in fence.lots) + sum(n for _, lot, n in taken if id(lot) in inside)
            for index, moment in enumerate(self.moments):
                if moment < fence.until:
                    self.fences[fence.order_class][index] += units
                else:
                    self.slack[index] += units
        fenced = {id(lot) for fence in queue.fences for lot in fence.lots}
        open_lots = self.rising([(lot, n) for _, lot, n in taken if id(lot) not in fenced])
        self.slack = [left + more for left, more in zip(self.slack, open_lots, strict=True)]
        for order_class, lot, units in taken:
            self.claim(order_class, self.rising([(lot, units)]))

    def lasting(self, order_class: str) -> list[int]:
        """Return how many units the class can have from each moment on and keep."""
        left = self.slack
        if order_class in self.fences:
            pairs = zip(self.slack, self.fences[order_class], self.used[order_class], strict=True)
            left = [slack + max(0, fence - used) for slack, fence, used in pairs]
        lasting = list(left)
        for index in range(len(lasting) - 2, -1, -1):
            lasting[index] = min(lasting[index], lasting[index + 1])
        return lasting

    def claim(self, order_class: str, units: Sequence[int], sign: int = 1) -> None:
        """Claim so many units at each moment (-1: let go of them)."""
        if order_class not in self.fences:
            self.slack = [left - sign * n for left, n in zip(self.slack, units, strict=True)]
            return
        used = self.used[order_class]
        for index, (fence, n) in enumerate(zip(self.fences[order_class], units, strict=True)):
            before = max(0, used[index] - fence)
            used[index] += sign * n
            self.slack[index] -= max(0, used[index] - fence) - before

    def rising(self, taken: Taken) -> list[int]:
        """Return how many of these units are there by each moment."""
        pairs = [(NEVER if self._is_doubtful(lot) else lot.at, units) for lot, units in taken]
        return [sum(units for at, units in pairs if at <= moment) for moment in self.moments]

    def _is_doubtful(self, lot: Lot) -> bool:
        return (self._sku, lot.supply, lot.location) in self._doubtful

    def step(self, moment: int, units: int) -> list[int]:
        """Return `units` from this moment on, the moment being entered where it is new."""
        if moment not in self.moments:
            index = sum(known < moment for known in self.moments)
            rows = [self.slack, *self.fences.values(), *self.used.values()]
            self.moments.insert(index, moment)
            for row in rows:
                row.insert(index, row[index - 1])
        return [units if known >= moment else 0 for known in self.moments]
