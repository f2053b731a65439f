"""Published promises as a constraint: the latest supply that still keeps each date is set aside beforehand."""

from core.engine.ledger import NEVER, NOW, Ledger, Lot, OrderEntry, Queue, Taken, take_each


def set_aside(ledger: Ledger) -> None:
    """Set aside for each promised order, in the order of the dates, the latest supply that keeps its date.

    All or nothing: a promise that cannot be kept in full holds nothing back from others.
    """
    promised = [entry for entry in ledger.orders if entry.order.promised_on and entry.served and entry.open]
    # Sorting is stable: equal dates stay in the order of service.
    promised.sort(key=lambda entry: entry.order.promised_on or ledger.today)
    for entry in promised:
        by = ledger.moment_of(entry.order.promised_on)
        if by < NEVER and all(line.preorder <= by for line in entry.lines):
            _reserve(entry, by)


def give_back(entry: OrderEntry, queue: Queue) -> bool:
    """Put what was set aside for the order back into the queue, for its turn has come; True when there was any."""
    kept = entry.set_aside.pop(queue, None)
    for lot, units in kept or ():
        lot.left += units
    return bool(kept)


def _reserve(entry: OrderEntry, by: int) -> None:
    needs: dict[Queue, int] = {}
    for line in entry.lines:
        for claim in line.claims:
            if claim.wants:
                needs[claim.queue] = needs.get(claim.queue, 0) + claim.wants
    usable = {queue: _latest_first(entry, queue, by) for queue in needs}
    if all(sum(lot.left for lot in usable[queue]) >= units for queue, units in needs.items()):
        for queue, units in needs.items():
            kept: Taken = []
            take_each(usable[queue], units, kept)
            entry.set_aside[queue] = kept


def _latest_first(entry: OrderEntry, queue: Queue, by: int) -> list[Lot]:
    """Return the lots that the order may use and that are there in time, the class's own fence before the shelf."""
    lots = [lot for lot in reversed(queue.lots) if lot.left and lot.at <= by]
    if not queue.fences:
        return lots
    fenced = [lot for lot in reversed(queue.fenced_lots(entry.order.order_class)) if lot.left]
    dated = [lot for lot in lots if lot.at != NOW]
    return dated + fenced + lots[len(dated) :]
