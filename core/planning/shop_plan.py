"""One shop's plan from its books' rows: facts, the engine, then the shop's own rules.

Pure. Replanning and every preview go through here, so that what was shown before is what happens after.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime

from core.dates.order_dates import Dates, late_reasons, line_ranges, order_range
from core.dates.promise_ranges import PromiseRange
from core.dates.published import publishes, with_promise
from core.dates.supply_dates import SupplyBook
from core.engine.planner import plan as make_plan
from core.large import countering, large_orders
from core.large.measuring import measured
from core.orders import ending_choices, giving_up
from core.parcels.part_weighing import Waiting
from core.parcels.ship_or_hold import judged
from core.parcels.travelling import companion
from core.plan import OrderPlan, Plan, PlanException
from core.planning import gone_items, root_causes
from core.planning.shop_facts import ShopState, facts_of, promise_of, ship_of
from core.reasons import Reason
from core.records import OrderRecord
from core.records.expectation import Expectation
from core.records.proposals import aged
from core.zones import local_day

MOST_ROUNDS = 4
"""How often promises that moved are planned anew at most."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Planned:
    """One order with its new plan and what is expected of it.

    `record` is aged and measured, with the promise that the plan was made under; its own plan is still the old one.
    """

    record: OrderRecord
    plan: OrderPlan
    exceptions: tuple[PlanException, ...]
    expected: Expectation | None = None


def plan_shop(state: ShopState, as_of: datetime) -> tuple[Planned, ...]:
    """Return the plan of every order of the state, in its order, after the shop's rules.

    A promise that the plan moves binds the other orders at once: it is planned again under the promises that stand
    after it. They come to rest as a rule after one more plan; where they do not, the next event goes on from here.
    Why one moved is said once: in this plan.
    """
    state = replace(
        state, orders=tuple(_aged(state, record, as_of) for record in measured(state, as_of)),
        beside=tuple(_aged(state, record, as_of) for record in state.beside),
    )  # fmt: skip
    first = _planned(state, as_of)
    records, planned = state.orders, first
    for _ in range(MOST_ROUNDS):
        after = tuple(_promised(state, record, made, as_of) for record, made in zip(records, planned, strict=True))
        if _binding(after) == _binding(records):
            break
        records, planned = after, _planned(replace(state, orders=after), as_of)
    return tuple(_why_moved(before, after) for before, after in zip(first, planned, strict=True))


def _why_moved(before: Planned, after: Planned) -> Planned:
    """Return the order after its promise moved, which still says that the one before it could not be kept."""
    told, day = before.record.promised_on, after.plan.completes_on
    lost = Reason.PROMISE_BROKEN in set(before.plan.reasons) - set(after.plan.reasons)
    if not lost or (day and told and day <= told):
        return after
    return replace(after, plan=after.plan.because(Reason.PROMISE_BROKEN))


def _binding(records: Sequence[OrderRecord]) -> list[date | None]:
    """Return the days that the engine keeps units for."""
    return [promise_of(record) for record in records]


def _promised(state: ShopState, record: OrderRecord, made: Planned, as_of: datetime) -> OrderRecord:
    """Return the record with the published promise that stands after the plan."""
    if record.published_at is None and not publishes(made.plan):
        return record
    after = with_promise(replace(record, plan=made.plan, planned_at=as_of), state.shop.policy.notices.tolerance_days)
    if promise_of(record) is None and promise_of(after) is None:
        return record
    return replace(record, promised_on=after.promised_on, published_at=after.published_at)


def _planned(state: ShopState, as_of: datetime) -> tuple[Planned, ...]:
    made = make_plan(facts_of(state, as_of))
    exceptions = _by_order(made)
    book = SupplyBook(state.shop, state.arrivals, as_of)
    dates = book.dates(state.supply)
    # Behind the orders of the state come those that only take part.
    planned = (
        Planned(record=record, plan=plan, exceptions=exceptions.get(record.id, ()))
        for record, plan in zip(state.orders, made.orders, strict=False)
    )
    return tuple(_settled(state, as_of, _ruled(state, book, dates, one)) for one in planned)


