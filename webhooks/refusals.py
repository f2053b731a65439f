"""What is said of refused deliveries: enough to find a wrong secret, never so much that a stranger fills the disk."""

import threading
import time
from collections.abc import Callable
from typing import NamedTuple

import structlog

from core.records import Platform

A_MINUTE = 60.0
MOST = 60
"""Lines a minute in all; each shop's reason is said once a minute."""
LONGEST = 80
log = structlog.get_logger(__name__)


class Refusal(NamedTuple):
    """Which shop a delivery named that is not let in, and why it is not."""

    platform: Platform
    shop: str
    reason: str


class Refused(Exception):
    """A delivery that is not let in."""

    def __init__(self, platform: Platform, shop: str, reason: str) -> None:
        super().__init__(reason)
        self.refusal = Refusal(platform, shop, reason)


class Refusals:
    """Tells the log of refusals. Each web process counts for itself."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock, self._mutex = clock, threading.Lock()
        self._since, self._untold = clock(), 0
        self._told: set[Refusal] = set()

    def tell(self, refusal: Refusal) -> None:
        """Log it, unless enough was said this minute; `untold` are those that were not since the line before."""
        with self._mutex:
            now = self._clock()
            if now - self._since >= A_MINUTE:
                self._since = now
                self._told.clear()
            if refusal in self._told or len(self._told) >= MOST:
                self._untold += 1
                return
            self._told.add(refusal)
            untold, self._untold = self._untold, 0
        shop = refusal.shop.encode("ascii", "backslashreplace").decode()[:LONGEST]
        log.warning(
            "delivery refused", platform=refusal.platform, shop=shop, reason=refusal.reason, untold=untold
        )  # fmt: skip
