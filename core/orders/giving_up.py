"""What an order's customer will not get: who decided it, and how the shop is told."""

import uuid
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from core.actions import Action, Cancel, Refund, Remove, Substitute
from core.capabilities import Capability, Support
from core.delay_laws.scope import laws_of
from core.messages import post_rules
from core.records import OrderRecord, Shop
from core.records.endings import Ending, Giver
from core.records.proposals import Swap, served, withdrawn
from core.sentences import sentence
from core.snapshots import LineSnapshot
from core.zones import local_day

KEYS = uuid.UUID("0d1f5b0e-9f0c-5c57-9d3a-0b8b1f1a52c4")
WORDS = {
    "person": sentence("Cancelled by the shop for lack of stock."),
    "customer": sentence("Cancelled by the customer, who did not want to wait."),
    "withdrawal": sentence("The customer has withdrawn from the contract."),
    "policy": sentence("Declined by the shop's rule for very large orders."),
    "law": sentence("Cancelled because the time that the law on late orders gives ran out; it is paid back in money."),
}
WITHDRAWN: Giver = "withdrawal"
"""What a consumer withdraws from is given back in money, and carried out whatever the shop lets customers cancel."""
ENDED_BY_LAW = "law"
"""Why such an order is held, where else a person would hold it."""


def given_up(record: OrderRecord) -> dict[str, int]:
    """Return open units per line that the customer will not get, zeros left out."""
    settled, ending = served(record.proposal), record.ending
    if ending is not None and ending.until is not None:
        ending = None
    if not settled and (ending is None or ending.done):
        return {}
    found = {}
    for line in record.snapshot.lines:
        units = max(_settled_for(line, settled), _ended(line, ending))
        if units:
            found[line.id] = units
    return found


def _settled_for(line: LineSnapshot, settled: Mapping[str, int]) -> int:
    return max(0, line.open - max(0, settled.get(line.id, line.ordered) - line.shipped))


def _ended(line: LineSnapshot, ending: Ending | None) -> int:
    if ending is None or ending.done or line.id not in ending.units:
        return 0
    beyond = line.open - max(0, ending.serve.get(line.id, 0) - line.shipped)
    return min(ending.units[line.id], max(0, beyond))


def waiting(record: OrderRecord) -> dict[str, int]:
    """Return units per line that stock does not cover and that picking has not begun on, zeros left out."""
    lines = {line.id: line for line in record.snapshot.lines}
    found = {}
    for line in record.plan.lines if record.plan else ():
        units = min(line.waits, lines[line.id].open - lines[line.id].committed)
        if units > 0:
            found[line.id] = units
    return found


def everything(record: OrderRecord) -> dict[str, int]:
    """Return units per line that have not left, those of lines that never ship included, zeros left out."""
    return {line.id: line.open for line in record.snapshot.lines if line.open}


def undecided(record: OrderRecord) -> dict[str, int]:
    """Return units per line that their customer gave up and may still take back, zeros left out."""
    return decided(record) if record.ending and record.ending.until else {}


def decided(record: OrderRecord) -> dict[str, int]:
    """Return units per line of the latest decision that are still on the order, zeros left out."""
    ending = record.ending
    return {line.id: units for line in record.snapshot.lines if ending and (units := _ended(line, ending))}


def ended(
    record: OrderRecord, units: Mapping[str, int], *, by: Giver, at: datetime, until: datetime | None = None,
    swap: Swap | None = None,
) -> OrderRecord:  # fmt: skip
    """Return the record with these open units given up. What nobody would get any more ends the whole order.

    `until`: so long it can be taken back. `swap`: what takes their place, so that nothing of the order ends.
    """
    lines = {line.id: line for line in record.snapshot.lines}
    serve = {key: lines[key].shipped + lines[key].open - count for key, count in units.items()}
    name = f"{record.shop}/{record.id}/{at.isoformat()}/{sorted(units.items())}"
    ending = Ending(
        key=str(uuid.uuid5(KEYS, name)), by=by, at=at, whole=swap is None and dict(units) == everything(record),
        units=dict(units), serve=serve, until=until, swap=swap,
    )  # fmt: skip
    if counts_as_cancelled(record):
        return replace(record, ending=ending)
    return replace(record, ending=ending, manual={key: said for key, said in record.manual.items() if key != "hold"})


def counts_as_cancelled(record: OrderRecord) -> bool:
    """Return whether a delay law ended the order: it never ships any more, and is paid back in money, not in credit."""
    return record.manual.get("hold") == ENDED_BY_LAW


