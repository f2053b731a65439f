"""One shop's plan from its books' rows: facts, the engine, then the shop's own rules.

Pure. Replanning and every preview go through here, so that what was shown before is what happens after.
"""

from dataclasses import dataclass
from datetime import datetime

from core import ship_rules
from core.plan import OrderPlan, Plan, PlanException
from core.planner import plan as make_plan
from core.records import OrderRecord
from core.shop_facts import ShopState, facts_of


@dataclass(frozen=True, slots=True, kw_only=True)
class Planned:
    """One order with its new plan. `record` is the order as it was read, `record.plan` its plan before."""

    record: OrderRecord
    plan: OrderPlan
    exceptions: tuple[PlanException, ...]


def plan_shop(state: ShopState, as_of: datetime) -> tuple[Planned, ...]:
    """Return the plan of every order of the state, in its order, after the shop's rules."""
    made = make_plan(facts_of(state, as_of))
    exceptions = _by_order(made)
    return tuple(
        Planned(
            record=record,
            plan=ship_rules.apply(plan, record, state.shop),
            exceptions=exceptions.get(record.id, ()),
        )
        for record, plan in zip(state.orders, made.orders, strict=True)
    )


def _by_order(made: Plan) -> dict[str, tuple[PlanException, ...]]:
    found: dict[str, tuple[PlanException, ...]] = {}
    for exception in made.exceptions:
        if exception.order:
            found[exception.order] = (*found.get(exception.order, ()), exception)
    return found
