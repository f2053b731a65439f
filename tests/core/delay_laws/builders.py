"""Cases and events in domain words: `after(us_case(), notice("2026-11-20", "2026-12-31"), until="2026-12-02")`."""

from dataclasses import replace
from datetime import UTC, date, datetime, time

from core.delay_laws.cases import Evidence, Terms, opened
from core.delay_laws.events import (
    CancelReceived,
    Consented,
    Forecast,
    NoticeSent,
    PeriodSet,
    Refunded,
    SellerCancelled,
    Shipped,
)
from core.delay_laws.machine import happens, passes
from core.delay_laws.packs import governing


def day(text):
    return date.fromisoformat(text) if isinstance(text, str) else text


def proof(what, on):
    on = day(on)
    return Evidence(what=what, at=datetime.combine(on, time(9), tzinfo=UTC), address="customer12@example.com",
                    content_hash="c0ffee", message_id=f"<{what}.{on}@example.com>")  # fmt: skip


def case(law="us_ftc_435", ordered="2026-11-01", *, stated=None, credit=False, transit=0, today=None):
    terms = Terms(ordered_on=day(ordered), stated_on=day(stated), seller_credit=credit, transit_days=transit)
    return opened(governing(None, [law], day(ordered))[0], "1", terms, today=day(today))


def notice(on, revised):
    return NoticeSent(on=day(on), revised_on=day(revised), evidence=proof("notice", on))


def consent(on):
    return Consented(on=day(on), evidence=proof("consent", on))


def cancel(on):
    return CancelReceived(on=day(on), evidence=proof("cancel", on))


def never(on):
    return SellerCancelled(on=day(on), evidence=proof("never", on))


def ship(on):
    return Shipped(on=day(on), evidence=proof("shipped", on))


def refund(on):
    return Refunded(on=day(on), evidence=proof("refunded", on))


def period(on, until):
    return PeriodSet(on=day(on), until=day(until), evidence=proof("period", on))


def forecast(on, ships, lead=7):
    return Forecast(on=day(on), ships_on=day(ships), lead_days=lead, evidence=Evidence(what="the plan"))


def after(start, *events, until=None):
    """The case and all its edges after these events, and after the days before `until` have ended."""
    found, edges = start, ()
    for event in events:
        step = happens(found, event)
        found, edges = step.case, (*edges, *step.edges)
    if until:
        step = passes(found, day(until))
        found, edges = step.case, (*edges, *step.edges)
    return found, edges


def states(edges):
    return [str(edge.after) for edge in edges]


__all__ = [
    "after",
    "cancel",
    "case",
    "consent",
    "day",
    "forecast",
    "never",
    "notice",
    "period",
    "refund",
    "replace",
    "ship",
    "states",
]
