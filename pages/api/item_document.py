"""One item as the API shows it. Pure: everything is counted from the books' rows, nothing is kept beside them."""

from collections.abc import Iterator, Sequence
from datetime import date
from typing import Any

from core.forecast.records import ItemForecast
from core.items.available import available_by_date
from core.plan import LinePlan
from core.planning.shop_facts import physical_on_hand
from core.records import IncomingRecord, ItemRecord, OrderRecord
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
        "atp": [
            {"on": day(on), "units": units}
            for on, units in available_by_date(sum(max(0, n) for n in places.values()), plans, supply, as_of=as_of)
        ],
        "waiting": [_waiting(order, plan) for order, _, plan in shares if plan and plan.backordered],
        "incoming": [supply_document(row) for row in supply],
        "forecast": forecast_document(forecast) if forecast else None,
        "reorder_point": forecast.reorder_point if forecast else None,
    }


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
