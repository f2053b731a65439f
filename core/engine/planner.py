"""The engine: facts in, plan out. Pure: same facts, same plan, byte for byte."""

from collections.abc import Iterable
from datetime import UTC

from core.engine import promises
from core.engine.allocation import allocate, ring_fences
from core.engine.allocation.completion_first import completion_bound as bound_of
from core.engine.closed_form import is_plain
from core.engine.collector import at_rest
from core.engine.decisions import order_plan, settle
from core.engine.demand import enter_orders, serve_commitments
from core.engine.ledger import Ledger, LineEntry
from core.engine.oversell import oversold_lines
from core.engine.plain_plan import plan_plainly
from core.engine.plan_exceptions import exceptions_of
from core.engine.release import find_available, lending_of
from core.engine.supply import fill_lots
from core.facts import Facts
from core.plan import Free, Plan

AHEAD_IS_BACKORDERED = frozenset({"completion_first", "fair_share"})


@at_rest()
def plan(facts: Facts) -> Plan:
    """Return the plan: every order's shares, dates and decision, what is free, and what a person should know."""
    return plan_plainly(facts) if is_plain(facts) else plan_in_turn(facts)


def plan_in_turn(facts: Facts) -> Plan:
    """Return the plan of any facts: the whole engine, policy by policy and queue by queue."""
    ledger = _opened(facts)
    ring_fences.put_up(ledger, facts.policy.ring_fences)
    promises.set_aside(ledger)
    allocate(ledger, facts.policy)
    for entry in ledger.orders:
        for line in entry.lines:
            _measure(line)
    find_available(ledger, lending_of(facts))
    asked = _count_ahead(ledger, backordered=facts.policy.allocation in AHEAD_IS_BACKORDERED)
    for entry in ledger.orders:
        settle(entry)
    oversold = list(oversold_lines(ledger))
    beyond = {id(line.order) for line in oversold}
    made = {entry.order.id: order_plan(ledger, entry, oversold=id(entry) in beyond) for entry in ledger.orders}
    found = Plan(
        as_of=facts.as_of,
        orders=tuple(made[order.id] for order in facts.orders),
        free=_free(ledger, facts, asked),
        exceptions=tuple(exceptions_of(ledger, facts, oversold)),
    )
    ledger.close()
    return found


def completion_bound(facts: Facts) -> int:
    """Return an upper bound on how many open orders stock on hand can complete, whatever the policy.

    Classes, fences and promises are left out of it; units in picking are not.
    """
    return bound_of(_opened(facts))


def _opened(facts: Facts) -> Ledger:
    """Return the ledger with all orders entered, supply laid out and commitments served."""
    ledger = Ledger(today=facts.as_of.astimezone(UTC).date())
    enter_orders(ledger, facts)
    fill_lots(ledger, facts)
    serve_commitments(ledger)
    return ledger


def _measure(line: LineEntry) -> None:
    """Note what the policy covers from the shelf, and when the line is complete by it."""
    covered, moment = line.open, line.preorder
    for claim in line.claims:
        on_hand, latest = claim.covered()
        covered = min(covered, on_hand // claim.per)
        moment = max(moment, latest)
    line.on_hand, line.moment = covered, moment


def _count_ahead(ledger: Ledger, *, backordered: bool) -> dict[tuple[str, str], int]:
    """Note of each line how many units are ahead of it; return the units of all lines by item and pool."""
    counted: dict[tuple[str, str], int] = {}
    for entry in ledger.orders:
        for line in entry.lines:
            key = (line.line.sku, entry.pool)
            line.ahead = counted.get(key, 0)
            counted[key] = line.ahead + line.open - (line.on_hand if backordered else 0)
    return counted


def _free(ledger: Ledger, facts: Facts, asked: Iterable[tuple[str, str]]) -> tuple[Free, ...]:
    """Return what nobody claims, a row for each item and pool that has stock, incoming units or a line."""
    pools = {place.id: place.pool for place in facts.locations}
    keys = set(asked)
    keys.update((row.sku, pools[row.location]) for row in facts.stock)
    keys.update((row.sku, pools[row.location]) for row in facts.incoming)
    rows = []
    for sku, pool in sorted(keys):
        queue = ledger.queues.get((sku, pool))
        lots = list(queue.all_lots()) if queue else []
        on_hand = sum(lot.left for lot in lots if lot.is_stock)
        rows.append(Free(sku=sku, pool=pool, on_hand=on_hand, incoming=sum(lot.left for lot in lots) - on_hand))
    return tuple(rows)
