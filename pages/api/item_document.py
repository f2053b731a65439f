"""One item as the API shows it. Pure: everything is counted from the books' rows, nothing is kept beside them."""

from collections import Counter
from collections.abc import Collection, Iterable, Sequence
from datetime import date
from typing import Any

from core.forecast.records import ItemForecast
from core.items.available import available_by_date, promisable
from core.plan import LinePlan
from core.planning.shop_facts import physical
from core.records import IncomingRecord, ItemRecord, OrderRecord
from core.snapshots import LineSnapshot
from pages.api.answers import day
from pages.api.forecast_document import forecast_document
from pages.api.supply_rows import supply_document

Share = tuple[str, LineSnapshot, LinePlan | None]
"""An order's id, its line of an item, and the line's plan where it was planned."""


def item_document(
    item: ItemRecord,
    lines: Sequence[Share],
    supply: Sequence[IncomingRecord],
    forecast: ItemForecast | None = None,
    *,
    as_of: date,
    apart: Collection[str] = (),
) -> dict[str, Any]:
    """Return the item with its stock, its demand, who waits, and ATP by date.

    `lines` are those of open orders, in their order of placing; `supply` the item's incoming rows.
    `forecast` and `reorder_point` are null before the first nightly run. `apart`: locations from which no online order
    ships; what is there, or gone from the shop, can be promised to none.
    """
    seen = item.snapshot
    places = physical(seen, _reserved(lines))
    shares = [share for share in lines if share[1].ships]
    plans = [plan for _, _, plan in shares if plan]
    free, coming = promisable(seen, places, supply, apart)
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
        "demand": sum(line.open for _, line, _ in shares),
        "backordered": sum(line.backordered for line in plans),
        "atp": [{"on": day(on), "units": units} for on, units in available_by_date(free, plans, coming, as_of=as_of)],
        "waiting": [_waiting(order, plan) for order, _, plan in shares if plan and plan.backordered],
        "incoming": [supply_document(row) for row in supply],
        "forecast": forecast_document(forecast) if forecast else None,
        "reorder_point": forecast.reorder_point if forecast else None,
    }


def shares_by_sku(items: Iterable[ItemRecord], orders: Iterable[OrderRecord]) -> dict[str, list[Share]]:
    """Return each item's lines in these orders; nothing else of an order is kept."""
    found: dict[str, list[Share]] = {item.sku: [] for item in items}
    skus: dict[str | None, list[list[Share]]] = {}
    for item in items:
        for name in {item.snapshot.platform_id, *item.snapshot.aliases}:
            skus.setdefault(name, []).append(found[item.sku])
    for order in orders:
        planned = {line.id: line for line in order.plan.lines} if order.plan else {}
        for line in order.snapshot.lines:
            for shares in skus.get(line.item, ()):
                shares.append((order.id, line, planned.get(line.id)))
    return found


def _reserved(lines: Iterable[Share]) -> Counter[str]:
    """Return by the platform's id the units that it took out of its number and that are still in the building."""
    reserved: Counter[str] = Counter()
    for _, line, _ in lines:
        reserved[line.item or ""] += line.reserved
    return reserved


def _waiting(order: str, plan: LinePlan) -> dict[str, Any]:
    return {"order": order, "line": plan.id, "units": plan.backordered, "completes_on": day(plan.completes_on)}
