"""One item as the API shows it. Pure: everything is counted from the books' rows, nothing is kept beside them."""

from collections.abc import Iterator, Sequence
from datetime import date
from itertools import accumulate
from typing import Any

from core.forecast.records import ItemForecast
from core.plan import ON_HAND, LinePlan
from core.records import IncomingRecord, ItemRecord, OrderRecord
from core.shop_facts import physical_on_hand
from core.snapshots import LineSnapshot
from pages.api.answers import day
from pages.api.forecast_document import forecast_document
from pages.api.supply_rows import supply_document

Share = tuple[OrderRecord, LineSnapshot, LinePlan | None]


def item_document(
    item: ItemRecord,
    orders: Sequence[OrderRecord],
    supply: Sequence[IncomingRecord],
    forecast: ItemForecast | None = None,
    *,
    as_of: date,
) -> dict[str, Any]:
    """Return the item with its stock, its demand, who waits, and ATP by date.

    `orders` are the open ones with the item, in their order of placing; `supply` the item's incoming rows.
    `forecast` and `reorder_point` are null before the first nightly run.
    """
    seen = item.snapshot
    places = physical_on_hand(seen, orders)
    shares = list(_shares(item, orders))
    plans = [plan for _, _, plan in shares if plan]
    return {
        "sku": item.sku,
        "title": seen.title,
        "platform_id": seen.platform_id,
        "tracked": seen.tracked,
        "backorders": {
            "taken": seen.backorder == "allow",
            "stopped_since": day(item.gate.since) if item.gate and item.gate.stopped else None,
            "left_alone": item.gate is not None and not item.gate.stopped,
        },
        "preorder_until": day(item.rules.preorder_until),
        "substitutes": list(item.rules.substitutes),
        "on_hand": sum(places.values()),
        "locations": [{"location": place, "on_hand": units} for place, units in sorted(places.items())],
        "demand": sum(_open(line) for _, line, _ in shares),
        "backordered": sum(line.backordered for line in plans),
        "atp": available_by_date(sum(max(0, units) for units in places.values()), plans, supply, as_of=as_of),
        "waiting": [_waiting(order, plan) for order, _, plan in shares if plan and plan.backordered],
        "incoming": [supply_document(row) for row in supply],
        "forecast": forecast_document(forecast) if forecast else None,
        "reorder_point": forecast.reorder_point if forecast else None,
    }


def available_by_date(
    on_hand: int, plans: Sequence[LinePlan], supply: Sequence[IncomingRecord], *, as_of: date
) -> list[dict[str, Any]]:
    """Return cumulative units that nobody claims, by the date from which they can leave.

    Supply counts with its cautious date; what is overdue or has no date can be promised to nobody and is left out.
    """
    claimed: dict[str, int] = {}
    for allocation in (allocation for line in plans for allocation in line.allocations):
        claimed[allocation.supply] = claimed.get(allocation.supply, 0) + allocation.units
    free = {as_of: on_hand - claimed.get(ON_HAND, 0)}
    for supply_id, rows in _by_id(supply).items():
        _take_in(free, rows, claimed.get(supply_id, 0), as_of)
    dates = sorted(free)
    return [
        {"on": day(on), "units": max(0, units)}
        for on, units in zip(dates, accumulate(free[on] for on in dates), strict=True)
    ]


def _by_id(supply: Sequence[IncomingRecord]) -> dict[str, list[IncomingRecord]]:
    found: dict[str, list[IncomingRecord]] = {}
    for row in supply:
        found.setdefault(row.incoming.id, []).append(row)
    return found


def _take_in(free: dict[date, int], rows: Sequence[IncomingRecord], claimed: int, as_of: date) -> None:
    """Add what the plan left of one supply id to its dates, its rows (one per location) being claimed in turn."""
    for row in rows:
        coming = row.incoming
        taken = min(claimed, coming.remaining)
        claimed -= taken
        on = coming.latest or coming.eta
        if coming.eta is None or on is None or coming.eta < as_of or not coming.remaining:
            continue
        free[on] = free.get(on, 0) + coming.remaining - taken


def _shares(item: ItemRecord, orders: Sequence[OrderRecord]) -> Iterator[Share]:
    """Yield each order line of the item, with its share of the plan where it was planned."""
    mine = {item.snapshot.platform_id, *item.snapshot.aliases}
    for order in orders:
        planned = {line.id: line for line in order.plan.lines} if order.plan else {}
        for line in order.snapshot.lines:
            if line.ships and line.item in mine:
                yield order, line, planned.get(line.id)


def _open(line: LineSnapshot) -> int:
    return max(0, line.ordered - line.cancelled - line.refunded - line.shipped)


def _waiting(order: OrderRecord, plan: LinePlan) -> dict[str, Any]:
    return {"order": order.id, "line": plan.id, "units": plan.backordered, "completes_on": day(plan.completes_on)}
