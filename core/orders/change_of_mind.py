"""The time in which a customer may take a cancellation back, and what becomes of it when that time is over.

From then on it stands: the shop is told, and the clocks of the delay laws hear of it, as of the moment it was said.
"""

from dataclasses import replace
from datetime import datetime

from core.delay_laws import law_watch
from core.delay_laws.cases import Evidence, last_message
from core.orders import giving_up
from core.ports.books import Unit
from core.records import OrderRecord, Shop
from core.records.endings import Ending
from core.sentences import sentence


def settled(unit: Unit, shop: Shop, record: OrderRecord, as_of: datetime) -> OrderRecord:
    """Return the order, and store it, with what its customer gave up made final once they cannot take it back."""
    ending = record.ending
    if ending is None or ending.until is None or as_of < ending.until:
        return record
    final = decided(unit, shop, replace(record, ending=replace(ending, until=None)))
    unit.orders.put(final)
    return final


def decided(unit: Unit, shop: Shop, record: OrderRecord) -> OrderRecord:
    """Return the order after the clocks heard what its customer gave up for good.

    What ends the whole order ends the clocks with it, and the order counts as cancelled. Where the merchant lets nobody
    but a person cancel, or picking has begun, it is then only held for that person.
    """
    ending = record.ending
    if ending is None or ending.done or ending.swap:
        # Of a swap no money is due, and the clocks run on for what has not shipped yet.
        return record
    cases = unit.laws.of_orders(shop.id, [record.id]).get(record.id, ())
    proof = Evidence(
        what=_said(record, ending), at=ending.at, address=record.snapshot.customer.email,
        message_id=last_message(cases),
    )  # fmt: skip
    if not ending.whole:
        law_watch.part_cancelled(unit, shop, record.id, proof, ending.at)
        return record
    if not law_watch.answered(unit, shop, record.id, "cancel", proof, ending.at):
        return record
    held = giving_up.held_by_law(record)
    picked = any(line.committed for line in record.snapshot.lines)
    allowed = shop.policy.cancelling.by_customer or ending.by == giving_up.WITHDRAWN
    carried_out = allowed and shop.policy.mode == "act" and not picked
    return held if carried_out else replace(held, ending=None)


def _said(record: OrderRecord, ending: Ending) -> str:
    if ending.by == giving_up.WITHDRAWN:
        return sentence("the customer withdrew from the contract, on the order's page")
    if ending.whole:
        return sentence("the customer cancelled, on the order's page")
    titles = {line.id: line.title for line in record.snapshot.lines}
    named = ", ".join(f"{count} of {titles.get(line, line)[:60]}" for line, count in ending.units.items())
    return sentence("the customer cancelled a part, on the order's page: %(named)s", named=named)
