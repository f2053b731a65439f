"""The messages that a law asks for: what their customer is asked, until when, and what their silence means."""

from collections.abc import Iterator, Sequence
from datetime import date, timedelta

from core.delay_laws.cases import Case, Edge, State
from core.delay_laws.demands import Demand
from core.delay_laws.packs import Pack, pack_of
from core.messages import notices
from core.messages.notices import Draft
from core.plan import OrderPlan
from core.records import OrderRecord


def asking(
    plan: OrderPlan, record: OrderRecord, case: Case, asked: Demand | None, edges: Sequence[Edge]
) -> Iterator[Draft]:
    """Yield what the case asks of the customer now, and after these moves the word that the order has ended."""
    if asked is not None and asked.kind in {"first_notice", "renewed_notice"}:
        kind = "delay_option" if asked.kind == "first_notice" else "renewed_option"
        pack = pack_of(case.law, case.version)
        yield notices.draft(
            kind, plan, record, f"{case.law}:{case.notices}:{plan.completes_on or 'unknown'}",
            law=case.law, revised=plan.completes_on and plan.completes_on.isoformat(), delay=asked.delay,
            answer_by=_answer_by(case, asked, pack).isoformat(), known=_known(case).isoformat(),
            silence=_silence(asked, pack),
        )  # fmt: skip
    if any(edge.after is State.CANCELLED for edge in edges) and record.snapshot.status == "open":
        due = case.refund_due_on.isoformat() if case.refund_due_on else None
        yield notices.draft("cancelled", plan, record, case.law, law=case.law, refund_by=due)


def _answer_by(case: Case, asked: Demand, pack: Pack) -> date:
    """Return the last day on which the customer's answer counts."""
    if asked.kind == "first_notice" and pack.silence_cancels and asked.delay != "short":
        return case.ship_by + timedelta(days=pack.short_delay_days)
    return asked.by


def _known(case: Case) -> date:
    """Return the date that the customer was told last."""
    return case.asked_until or case.covered_until or case.ship_by


def _silence(asked: Demand, pack: Pack) -> str:
    if not pack.silence_cancels:
        return "nothing"
    return "consents" if asked.kind == "first_notice" and asked.delay == "short" else "cancels"
