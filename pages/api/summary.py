"""The summary's sums. Pure. Where nothing is known yet, a figure is null and never a flattering number.

An order is counted as it is read and then let go: of ten thousand, what counts is a few numbers each.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any, NamedTuple

from core.actions import Code
from core.plan import LinePlan
from core.records import OrderRecord
from core.reports.trial import TRIAL_DAYS
from core.snapshots import LineSnapshot, Status
from pages.api.answers import instant, money

RECENT_DAYS = 90
AGES = ((7, "0-7"), (14, "8-14"), (30, "15-30"), (60, "31-60"))
OLDEST = "61+"

DEFINITIONS = {
    "unit_fill_rate": (
        "units shipped, or covered by stock on hand, of units ordered less cancelled and refunded; over planned open "
        f"orders and closed orders placed in the last {RECENT_DAYS} days"
    ),
    "line_fill_rate": "order lines of which every unit is shipped or covered, of the same orders' lines",
    "order_fill_rate": "orders of which every line is filled, of the same orders",
    "backorder_rate": "open orders with at least one backordered unit, of all planned open orders",
    "ageing": "open orders with backordered units, and those units, by whole days since the order was placed",
    "units_waiting": "backordered units of all open orders",
    "value_waiting": (
        "those units at their lines' unit price, over orders in the shop's currency whose price is known; null where "
        "units wait and no price is known"
    ),
    "promise_kept_rate": (
        f"closed orders placed in the last {RECENT_DAYS} days whose last change at the platform fell on or before the "
        "first date promised (UTC), of those that were given a date; null where there is none"
    ),
    "offers.made": f"consolations made for open orders and for orders placed in the last {RECENT_DAYS} days",
    "offers.cost_estimate": "what they cost at most, as estimated when they were made; null where no estimate is known",
    "offers.budget": (
        "what this month may give, and what it gave at most, as estimated then: used, promised and not used yet, and "
        "what ran out unused; what ended with its order is given back"
    ),
    "offers.trial": (
        f"over decisions of the last {TRIAL_DAYS} days, one order of each customer: those offered something against "
        "those held out by lot; `cancelled` is the difference of the shares that cancelled, with Newcombe's interval, "
        "`kept_per_order` that of the value kept for each order; null where there is too little to tell"
    ),
    "offers.effect": (
        f"of the orders placed in the last {RECENT_DAYS} days that had to wait and have ended, the share that was "
        "cancelled, with and without an offer; null where there is none"
    ),
}


class Counted(NamedTuple):
    """What one order adds to the figures. `units` and `lines` are those wanted; `covered` and `full`, those filled.

    `value`: what its backordered units were sold for in its currency; None where no price is known. `kept`: whether
    the first date promised was; None where there was none.
    """

    status: Status
    planned: bool
    placed_at: datetime
    currency: str
    units: int
    covered: int
    lines: int
    full: int
    short: int
    value: int | None
    waited: bool
    offered: bool
    kept: bool | None


def counted(record: OrderRecord) -> Counted:
    """Return what the order adds."""
    seen, plans = record.snapshot, _plans(record)
    here = plans if seen.status == "open" else {}
    filled = [
        (wanted, _covered(line, here.get(line.id))) for line in seen.lines if line.ships and (wanted := _wanted(line))
    ]
    prices = [plan.backordered * line.unit_price for line in seen.lines
              if line.unit_price is not None and (plan := plans.get(line.id))]  # fmt: skip
    return Counted(
        status=seen.status, planned=record.plan is not None, placed_at=seen.placed_at, currency=seen.currency,
        units=sum([wanted for wanted, _ in filled]), covered=sum([covered for _, covered in filled]),
        lines=len(filled), full=sum([wanted == covered for wanted, covered in filled]),
        short=record.plan.backordered if record.plan else 0, value=sum(prices) if prices else None,
        waited=record.managed or bool(record.offers), offered=bool(record.offers), kept=_kept(record),
    )  # fmt: skip


def summary(
    waiting: Sequence[Counted],
    ended: Sequence[Counted],
    codes: Sequence[Code],
    learned: Mapping[str, Any],
    *,
    currency: str,
    as_of: datetime,
) -> dict[str, Any]:
    """Return the report over open orders (`waiting`), recently ended ones, and the consolations made for them.

    `learned`: what is known of consolations beyond these orders, ready to be shown.
    """
    planned = [order for order in waiting if order.planned]
    closed = [order for order in ended if order.status == "closed"]
    short = [order for order in planned if order.short]
    kept = [order.kept for order in closed if order.kept is not None]
    return {
        "as_of": instant(as_of),
        "orders": {"open": len(waiting), "not_planned": len(waiting) - len(planned), "closed_recently": len(closed)},
        **_fill_rates([order for order in (*planned, *closed) if order.lines]),
        "backorder_rate": _rate(len(short), len(planned)),
        "ageing": _ageing(short, as_of),
        "units_waiting": sum(order.short for order in short),
        "value_waiting": _value(short, currency),
        "promise_kept_rate": _rate(sum(kept), len(kept)),
        "offers": {
            "made": len(codes),
            "cost_estimate": _cost(codes, currency),
            "effect": {
                "cancelled_with_offer": _cancelled(order for order in ended if order.offered),
                "cancelled_without_offer": _cancelled(order for order in ended if not order.offered),
            },
            **learned,
        },
        "definitions": DEFINITIONS,
    }


def _rate(part: int, whole: int) -> float | None:
    return round(part / whole, 4) if whole else None


def _plans(record: OrderRecord) -> dict[str, LinePlan]:
    return {line.id: line for line in record.plan.lines} if record.plan else {}


def _wanted(line: LineSnapshot) -> int:
    return max(0, line.ordered - line.cancelled - line.refunded)


def _covered(line: LineSnapshot, plan: LinePlan | None) -> int:
    return min(_wanted(line), line.shipped + (plan.on_hand if plan else 0))


def _kept(record: OrderRecord) -> bool | None:
    promised = record.first_promise_on
    return None if promised is None else record.snapshot.version.astimezone(UTC).date() <= promised


def _fill_rates(orders: Sequence[Counted]) -> dict[str, float | None]:
    return {
        "unit_fill_rate": _rate(sum(order.covered for order in orders), sum(order.units for order in orders)),
        "line_fill_rate": _rate(sum(order.full for order in orders), sum(order.lines for order in orders)),
        "order_fill_rate": _rate(sum(order.full == order.lines for order in orders), len(orders)),
    }


def _ageing(short: Iterable[Counted], as_of: datetime) -> list[dict[str, Any]]:
    rows = {name: {"days": name, "orders": 0, "units": 0} for name in (*(name for _, name in AGES), OLDEST)}
    for order in short:
        days = (as_of - order.placed_at).days
        row: dict[str, Any] = rows[next((name for top, name in AGES if days <= top), OLDEST)]
        row["orders"] += 1
        row["units"] += order.short
    return list(rows.values())


def _value(short: Sequence[Counted], currency: str) -> dict[str, str] | None:
    known = [order.value for order in short if order.currency == currency and order.value is not None]
    return money(sum(known), currency) if known or not short else None


def _cost(codes: Sequence[Code], currency: str) -> dict[str, str] | None:
    known = [code.worth for code in codes if code.worth]
    return money(sum(known), currency) if known or not codes else None


def _cancelled(ended: Iterable[Counted]) -> float | None:
    """Return the share of cancelled ones among the orders that had to wait."""
    waited = [order.status for order in ended if order.waited]
    return _rate(waited.count("cancelled"), len(waited))
