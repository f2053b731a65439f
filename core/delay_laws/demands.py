"""What a case asks of the seller now: a notice, a refund, a look by a person; and by which day."""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal

from core.delay_laws.cases import ASKED, Case, State
from core.delay_laws.packs import pack_of

DemandKind = Literal["first_notice", "renewed_notice", "refund", "look"]
Delay = Literal["short", "long", "undated"]
RUNNING = frozenset({State.CONSENTED_SILENT, State.CONSENTED_EXPRESS, State.EXTRA_PERIOD})


@dataclass(frozen=True, slots=True, kw_only=True)
class Demand:
    """One thing to be done by the end of `by`. `delay` is what the notice must say about the new date."""

    kind: DemandKind
    by: date
    delay: Delay | None = None


def demand(case: Case, *, today: date, ships_on: date | None, lead_days: int) -> Demand | None:
    """Return what is asked for now, given that the open units ship on `ships_on` (None: no date is known).

    A notice is asked for as soon as a date is known to be missed. Without a date it is asked for when only `lead_days`
    are left, for until then nobody knows that the date is missed.
    """
    if case.state is State.REFUND_DUE and case.refund_due_on is not None:
        return Demand(kind="refund", by=case.refund_due_on)
    if case.state is State.OVERDUE:
        return Demand(kind="look", by=today)
    last = _last_day(case)
    if last is None or not _missed(ships_on, last, today, lead_days):
        return None
    first = case.state in {State.PROMISED, State.AT_RISK}
    by = case.answer_by if case.state in ASKED and case.answer_by else last
    return Demand(kind="first_notice" if first else "renewed_notice", by=by, delay=_delay(case, ships_on))


def _last_day(case: Case) -> date | None:
    """Return the day that the buyer counts on; None where nothing is to be told."""
    if case.state in ASKED:
        return case.asked_until
    return case.covered_until if case.state in RUNNING | {State.PROMISED, State.AT_RISK} else None


def _missed(ships_on: date | None, last: date, today: date, lead_days: int) -> bool:
    if ships_on is not None:
        return ships_on > last
    return last - timedelta(days=lead_days) <= today


def _delay(case: Case, ships_on: date | None) -> Delay:
    if ships_on is None:
        return "undated"
    short = timedelta(days=pack_of(case.law, case.version).short_delay_days)
    return "short" if short and ships_on <= case.ship_by + short else "long"
