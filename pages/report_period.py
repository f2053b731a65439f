"""Which days a report is asked for: a number of days until today, or two dates."""

import re
from collections.abc import Mapping
from datetime import date, timedelta

from core.errors import Misuse
from core.reports.records import Period
from pages.languages import _
from pages.printing import printer
from pages.typed_days import A_DAY, typed_day

USUAL_DAYS = 28
CHOICES = (28, 90, 365)
MOST_DAYS = 1100
EARLIEST = date(2000, 1, 1)


class PeriodProblem(Misuse):
    """A date cannot be taken; `key` is the field's name."""

    def __init__(self, key: str, message: str) -> None:
        super().__init__(message)
        self.key = key


class OutOfReach(PeriodProblem):
    """The date is one, but lies where no report is, or the other date contradicts it."""


def last_days(today: date, days: int = USUAL_DAYS) -> Period:
    """Return so many days, today the last of them."""
    return Period(first=today - timedelta(days=days - 1), last=today)


def asked_period(given: Mapping[str, str], today: date) -> Period:
    """Return the period of `from` and `to`, or of `days` until today. Raises PeriodProblem."""
    days = _days(given.get("days", ""))
    if not given.get("from") and not given.get("to"):
        return last_days(today, days)
    last, typed = _day(given, "to") or today, _day(given, "from")
    if last > today:
        raise OutOfReach("to", _("The last day cannot lie ahead of today."))
    if typed and typed > last:
        raise OutOfReach("from", _("The first day cannot be after the last one."))
    # No default is counted back from the calendar's first days.
    first = typed or max(last, EARLIEST) - timedelta(days=USUAL_DAYS - 1)
    if (last - first).days >= MOST_DAYS or min(first, last) < EARLIEST:
        raise OutOfReach("from", _("A report has at most %(most_days)s days.", most_days=printer().number(MOST_DAYS)))
    return Period(first=first, last=last)


def _days(text: str) -> int:
    if not text:
        return USUAL_DAYS
    if re.fullmatch(r"[0-9]{1,4}", text) and 1 <= int(text) <= MOST_DAYS:
        return int(text)
    raise PeriodProblem(
        "days", _("Give a number of days from 1 to %(most_days)s.", most_days=printer().number(MOST_DAYS))
    )


def _day(given: Mapping[str, str], name: str) -> date | None:
    text = given.get(name, "").strip()
    if not text:
        return None
    day = typed_day(text)
    if day is None:
        raise PeriodProblem(name, _("Give %(a_day)s.", a_day=_(A_DAY)))
    return day
