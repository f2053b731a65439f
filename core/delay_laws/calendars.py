"""Days of work, and where they begin. Holidays are those of the United States' government (5 U.S.C. 6103)."""

from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, time, timedelta
from functools import cache

from core.zones import zone_of

MONDAY, THURSDAY, FRIDAY, SATURDAY, SUNDAY = 0, 3, 4, 5, 6
A_DAY = timedelta(days=1)
IsHoliday = Callable[[date], bool]


def us_federal(day: date) -> bool:
    """Return whether federal offices are closed for a holiday on this day, observed ones included."""
    return day in _us_federal_of(day.year)


def none_at_all(day: date) -> bool:  # noqa: ARG001  # a calendar without holidays
    """Return False: a calendar that knows weekends only."""
    return False


CALENDARS: dict[str, IsHoliday] = {"us_federal": us_federal, "weekends": none_at_all}


def is_working(day: date, holiday: IsHoliday) -> bool:
    """Return whether people work on this day: Monday to Friday, no holiday."""
    return day.weekday() < SATURDAY and not holiday(day)


def working_days_after(day: date, count: int, holiday: IsHoliday) -> date:
    """Return the `count`-th working day after `day`, which itself does not count."""
    while count:
        day += A_DAY
        count -= is_working(day, holiday)
    return day


def start_of(day: date, zone: str) -> datetime:
    """Return the instant, in UTC, at which the day begins at the place."""
    return datetime.combine(day, time(), tzinfo=zone_of(zone)).astimezone(UTC)


@cache
def _us_federal_of(year: int) -> frozenset[date]:
    # New Year's Day of the next year may be observed on the last day of this one.
    return frozenset(_observed(day) for day in (*_named(year), date(min(year + 1, 9999), 1, 1)))


def _named(year: int) -> Iterator[date]:
    yield date(year, 1, 1)
    yield _nth(year, 1, MONDAY, 3)  # Martin Luther King
    yield _nth(year, 2, MONDAY, 3)  # Washington
    yield _last(year, 5, MONDAY)  # Memorial Day
    if year >= 2021:  # when Juneteenth became one
        yield date(year, 6, 19)
    yield date(year, 7, 4)
    yield _nth(year, 9, MONDAY, 1)  # Labor Day
    yield _nth(year, 10, MONDAY, 2)  # Columbus
    yield date(year, 11, 11)
    yield _nth(year, 11, THURSDAY, 4)  # Thanksgiving
    yield date(year, 12, 25)


def _observed(day: date) -> date:
    """Return the working day on which a holiday at the weekend is kept."""
    if day.weekday() == SATURDAY:
        return day - A_DAY
    return day + A_DAY if day.weekday() == SUNDAY else day


def _nth(year: int, month: int, weekday: int, count: int) -> date:
    first = date(year, month, 1)
    return first + timedelta(days=(weekday - first.weekday()) % 7 + 7 * (count - 1))


def _last(year: int, month: int, weekday: int) -> date:
    end = date(year, month + 1, 1) - A_DAY
    return end - timedelta(days=(end.weekday() - weekday) % 7)
