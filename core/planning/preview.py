"""What a change would bring about, for whom, before it does: the same orders planned before and after, compared."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime

from core.capabilities import Capability, Support
from core.consolation import offers
from core.desired_state.desired import can, tags_for, wanted_actions
from core.items import gating
from core.items.item_gate import Wish
from core.plan import Decision, OrderPlan
from core.planning.replanning import state_of
from core.planning.shop_facts import ShopState
from core.planning.shop_plan import Planned, plan_shop
from core.planning.what_if import Scenario, imagined
from core.policy.shop_policy import ShopPolicy
from core.ports.books import Unit
from core.reasons import Reason
from core.records import ItemRecord, OrderRecord, Shop


@dataclass(frozen=True, slots=True, kw_only=True)
class Outlook:
    """One order's future. `asks`: the kinds of actions that would be sent to the shop next; none while observing."""

    decision: Decision
    release_now: int
    backordered: int
    completes_on: date | None
    tags: tuple[str, ...]
    asks: tuple[str, ...]
    reasons: tuple[Reason, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class GateChange:
    """One item on which backorders would stop, or be taken again. `why` says when a next unit would leave."""

    record: ItemRecord
    wish: Wish
    next_on: date | None
    why: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """One order that fares differently. `days` is how much later it completes; None where either has no date."""

    record: OrderRecord
    before: Outlook
    after: Outlook

    @property
    def days(self) -> int | None:
        """Days by which the order completes later (negative: earlier)."""
        before, after = self.before.completes_on, self.after.completes_on
        return (after - before).days if before and after else None

    @property
    def worse(self) -> bool:
        """Whether the order waits longer, loses its date, or can ship fewer units today."""
        if self.before.completes_on and self.after.completes_on is None:
            return True
        later = self.days is not None and self.days > 0
        return later or self.after.release_now < self.before.release_now


def preview(
    unit: Unit, shop: Shop, scenario: Scenario, *, as_of: datetime, support: Mapping[Capability, Support]
) -> tuple[Change, ...]:
    """Return the open orders that would fare differently, oldest first. Nothing is stored."""
    state = state_of(unit, shop, unit.orders.open_all(shop.id), weighing=True)
    return compare(state, scenario, as_of=as_of, support=support)


def compare(
    state: ShopState, scenario: Scenario, *, as_of: datetime, support: Mapping[Capability, Support]
) -> tuple[Change, ...]:
    """Return the orders of the state that the scenario would change, both sides planned on today's facts."""
    other = imagined(state, scenario)
    pairs = zip(plan_shop(state, as_of), plan_shop(other, as_of), strict=True)
    found = (
        Change(
            record=before.record,
            before=outlook(before, state.shop, as_of, support),
            after=outlook(after, other.shop, as_of, support),
        )
        for before, after in pairs
    )
    return tuple(change for change in found if change.before != change.after)


def gate_changes(unit: Unit, shop: Shop, policy: ShopPolicy, *, as_of: datetime) -> tuple[GateChange, ...]:
    """Return what the policy's longest wait would newly ask for, by SKU; nothing that is asked for already."""
    if not (policy.wait_gate.enabled or shop.policy.wait_gate.enabled):
        return ()
    items, orders = unit.items.all(shop.id), unit.orders.open_all(shop.id)
    before = state_of(unit, shop, orders)
    after = replace(before, shop=replace(shop, policy=policy))
    wishes = {found.record.sku: found.wish for found in _at_the_gate(before, items, as_of)}
    return tuple(
        GateChange(record=found.record, wish=found.wish, next_on=found.next_on, why=found.sentence)
        for found in _at_the_gate(after, items, as_of)
        if found.wish and found.wish != wishes[found.record.sku]
    )


def _at_the_gate(state: ShopState, items: Sequence[ItemRecord], as_of: datetime) -> Iterator[gating.Outlook]:
    plans = [(entry.record, entry.plan) for entry in plan_shop(state, as_of)]
    return gating.outlooks(state, plans, items, as_of)


def consequences(
    state: ShopState, scenario: Scenario, *, as_of: datetime, support: Mapping[Capability, Support]
) -> tuple[Change, ...]:
    """Return whom the scenario would hit: every order that fares differently but those that it declines itself."""
    found = compare(state, scenario, as_of=as_of, support=support)
    return tuple(change for change in found if change.record.id not in scenario.declined)


def outlook(planned: Planned, shop: Shop, as_of: datetime, support: Mapping[Capability, Support]) -> Outlook:
    """Return what the plan means for one order."""
    plan = planned.plan
    return Outlook(
        decision=plan.decision,
        release_now=sum(line.release_now for line in plan.lines),
        backordered=plan.backordered,
        completes_on=plan.completes_on,
        tags=tuple(sorted(tags_for(plan, planned.record))),
        asks=_asks(plan, planned.record, shop, as_of, support) if shop.policy.mode == "act" else (),
        reasons=plan.reasons,
    )


def _asks(
    plan: OrderPlan, record: OrderRecord, shop: Shop, as_of: datetime, support: Mapping[Capability, Support]
) -> tuple[str, ...]:
    """Return the kinds of what is wanted of the platform. An offer counts as due whatever its sum and budget say."""
    kinds = [want.action.kind for want in wanted_actions(plan, record, shop, support)]
    due = offers.next_rung(offers.Case(plan=plan, record=record, shop=shop, as_of=as_of), ())
    if due and can(support, offers.CAPABILITY[due[1].kind]):
        kinds.append("code")
    return tuple(kinds)
