"""A day that a person told the customer: it stands as the promise until a person takes it back.

The plan keeps units for it as for any published promise and never moves it by itself. Where it cannot be kept, the
order needs that person.
"""

from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from core.dates.promise_ranges import on_day
from core.errors import NotAllowed
from core.plan import ON_HAND, Allocated, LinePlan, OrderPlan
from core.records import OrderRecord
from core.records.expectation import Expectation
from core.sentences import sentence

SET, END = "promise", "end_promise"
LONGEST_WHY = 500
FURTHEST = timedelta(days=730)
_KEY = "promised"


@dataclass(frozen=True, slots=True, kw_only=True)
class HandPromise:
    """The day by which all of the order leaves, and why a person says so."""

    on: date
    why: str = ""


def by_hand(record: OrderRecord) -> date | None:
    """Return the day that a person set; None where the plan's own date counts."""
    day = record.manual.get(_KEY)
    return date.fromisoformat(day) if day else None


def may_promise(record: OrderRecord) -> bool:
    """Return whether something of the order waits, so that there is a day to tell."""
    return record.snapshot.status == "open" and record.plan is not None and record.plan.backordered > 0


def promised(record: OrderRecord, said: HandPromise | None, *, today: date, as_of: datetime) -> OrderRecord:
    """Return the record with the promise. Raises NotAllowed where nothing waits, and on a day not from now on."""
    if not may_promise(record):
        raise NotAllowed(sentence("nothing of the order waits: there is no day to promise"))
    if said is None or not today <= said.on <= today + FURTHEST:
        raise NotAllowed(sentence("on: give the day from %(today)s on, at most two years away", today=today))
    return replace(
        record, manual={**record.manual, _KEY: said.on.isoformat()}, promised_on=said.on,
        first_promise_on=record.first_promise_on or said.on, published_at=record.published_at or as_of,
    )  # fmt: skip


def ended(record: OrderRecord) -> OrderRecord:
    """Return the record with the plan's own date in force again. Raises NotAllowed where no person set a day."""
    if by_hand(record) is None:
        raise NotAllowed(sentence("no person has promised a day for this order"))
    return replace(record, manual={name: value for name, value in record.manual.items() if name != _KEY})


def told_on(record: OrderRecord, plan: OrderPlan) -> date | None:
    """Return the day by which the customer is told that all has left.

    Nothing that waits comes before the day that a person set. What the plan expects later stays later: a day that
    cannot be kept is not repeated.
    """
    day = by_hand(record) if plan.backordered else None
    return max(day, plan.completes_on or day) if day else plan.completes_on


def as_told(record: OrderRecord) -> OrderRecord:
    """Return the record with the days that its customer is told, in its plan and what is expected."""
    day, plan = by_hand(record), record.plan
    if day is None or plan is None or not plan.backordered:
        return record
    ends = told_on(record, plan) or day
    lines = tuple(_told(line, day) if line.backordered else line for line in plan.lines)
    told = replace(plan, lines=lines, completes_on=ends)
    expected = record.expected or Expectation()
    waits = {line.id: on_day(line.completes_on) for line in lines if line.backordered and line.completes_on}
    ships = replace(expected, ships=on_day(ends), lines={**expected.lines, **waits})
    return replace(record, plan=told, expected=ships)


def _told(line: LinePlan, day: date) -> LinePlan:
    pegs = [peg if peg.supply == ON_HAND else replace(peg, on=max(day, peg.on or day)) for peg in line.allocations]
    short = line.open - sum(peg.units for peg in pegs)
    if short > 0:
        pegs.append(Allocated(supply="", location="", units=short, on=day))
    ends = max(day, line.completes_on or day)
    return replace(line, allocations=tuple(pegs), completes_on=ends)
