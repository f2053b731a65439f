"""What there is: stock and incoming units as lots, sorted so that the earliest and nearest come first."""

from collections.abc import Iterable, Mapping

from core.engine.ledger import NEVER, NOW, Ledger, Lot, Queue
from core.facts import Facts, Incoming, Location
from core.plan import ON_HAND

Keyed = list[tuple[tuple[int, int, int, str, str], Lot]]


def fill_lots(ledger: Ledger, facts: Facts) -> None:
    """Give each queue its lots; queues for items that only have stock or incoming units are opened.

    A kit's own stock is ignored. A pool never has less than 0 on hand, and its incoming units are not reduced by
    a negative row.
    """
    places = {place.id: place for place in facts.locations}
    kits = {item.sku for item in facts.items if item.components}
    found: dict[tuple[str, str], Keyed] = {}
    shelf: dict[tuple[str, str], int] = {}
    for row in facts.stock:
        key = (row.sku, places[row.location].pool)
        found.setdefault(key, [])
        if row.sku in kits:
            continue
        shelf[key] = shelf.get(key, 0) + row.on_hand
        if row.on_hand > 0:
            place = places[row.location]
            lot = Lot(ON_HAND, place.id, NOW, row.on_hand, is_stock=True)
            found[key].append(((NOW, 0, place.rank, place.id, ""), lot))
    for supply in facts.incoming:
        lots = found.setdefault((supply.sku, places[supply.location].pool), [])
        if supply.remaining:
            lots.append(_incoming(ledger, supply, places))
    for key, keyed in found.items():
        keyed.sort(key=lambda entry: entry[0])
        queue = open_queue(ledger, *key)
        queue.lots = [lot for _, lot in keyed]
        _keep_to(queue.lots, max(0, shelf.get(key, 0)))


def open_queue(ledger: Ledger, sku: str, pool: str) -> Queue:
    """Return the queue of the item in the pool, opened when it is new."""
    queue = ledger.queues.get((sku, pool))
    if queue is None:
        queue = ledger.queues[sku, pool] = Queue(sku, pool)
    return queue


def _incoming(
    ledger: Ledger, supply: Incoming, places: Mapping[str, Location]
) -> tuple[tuple[int, int, int, str, str], Lot]:
    place = places[supply.location]
    at = NEVER if is_overdue(ledger, supply) else ledger.moment_of(supply.latest or supply.eta)
    lot = Lot(supply.id, place.id, at, supply.remaining, is_stock=False)
    return (at, 1, place.rank, place.id, supply.id), lot


def is_overdue(ledger: Ledger, supply: Incoming) -> bool:
    """Return whether units still to come should have been here: only `eta` tells."""
    return bool(supply.remaining) and supply.eta is not None and supply.eta < ledger.today


def _keep_to(lots: Iterable[Lot], units: int) -> None:
    """Cut the shelf's lots down to what the pool has in all, from the last location on."""
    for lot in lots:
        if lot.at == NOW:
            lot.left = min(lot.left, units)
            units -= lot.left
