"""First come, first served: each claim at its turn takes the earliest supply that is left."""

from collections.abc import Iterable

from core.engine.ledger import NOW, Claim, Ledger, Lot, Queue, take, take_each
from core.engine.promises import give_back


def serve_in_turn(queue: Queue) -> None:
    """Give every claim of the queue, in the order of service, the earliest units that are left for it.

    Covers both the whole allocation (prefix policies) and the dates of what is short once the shelf is shared out.
    """
    lots = queue.lots
    first = 0
    for claim in queue.claims:
        if claim.line.order.set_aside and give_back(claim.line.order, queue):
            first = 0
        wants = claim.wants
        if not wants:
            continue
        if queue.fences:
            wants -= take_each(queue.fenced_lots(claim.line.order.order.order_class), wants, claim.taken)
        while wants and first < len(lots):
            wants -= take(lots[first], wants, claim.taken)
            if wants:
                first += 1
        claim.wants = wants


def take_from_shelf(claim: Claim, units: int) -> int:
    """Give the claim up to `units` that lie on the shelf, its class's fence first; return how many it got."""
    queue = claim.queue
    got = 0
    if queue.fences:
        got = take_each(queue.fenced_lots(claim.line.order.order.order_class), units, claim.taken)
    got += take_each(on_shelf(queue), units - got, claim.taken)
    claim.wants -= got
    return got


def on_shelf(queue: Queue) -> Iterable[Lot]:
    """Return the lots that lie on the shelf and are open to all."""
    return (lot for lot in queue.lots if lot.at == NOW and lot.left)


def give_promised_shelf(ledger: Ledger, queues: Iterable[Queue]) -> None:
    """Give each promised order as many units of the shelf of these queues as were set aside there, the nearest first.

    For policies that share the shelf out before the queue is served: nothing later keeps the date. Dated units stay
    set aside.
    """
    shared = set(queues)
    for entry in ledger.orders:
        for queue, kept in entry.set_aside.items():
            if queue not in shared:
                continue
            shelf = [(lot, units) for lot, units in kept if lot.at == NOW]
            entry.set_aside[queue] = [(lot, units) for lot, units in kept if lot.at != NOW]
            for lot, units in shelf:
                lot.left += units
            promised = sum(units for _, units in shelf)
            for claim in (claim for line in entry.lines for claim in line.claims if claim.queue is queue):
                promised -= take_from_shelf(claim, min(claim.wants, promised))
