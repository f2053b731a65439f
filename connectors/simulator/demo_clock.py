"""Simulated time: real time, faster, and moved forward on request."""

import threading
import time
from datetime import UTC, datetime, timedelta

SECONDS_PER_DAY = 20.0


class DemoClock:
    """Business time of the demo. At `speed` 1 a day takes 20 seconds; 0 freezes it."""

    def __init__(self, *, speed: float = 1.0) -> None:
        self.speed = speed
        self.start = datetime.now(UTC).replace(microsecond=0)
        self._began = time.monotonic()
        self._added = timedelta()
        self._lock = threading.Lock()

    def now(self) -> datetime:
        """Return the simulated instant."""
        with self._lock:
            elapsed = (time.monotonic() - self._began) * self.speed / SECONDS_PER_DAY
            return self.start + timedelta(days=elapsed) + self._added

    def advance(self, days: int) -> datetime:
        """Move forward and return the new instant."""
        with self._lock:
            self._added += timedelta(days=days)
        return self.now()

    def day(self) -> int:
        """Return which day of the story it is, from 1."""
        return (self.now() - self.start).days + 1
