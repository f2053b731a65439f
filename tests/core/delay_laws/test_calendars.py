"""Working days and the days of a zone."""

from dataclasses import dataclass
from datetime import UTC, date, datetime

import pytest

from core.delay_laws.calendars import CALENDARS, is_working, start_of, us_federal, working_days_after
from core.delay_laws.machine import happens
from core.delay_laws.packs import pack_of
from core.errors import Misuse
from core.zones import local_day
from tests.core.delay_laws.builders import case

HOLIDAYS = {
    2026: "01-01 01-19 02-16 05-25 06-19 07-03 09-07 10-12 11-11 11-26 12-25",
    2027: "01-01 01-18 02-15 05-31 06-18 07-05 09-06 10-11 11-11 11-25 12-24 12-31",
    2028: "01-17 02-21 05-29 06-19 07-04 09-04 10-09 11-10 11-23 12-25",
    2020: "01-01 01-20 02-17 05-25 07-03 09-07 10-12 11-11 11-26 12-25",
}


@pytest.mark.parametrize("year", HOLIDAYS)
def test_federal_holidays_are_those_that_the_government_publishes(year):
    days = [date.fromordinal(n) for n in range(date(year, 1, 1).toordinal(), date(year + 1, 1, 1).toordinal())]
    assert [f"{d:%m-%d}" for d in days if us_federal(d)] == HOLIDAYS[year].split()


@pytest.mark.parametrize(
    ("start", "count", "end"),
    [("2026-12-02", 7, "2026-12-11"), ("2026-11-25", 1, "2026-11-27"), ("2026-12-24", 1, "2026-12-28"),
     ("2026-12-31", 1, "2027-01-04"), ("2026-07-02", 1, "2026-07-06"), ("2026-12-05", 0, "2026-12-05")],
)  # fmt: skip
def test_working_days_are_counted_from_the_next_day(start, count, end):
    assert working_days_after(date.fromisoformat(start), count, us_federal) == date.fromisoformat(end)


def test_the_weekend_is_no_working_day():
    assert [is_working(date(2026, 12, day), us_federal) for day in (4, 5, 6, 7)] == [True, False, False, True]


@pytest.mark.parametrize(
    ("zone", "day", "begins"),
    [
        ("America/New_York", "2026-11-30", "2026-11-30T05:00:00+00:00"),
        ("Asia/Tokyo", "2026-12-01", "2026-11-30T15:00:00+00:00"),
        ("Europe/Berlin", "2026-12-01", "2026-11-30T23:00:00+00:00"),
        ("no such zone", "2026-12-01", "2026-12-01T00:00:00+00:00"),
    ],
)
def test_a_day_is_the_shops_own(zone, day, begins):
    moment = datetime(2026, 12, 1, 3, 0, tzinfo=UTC)
    assert local_day(moment, zone) == date.fromisoformat(day)
    assert start_of(date.fromisoformat(day), zone) == datetime.fromisoformat(begins)


def test_a_calendar_of_weekends_knows_no_holiday():
    assert not CALENDARS["weekends"](date(2026, 12, 25))
    assert not is_working(date(2026, 12, 26), CALENDARS["weekends"])


@dataclass(frozen=True)
class Unheard:
    """An event that no reaction was written for."""

    on: date


def test_what_no_law_knows_is_refused():
    with pytest.raises(Misuse, match="uk_cra_2015 has no version 2031-01"):
        pack_of("uk_cra_2015", "2031-01")
    with pytest.raises(Misuse, match="does not know the event Unheard"):
        happens(case(), Unheard(on=date(2026, 11, 1)))
