"""The plan of plain facts, put together from shares in closed form: what most shops have on most days, and fast.

Equal in every word to what the whole engine says of the same facts.
"""

from collections.abc import Iterable, Iterator
from datetime import UTC
from itertools import islice

import numpy as np

from core.engine.closed_form import Shares, share_out
from core.engine.ledger import Ledger, Lot
from core.engine.order_of_service import in_order_of_service, in_turn
from core.engine.plan_exceptions import negative_rows, overdue_rows, undated_line
from core.facts import Facts, Line
from core.plan import Allocated, Decision, Free, LinePlan, OrderPlan, Plan
from core.reasons import Reason


def plan_plainly(facts: Facts) -> Plan:
    """Return the plan of facts that `core.engine.closed_form.is_plain`."""
    ledger = Ledger(today=facts.as_of.astimezone(UTC).date())
    orders = [order for _, order in in_order_of_service(facts)]
    pools = {place.id: place.pool for place in facts.locations}
    rows = [(line, pools[order.location], order.cancelled) for order in orders for line in in_turn(order.lines)]
    shares = share_out(
        ledger,
        facts,
        [(line.sku, pool) for line, pool, _ in rows],
        [0 if cancelled else line.open for line, _, cancelled in rows],
        np.arange(len(rows)),
    )
    # Made whole: only at its end does a strict zip find that something is missing.
    lines = iter([*_line_plans(ledger, shares, (line for line, _, _ in rows))])
    made = {order.id: tuple(islice(lines, len(order.lines))) for order in orders}
    undated = (
        undated_line(line.sku, order, line.id)
        for order, lines in made.items()
        for line in lines
        if line.open and line.completes_on is None
    )
    return Plan(
        as_of=facts.as_of,
        orders=tuple(_order_plan(order.id, _as_given(order.lines, made[order.id])) for order in facts.orders),
        free=tuple(Free(sku=sku, pool=pool, on_hand=here, incoming=due) for sku, pool, here, due in shares.free()),
        exceptions=(*overdue_rows(ledger, facts), *undated, *negative_rows(facts)),
    )


def _line_plans(ledger: Ledger, shares: Shares, lines: Iterable[Line]) -> Iterator[LinePlan]:
    """Yield the lines' plans in the order of service."""
    rows = zip(lines, shares.open, shares.ahead, shares.on_hand, shares.moment, shares.pegs(), strict=True)
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
            allocations=tuple(_peg(ledger, shares.lots[number], taken) for number, taken in pegs),
        )


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
    days = [line.completes_on for line in waiting if line.completes_on]
    dated = len(days) == len(waiting)
    decision, reasons = decided(
        waits=bool(waiting), short=any(line.backordered for line in waiting), dated=dated, leaves=leaves
    )
    return OrderPlan(
        id=order,
        decision=decision,
        reasons=reasons,
        release_now=leaves,
        completes_on=max(days) if days and dated else None,
        lines=lines,
    )


def decided(*, waits: bool, short: bool, dated: bool, leaves: bool) -> tuple[Decision, tuple[Reason, ...]]:
    """Return the decision on a plain order and its reasons: whether units are open, short, all dated, may leave."""
    if not waits:
        return "none", (Reason.NOTHING_OPEN,)
    if not short:
        return "ship_all", (Reason.ALL_ON_HAND,)
    covered = Reason.INCOMING_COVERS if dated else Reason.NO_DATED_SUPPLY
    return "ship_part" if leaves else "wait", (Reason.SHORT_ON_HAND, covered)