def _ruled(state: ShopState, book: SupplyBook, dates: Dates, made: Planned) -> Planned:
    """Return the order after the shop's rules, with its dates and the sum that was made."""
    record, plan = made.record, made.plan
    if plan.decision == "none":
        return made
    ranges = line_ranges(plan, dates, book.ready)
    ships = order_range(ranges.values())
    plan = plan.because(*late_reasons(plan, dates))
    policy = state.shop.policy
    if not state.shop.counts_in(record.snapshot):
        policy = replace(policy, ship_part=replace(policy.ship_part, parcel_cost="0", min_part_value="0"))
    result = judged(plan, record, policy, _waiting(state, record, ships, book.today))
    at_once = ship_of(record, state.shop) == "together" or (plan.release_now and not result.plan.release_now)
    lines = dict.fromkeys(ranges, ships) if at_once else ranges
    expected = Expectation(ships=ships, lines={line: seen for line, seen in lines.items() if seen}, part=result.part)
    return replace(made, plan=result.plan, expected=expected)


def _waiting(state: ShopState, record: OrderRecord, ships: PromiseRange | None, today: date) -> Waiting:
    until = ships.likely if ships else None
    joins = companion(record, state.bound_alike, until)
    ordered_on = local_day(record.snapshot.placed_at, state.shop.timezone)
    return Waiting(today=today, ordered_on=ordered_on, until=until, exposure=state.waits.until(today), joins=joins)


def _settled(state: ShopState, as_of: datetime, made: Planned) -> Planned:
    """Return the order after what is special about it: very large, not released yet, and why it came to wait."""
    record, plan = made.record, made.plan
    if not giving_up.counts_as_cancelled(record):
        record = _offered(state, record, plan, as_of)
        plan = large_orders.apply(plan, record, state.shop)
    plan = plan.because(*_done_by_others(plan, record))
    exceptions = made.exceptions
    if gone := gone_items.lines_gone(plan, record, state.items):
        plan = plan.because(Reason.ITEM_GONE)
        exceptions = tuple(gone_items.told(exceptions, plan, gone))
    record = _with_preorders(state, record, as_of)
    told = root_causes.causes(plan, record, state, as_of.date())
    record = record if told is record.causes else replace(record, causes=told)
    if record is made.record and plan is made.plan:
        return made
    return replace(made, record=record, plan=plan, exceptions=exceptions)


def _offered(state: ShopState, record: OrderRecord, plan: OrderPlan, as_of: datetime) -> OrderRecord:
    """Return the record with the choice that the policy gives the customer of a very large order."""
    if large_orders.standing(record, state.shop) != "counter" or plan.decision == "none":
        return record
    offered = countering.proposal(plan, record, state.shop, state.substitutes, as_of)
    return replace(record, proposal=offered) if offered else record


def _done_by_others(plan: OrderPlan, record: OrderRecord) -> Iterator[Reason]:
    """Yield what people and other apps did with the order at the platform, or decided, and is left as it is."""
    open_lines = {line.id for line in plan.lines if line.open}
    if any(units for line, units in record.hands_off.items() if line in open_lines):
        yield Reason.RELEASED_BY_PERSON
    if record.snapshot.outside.blocked & open_lines:
        yield Reason.FOREIGN_HOLD
    if giving_up.is_open(record):
        yield Reason.SWAPPED if record.ending and record.ending.swap else Reason.GIVEN_UP


def _aged(state: ShopState, record: OrderRecord, as_of: datetime) -> OrderRecord:
    """Return the record as it stands now: offers that ran out have lapsed, what the policy declines is given up."""
    record = replace(record, proposal=aged(record.proposal, as_of)) if record.proposal else record
    return ending_choices.declined_by_policy(state.shop, giving_up.followed(record), as_of=as_of)


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