def held_by_law(record: OrderRecord) -> OrderRecord:
    """Return the record as one that a delay law ended: what its customer was offered is no choice any more."""
    return replace(record, manual={**record.manual, "hold": ENDED_BY_LAW}, proposal=withdrawn(record.proposal))


def is_open(record: OrderRecord) -> bool:
    """Return whether something was given up that the shop does not know of yet."""
    return record.snapshot.status == "open" and record.ending is not None and not record.ending.done


def because(ending: Ending) -> str:
    """Return why the units are given up, in one sentence for the merchant."""
    if ending.swap:
        return sentence("Swapped by the customer for %(title)s, which is in stock.", title=ending.swap.title[:100])
    return WORDS[ending.by]


def followed(record: OrderRecord) -> OrderRecord:
    """Return the record with its decision done once nothing is left of it, whoever took the units off."""
    ending = record.ending
    if ending is None or ending.done or any(_ended(line, ending) for line in record.snapshot.lines):
        return record
    return replace(record, ending=replace(ending, done=True))


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What became of a decision: units that came off the order, and units that had left before that was done."""

    off: int
    left: int


def outcome(record: OrderRecord) -> Outcome | None:
    """Return what became of the latest decision; None where there is none, or it is not carried out yet."""
    ending = record.ending
    if ending is None or not ending.done:
        return None
    lines = {line.id: line for line in record.snapshot.lines}
    shipped = {key: lines[key].shipped - ending.serve.get(key, 0) if key in lines else 0 for key in ending.units}
    left = sum(min(units, max(0, shipped[key])) for key, units in ending.units.items())
    return Outcome(off=sum(ending.units.values()) - left, left=left)


def becomes_credit(record: OrderRecord, shop: Shop, support: Mapping[Capability, Support]) -> bool:
    """Return whether money that is given back becomes store credit: the shop wants it, and its platform can.

    Not where a chosen delay law governs the order, or ended it: under 16 CFR 435 credit is no refund, and the others
    leave it to the customer to agree to one.
    """
    by_consumer = record.ending is not None and record.ending.by == WITHDRAWN
    ordered_on = local_day(record.snapshot.placed_at, shop.timezone)
    if by_consumer or counts_as_cancelled(record) or laws_of(record, shop.policy, ordered_on):
        return False
    can = support.get(Capability.REFUND_TO_CREDIT)
    return shop.policy.cancelling.refund_to == "store_credit" and can is not None and can.level == "full"


def closing(
    record: OrderRecord, shop: Shop, support: Mapping[Capability, Support], *, mail_leaves: bool = False
) -> Action | None:
    """Return what the shop is to be told; None where nothing is left of the decision.

    Goods that were paid are refunded, those that were not are taken off. An order of which nothing has left, and
    nothing will, is cancelled: only that gives freight back as well.
    """
    ending, seen = record.ending, record.snapshot
    if ending is None or ending.done or ending.until is not None:
        return None
    units = decided(record)
    if not units:
        return None
    if ending.swap:
        return _swapped(record, ending, ending.swap, units[ending.swap.line])
    paid, note, credit = seen.hold != "payment", because(ending), becomes_credit(record, shop, support)
    notify = post_rules.shop_tells_of_end(ending.by, shop, seen.customer.email, ready=mail_leaves)
    untouched = not any(line.shipped for line in seen.lines)
    if ending.whole and untouched and units == everything(record):
        return Cancel(
            order=record.id, restock=True, refund=paid, note=note, notify_customer=notify, to_credit=credit
        )  # fmt: skip
    if paid:
        return Refund(
            order=record.id, units=units, restock=True, key=ending.key, note=note, notify_customer=notify,
            to_credit=credit,
        )  # fmt: skip
    left = {line.id: line.open - units[line.id] for line in seen.lines if line.id in units}
    return Remove(order=record.id, left=left, restock=True, note=note, notify_customer=notify)


def _swapped(record: OrderRecord, ending: Ending, swap: Swap, units: int) -> Substitute:
    """Return that the units are units of the substitute; the shop writes to the customer that the order has changed."""
    lines = record.snapshot.lines
    price = next((line.unit_price or 0 for line in lines if line.id == swap.line), 0)
    before = sum(line.ordered - line.cancelled - line.refunded for line in lines if line.item == swap.item)
    return Substitute(
        order=record.id, line=swap.line, units=units, item=swap.item, before=before, worth=units * price,
        key=ending.key, note=because(ending), notify_customer=True,
    )  # fmt: skip
