"""What is asked for: every order line as claims on the queues of its item or, for a kit, of each of its parts."""

from collections.abc import Mapping
from datetime import date

from core.engine.ledger import NOW, Claim, Ledger, LineEntry, OrderEntry, take_each
from core.engine.order_of_service import NOT_SERVED, in_order_of_service, in_turn
from core.engine.supply import open_queue
from core.facts import Component, Facts, Item


def enter_orders(ledger: Ledger, facts: Facts) -> None:
    """Enter all orders in the order of service, each line with its claims in their queues."""
    items = {item.sku: item for item in facts.items}
    pools = {place.id: place.pool for place in facts.locations}
    for group, order in in_order_of_service(facts):
        served = order.order_class not in NOT_SERVED
        entry = OrderEntry(order, pools[order.location], group, served)
        ledger.orders.append(entry)
        for line in in_turn(order.lines):
            item = items.get(line.sku)
            made = LineEntry(entry, line, item, 0 if order.cancelled else line.open)
            entry.lines.append(made)
            if not made.open:
                continue
            if item is None:
                made.claims = (_claim(ledger, made, line.sku, 1),)
            else:
                made.claims = tuple(_claim(ledger, made, part.sku, part.units) for part in _parts(item, items))
                made.preorder = _preorder(ledger, item, items)


def serve_commitments(ledger: Ledger) -> None:
    """Give the units in picking their stock before anybody else: first in the order of service, first found."""
    for queue in ledger.queues.values():
        for claim in queue.claims:
            line = claim.line
            if line.line.committed:
                committed = min(line.line.committed, line.open) * claim.per
                found = take_each((lot for lot in queue.lots if lot.at == NOW), committed, claim.picked)
                if line.order.served:
                    claim.wants -= found
        queue.shelf = sum(lot.left for lot in queue.lots if lot.at == NOW)


def _parts(item: Item, items: Mapping[str, Item]) -> tuple[Component, ...]:
    """Return the tracked items that a line of this one draws on, with the units for one of it."""
    if item.components:
        return tuple(part for part in item.components if part.sku not in items or items[part.sku].tracked)
    return (Component(sku=item.sku, units=1),) if item.tracked else ()


def _claim(ledger: Ledger, line: LineEntry, sku: str, per: int) -> Claim:
    queue = open_queue(ledger, sku, line.order.pool)
    units = line.open * per
    claim = Claim(line, queue, per, units, units if line.order.served else 0)
    queue.claims.append(claim)
    return claim


def _preorder(ledger: Ledger, item: Item, items: Mapping[str, Item]) -> int:
    """Return the moment of the latest `preorder_until` of the item and its parts; NOW when it has passed."""
    if item.preorder_until is None and not item.components:
        return NOW
    until = [item.preorder_until, *(items[part.sku].preorder_until for part in item.components if part.sku in items)]
    return max(_leaves_from(ledger, day) for day in until)


def _leaves_from(ledger: Ledger, day: date | None) -> int:
    return NOW if day is None or day <= ledger.today else ledger.moment_of(day)
