"""Whether promises were kept: on time and in full against the first date told, and within the range told with it."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from core.dates.arrivals import Arrival
from core.reports.fill import Share
from core.reports.records import DAY, Period, WaitedOrder

WEEK = 7


@dataclass(frozen=True, slots=True, kw_only=True)
class Calibration:
    """Orders whose range has passed: complete before its first day, within it, and after its last day or not yet."""

    early: int = 0
    within: int = 0
    late: int = 0

    @property
    def share(self) -> Share:
        """Those within the range, of all."""
        return Share(part=self.within, whole=self.early + self.within + self.late)


@dataclass(frozen=True, slots=True, kw_only=True)
class SupplierRecord:
    """How one supplier kept the dates told first: deliveries, those on time, days late on the mean (early below 0)."""

    name: str
    deliveries: int
    on_time: int
    mean_days_late: float


def on_time_in_full(orders: Iterable[WaitedOrder], period: Period, today: date) -> Share:
    """Return the orders complete on or before the first day promised, of those promised for a day of the period.

    Orders cancelled before they were complete broke no promise of ours and are left out (they count as cancelled for
    the wait); so are pre-orders, and those that may still be in time.
    """
    due = [one for one in orders if _is_due(one, one.promised_on, period, today)]
    kept = sum(_done(one) <= one.promised_on for one in due if one.promised_on)
    return Share(part=kept, whole=len(due))


def by_week(orders: Iterable[WaitedOrder], period: Period, today: date) -> tuple[tuple[Period, Share], ...]:
    """Return on time in full by weeks from the period's first day; the last one may be shorter."""
    found = list(orders)
    weeks = []
    for start in range(0, period.days, WEEK):
        first = period.first + start * DAY
        week = Period(first=first, last=min(period.last, first + (WEEK - 1) * DAY))
        weeks.append((week, on_time_in_full(found, week, today)))
    return tuple(weeks)


def calibration(orders: Iterable[WaitedOrder], period: Period, today: date) -> Calibration:
    """Return where the actual day fell, of orders whose range told first ended in the period."""
    due = [one for one in orders if _is_due(one, one.latest, period, today)]
    early = sum(_done(one) < one.earliest for one in due if one.earliest)
    late = sum(_done(one) > one.latest for one in due if one.latest)
    return Calibration(early=early, within=len(due) - early - late, late=late)


def supplier_records(arrivals: Iterable[Arrival]) -> tuple[SupplierRecord, ...]:
    """Return the suppliers' records, the latest of them first; deliveries from nobody that is named are left out."""
    days: dict[str, list[int]] = {}
    for one in arrivals:
        if one.supplier and one.received_on and one.first_on:
            days.setdefault(one.supplier, []).append((one.received_on - one.first_on).days)
    found = (
        SupplierRecord(
            name=name, deliveries=len(late), on_time=sum(day <= 0 for day in late), mean_days_late=sum(late) / len(late)
        )
        for name, late in days.items()
    )
    return tuple(sorted(found, key=lambda one: (-one.mean_days_late, one.name)))


def _is_due(one: WaitedOrder, day: date | None, period: Period, today: date) -> bool:
    """Return whether the order is to be judged by that day: it has passed, or all was complete before it did."""
    if day is None or not period.has(day) or one.preorder:
        return False
    if one.complete_on is None and one.status != "open":
        return False
    return one.complete_on is not None or day < today


def _done(one: WaitedOrder) -> date:
    return one.complete_on or date.max
