"""Why an order is where it is, in the merchant's words. The reasons are the engine's."""

from collections.abc import Sequence

from core.orders import giving_up
from core.plan import ON_HAND, OrderPlan, PlanException
from core.planning.root_causes import SENTENCES
from core.reasons import Reason, merchant_sentence
from core.records import OrderRecord
from pages.languages import _, later
from pages.printing import printer
from pages.retelling import capital, retold, stopped

# What a card says by itself already: how many units wait.
SAID_ANYWAY = frozenset({Reason.SHORT_ON_HAND})

NAMED = 3
"""So many items are named beside a problem that they share."""
NEXT_STEPS: dict[str, str] = {
    "ITEM_GONE": later("Cancel it, swap it, or ship it by hand."),
    "OVERDUE_SUPPLY": later("Ask the supplier for a new date and enter it under Incoming."),
    "NO_DATED_SUPPLY": later("Enter what is on order under Incoming, or talk to the customer."),
    "COMMITTED_NOT_IN_STOCK": later("Count the shelf, and stop the picking if need be."),
    "OVERSOLD": later("Buy more, or decide with the customer."),
    "PROMISE_BROKEN": later("Tell the customer, or find earlier stock."),
    "NEGATIVE_ON_HAND": later("Count the shelf and set the stock in the shop."),
    "LAW_NOTICE_DUE": later("The message is drafted in the outbox; it must leave in time."),
    "LAW_REFUND_DUE": later("Cancel and refund it where that is not under way: a code or credit is no refund."),
    "LAW_LATE": later("Agree on a new date with the customer, or refund."),
    "LAW_AT_RISK": later("Find earlier stock, or talk to the customer."),
    "WITHDRAWN": later("Refund in the shop what comes back, or did not come: it is settled here by itself then."),
    "MAIL_BOUNCED": later("Correct the address in the shop, or call the customer."),
    "WIN_NOT_MET": later("Find stock for it, or change its class."),
}


def merchant_reasons(record: OrderRecord) -> tuple[str, ...]:
    """Return the plan's reasons as sentences for the merchant, after what ended units of the order for good."""
    reasons = tuple(retold(merchant_sentence(reason)) for reason in record.plan.reasons) if record.plan else ()
    return (*_ended(record), *reasons)


def _ended(record: OrderRecord) -> tuple[str, ...]:
    """Return why units came off the order, once they did: by then the plan knows nothing of them."""
    ending, became = record.ending, giving_up.outcome(record)
    if ending is None or became is None or not became.off:
        return ()
    words = retold(giving_up.because(ending))
    return (words if ending.whole else f"{printer().units(became.off)}: {words}",)


def cause_sentences(record: OrderRecord) -> tuple[str, ...]:
    """Return why units of the order first came to wait, a sentence for each line that ever did."""
    titles = {line.id: line.title for line in record.snapshot.lines}
    return tuple(
        f"{titles[line]}: {retold(SENTENCES[cause])}" for line, cause in record.causes.items() if line in titles
    )


def one_line(record: OrderRecord) -> str:
    """Return the one sentence that matters most: what to settle or is wrong first, then what says most."""
    if record.snapshot.problems:
        return retold(record.snapshot.problems[0])
    if record.plan and Reason.LARGE_ORDER_REVIEW in record.plan.reasons:
        return retold(merchant_sentence(Reason.LARGE_ORDER_REVIEW))
    if record.exceptions:
        return problem_sentence(record.exceptions[0])
    if record.plan is None:
        return _("It has not been planned yet.")
    telling = sorted(record.plan.reasons, key=lambda reason: reason in SAID_ANYWAY)
    if telling and telling[0] == Reason.INCOMING_COVERS and (coming := _coming(record.plan)):
        return _("Waits for %(supply)s.", supply=printer().all_of(coming))
    return retold(merchant_sentence(telling[0])) if telling else _("Nothing stands in its way.")


def _coming(plan: OrderPlan) -> tuple[str, ...]:
    """Return the supplies that the order waits for, each once."""
    pegged = (peg.supply for line in plan.lines for peg in line.allocations)
    return tuple(dict.fromkeys(supply for supply in pegged if supply != ON_HAND))


def problem_sentences(problems: Sequence[PlanException]) -> tuple[str, ...]:
    """Return what a person should know and do; what is the same about many items is said once, with the first three."""
    alike: dict[tuple[str, str], dict[str | None, PlanException]] = {}
    for problem in problems:
        alike.setdefault((problem.code, problem.detail), {}).setdefault(problem.incoming or problem.sku, problem)
    return tuple(problem_sentence(next(iter(named.values())), _named(list(named))) for named in alike.values())


def _named(names: Sequence[str | None]) -> str | None:
    given = [name for name in names if name]
    if len(given) <= NAMED:
        return ", ".join(given) or None
    return _("%(titles)s and %(number)s more", titles=", ".join(given[:NAMED]), number=len(given) - NAMED)


def problem_sentence(problem: PlanException, about: str | None = None) -> str:
    """Return what a person should know and do, with the items or the supply that it is about."""
    about = about or problem.incoming or problem.sku
    detail = retold(problem.detail)
    told = stopped(f"{about}: {detail}" if about else capital(detail))
    return f"{told} {_(NEXT_STEPS.get(problem.code, ''))}".strip()
