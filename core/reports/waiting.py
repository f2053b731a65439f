"""How many units wait, day by day, and since when: from what was noted each time that a plan changed it."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from core.records import OrderRecord
from core.reports.records import DAY, Period, Waiter, WaitingRow

AGES: tuple[tuple[int | None, str], ...] = ((7, "0-7"), (14, "8-14"), (30, "15-30"), (60, "31-60"), (None, "61+"))


@dataclass(frozen=True, slots=True, kw_only=True)
class Waiting:
    """Units waiting over a period. `by_day` at the end of each day; `ageing`: (days since placed, lines, units)."""

    by_day: tuple[tuple[date, int], ...]
    ageing: tuple[tuple[str, int, int], ...]

    @property
    def unit_days(self) -> int:
        """Units times the days that they waited."""
        return sum(units for _, units in self.by_day)

    @property
    def mean(self) -> float:
        """Units waiting on the mean of the days."""
        return self.unit_days / len(self.by_day)

    @property
    def most(self) -> int:
        """The most units that waited at the end of a day."""
        return max(units for _, units in self.by_day)

    @property
    def last(self) -> int:
        """Units waiting at the end of the period."""
        return self.by_day[-1][1]


def waiting_rows(before: OrderRecord, after: OrderRecord, today: date) -> tuple[WaitingRow, ...]:
    """Return the lines of which another number of units waits than before; pre-orders wait for nothing here."""
    then, now = _short(before), _short(after)
    items = {line.id: line.item for line in after.snapshot.lines if line.item and line.ships}
    return tuple(
        WaitingRow(shop=after.shop, order=after.id, line=line, item=item, on=today, units=now.get(line, 0))
        for line, item in items.items()
        if now.get(line, 0) != then.get(line, 0)
    )


def _short(record: OrderRecord) -> dict[str, int]:
    if record.plan is None:
        return {}
    return {line.id: line.backordered for line in record.plan.lines if line.id not in record.preorders}


def mean_waits(rows: Iterable[WaitingRow], until: Mapping[tuple[str, str], date], today: date) -> dict[str, float]:
    """Return by item (platform id) how many days its units waited, on the mean, of lines of which `rows` tell all.

    Lines that wait still are expected to do so `until` the day of (order, line), else until today. Over all the units
    of a line that ever waited at once: those that left sooner lower the mean.
    """
    days: dict[str, float] = {}
    units: dict[str, int] = {}
    told: dict[tuple[str, str], list[WaitingRow]] = {}
    for row in rows:
        told.setdefault((row.order, row.line), []).append(row)
    for line, changes in told.items():
        changes.sort(key=lambda row: row.on)
        ends = [*(row.on for row in changes[1:]), max(today, until.get(line, today))]
        item = changes[0].item
        waited = sum(row.units * (end - row.on).days for row, end in zip(changes, ends, strict=True))
        days[item] = days.get(item, 0.0) + waited
        units[item] = units.get(item, 0) + max(row.units for row in changes)
    return {item: days[item] / units[item] for item in days if units[item]}


def by_day(changes: Mapping[date, int], period: Period) -> tuple[tuple[date, int], ...]:
    """Return the units waiting at the end of each day of the period; `changes` reach back to the first one ever."""
    waiting = sum(units for day, units in changes.items() if day < period.first)
    days = []
    for number in range(period.days):
        day = period.first + number * DAY
        waiting += changes.get(day, 0)
        days.append((day, waiting))
    return tuple(days)


def ageing(waiters: Iterable[Waiter], on: date) -> tuple[tuple[str, int, int], ...]:
    """Return (days since the order was placed, lines, units) of those that wait on a day."""
    lines: dict[str, int] = {name: 0 for _, name in AGES}
    units = dict(lines)
    for one in waiters:
        days = (on - one.placed_on).days
        name = next(name for most, name in AGES if most is None or days <= most)
        lines[name] += 1
        units[name] += one.units
    return tuple((name, lines[name], units[name]) for _, name in AGES)
