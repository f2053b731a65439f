"""Days on which a supplier works on nothing, as the merchant writes them, and what they add to a delivery. Pure."""

import re
from collections.abc import Mapping
from datetime import date, timedelta

from core.names import folded
from core.sentences import sentence

PERIOD = re.compile(r"(\d{4}-\d\d-\d\d)(?:/(\d{4}-\d\d-\d\d))?", re.ASCII)
A_PERIOD = r"[0-9]{4}-[0-9]{2}-[0-9]{2}(/[0-9]{4}-[0-9]{2}-[0-9]{2})?"
WRITTEN = re.compile(rf" *{A_PERIOD}( *, *{A_PERIOD})* *")
"""How the periods are written; whether they are ones the calendar has is another question."""
LONGEST = timedelta(days=92)
MOST = 40
DAY = timedelta(days=1)


def periods_of(text: str) -> tuple[tuple[date, date], ...]:
    """Return first and last day of the periods in `2026-12-24/2027-01-02, 2027-05-01`. Raises ValueError."""
    found = tuple(_period(part.strip()) for part in text.split(",") if part.strip())
    if not 0 < len(found) <= MOST:
        raise ValueError(sentence("from 1 to %(most)s periods", most=MOST))
    return found


class Closures:
    """The closed days of all suppliers, however their names are written."""

    def __init__(self, written: Mapping[str, str]) -> None:
        self._periods = {folded(supplier): periods_of(text) for supplier, text in written.items()}

    def within(self, supplier: str | None, start: date, days: float) -> int:
        """Return the closed days after `start` that so many open days, rounded up, have to pass over."""
        periods = self._periods.get(folded(supplier), ())
        closed, left, day = 0, days, start
        while periods and left > 0:
            day += DAY
            if any(first <= day <= last for first, last in periods):
                closed += 1
            else:
                left -= 1
        return closed


def _period(text: str) -> tuple[date, date]:
    match = PERIOD.fullmatch(text)
    if match is None:
        raise ValueError(text)
    first = date.fromisoformat(match[1])
    last = date.fromisoformat(match[2] or match[1])
    if not timedelta(0) <= last - first <= LONGEST:
        raise ValueError(text)
    return first, last
