"""What to order now for customers who wait already: units that no incoming supply covers."""

from collections.abc import Iterable
from typing import Any

from flask.typing import ResponseReturnValue

from core.ports import Unit
from core.records import IncomingRecord, ItemRecord, OrderRecord
from pages.api.door import asking_shop, house
from pages.api.paging import listed, page_of


def list_suggestions() -> ResponseReturnValue:
    """Answer with a page of suggestions by SKU."""
    with house().books.read() as unit:
        found = page_of(_suggestions(unit, asking_shop()), lambda row: [row["sku"]])
    return listed(found.items, found.next)


def _suggestions(unit: Unit, shop: str) -> list[dict[str, Any]]:
    waiting = _waiting(unit.orders.open_all(shop))
    items = unit.items.by_platform_id(shop, waiting)
    coming = _coming(unit.supply.all(shop))
    owed: dict[str, tuple[ItemRecord, int]] = {}
    for platform_id, item in items.items():
        _, before = owed.get(item.sku, (item, 0))
        owed[item.sku] = (item, before + waiting[platform_id])
    rows = (_suggestion(item, units, coming.get(sku, 0)) for sku, (item, units) in sorted(owed.items()))
    return [row for row in rows if row["units"]]


def _waiting(orders: Iterable[OrderRecord]) -> dict[str, int]:
    """Return backordered units by the platform's id of the item."""
    units: dict[str, int] = {}
    for order in orders:
        items = {line.id: line.item for line in order.snapshot.lines}
        for line in order.plan.lines if order.plan else ():
            item = items.get(line.id)
            if item is not None and line.backordered:
                units[item] = units.get(item, 0) + line.backordered
    return units


def _coming(supply: Iterable[IncomingRecord]) -> dict[str, int]:
    units: dict[str, int] = {}
    for row in supply:
        units[row.incoming.sku] = units.get(row.incoming.sku, 0) + row.incoming.remaining
    return units


def _suggestion(item: ItemRecord, backordered: int, coming: int) -> dict[str, Any]:
    owed = max(0, backordered - coming)
    return {
        "sku": item.sku,
        "title": item.snapshot.title,
        "units": owed,
        "backordered": backordered,
        "incoming": coming,
        "reasons": [_reason(backordered, coming, owed)],
    }


def _reason(backordered: int, coming: int, owed: int) -> str:
    wait = "1 unit is" if backordered == 1 else f"{backordered} units are"
    supply = "nothing is on its way" if coming == 0 else f"{coming} on the way"
    return f"{wait} sold and not in stock; {supply}: {owed} more would serve everyone who waits"
