"""The state machine: what an event or the end of a day does to a case, edge by edge.

Rules are named by where they stand: 16 CFR 435.2(b) and (c), article 18 of directive 2011/83, section 28 of the CRA.
"""

from dataclasses import replace
from datetime import date, timedelta
from functools import singledispatch

from core.delay_laws.cases import ASKED, ENDED, Case, Edge, Evidence, State, Step
from core.delay_laws.events import (
    CancelReceived,
    Consented,
    Event,
    Forecast,
    NoticeSent,
    PeriodSet,
    Refunded,
    SellerCancelled,
    Shipped,
)
from core.delay_laws.packs import Pack, pack_of
from core.errors import Misuse
from core.sentences import sentence

A_DAY = timedelta(days=1)
WAITING = frozenset({State.PROMISED, State.AT_RISK})


def happens(case: Case, event: Event) -> Step:
    """Return the case after the event; the days that ended before it act first, so a late tick changes nothing.

    An event that the state does not take leaves the case as it is: nothing leaves a cancelled order but its refund.
    """
    before = passes(case, event.on)
    after = _react(event, before.case)
    return Step(case=after.case, edges=(*before.edges, *after.edges))


def passes(case: Case, today: date) -> Step:
    """Return the case once every day before `today` has ended."""
    edges: list[Edge] = []
    while (step := _day_ended(case, today)) is not None:
        case = step.case
        edges += step.edges
    return Step(case=case, edges=tuple(edges))


def wakes_on(case: Case, lead_days: int) -> date | None:
    """Return the day on which the case must be looked at next although nothing happens; None: never."""
    if case.state in ENDED:
        return None
    last = case.answer_by if case.state in ASKED else case.covered_until
    if last is None or case.state is State.OVERDUE:
        return None
    return last + A_DAY if case.state in ASKED else max(case.ordered_on, last - timedelta(days=lead_days))


def _day_ended(case: Case, today: date) -> Step | None:
    """Return what the end of a day that lies before `today` does next; None when it does nothing more."""
    pack = pack_of(case.law, case.version)
    if case.state in ASKED and case.answer_by is not None and case.answer_by < today:
        return _silence(case, pack, case.answer_by)
    last = case.covered_until
    if last is None or last >= today or case.state in ASKED or case.state in ENDED or case.state is State.OVERDUE:
        return None
    if not pack.silence_cancels:
        return _to(
            case,
            State.OVERDUE,
            last + A_DAY,
            _rule(pack, "", sentence("late")),
            _time(sentence("%(day)s ended", day=last), case),
        )
    why = _time(sentence("%(day)s ended without shipment or notice", day=last), case)
    if case.state in WAITING:
        rule = _rule(pack, "435.2(c)(5)", sentence("no notice by the limit"))
    else:
        rule = _rule(pack, "435.2(b)(2)", sentence("no renewed notice"))
    return _ended(case, State.LAPSED, last + A_DAY, rule, why)


def _silence(case: Case, pack: Pack, answer_by: date) -> Step:
    """Return what the buyer's silence means when the time to answer is over."""
    why = _time(sentence("no answer by the end of %(day)s", day=answer_by), case)
    if case.silence_consents:
        consented = replace(case, covered_until=case.asked_until, silent_consents=case.silent_consents + 1)
        rule = _rule(pack, "435.2(b)(1)(iii)", sentence("silence consents"))
        return _to(_answered(consented), State.CONSENTED_SILENT, answer_by + A_DAY, rule, why)
    if pack.silence_cancels:
        rule = _rule(pack, "435.2(b)", sentence("silence is no consent"))
        return _ended(case, State.LAPSED, answer_by + A_DAY, rule, why)
    never = _rule(pack, "", sentence("silence is never consent"))
    return _to(_answered(case), State.OVERDUE, answer_by + A_DAY, never, why)


@singledispatch
def _react(event: Event, case: Case) -> Step:  # noqa: ARG001  # the events' own reactions take it
    raise Misuse(f"a case does not know the event {type(event).__name__}")


@_react.register
def _(event: Forecast, case: Case) -> Step:
    if case.state not in WAITING:
        return Step(case=case)
    misses = event.ships_on is None or event.ships_on > case.ship_by
    close = case.ship_by - timedelta(days=event.lead_days) <= event.on
    late = event.ships_on is not None and event.ships_on > case.ship_by - timedelta(days=event.lead_days)
    # Without a date the limit may still be kept; from the lead time on nobody may rely on that.
    at_risk = (misses and (event.ships_on is not None or close)) or late
    wanted = State.AT_RISK if at_risk else State.PROMISED
    if wanted is case.state:
        return Step(case=case)
    return _to(case, wanted, event.on, sentence("the forecast against the limit"), event.evidence)


@_react.register
def _(event: NoticeSent, case: Case) -> Step:
    told_again = case.last_message is not None and event.evidence.message_id == case.last_message
    if case.state in ENDED or told_again:
        return Step(case=case)
    pack = pack_of(case.law, case.version)
    told = replace(case, asked_until=event.revised_on, notices=case.notices + 1, last_message=event.evidence.message_id)
    if case.state in WAITING or case.state is State.OVERDUE:
        return _first_notice(told, pack, event)
    if case.covered_until is None:
        # Who agreed to a delay without a date needs no further notice.
        return Step(case=case)
    # A renewed notice never moves the day that its buyer was told last: silence ends the order there.
    by = case.answer_by if case.state in ASKED else case.covered_until
    if case.silence_consents:
        # The first notice said that silence agrees to its date; the order keeps that one extension and gets no other.
        by = case.asked_until
        told = replace(told, covered_until=by, silent_consents=case.silent_consents + 1)
    asked = replace(told, answer_by=by, silence_consents=False)
    rule = _rule(pack, "435.2(b)(2)", sentence("renewed notice"))
    return _to(asked, State.RENEWED_NOTICE_SENT, event.on, rule, event.evidence)


