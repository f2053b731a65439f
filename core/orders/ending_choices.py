"""Ending an order, or what of it waits: on a person's word, the customer's or the policy's. The shop is told next."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime

from core.errors import NotAllowed
from core.large.large_orders import excess_of
from core.orders import giving_up
from core.ports.books import Unit
from core.records import ActionRecord, OrderRecord, Shop
from core.records.endings import Ending
from core.sentences import sentence

CHOICES = ("cancel", "cancel_waiting", "keep")
OBSERVED = sentence(
    "this shop is only observed, and nothing is written to it: cancel in the shop, or let Backorder act first"
)


def apply(
    unit: Unit, shop: Shop, record: OrderRecord, do: str, lines: Sequence[str], *, as_of: datetime
) -> OrderRecord:
    """Return the record after the choice, `lines` (none: all) narrowing it. Raises NotAllowed."""
    if do == "keep":
        return _kept(unit, record)
    if shop.policy.mode != "act":
        raise NotAllowed(OBSERVED)
    units = _of(giving_up.waiting(record) if do == "cancel_waiting" else giving_up.everything(record), lines)
    if not units:
        raise NotAllowed(
            sentence("nothing of it waits for stock") if do == "cancel_waiting" else sentence("nothing of it is open")
        )
    picked = sum(line.committed for line in record.snapshot.lines if line.id in units)
    if do == "cancel" and picked:
        raise NotAllowed(
            sentence("picking has begun on %(picked)s of its units: stop that in the shop first", picked=picked)
        )
    if giving_up.is_open(record):
        raise NotAllowed(sentence("a cancellation is under way already: see below what became of it"))
    return giving_up.ended(record, units, by="person", at=as_of)


def may_cancel(shop: Shop, record: OrderRecord) -> bool:
    """Return whether a person can end the order from here now."""
    free = not any(line.committed for line in record.snapshot.lines)
    return shop.policy.mode == "act" and free and not giving_up.is_open(record) and bool(giving_up.everything(record))


def customer_may(shop: Shop, record: OrderRecord) -> bool:
    """Return whether the customer can end what waits."""
    allowed = shop.policy.mode == "act" and shop.policy.cancelling.by_customer
    return (
        allowed
        and record.snapshot.status == "open"
        and not giving_up.is_open(record)
        and bool(giving_up.waiting(record))
    )


def settled(shop: Shop, record: OrderRecord, *, as_of: datetime) -> OrderRecord:
    """Return the record after its customer chose less than was ordered: where the shop allows it, the rest ends now.

    Where a substitute takes the place of what is given up, a person swaps them in the shop.
    """
    option = record.proposal.answered if record.proposal else None
    units = giving_up.given_up(record)
    if option is None or option.swaps or not units or not shop.policy.cancelling.by_customer:
        return record
    return giving_up.ended(record, units, by="customer", at=as_of) if shop.policy.mode == "act" else record


def declined(shop: Shop, record: OrderRecord, *, as_of: datetime) -> OrderRecord:
    """Return the declined order, ended for good where the policy says so and picking has not begun."""
    if not shop.policy.cancelling.declined or not may_cancel(shop, record):
        return record
    return giving_up.ended(record, giving_up.everything(record), by="person", at=as_of)


def declined_by_policy(shop: Shop, record: OrderRecord, *, as_of: datetime) -> OrderRecord:
    """Return a very large order ended for good, where the policy declines those and cancels what is declined.

    Only one of which nothing has left and about which nobody has said anything yet.
    """
    policy, untouched = shop.policy, not any(line.shipped for line in record.snapshot.lines)
    wanted = policy.cancelling.declined and policy.large_order.answer == "decline" and untouched
    unsaid = "answer" not in record.manual and record.ending is None and record.proposal is None
    if not (wanted and unsaid and record.snapshot.status == "open" and may_cancel(shop, record)):
        return record
    if not excess_of(record, shop):
        return record
    return giving_up.ended(record, giving_up.everything(record), by="policy", at=as_of)


def by_law(shop: Shop, record: OrderRecord, *, as_of: datetime) -> OrderRecord:
    """Return an order that counts as cancelled, ended where the policy says so and picking has not begun."""
    if not shop.policy.cancelling.by_law or not may_cancel(shop, record):
        return record
    return giving_up.ended(record, giving_up.everything(record), by="law", at=as_of)


def _kept(unit: Unit, record: OrderRecord) -> OrderRecord:
    ending = record.ending
    if ending is None or not giving_up.is_open(record):
        raise NotAllowed(sentence("nothing of it is being cancelled"))
    if giving_up.counts_as_cancelled(record):
        raise NotAllowed(sentence("the order counts as cancelled under a delay law: it is not kept any more"))
    if _may_be_known(unit.outbox.of_order(record.shop, record.id), ending):
        raise NotAllowed(sentence("the shop has been told already: look again in a moment"))
    refused = record.manual.get("answer") == "decline" or ending.by == "policy"
    return replace(record, ending=None, manual=record.manual | ({"answer": "accept"} if refused else {}))


def _may_be_known(rows: Sequence[ActionRecord], ending: Ending) -> bool:
    """Return whether the shop may know of the decision: it was told, or asked without an answer yet."""
    told = [row for row in rows if row.key.endswith(f":{ending.key}")]
    return bool(told) and (told[-1].state == "done" or (told[-1].state == "pending" and told[-1].attempts > 0))


def _of(units: Mapping[str, int], lines: Sequence[str]) -> dict[str, int]:
    return {line: count for line, count in units.items() if not lines or line in lines}
