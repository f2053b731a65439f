"""Consolations as the API shows them: each with both sides of its sum, the month's budget, and what offers changed."""

from collections.abc import Mapping, Sequence
from typing import Any

from core.actions import Code
from core.consolation.consolations import Consolation
from core.consolation.consoling import Consoler
from core.consolation.offer_sum import OfferSum
from core.consolation.offers import why
from core.records import ActionRecord, OrderRecord
from core.reports.intervals import LEVEL, Difference
from core.reports.trial import Arm, Trial
from pages.api.answers import day, instant, money

DECIMALS = 4
UNKNOWN: dict[str, Any] = dict.fromkeys(
    ("kind", "percent", "amount", "ends_at", "state", "rung", "by_hand", "reason", "sum", "used_by")
)


def offers_document(
    record: OrderRecord, actions: Sequence[ActionRecord], rows: Sequence[Consolation]
) -> list[dict[str, Any]]:
    """Return every code that was made for the order."""
    made = {action.action.code: action for action in actions if isinstance(action.action, Code)}
    kept = {row.code: row for row in rows}
    return [
        {"code": code, **_offer(made.get(code)), **_given(kept.get(code)), "ended": code in record.codes_ended}
        for code in record.offers
    ]


def consolation_document(consoler: Consoler, record: OrderRecord, rows: Sequence[Consolation]) -> dict[str, Any] | None:
    """Return what the shop's rule says of the order now; None where no further rung is reached."""
    found = consoler.verdict(record, rows)
    if found is None:
        return None
    return {"reason": found.reason, "rung": found.step, "kind": found.rung.kind, "sum": _sum(found.weighed)}


def trial_document(found: Trial, currency: str, days: int) -> dict[str, Any]:
    """Return both sides and how they differ, with the bounds of 95 of 100 such trials."""
    kept = found.kept and {name: money(round(value), currency) for name, value in _bounds(found.kept)}
    cancelled = found.cancelled and {name: round(value, DECIMALS) for name, value in _bounds(found.cancelled)}
    return {
        "days": days, "level": LEVEL, "offered": _arm(found.offered, currency),
        "held_out": _arm(found.held_out, currency), "cancelled": cancelled, "kept_per_order": kept,
    }  # fmt: skip


def budget_document(sums: Mapping[str, tuple[int, int]], budget: str | None, currency: str) -> dict[str, Any]:
    """Return the month's budget and what was given of it, by what became of that."""

    def given(*states: str) -> dict[str, str]:
        return money(sum(sums.get(state, (0, 0))[1] for state in states), currency)

    return {
        "budget": None if budget is None else {"amount": budget, "currency": currency},
        "given": given("promised", "made", "used", "expired"), "used": given("used"),
        "promised": given("promised", "made"), "expired": given("expired"),
    }  # fmt: skip


def _bounds(found: Difference) -> tuple[tuple[str, float], ...]:
    return ("estimate", found.estimate), ("low", found.low), ("high", found.high)


def _arm(arm: Arm, currency: str) -> dict[str, Any]:
    rate = arm.cancelled.rate
    return {
        "orders": arm.cancelled.whole, "cancelled": arm.cancelled.part,
        "rate": None if rate is None else round(rate, DECIMALS),
        "value": money(arm.value, currency),
        "kept": money(arm.kept, currency), "waiting": arm.waiting,
    }  # fmt: skip


def _offer(made: ActionRecord | None) -> dict[str, Any]:
    if made is None or not isinstance(made.action, Code):
        return UNKNOWN
    offer = made.action
    return UNKNOWN | {
        "kind": offer.offer,
        "percent": offer.percent if offer.offer == "discount_code" and not offer.is_amount else None,
        "amount": offer.amount if offer.is_amount or offer.is_money else None,
        "ends_at": instant(offer.ends_at),
        "state": made.state,
    }


def _given(row: Consolation | None) -> dict[str, Any]:
    if row is None:
        return {}
    return {
        "rung": row.rung or None, "by_hand": row.arm == "by_hand", "reason": why(row),
        "sum": row.weighed and _sum(row.weighed), "used_by": row.used_by,
    }  # fmt: skip


def _sum(found: OfferSum) -> dict[str, Any]:
    amounts = {name: money(getattr(found, name), found.currency) for name in ("value", "loss", "cost")}
    return {
        **amounts, "days": found.days, "until": day(found.until), "chance": found.chance,
        "order_days": found.order_days, "lost": found.lost,
    }  # fmt: skip
