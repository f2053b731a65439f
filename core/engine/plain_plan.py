"""The plan of plain facts, put together from shares in closed form: what most shops have on most days, and fast.

Equal in every word to what the whole engine says of the same facts.
"""

from collections.abc import Iterator
from datetime import UTC
from itertools import islice

from core.engine.closed_form import Shares, share_out
from core.engine.ledger import Ledger, Lot
from core.engine.plan_exceptions import negative_rows, overdue_rows, undated_line
from core.facts import Facts, Line
from core.plan import Allocated, Decision, Free, LinePlan, OrderPlan, Plan
from core.reasons import Reason

NOTHING_OPEN = (Reason.NOTHING_OPEN,)
ALL_ON_HAND = (Reason.ALL_ON_HAND,)
NO_DATE = (Reason.SHORT_ON_HAND, Reason.NO_DATED_SUPPLY)
COVERED = (Reason.SHORT_ON_HAND, Reason.INCOMING_COVERS)


def plan_plainly(facts: Facts) -> Plan:
    """Return the plan of facts that `core.engine.closed_form.is_plain`."""
    ledger = Ledger(today=facts.as_of.astimezone(UTC).date())
    shares = share_out(ledger, facts)
    # Made whole: only at its end does a strict zip find that something is missing.
    lines = iter([*_line_plans(ledger, shares)])
    made = {order.id: tuple(islice(lines, len(order.lines))) for order in shares.orders}
    undated = (
        undated_line(line.sku, order, line.id)
        for order, lines in made.items()
        for line in lines
        if line.open and line.completes_on is None
    )
    return Plan(
        as_of=facts.as_of,
        orders=tuple(_order_plan(order.id, _as_given(order.lines, made[order.id])) for order in facts.orders),
        free=tuple(_free(shares)),
        exceptions=(*overdue_rows(ledger, facts), *undated, *negative_rows(facts)),
    )


def _line_plans(ledger: Ledger, shares: Shares) -> Iterator[LinePlan]:
    """Yield the lines' plans in the order of service."""
    rows = zip(
        shares.lines, shares.open, shares.ahead, shares.on_hand, shares.moment, _pegs(ledger, shares), strict=True
    )
    for line, units, ahead, on_hand, moment, pegs in rows:
        yield LinePlan(
            id=line.id,
            sku=line.sku,
            open=units,
            ahead=ahead,
            on_hand=on_hand,
            backordered=units - on_hand,
            release_now=on_hand,
            completes_on=ledger.date_of(moment) if units else None,
            allocations=pegs,
        )


def _pegs(ledger: Ledger, shares: Shares) -> Iterator[tuple[Allocated, ...]]:
    """Yield for each line the supply of each unit that has one, earliest first."""
    for units, start, first, last in zip(shares.open, shares.start, shares.first, shares.last, strict=True):
        if not units or first > last:
            yield ()
        elif first == last:
            yield (_peg(ledger, shares.lots[first], min(units, shares.ends[first] - start)),)
        else:
            ends = [min(end, start + units) for end in shares.ends[first : last + 1]]
            shares_of = zip(shares.lots[first : last + 1], [start, *ends], ends, strict=False)
            yield tuple(_peg(ledger, lot, upto - reached) for lot, reached, upto in shares_of if upto > reached)


def _peg(ledger: Ledger, lot: Lot, units: int) -> Allocated:
    return Allocated(supply=lot.supply, location=lot.location, units=units, on=ledger.date_of(lot.at))


def _as_given(asked: tuple[Line, ...], lines: tuple[LinePlan, ...]) -> tuple[LinePlan, ...]:
    """Return the lines in the order of the facts."""
    if len(lines) < 2:
        return lines
    made = {line.id: line for line in lines}
    return tuple(made[line.id] for line in asked)


def _order_plan(order: str, lines: tuple[LinePlan, ...]) -> OrderPlan:
    waiting = [line for line in lines if line.open]
    leaves = any(line.on_hand for line in waiting)
    reasons = _reasons(waiting)
    days = [line.completes_on for line in waiting if line.completes_on]
    return OrderPlan(
        id=order,
        decision=_decision(reasons, leaves=leaves),
        reasons=reasons,
        release_now=leaves,
        completes_on=max(days) if days and len(days) == len(waiting) else None,
        lines=lines,
    )


def _reasons(waiting: list[LinePlan]) -> tuple[Reason, ...]:
    if not waiting:
        return NOTHING_OPEN
    short = [line for line in waiting if line.backordered]
    if not short:
        return ALL_ON_HAND
    return COVERED if all(line.completes_on for line in short) else NO_DATE


def _decision(reasons: tuple[Reason, ...], *, leaves: bool) -> Decision:
    if reasons is NOTHING_OPEN:
        return "none"
    if reasons is ALL_ON_HAND:
        return "ship_all"
    return "ship_part" if leaves else "wait"


def _free(shares: Shares) -> Iterator[Free]:
    """Yield what nobody claims, a row for each item and pool."""
    dated = shares.supply - shares.shelf
    on_hand = (shares.shelf - shares.demand).clip(0).tolist()
    incoming = (dated - (shares.demand - shares.shelf).clip(0)).clip(0).tolist()
    for (sku, pool), number in sorted(shares.queues.items()):
        yield Free(sku=sku, pool=pool, on_hand=on_hand[number], incoming=incoming[number])
