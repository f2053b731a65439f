"""Taking the next due one out of a line of the books, where several workers stand at it."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Protocol, TypeVar

from core.house import House
from core.ports.books import Unit

Item_co = TypeVar("Item_co", covariant=True)


class Line(Protocol[Item_co]):
    """What waits to be sent."""

    def next_due(self) -> datetime | None:
        """When the next one is due; None when none waits."""

    def claim(self, *, now: datetime, lease: timedelta) -> Item_co | None:
        """Lease the next due one."""


def claimed(house: House, line: Callable[[Unit], Line[Item_co]], *, now: datetime, lease: timedelta) -> Item_co | None:
    """Return the next due one of the line, leased; None when none is due, which takes no turn to write."""
    with house.books.read() as unit:
        due = line(unit).next_due()
    if due is None or due > now:
        return None
    with house.books.write() as unit:
        return line(unit).claim(now=now, lease=lease)
