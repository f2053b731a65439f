"""What settings would have meant over a stretch of the past, counted from kept facts. Pure."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from core.consolation.gift_past import Gifts, gifts_of
from core.forecast.records import DemandRow
from core.money import minor
from core.policy.shop_policy import ShipPart, ShopPolicy
from core.reports.fill import Share, backorder_rate, backorders_only, first_fill
from core.reports.report import Facts

LAW_DAYS = 30


@dataclass(frozen=True, slots=True, kw_only=True)
class Parts:
    """Orders of which a part would have left ahead of the rest, of all that had to wait; `freight` in minor units."""

    orders: int
    waited: int
    freight: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class PolicyPast:
    """Counts of the facts' period under a policy. `deliveries`: how many came, `days_late` on the mean."""

    days: int
    parts: Parts
    gifts: Gifts
    filled: Share
    waited: Share
    ended: Share
    waiting: int
    over_limit: int
    over_law: int
    large: int
    deliveries: int
    days_late: float | None


def policy_past(policy: ShopPolicy, facts: Facts) -> PolicyPast:
    """Return what the policy would have meant over the facts' period, as far as the facts tell."""
    lines = backorders_only(facts.lines)
    late = [(one.received_on - one.first_on).days for one in facts.arrivals if one.received_on and one.first_on]
    ended = [one for one in facts.orders if facts.period.has(one.wait_until) and not one.preorder]
    waits = _waits(facts)
    return PolicyPast(
        days=facts.period.days, parts=parts_of(lines, policy.ship_part, facts.currency),
        gifts=gifts_of(lines, facts.orders, facts.today, policy, facts.currency),
        filled=first_fill(lines).units, waited=backorder_rate(lines),
        ended=Share(part=sum(one.wait_lost for one in ended), whole=len(ended)), waiting=len(facts.waiters),
        over_limit=sum((facts.today - one.placed_on).days > policy.wait_gate.max_days for one in facts.waiters),
        over_law=sum(days > LAW_DAYS for days in waits.values()),
        large=sum(row.cause == "large_order" for row in lines), deliveries=len(late),
        days_late=sum(late) / len(late) if late else None,
    )  # fmt: skip


def parts_of(lines: Iterable[DemandRow], rules: ShipPart, currency: str) -> Parts:
    """Return the orders whose part would have left ahead by the hard rules; the sum against waiting is left out."""
    orders: dict[str, list[DemandRow]] = {}
    for row in lines:
        orders.setdefault(row.order, []).append(row)
    short = [rows for rows in orders.values() if any(row.backordered for row in rows)]
    split = sum(_leaves(rows, rules, currency) for rows in short) if rules.enabled and rules.max_parcels > 1 else 0
    cost = minor(rules.parcel_cost, currency)
    return Parts(orders=split, waited=len(short), freight=split * cost if cost else None)


def _leaves(rows: Sequence[DemandRow], rules: ShipPart, currency: str) -> bool:
    ready = [(row, min(row.units, row.at_once or 0)) for row in rows]
    ready = [(row, units) for row, units in ready if units >= min(rules.min_units, row.units) and units]
    value = sum(units * (row.price or 0) for row, units in ready)
    whole = sum(row.units * (row.price or 0) for row in rows)
    worth = value >= minor(rules.min_part_value, currency) and value >= Decimal(rules.min_fill_share) * whole
    return bool(ready) and worth


def _waits(facts: Facts) -> dict[str, int]:
    """Return by order how many days those waited that ended in the period or go on."""
    until: dict[str, date] = {one.order: one.wait_until or facts.today for one in facts.orders if not one.preorder}
    return {one.order: (until[one.order] - one.wait_since).days for one in facts.orders if one.order in until}
