"""What the customer would be told, as facts without words: which kind of message, about which units and dates.

Drafted here, worded in the customer's language and sent elsewhere; a key makes each message once.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from typing import Any

from core.actions import Code
from core.dates.hand_promises import as_told, by_hand
from core.dates.published import moved
from core.plan import LinePlan, OrderPlan
from core.reasons import Reason
from core.records import OrderRecord, Shop
from core.records.expectation import Expectation
from core.snapshots import LineSnapshot

KINDS = (
    "waiting", "unexpected", "still_on_time", "date_changed", "delay_option", "renewed_option", "ready", "part_shipped",
    "choices", "offer", "cancelled", "withdrawal",
)  # fmt: skip
LAW_KINDS = frozenset({"delay_option", "renewed_option", "cancelled", "withdrawal"})
"""Messages that a law asks for: no cap holds them back, and they say nothing else than they must."""
MARKETING = frozenset({"offer"})
"""What its reader may decline; each goes in a mail of its own."""
TO_MERCHANT = "digest"
"""What is written to the merchant and about no order: it leaves as soon as it is made."""
UNTOLD = frozenset({Reason.BACKORDER_DENIED, Reason.OVERSOLD})
"""The shop sold as from stock what it did not have: the customer could not know of a wait."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """One message without words. `facts` is JSON-ready: dates as ISO text, units as whole numbers."""

    kind: str
    key: str
    facts: Mapping[str, Any] = field(default_factory=dict)


def drafts(
    plan: OrderPlan, record: OrderRecord, shop: Shop, before: OrderPlan | None, as_of: datetime
) -> Iterator[Draft]:
    """Yield the messages that this plan calls for, given the one before.

    The first time an order waits: what ships now and what waits until when; later a date that moved beyond the shop's
    tolerance, a part that left, the end of the wait; and while nothing changes, that it is still on time.
    """
    rules = shop.policy.notices
    if rules.enabled and record.snapshot.status == "open":
        yield from (made for made in _called_for(plan, record, shop, before, as_of) if made.kind not in rules.off)


def _called_for(
    plan: OrderPlan, record: OrderRecord, shop: Shop, before: OrderPlan | None, as_of: datetime
) -> Iterator[Draft]:
    if (shipped := _part_shipped(plan, record, before)) is not None:
        yield shipped
    if plan.backordered and (before is None or not before.backordered):
        kind = "unexpected" if UNTOLD & set(plan.reasons) else "waiting"
        yield draft(kind, plan, record, _again(before, as_of))
    elif not plan.backordered:
        if has_come_in(before, plan, record):
            yield draft("ready", plan, record, _again(before, as_of))
    elif _moved(plan, record, shop):
        day = plan.completes_on.isoformat() if plan.completes_on else "unknown"
        # A date may move away and back again: each move is news, so the plan's own time tells them apart.
        at = record.planned_at.isoformat() if record.planned_at else ""
        yield draft("date_changed", plan, record, f"{day}:{at}", was=iso(record.promised_on))
    elif _silent_for_long(plan, record, shop, as_of):
        yield draft("still_on_time", plan, record, as_of.date().isoformat())


def has_come_in(before: OrderPlan | None, plan: OrderPlan, record: OrderRecord) -> bool:
    """Return whether nothing waits any more because it came in: what was given up, and is being taken off, did not."""
    waited = before is not None and before.backordered > 0
    given_up = record.ending is not None and not record.ending.done
    return waited and not plan.backordered and plan.decision != "none" and not given_up


def draft(kind: str, plan: OrderPlan, record: OrderRecord, once: str = "", **facts: object) -> Draft:
    """Return a message of this kind about the order; `once` tells it from others of its kind."""
    said = as_told(replace(record, plan=plan))
    now = said.plan or plan
    told = {"lines": line_facts(now, said), "on": iso(now.completes_on), **facts}
    return Draft(kind=kind, key=f"{kind}:{record.id}:{kind}{f':{once}' if once else ''}", facts=told)


def may_tell_of_offer(shop: Shop, record: OrderRecord) -> bool:
    """Return whether a code is told by mail: on the merchant's word, and the customer's where that is asked for."""
    rules = shop.policy.notices
    return rules.enabled and rules.offers and (not rules.offers_agreed or record.snapshot.customer.agreed is True)


def offer_draft(record: OrderRecord, code: Code) -> Draft:
    """Return the message that a code was made for the wait."""
    facts = {
        "code": code.code, "offer": code.offer, "percent": code.percent, "ends": code.ends_at.date().isoformat(),
        "sum": code.worth if code.is_amount or code.is_money else None, "currency": code.currency,
    }  # fmt: skip
    return Draft(kind="offer", key=f"offer:{record.id}:{code.code}", facts=facts)


def _again(before: OrderPlan | None, as_of: datetime) -> str:
    """Return what tells a wait from an earlier one of the same order: its day; a new order's wait is the first."""
    return as_of.date().isoformat() if before else ""


def _moved(plan: OrderPlan, record: OrderRecord, shop: Shop) -> bool:
    if by_hand(record) is not None:
        return False
    return moved(record.promised_on, plan.completes_on, shop.policy.notices.tolerance_days)


def line_facts(plan: OrderPlan, record: OrderRecord) -> list[dict[str, Any]]:
    """Return the order's open lines: units that can leave now, units that wait, from when and until when."""
    seen, expected = {line.id: line for line in record.snapshot.lines}, record.expected or Expectation()
    return [_line(line, seen[line.id], expected) for line in plan.lines if line.open and line.id in seen]


def _line(line: LinePlan, seen: LineSnapshot, expected: Expectation) -> dict[str, Any]:
    ships = expected.lines.get(line.id) if line.completes_on else None
    return {
        "title": seen.title,
        "ordered": seen.ordered,
        "shipped": seen.shipped,
        "now": line.release_now,
        "kept": max(0, line.open - line.release_now - line.backordered),
        "waits": line.waits,
        "from": iso(ships.earliest if ships else line.completes_on),
        "until": iso(max(ships.latest, line.completes_on) if ships and line.completes_on else line.completes_on),
    }


def _part_shipped(plan: OrderPlan, record: OrderRecord, before: OrderPlan | None) -> Draft | None:
    """Return the message on a part that left since the plan before; None when none did, or nothing is left to come."""
    shipped = sum(line.shipped for line in record.snapshot.lines if line.ships)
    left, had = _open(plan.lines), _open(before.lines) if before else 0
    if not shipped or not left or had <= left or not record.managed:
        return None
    total = sum(line.ordered - line.cancelled - line.refunded for line in record.snapshot.lines if line.ships)
    return draft("part_shipped", plan, record, str(shipped), sent=shipped, total=max(total, shipped))


def _silent_for_long(plan: OrderPlan, record: OrderRecord, shop: Shop, as_of: datetime) -> bool:
    if record.told_at is None or plan.completes_on is None:
        return False
    if plan.completes_on > (by_hand(record) or plan.completes_on):
        return False
    return as_of - record.told_at >= timedelta(days=shop.policy.notices.heartbeat_days)


def _open(lines: Sequence[LinePlan]) -> int:
    return sum(line.open for line in lines)


def iso(day: date | None) -> str | None:
    """Return the day as ISO text."""
    return day.isoformat() if day else None
