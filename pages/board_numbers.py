"""The numbers above the board. They are counted from the waiting orders themselves: nothing is kept beside the rows."""

import threading
import time
from dataclasses import dataclass
from datetime import datetime

from core.ports import Unit
from pages.order_view import waiting_units, waiting_value

A_PAGE = 250
# A count may be as old as this many times the time that it took: small shops see it fresh, large ones stay quick.
PATIENCE = 20


@dataclass(frozen=True, slots=True, kw_only=True)
class Numbers:
    """What waits in a shop: `value` in minor units by currency, `since` the oldest waiting order's date."""

    orders: int
    units: int
    value: dict[str, int]
    since: datetime | None


_counted: dict[str, tuple[float, Numbers]] = {}
_lock = threading.Lock()


def numbers_of(unit: Unit, shop: str) -> Numbers:
    """Return the shop's numbers, counted now or a short while ago."""
    with _lock:
        good_until, known = _counted.get(shop, (0.0, None))
    started = time.monotonic()
    if known is not None and started < good_until:
        return known
    counted = count(unit, shop)
    took = time.monotonic() - started
    with _lock:
        _counted[shop] = (time.monotonic() + took * PATIENCE, counted)
    return counted


def count(unit: Unit, shop: str) -> Numbers:
    """Return the shop's numbers as of this transaction."""
    orders = units = 0
    value: dict[str, int] = {}
    since: datetime | None = None
    cursor: str | None = None
    while True:
        page = unit.orders.page(shop, state="backordered", cursor=cursor, limit=A_PAGE)
        for record in page.items:
            orders += 1
            units += waiting_units(record)
            currency = record.snapshot.currency
            value[currency] = value.get(currency, 0) + waiting_value(record)
            since = min(since, record.snapshot.placed_at) if since else record.snapshot.placed_at
        if page.next is None:
            return Numbers(orders=orders, units=units, value=value, since=since)
        cursor = page.next
