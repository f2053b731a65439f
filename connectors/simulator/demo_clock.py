"""Simulated time: real time, faster, and moved forward on request."""

import threading
import time
from datetime import UTC, datetime, timedelta
from math import inf

SECONDS_PER_DAY = 20.0


class DemoClock:
    """Business time of the demo. At `speed` 1 a day takes 20 seconds; 0 freezes it. It begins now, or at `start`."""

    def __init__(self, *, speed: float = 1.0, start: datetime | None = None) -> None:
        self.speed = speed
        self.start = (start or datetime.now(UTC)).replace(microsecond=0)
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

    def seconds(self, span: timedelta) -> float:
        """Return the real seconds that a simulated span takes; infinite while time stands still."""
        return span / timedelta(days=1) * SECONDS_PER_DAY / self.speed if self.speed else inf

    def pace(self) -> str:
        """Return how fast time runs, as a sentence."""
        if not self.speed:
            return "Time stands still: the board's button moves it by a day."
        seconds = self.seconds(timedelta(days=1))
        return f"Time runs: a day takes {seconds:.3g} second{'' if seconds == 1 else 's'}."
