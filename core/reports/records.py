"""The facts that reports are made of, one order or one day a row, and the period that they are asked for."""

from dataclasses import dataclass
from datetime import date, timedelta

DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Period:
    """Whole days of the shop's calendar, first and last included."""

    first: date
    last: date

    @property
    def days(self) -> int:
        """How many days it has."""
        return (self.last - self.first).days + 1

    @property
    def before(self) -> "Period":
        """The period of the same length that ended the day before."""
        return Period(first=self.first - self.days * DAY, last=self.first - DAY)

    def has(self, day: date | None) -> bool:
        """Return whether the day is one of the period's."""
        return day is not None and self.first <= day <= self.last


@dataclass(frozen=True, slots=True, kw_only=True)
class WaitingRow:
    """How many units of an order line waited at the end of a day, from that day on. Written only when it changes."""

    shop: str
    order: str
    line: str
    item: str
    on: date
    units: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Waiter:
    """A line that waits at the end of a day: since when its order was placed, and how many units."""

    item: str
    placed_on: date
    units: int


@dataclass(frozen=True, slots=True, kw_only=True)
class WaitedOrder:
    """One order that had to wait: what was told first, what became of it. Days are the shop's.

    `status` is the platform's as last seen. `earliest` and `latest` are the range told with the first promise.
    `freight` is in minor units of `currency`.
    """

    order: str
    status: str
    currency: str
    wait_since: date
    wait_until: date | None = None
    wait_lost: bool = False
    promised_on: date | None = None
    earliest: date | None = None
    latest: date | None = None
    complete_on: date | None = None
    split_on: date | None = None
    freight: int | None = None
    preorder: bool = False
    offered: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Consolation:
    """An offer that was really made: its day and what it costs at most, in minor units; None where nobody knows."""

    on: date
    worth: int | None
