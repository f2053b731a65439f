"""How long an order waited for stock, and whether it was lost meanwhile: what the cancellation hazard is made of."""

from dataclasses import dataclass, replace
from datetime import date

from core.plan import OrderPlan
from core.snapshots import OrderSnapshot


@dataclass(frozen=True, slots=True, kw_only=True)
class Wait:
    """`until` is None while it goes on; `lost` when the customer cancelled, or took back units that waited."""

    since: date
    until: date | None = None
    lost: bool = False


def followed(
    wait: Wait | None, seen: OrderSnapshot, before: OrderPlan | None, plan: OrderPlan, today: date
) -> Wait | None:
    """Return the order's wait as it stands after the new plan; `before` is the plan that stood until now."""
    if seen.status == "open" and plan.backordered:
        return Wait(since=wait.since if wait else today)
    if wait is None or wait.until is not None:
        return wait
    return replace(wait, until=today, lost=_lost(seen, before))


def _lost(seen: OrderSnapshot, before: OrderPlan | None) -> bool:
    if seen.status == "cancelled":
        return True
    waiting = {line.id for line in before.lines if line.backordered} if before else set()
    return any(line.cancelled + line.refunded > 0 for line in seen.lines if line.id in waiting)
