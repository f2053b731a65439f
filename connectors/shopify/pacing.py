"""One shop's call limit, seen from this process: calls wait their turn here, so that the platform has none to refuse.

The platform keeps a bucket of points for each app and shop, fills it at a steady rate, and tells after each call what
is left. Other processes drink from the same bucket: what they took shows in the next answer, and so much a second is no
longer counted on. Lists, which nobody waits for, leave a share of it to single reads and writes, in whichever process.
"""

import threading
import time
from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from math import isfinite
from typing import Any

from connectors.shopify.answers import Json
from core.errors import RateLimited
from core.sentences import sentence

STANDARD_RATE = 100.0
STANDARD_BUCKET = 2000.0
LONGEST_WAIT = 8.0
LONGEST_WAIT_OF_LISTS = 30.0
LISTS = frozenset({"orders_changed", "variants", "transfers", "past_orders"})
LEFT_BY_LISTS = 0.25
LEFT_BY_ALL = 0.02
SHORTEST_LOOK = 0.5
LONGEST_FILLING = 120.0
"""Seconds in which an empty bucket fills: Shopify's take twenty. Longer ones were garbled, and would end all calls."""
monotonic, sleep = time.monotonic, time.sleep
Sizes = tuple[tuple[str, int], ...]


def sizes_of(variables: Json) -> Sizes:
    """Return the whole numbers among the variables: page sizes, which decide what a document costs."""
    return tuple(sorted((name, value) for name, value in variables.items() if type(value) is int))


class Budget:
    """The points of one shop. Safe to use from several threads: whoever comes first is sent first."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._rate, self._bucket = STANDARD_RATE, STANDARD_BUCKET
        self._left = self._bucket
        self._at = monotonic()
        self._under_way = 0.0
        self._others = 0.0
        self._told: tuple[float, float, float] | None = None
        self._learned: dict[tuple[str, Sizes], float] = {}

    @contextmanager
    def spent(self, name: str, variables: Json) -> Iterator["Bill"]:
        """Wait until the call can be paid and hold its points while the block runs.

        Raises RateLimited where that takes too long: nothing was sent. The block's answer goes to `Bill.told`.
        """
        bill = Bill(name, sizes_of(variables))
        points = self._take(bill)
        try:
            yield bill
        finally:
            self._settle(bill, points)

    def _take(self, bill: "Bill") -> float:
        # Not before the first call: who serves pages, or other platforms' shops alone, parses no document.
        from connectors.shopify.costs import estimate  # noqa: PLC0415

        with self._lock:
            self._refill()
            points = min(self._bucket, self._learned.get((bill.name, bill.sizes), estimate(bill.name, bill.sizes)))
            kept = self._bucket * (LEFT_BY_LISTS if bill.name in LISTS else LEFT_BY_ALL)
            # A call that is larger than what lists may take goes once the bucket is full.
            missing = min(points + kept, self._bucket) - self._left
            wait = max(0.0, missing / (self._rate - self._others))
            if wait > (LONGEST_WAIT_OF_LISTS if bill.name in LISTS else LONGEST_WAIT):
                raise RateLimited(sentence("this shop's call limit is used up"), retry_after=wait)
            self._left -= points
            self._under_way += points
        if wait:
            sleep(wait)
        return points

    def _settle(self, bill: "Bill", points: float) -> None:
        with self._lock:
            self._refill()
            self._under_way = max(0.0, self._under_way - points)
            if bill.bucket is None:
                # Whether it was paid is not known; a shop that tells of no limit has none.
                self._left = min(self._bucket, self._left + (0.0 if bill.lost else points))
                return
            self._notice_others(bill, *bill.bucket)
            self._bucket, self._left, self._rate = bill.bucket
            # What is under way may or may not be paid for already: rather twice than not at all.
            self._left -= self._under_way
            if bill.cost:
                self._learned[bill.name, bill.sizes] = bill.cost

    def _notice_others(self, bill: "Bill", bucket: float, left: float, rate: float) -> None:
        """Learn from two answers how many points a second somebody else takes, at most half of what there is."""
        now = monotonic()
        if self._told is not None:
            at, was, paid = self._told
            passed = now - at
            if passed < SHORTEST_LOOK:
                self._told = (at, was, paid + bill.paid)
                return
            expected = min(bucket, was + passed * rate) - paid - bill.paid - self._under_way
            taken = max(0.0, expected - left) / passed
            self._others = min(rate / 2, (self._others + taken) / 2)
        self._told = (now, left, 0.0)

    def _refill(self) -> None:
        now = monotonic()
        passed = max(0.0, now - self._at)
        self._left = min(self._bucket, self._left + passed * (self._rate - self._others))
        self._at = now


class Bill:
    """What one call costs: estimated before, told by the platform after."""

    def __init__(self, name: str, sizes: Sizes) -> None:
        self.name = name
        self.sizes = sizes
        self.lost = True
        self.cost = self.paid = 0.0
        self.bucket: tuple[float, float, float] | None = None

    def told(self, document: Any) -> None:  # noqa: ANN401  # read from JSON
        """Take in what the answer says of the call limit, if anything."""
        self.lost = False
        try:
            cost = document["extensions"]["cost"]
            left = cost["throttleStatus"]
            bucket = (float(left["maximumAvailable"]), float(left["currentlyAvailable"]), float(left["restoreRate"]))
            self.cost = float(cost["requestedQueryCost"] or 0)
            self.paid = float(cost["actualQueryCost"] or 0)
        except (KeyError, TypeError, ValueError, OverflowError):
            return
        if all(map(isfinite, bucket)) and 0 < bucket[0] <= LONGEST_FILLING * bucket[2] and abs(bucket[1]) <= bucket[0]:
            self.bucket = bucket


_budgets: defaultdict[str, Budget] = defaultdict(Budget)
_door = threading.Lock()


def forget() -> None:
    """Begin anew with every shop's budget, as a new process would."""
    with _door:
        _budgets.clear()


def budget_of(origin: str) -> Budget:
    """Return the budget of the shop at this origin, one for the whole process."""
    with _door:
        return _budgets[origin]
