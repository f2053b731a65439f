"""Why an order is where it is, in the merchant's and in the customer's words. The sentences are the engine's."""

from core import reasons
from core.plan import PlanException
from core.records import OrderRecord


def merchant_reasons(record: OrderRecord) -> tuple[str, ...]:
    """Return the plan's reasons as sentences for the merchant."""
    found = record.plan.reasons if record.plan else ()
    return tuple(reasons.merchant_sentence(reason) for reason in found)


def customer_reasons(record: OrderRecord) -> tuple[str, ...]:
    """Return the plan's reasons as sentences for the customer, each once."""
    found = record.plan.reasons if record.plan else ()
    return tuple(dict.fromkeys(reasons.customer_sentence(reason) for reason in found))


def one_line(record: OrderRecord) -> str:
    """Return the one sentence that matters most: what is wrong first, then the engine's first reason."""
    if record.snapshot.problems:
        return record.snapshot.problems[0]
    if record.exceptions:
        return problem_sentence(record.exceptions[0])
    return next(iter(merchant_reasons(record)), _without_reason(record))


def _without_reason(record: OrderRecord) -> str:
    if record.plan is None:
        return "It has not been planned yet."
    return "Everything is in stock." if record.plan.decision == "ship_all" else "Nothing stands in its way."


def problem_sentence(problem: PlanException) -> str:
    """Return what a person should know, as a sentence."""
    return problem.detail
