"""What a new plan, and a message that is due, tell other tools: events with payloads, in the plan file's words."""

from collections.abc import Callable, Iterator, Mapping
from datetime import datetime
from typing import Any

from core.hooks.outgoing import NOTICE_DUE, ORDER_READY, PROMISE_CHANGED, TEST, Event
from core.messages.notices import has_come_in, iso, line_facts
from core.records import OrderRecord, Shop

Link = Callable[[str, str], str]
"""Returns the address of a customer's page, by shop and order."""


def events(before: OrderRecord, after: OrderRecord, shop: Shop, link: Link, at: datetime) -> Iterator[Event]:
    """Yield what the order's new plan tells, given the one before."""
    plan = after.plan
    if plan is None or after.snapshot.status != "open":
        return
    once = at.isoformat()
    if after.promised_on != before.promised_on and (before.promised_on or plan.backordered):
        data = _order(after, shop, link) | {
            "first": iso(after.first_promise_on), "previous": iso(before.promised_on),
            "current": iso(after.promised_on), "range": _range(after),
        }  # fmt: skip
        yield Event(type=PROMISE_CHANGED, order=after.id, once=once, at=at, data=data)
    if has_come_in(before.plan, plan, after):
        yield Event(type=ORDER_READY, order=after.id, once=once, at=at, data=_order(after, shop, link))


def notice_due(
    letter: Mapping[str, Any], orders: Mapping[str, OrderRecord | None], shop: Shop, link: Link, once: str, at: datetime
) -> Event:
    """Return that a message is due, worded; `letter` holds its `to`, `language`, `subject`, `text`, `html`, `kinds`."""
    known = [record for record in orders.values() if record]
    data = {**letter, "orders": [_order(record, shop, link) for record in known]}
    return Event(type=NOTICE_DUE, order=next(iter(orders), ""), once=once, at=at, data=data)


def test(once: str, at: datetime) -> Event:
    """Return an event that only shows that events arrive."""
    return Event(type=TEST, order="", once=once, at=at, data={"message": "Backorder can reach you."})


def _order(record: OrderRecord, shop: Shop, link: Link) -> dict[str, Any]:
    seen, plan = record.snapshot, record.plan
    return {
        "shop": shop.domain, "platform_id": record.id, "name": seen.name, "placed_at": seen.placed_at.isoformat(),
        "customer": {"name": seen.customer.name, "email": seen.customer.email, "locale": seen.customer.locale},
        "decision": plan.decision if plan else None, "completes_on": iso(plan.completes_on if plan else None),
        "lines": line_facts(plan, record) if plan else [], "customer_status_url": link(shop.id, record.id),
    }  # fmt: skip


def _range(record: OrderRecord) -> dict[str, str] | None:
    ships = record.expected.ships if record.expected else None
    if ships is None:
        return None
    return {
        "earliest": ships.earliest.isoformat(), "likely": ships.likely.isoformat(), "latest": ships.latest.isoformat(),
    }  # fmt: skip
