"""One shop's plan from its books' rows: facts, the engine, then the shop's own rules.

Pure. Replanning and every preview go through here, so that what was shown before is what happens after.
"""

from dataclasses import dataclass, replace
from datetime import datetime

from core import countering, large_orders, root_causes, ship_rules
from core.measuring import measured
from core.plan import OrderPlan, Plan, PlanException
from core.planner import plan as make_plan
from core.proposals import aged
from core.records import OrderRecord
from core.shop_facts import ShopState, facts_of


@dataclass(frozen=True, slots=True, kw_only=True)
class Planned:
    """One order with its new plan. `record` is aged and measured; its own plan is still the old one."""

    record: OrderRecord
    plan: OrderPlan
    exceptions: tuple[PlanException, ...]


def plan_shop(state: ShopState, as_of: datetime) -> tuple[Planned, ...]:
    """Return the plan of every order of the state, in its order, after the shop's rules."""
    state = replace(state, orders=tuple(_aged(record, as_of) for record in measured(state, as_of)))
    made = make_plan(facts_of(state, as_of))
    exceptions = _by_order(made)
    return tuple(
        _ruled(state, record, plan, exceptions.get(record.id, ()), as_of)
        for record, plan in zip(state.orders, made.orders, strict=True)
    )


def _aged(record: OrderRecord, as_of: datetime) -> OrderRecord:
    return replace(record, proposal=aged(record.proposal, as_of)) if record.proposal else record


def _ruled(
    state: ShopState, record: OrderRecord, plan: OrderPlan, exceptions: tuple[PlanException, ...], as_of: datetime
) -> Planned:
    plan = ship_rules.apply(plan, record, state.shop)
    if large_orders.standing(record, state.shop) == "counter" and plan.decision != "none":
        made = countering.proposal(plan, record, state.shop, state.substitutes, as_of)
        record = replace(record, proposal=made) if made else record
    plan = large_orders.apply(plan, record, state.shop)
    record = _with_preorders(state, record, as_of)
    told = root_causes.causes(plan, record, state, as_of.date())
    record = record if told is record.causes else replace(record, causes=told)
    return Planned(record=record, plan=plan, exceptions=exceptions)


def _with_preorders(state: ShopState, record: OrderRecord, as_of: datetime) -> OrderRecord:
    """Return the record with the lines whose item is not released yet."""
    found = {}
    for line in record.snapshot.lines:
        item = state.items.get(line.item) if line.item else None
        until = item.rules.preorder_until if item else None
        if line.open and until is not None and until > as_of.date():
            found[line.id] = until
    return record if found == record.preorders else replace(record, preorders=found)


def _by_order(made: Plan) -> dict[str, tuple[PlanException, ...]]:
    found: dict[str, tuple[PlanException, ...]] = {}
    for exception in made.exceptions:
        if exception.order:
            found[exception.order] = (*found.get(exception.order, ()), exception)
    return found
