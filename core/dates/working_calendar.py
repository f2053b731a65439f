"""The shop's working days: when something that is ready leaves, and when something that came in is on the shelf."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta, tzinfo

from core.policy.shop_policy import WEEK, Promises
from core.zones import zone_of

NO_CUT_OFF = 24


@dataclass(frozen=True, slots=True, kw_only=True)
class WorkingCalendar:
    """Days on which the shop packs. `yearly` are (month, day) pairs, closed every year; `weekdays` count from Monday 0.

    There is always a working day ahead: the policy takes at least one weekday and few enough closed days.
    """

    zone: tzinfo
    weekdays: frozenset[int]
    closed: frozenset[date] = frozenset()
    yearly: frozenset[tuple[int, int]] = frozenset()
    cut_off_hour: int = NO_CUT_OFF

    def works_on(self, day: date) -> bool:
        """Return whether the shop packs on this day."""
        return day.weekday() in self.weekdays and day not in self.closed and (day.month, day.day) not in self.yearly

    def on_or_after(self, day: date) -> date:
        """Return the first working day from this one on."""
        while not self.works_on(day) and day < date.max:
            day = later(day, 1)
        return day

    def on_shelf(self, arrives_on: date, dock_days: int) -> date:
        """Return when goods that arrive on a day can leave: `dock_days` working days after they were taken in."""
        day = self.on_or_after(arrives_on)
        for _ in range(dock_days):
            day = self.on_or_after(later(day, 1))
        return day

    def today(self, as_of: datetime) -> date:
        """Return the calendar day at the shop."""
        return as_of.astimezone(self.zone).date()

    def leaves_on(self, as_of: datetime) -> date:
        """Return when what lies ready now leaves: today before the cut-off, else on the next working day."""
        there = as_of.astimezone(self.zone)
        return self.on_or_after(later(there.date(), 1 if there.hour >= self.cut_off_hour else 0))


def calendar_of(promises: Promises, timezone: str) -> WorkingCalendar:
    """Return the calendar that the settings describe, at the shop's own place."""
    return WorkingCalendar(
        zone=zone_of(timezone),
        weekdays=frozenset(WEEK.index(day) for day in promises.working_days),
        closed=frozenset(date.fromisoformat(day) for day in promises.holidays if not is_yearly(day)),
        yearly=frozenset(month_and_day(day) for day in promises.holidays if is_yearly(day)),
        cut_off_hour=promises.cut_off_hour,
    )


def is_yearly(holiday: str) -> bool:
    """Return whether a closed day is written without a year, such as `12-25`."""
    return holiday.count("-") == 1


def month_and_day(holiday: str) -> tuple[int, int]:
    """Return the month and day of a closed day without a year."""
    month, day = holiday.split("-")
    return int(month), int(day)


def later(day: date, days: int) -> date:
    """Return the day so many days later; a date too far for any calendar stays at the calendar's end."""
    try:
        return day + timedelta(days=days)
    except OverflowError:
        return date.max if days > 0 else date.min
