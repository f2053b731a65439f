"""What a shop's open orders add up to. Counted from the orders themselves: nothing is kept beside the rows."""

import threading
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime

from flask import current_app

from core.ports import Unit
from core.records import OrderRecord
from pages.order_view import waiting_units, waiting_value

A_PAGE = 250
# A count may be as old as this many times the time that it took: a small shop sees it fresh, a large one stays quick.
PATIENCE = 200


@dataclass(slots=True, kw_only=True)
class Counts:
    """What waits in a shop, in units: `value` in minor units by currency, `since` when the oldest was placed.

    `demand` and `short` by SKU; `reserved` by the platform's id of the item.
    """

    orders: int = 0
    units: int = 0
    value: Counter[str] = field(default_factory=Counter)
    since: datetime | None = None
    demand: Counter[str] = field(default_factory=Counter)
    short: Counter[str] = field(default_factory=Counter)
    reserved: Counter[str] = field(default_factory=Counter)

    def add(self, record: OrderRecord) -> None:
        """Count one open order in; the oldest comes first."""
        for line in record.snapshot.lines:
            if line.item and line.reserved:
                self.reserved[line.item] += line.reserved
        for plan in record.plan.lines if record.plan else ():
            self.demand[plan.sku] += plan.open
            self.short[plan.sku] += plan.backordered
        if waiting_units(record):
            self.orders += 1
            self.units += waiting_units(record)
            self.value[record.snapshot.currency] += waiting_value(record)
            self.since = self.since or record.snapshot.placed_at


class Counting:
    """Counts for all threads of a process, and remembers for a short while what it counted."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._known: dict[str, tuple[float, Counts]] = {}

    def counts_of(self, unit: Unit, shop: str) -> Counts:
        """Return the shop's counts, made now or a short while ago. Not to be changed."""
        with self._lock:
            good_until, known = self._known.get(shop, (0.0, None))
        started = time.monotonic()
        if known is not None and started < good_until:
            return known
        counted = count(unit, shop)
        ended = time.monotonic()
        with self._lock:
            self._known[shop] = (ended + (ended - started) * PATIENCE, counted)
        return counted


def counts_of(unit: Unit, shop: str) -> Counts:
    """Return the shop's counts from this app's memory."""
    counting: Counting = current_app.extensions.setdefault("backorder_counting", Counting())
    return counting.counts_of(unit, shop)


def count(unit: Unit, shop: str) -> Counts:
    """Return the shop's counts as of this transaction."""
    counts = Counts()
    for record in _open_orders(unit, shop):
        counts.add(record)
    return counts


def _open_orders(unit: Unit, shop: str) -> Iterator[OrderRecord]:
    cursor: str | None = None
    while True:
        page = unit.orders.page(shop, state="open", cursor=cursor, limit=A_PAGE)
        yield from page.items
        cursor = page.next
        if cursor is None:
            return
