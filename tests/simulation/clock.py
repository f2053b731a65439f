"""The simulation's time. Import this before anything else: modules take `time.sleep` and `time.monotonic` when imported."""

import time
from datetime import UTC, datetime, timedelta

import time_machine


class VirtualClock:
    """Stands still but when it is moved or somebody sleeps. The wall may jump; what counts durations only goes on."""

    def __init__(self):
        self.passed = 0.0
        self._wall = None

    def begin(self, at):
        """Start a run at this instant."""
        self.end()
        self.passed = 0.0
        self._wall = time_machine.travel(at, tick=False)
        self._traveller = self._wall.start()

    def end(self):
        if self._wall is not None:
            self._wall.stop()
            self._wall = None

    def advance(self, seconds):
        """Let time pass, as it does while somebody sleeps."""
        self.passed += seconds
        self._traveller.shift(timedelta(seconds=seconds))

    def jump(self, seconds):
        """Set the wall clock forward or back: no time passes."""
        self._traveller.shift(timedelta(seconds=seconds))

    @staticmethod
    def now():
        return datetime.now(UTC)


CLOCK = VirtualClock()
time.sleep = CLOCK.advance
time.monotonic = lambda: CLOCK.passed
