"""What processes that share the books agree on: the time, who holds an office, who is alive."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Protocol

Clock = Callable[[], datetime]
APART = timedelta(minutes=1)
"""What the clocks of several machines may differ by."""


class Clockwork(Protocol):
    """Heartbeats and elections between processes."""

    def set_back(self, name: str, *, now: datetime, ttl: timedelta) -> timedelta:
        """Return by how much the clock was set back since a worker was last heard, or the office taken for `ttl`.

        And make that good.
        """

    def elect(self, name: str, owner: str, *, now: datetime, ttl: timedelta) -> bool:
        """Take or renew the named office for `ttl`; False while another owner holds it."""

    def resign(self, name: str, owner: str) -> None:
        """Give the office up."""

    def beat(self, worker: str, *, now: datetime) -> datetime | None:
        """Say that this worker is alive; return when it said so before."""

    def last_beat(self) -> datetime | None:
        """When any worker was last alive."""


class LeaseLost(Exception):
    """Another worker took the row over: throw the outcome away, the other one will find it by looking."""
