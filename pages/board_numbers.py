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


class Counter:
    """Counts for all threads of a process, and remembers for a short while what it counted."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._counted: dict[str, tuple[float, Numbers]] = {}

    def numbers_of(self, unit: Unit, shop: str) -> Numbers:
        """Return the shop's numbers, counted now or a short while ago."""
        with self._lock:
            good_until, known = self._counted.get(shop, (0.0, None))
        started = time.monotonic()
        if known is not None and started < good_until:
            return known
        counted = count(unit, shop)
        ended = time.monotonic()
        with self._lock:
            self._counted[shop] = (ended + (ended - started) * PATIENCE, counted)
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
