"""Taking the next due one out of a line of the books, where several workers stand at it."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from typing import Protocol, TypeVar

from core.house import House
from core.ports.books import Unit

Item_co = TypeVar("Item_co", covariant=True)
Found = Callable[[], None]
"""Called once something was claimed: another one may look for more while it is carried out."""


def nobody_waits() -> None:
    """Call nobody: there is one who looks."""


@contextmanager
def turn_to_claim(house: House, now: datetime) -> Iterator[tuple[Unit, datetime, datetime]]:
    """Open a writing transaction; give it, when it began, and `now` by as much later as its turn was waited for.

    Whoever stood long in line to write would else take a lease that has run out.
    """
    asked = datetime.now(UTC)
    with house.books.write() as unit:
        began = datetime.now(UTC)
        yield unit, began, now + (began - asked)


class Line(Protocol[Item_co]):
    """What waits to be sent."""

    def next_due(self) -> datetime | None:
        """When the next one is due; None when none waits."""

    def claim(self, *, now: datetime, lease: timedelta) -> Item_co | None:
        """Lease the next due one."""


def claimed(
    house: House, line: Callable[[Unit], Line[Item_co]], found: Found, *, now: datetime, lease: timedelta
) -> Item_co | None:
    """Return the next due one of the line, leased; None when none is due, which takes no turn to write."""
    with house.books.read() as unit:
        due = line(unit).next_due()
    if due is None or due > now:
        return None
    with turn_to_claim(house, now) as (unit, _, at):
        item = line(unit).claim(now=at, lease=lease)
    if item is not None:
        found()
    return item
