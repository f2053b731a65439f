"""Whether a part that could leave is worth a parcel of its own: the merchant's rules on top of the engine's plan."""

from dataclasses import replace

from core.money import minor
from core.plan import OrderPlan
from core.reasons import Reason
from core.records import OrderRecord, Shop


def apply(plan: OrderPlan, record: OrderRecord, shop: Shop) -> OrderPlan:
    """Return the plan with the part kept back where a rule says so; the reason is added.

    Units already in picking stay free to leave. A person's "ship the part" passes over both rules.
    """
    refusal = None if record.manual.get("ship") == "as_ready" else _refusal(plan, record, shop)
    if refusal is None:
        return plan
    committed = {line.id: line.committed for line in record.snapshot.lines}
    lines = tuple(
        replace(line, release_now=min(line.release_now, committed.get(line.id, 0), line.open)) for line in plan.lines
    )
    leaves = any(line.release_now for line in lines)
    return replace(
        plan,
        lines=lines,
        release_now=leaves,
        decision="ship_part" if leaves else "wait",
        reasons=(*plan.reasons, refusal),
    )


def _refusal(plan: OrderPlan, record: OrderRecord, shop: Shop) -> Reason | None:
    if plan.decision != "ship_part":
        return None
    rules = shop.policy.ship_part
    # One parcel must be left for the last of the rest.
    if record.snapshot.outside.shipped_parcels >= rules.max_parcels - 1:
        return Reason.PARCEL_CAP_REACHED
    if part_value(plan, record) < minor(rules.min_part_value, record.snapshot.currency):
        return Reason.PART_TOO_SMALL
    return None


def part_value(plan: OrderPlan, record: OrderRecord) -> int:
    """Return the worth, in minor units, of what may leave now."""
    prices = {line.id: line.unit_price or 0 for line in record.snapshot.lines}
    return sum(line.release_now * prices.get(line.id, 0) for line in plan.lines)


def waiting_value(plan: OrderPlan, record: OrderRecord) -> int:
    """Return the worth, in minor units, of what waits."""
    prices = {line.id: line.unit_price or 0 for line in record.snapshot.lines}
    return sum(line.backordered * prices.get(line.id, 0) for line in plan.lines)