def _first_notice(told: Case, pack: Pack, event: NoticeSent) -> Step:
    if event.revised_on is not None and event.revised_on <= told.ship_by:
        raise Misuse(f"a delay notice must name a date after {told.ship_by}, or none")
    short_until = told.ship_by + timedelta(days=pack.short_delay_days)
    # A notice after the limit does not cure: then silence can consent to nothing.
    in_time = pack.short_delay_days > 0 and event.on <= told.ship_by
    short = in_time and event.revised_on is not None and event.revised_on <= short_until
    answer_by = told.ship_by if short or not pack.silence_cancels else short_until
    answer_by = max(answer_by, event.on)
    long = sentence("first notice, long delay or no date")
    rule = _rule(pack, "435.2(b)(1)", sentence("first notice, short delay") if short else long)
    asked = replace(told, answer_by=answer_by, silence_consents=short)
    return _to(asked, State.NOTICE_SENT, event.on, rule, event.evidence)


@_react.register
def _(event: Consented, case: Case) -> Step:
    if case.state not in ASKED:
        return Step(case=case)
    pack = pack_of(case.law, case.version)
    # Who agrees to a day that has passed, as in a further period that ends after it, agrees to no days before today.
    until = None if case.asked_until is None else max(case.asked_until, event.on)
    agreed = _answered(replace(case, covered_until=until))
    rule = _rule(pack, "435.2(b)", sentence("express consent"))
    return _to(agreed, State.CONSENTED_EXPRESS, event.on, rule, event.evidence)


@_react.register
def _(event: PeriodSet, case: Case) -> Step:
    pack = pack_of(case.law, case.version)
    if pack.silence_cancels or case.state in ENDED or event.until < event.on:
        return Step(case=case)
    until = event.until - (case.limit_on - case.ship_by)
    given = _answered(replace(case, covered_until=max(until, event.on)))
    rule = _rule(pack, "", sentence("the buyer sets a further period"))
    return _to(given, State.EXTRA_PERIOD, event.on, rule, event.evidence)


@_react.register
def _(event: CancelReceived, case: Case) -> Step:
    if case.state in ENDED:
        return Step(case=case)
    rule = _rule(pack_of(case.law, case.version), "435.2(c)(1)", sentence("cancelled before shipment"))
    return _ended(case, State.CANCEL_REQUESTED, event.on, rule, event.evidence)


@_react.register
def _(event: SellerCancelled, case: Case) -> Step:
    if case.state in ENDED:
        return Step(case=case)
    rule = _rule(pack_of(case.law, case.version), "435.2(c)(4)", sentence("the seller does not ship"))
    return _ended(case, None, event.on, rule, event.evidence)


@_react.register
def _(event: Shipped, case: Case) -> Step:
    if case.state in ENDED:
        return Step(case=case)
    return _to(_answered(case), State.SHIPPED, event.on, sentence("handed to the carrier"), event.evidence)


@_react.register
def _(event: Refunded, case: Case) -> Step:
    if case.state is not State.REFUND_DUE:
        return Step(case=case)
    return _to(case, State.REFUNDED, event.on, sentence("the refund was sent"), event.evidence)


def _ended(case: Case, through: State | None, on: date, rule: str, evidence: Evidence) -> Step:
    """Return the case cancelled with its refund due: the right vests on the day `on`."""
    pack = pack_of(case.law, case.version)
    due = pack.refund_due(on)
    case = _answered(replace(case, vested_on=on, refund_due_on=due))
    edges: list[Edge] = []
    working = sentence("%(number)s working days", number=pack.refund_days)
    time = working if pack.refund_unit == "working_days" else sentence("%(number)s days", number=pack.refund_days)
    counted = sentence("%(time)s after %(day)s: refund by %(due)s", time=time, day=on, due=due)
    for state in (through, State.CANCELLED, State.REFUND_DUE):
        if state is not None:
            last = state is State.REFUND_DUE
            step = _to(case, state, on, rule, replace(evidence, what=counted) if last else evidence)
            case, edges = step.case, [*edges, *step.edges]
    return Step(case=case, edges=tuple(edges))


def _to(case: Case, state: State, on: date, rule: str, evidence: Evidence) -> Step:
    edge = Edge(before=case.state, after=state, on=on, rule=rule, evidence=evidence)
    return Step(case=replace(case, state=state), edges=(edge,))


def _answered(case: Case) -> Case:
    """Return the case with no question open."""
    return replace(case, asked_until=None, answer_by=None, silence_consents=False)


def _rule(pack: Pack, paragraph: str, words: str) -> str:
    """Return the rule's name; paragraphs of the American rule say nothing under another law."""
    law = paragraph if pack.law == "us_ftc_435" else pack.title
    # For translators: why a case moved, such as "435.2(c)(5): no notice by the limit".
    return sentence("%(law)s: %(rule)s", law=law, rule=words)


def _time(what: str, case: Case) -> Evidence:
    return Evidence(what=what, message_id=case.last_message)
