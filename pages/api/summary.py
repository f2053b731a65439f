"""The summary's sums. Pure. Where nothing is known yet, a figure is null and never a flattering number."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

from core.actions import Code
from core.money import major
from core.plan import LinePlan
from core.records import OrderRecord
from core.reports.trial import TRIAL_DAYS
from core.snapshots import LineSnapshot
from pages.api.answers import instant

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

Filled = tuple[int, int]  # units wanted, units covered


def summary(
    waiting: Sequence[OrderRecord],
    ended: Sequence[OrderRecord],
    codes: Sequence[Code],
    learned: Mapping[str, Any],
    *,
    currency: str,
    as_of: datetime,
) -> dict[str, Any]:
    """Return the report over open orders (`waiting`), recently ended ones, and the consolations made for them.

    `learned`: what is known of consolations beyond these orders, ready to be shown.
    """
    planned = [record for record in waiting if record.plan]
    closed = [record for record in ended if record.snapshot.status == "closed"]
    short = [record for record in planned if _backordered(record)]
    return {
        "as_of": instant(as_of),
        "orders": {"open": len(waiting), "not_planned": len(waiting) - len(planned), "closed_recently": len(closed)},
        **_fill_rates([lines for lines in map(_filled, (*planned, *closed)) if lines]),
        "backorder_rate": _rate(len(short), len(planned)),
        "ageing": _ageing(short, as_of),
        "units_waiting": sum(map(_backordered, short)),
        "value_waiting": _value(short, currency),
        "promise_kept_rate": _kept(closed),
        "offers": {
            "made": len(codes),
            "cost_estimate": _cost(codes, currency),
            "effect": {
                "cancelled_with_offer": _cancelled(record for record in ended if record.offers),
                "cancelled_without_offer": _cancelled(record for record in ended if not record.offers),
            },
            **learned,
        },
        "definitions": DEFINITIONS,
    }


def _backordered(record: OrderRecord) -> int:
    return record.plan.backordered if record.plan else 0


def _rate(part: int, whole: int) -> float | None:
    return round(part / whole, 4) if whole else None


def _filled(record: OrderRecord) -> list[Filled]:
    plans = _plans(record) if record.snapshot.status == "open" else {}
    lines = [line for line in record.snapshot.lines if line.ships and _wanted(line)]
    return [(_wanted(line), _covered(line, plans.get(line.id))) for line in lines]


def _plans(record: OrderRecord) -> dict[str, LinePlan]:
    return {line.id: line for line in record.plan.lines} if record.plan else {}


def _wanted(line: LineSnapshot) -> int:
    return max(0, line.ordered - line.cancelled - line.refunded)


def _covered(line: LineSnapshot, plan: LinePlan | None) -> int:
    return min(_wanted(line), line.shipped + (plan.on_hand if plan else 0))


def _fill_rates(orders: Sequence[list[Filled]]) -> dict[str, float | None]:
    lines = [line for order in orders for line in order]
    full = [all(covered == wanted for wanted, covered in order) for order in orders]
    return {
        "unit_fill_rate": _rate(sum(covered for _, covered in lines), sum(wanted for wanted, _ in lines)),
        "line_fill_rate": _rate(sum(covered == wanted for wanted, covered in lines), len(lines)),
        "order_fill_rate": _rate(sum(full), len(full)),
    }


def _ageing(short: Iterable[OrderRecord], as_of: datetime) -> list[dict[str, Any]]:
    rows = {name: {"days": name, "orders": 0, "units": 0} for name in (*(name for _, name in AGES), OLDEST)}
    for record in short:
        days = (as_of - record.snapshot.placed_at).days
        row: dict[str, Any] = rows[next((name for top, name in AGES if days <= top), OLDEST)]
        row["orders"] += 1
        row["units"] += _backordered(record)
    return list(rows.values())


def _value(short: Sequence[OrderRecord], currency: str) -> dict[str, str] | None:
    known = [
        plan.backordered * line.unit_price
        for record in short
        if record.snapshot.currency == currency
        for line in record.snapshot.lines
        if line.unit_price is not None and (plan := _plans(record).get(line.id))
    ]
    return _money(sum(known), currency) if known or not short else None


def _money(units: int, currency: str) -> dict[str, str]:
    return {"amount": major(units, currency), "currency": currency}


def _kept(closed: Iterable[OrderRecord]) -> float | None:
    kept = [
        record.snapshot.version.astimezone(UTC).date() <= record.first_promise_on
        for record in closed
        if record.first_promise_on is not None
    ]
    return _rate(sum(kept), len(kept))


def _cost(codes: Sequence[Code], currency: str) -> dict[str, str] | None:
    known = [code.worth for code in codes if code.worth]
    return _money(sum(known), currency) if known or not codes else None


def _cancelled(ended: Iterable[OrderRecord]) -> float | None:
    """Return the share of cancelled ones among the orders that had to wait."""
    waited = [record.snapshot.status for record in ended if record.managed or record.offers]
    return _rate(waited.count("cancelled"), len(waited))
