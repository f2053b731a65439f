"""Units kept for one class: filled pool by pool in the order listed, open to all from `until` on."""

from bisect import insort

from core.engine.ledger import NEVER, NOW, Fence, Ledger, Lot, Queue
from core.facts import RingFence


def put_up(ledger: Ledger, fences: tuple[RingFence, ...]) -> None:
    """Move the fenced units of every pool behind their fences, as far as there are units after commitments.

    What the class's present orders cannot use joins the pool as supply of the day on which the fence ends.
    """
    by_sku: dict[str, list[Queue]] = {}
    for queue in ledger.queues.values():
        by_sku.setdefault(queue.sku, []).append(queue)
    for fence in fences:
        if fence.until is not None and fence.until <= ledger.today:
            continue
        for queue in by_sku.get(fence.sku, ()):
            until = NEVER if fence.until is None else ledger.moment_of(fence.until)
            queue.fences.append(Fence(fence.order_class, until, _cut(queue, fence.units)))
    for queue in ledger.queues.values():
        if queue.fences:
            _open_what_is_left(queue)


def _cut(queue: Queue, units: int) -> list[Lot]:
    """Cut up to `units` off the shelf's lots, the nearest location first."""
    behind = []
    for lot in queue.lots:
        got = min(lot.left, units) if lot.at == NOW else 0
        if got:
            lot.left -= got
            units -= got
            behind.append(Lot(lot.supply, lot.location, NOW, got, is_stock=True))
    return behind


def _open_what_is_left(queue: Queue) -> None:
    """Lay what a class cannot use of a fence that ends beside the other supply of that day.

    A class takes from its fences first, so what it uses of them is known before anybody is served.
    """
    wanted: dict[str, int] = {}
    for claim in queue.claims:
        order_class = claim.line.order.order.order_class
        wanted[order_class] = wanted.get(order_class, 0) + claim.wants
    for fence in queue.fences:
        for lot in fence.lots:
            used = min(lot.left, wanted.get(fence.order_class, 0))
            if used:
                wanted[fence.order_class] -= used
            if fence.until < NEVER and lot.left > used:
                opened = Lot(lot.supply, lot.location, fence.until, lot.left - used, is_stock=True)
                lot.left = used
                insort(queue.lots, opened, key=_when)


def _when(lot: Lot) -> tuple[int, bool]:
    return lot.at, not lot.is_stock
