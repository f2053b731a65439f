"""What a customer was promised: the first promise stays for ever, the one that stands moves only beyond a tolerance."""

from dataclasses import replace
from datetime import date

from core.dates.hand_promises import by_hand
from core.plan import OrderPlan
from core.reasons import Reason
from core.records import OrderRecord


def with_promise(record: OrderRecord, tolerance_days: int) -> OrderRecord:
    """Return the record with its promises after its plan; an order with nothing backordered keeps what it had.

    A day that a person set stays.
    A wait that has lost its date has no promise that stands: the next date, be it the same, is a new one.
    """
    plan = record.plan
    if plan is None or not plan.backordered:
        return record
    first = record.first_promise_on or plan.completes_on
    moves = by_hand(record) is None and moved(record.promised_on, plan.completes_on, tolerance_days)
    current = plan.completes_on if moves else record.promised_on
    published = record.published_at
    if publishes(plan) and current is not None:
        published = published or record.planned_at
    told = record.expected.ships if record.expected and first and not record.first_promise_on else record.first_range
    known = (record.first_promise_on, record.first_range, record.promised_on, record.published_at)
    if known == (first, told, current, published):
        return record
    return replace(record, first_promise_on=first, first_range=told, promised_on=current, published_at=published)


def publishes(plan: OrderPlan) -> bool:
    """Return whether the order is taken with a date, which is kept from now on, be its customer told already or not."""
    return Reason.LARGE_ORDER_SCHEDULED in plan.reasons


def moved(told: date | None, now: date | None, tolerance_days: int) -> bool:
    """Return whether a date differs from the one told by more than the tolerance, earlier or later, or in being one."""
    if told is None or now is None:
        return told != now
    return abs((now - told).days) > tolerance_days
