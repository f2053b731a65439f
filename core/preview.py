"""What a change would bring about, for whom, before it does: the same orders planned before and after, compared."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from core import offers
from core.actions import Capability, Support
from core.desired import can, tags_for, wanted_actions
from core.plan import Decision, OrderPlan
from core.ports import Unit
from core.reasons import Reason
from core.records import OrderRecord, Shop
from core.replanning import state_of
from core.shop_facts import ShopState
from core.shop_plan import Planned, plan_shop
from core.what_if import Scenario, imagined


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
    """Return the kinds of what is wanted of the platform. An offer counts as due whatever the month's budget is."""
    kinds = [want.action.kind for want in wanted_actions(plan, record, shop, support)]
    if offers.is_due(plan, record, shop, as_of) and can(support, offers.CAPABILITY[shop.policy.offers.kind]):
        kinds.append("code")
    return tuple(kinds)
