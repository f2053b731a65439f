"""Orders to the same door: what is left of one may travel in the parcel of a newer one."""

import hashlib
from collections.abc import Iterable
from datetime import date

from core.dates.working_calendar import later
from core.records import OrderRecord

TOGETHER_WITHIN_DAYS = 7
"""How long what has come in may lie on the shelf until the newer order's parcel leaves."""


def door(street: str | None, *more: str | None) -> str | None:
    """Return a digest of an address that two spellings by case and blanks share; None where there is no street."""
    words = [" ".join((part or "").casefold().split()) for part in (street, *more)]
    return hashlib.sha256("\n".join(words).encode()).hexdigest()[:32] if words[0] else None


def companion(record: OrderRecord, bound_alike: Iterable[OrderRecord], until: date | None) -> str | None:
    """Return the newer order, the soonest of several, whose last parcel leaves once the rest of this one is there."""
    where = record.snapshot.customer.address
    if where is None or until is None:
        return None
    found = [
        (other.plan.completes_on, other.snapshot.placed_at, other.id, other.snapshot.name)
        for other in bound_alike
        if _is_newer(other, record) and other.snapshot.customer.address == where
        if other.plan and other.plan.backordered and other.plan.completes_on
        if until <= other.plan.completes_on <= later(until, TOGETHER_WITHIN_DAYS)
    ]
    return min(found)[3] if found else None


def _is_newer(other: OrderRecord, record: OrderRecord) -> bool:
    if other.snapshot.status != "open" or other.snapshot.hold or other.manual.get("hold"):
        return False
    return (other.snapshot.placed_at, other.id) > (record.snapshot.placed_at, record.id)
