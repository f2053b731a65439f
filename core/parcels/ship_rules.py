"""The merchant's hard rules on a part that could leave: parcels left, the least worth, the least share of the order."""

from dataclasses import replace
from decimal import Decimal

from core.money import minor
from core.plan import OrderPlan
from core.policy.shop_policy import ShipPart
from core.reasons import Reason
from core.records import OrderRecord


def refusal(plan: OrderPlan, record: OrderRecord, rules: ShipPart) -> Reason | None:
    """Return the rule that keeps the part back, None where none does."""
    # One parcel must be left for the last of the rest.
    if record.snapshot.outside.shipped_parcels >= rules.max_parcels - 1:
        return Reason.PARCEL_CAP_REACHED
    if part_value(plan, record) < minor(rules.min_part_value, record.snapshot.currency):
        return Reason.PART_TOO_SMALL
    if _fill_share(plan, record) < Decimal(rules.min_fill_share):
        return Reason.PART_BELOW_SHARE
    return None


def only_picked(plan: OrderPlan, record: OrderRecord) -> OrderPlan:
    """Return the plan with nothing leaving but what is in picking already."""
    committed = {line.id: line.committed for line in record.snapshot.lines}
    lines = tuple(replace(line, release_now=min(line.release_now, committed[line.id])) for line in plan.lines)
    return replace(plan, lines=lines, release_now=any(line.release_now for line in lines))


def part_value(plan: OrderPlan, record: OrderRecord) -> int:
    """Return the worth, in minor units, of what may leave now."""
    prices = _prices(record)
    return sum(line.release_now * prices.get(line.id, 0) for line in plan.lines)


def waiting_value(plan: OrderPlan, record: OrderRecord) -> int:
    """Return the worth, in minor units, of what waits."""
    prices = _prices(record)
    return sum(line.backordered * prices.get(line.id, 0) for line in plan.lines)


def _fill_share(plan: OrderPlan, record: OrderRecord) -> Decimal:
    """Return the part's share of what is open: by value, by units where no price is known."""
    prices = _prices(record)
    whole = sum(line.open * prices.get(line.id, 0) for line in plan.lines)
    if whole:
        return Decimal(part_value(plan, record)) / whole
    return Decimal(sum(line.release_now for line in plan.lines)) / sum(line.open for line in plan.lines)


def _prices(record: OrderRecord) -> dict[str, int]:
    return {line.id: line.unit_price or 0 for line in record.snapshot.lines}
