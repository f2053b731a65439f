"""Items that were deleted at the shop while customers wait for them: what is still there, and who must decide.

Their last known stock stays, as the lines of their orders do: a platform ships a line whose product is gone. What that
stock does not cover cannot come: the shop takes no more in, so nothing has a date, and a person decides.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace

from core.plan import LinePlan, OrderPlan, PlanException
from core.ports.books import Unit
from core.records import ItemRecord, OrderRecord, Shop
from core.sentences import sentence
from core.snapshots import ItemSnapshot, StockSnapshot

CODE = "ITEM_GONE"


def is_taken_over(record: ItemRecord) -> bool:
    """Return whether another item lives on under the SKU of this one, which is gone: what was there is that one's."""
    return record.snapshot.gone and bool(record.snapshot.sku) and record.snapshot.sku != record.sku


def lines_gone(plan: OrderPlan, record: OrderRecord, items: Mapping[str, ItemRecord]) -> tuple[LinePlan, ...]:
    """Return the lines that wait for an item that is gone."""
    found = {line.id: items.get(line.item) for line in record.snapshot.lines if line.item}
    gone = {line for line, item in found.items() if item and item.snapshot.gone}
    return tuple(line for line in plan.lines if line.backordered and line.id in gone)


def told(exceptions: Iterable[PlanException], plan: OrderPlan, gone: Sequence[LinePlan]) -> Iterator[PlanException]:
    """Yield what a person should know of an order that waits for what is gone: first of all, that it is.

    That no supply has a date is no news of such a line, nor of one that only travels with it.
    """
    for line in gone:
        detail = sentence("this product is gone from the shop, and nothing more of it comes")
        yield PlanException(code=CODE, detail=detail, sku=line.sku, order=plan.id, line=line.id)
    undated = {line.id for line in plan.lines if line.backordered} - {line.id for line in gone}
    yield from (one for one in exceptions if one.code != "NO_DATED_SUPPLY" or one.line in undated)


def take_out(unit: Unit, shop: Shop, changed: Iterable[tuple[OrderRecord, OrderRecord]]) -> set[str]:
    """Take what left since from the last known stock of items that are gone; return these (platform ids).

    `changed`: orders before and after. Only where that stock is what is physically there: nobody counts it any more.
    Where it has open orders taken out, what left is out of them.
    """
    left = Counter[tuple[str, str]]()
    for before, after in changed:
        shipped = {line.id: line.shipped for line in before.snapshot.lines}
        for line in after.snapshot.lines:
            if line.item and line.id in shipped and line.shipped > shipped[line.id]:
                left[line.item, after.snapshot.location or ""] += line.shipped - shipped[line.id]
    known = unit.items.by_platform_id(shop.id, {item for item, _ in left})
    gone = {name: item.snapshot for name, item in known.items() if item.snapshot.gone and item.snapshot.stock}
    for (name, place), units in left.items():
        if name in gone and not gone[name].excludes_reserved:
            gone[name] = _without(gone[name], place, units)
    changed_items = {name for name in gone if gone[name] != known[name].snapshot}
    for name in changed_items:
        unit.items.put(shop.id, gone[name])
    return changed_items


def _without(item: ItemSnapshot, place: str, units: int) -> ItemSnapshot:
    """Return the item with so many units less, those at this place first, and none below zero."""
    stock = []
    for row in sorted(item.stock, key=lambda row: row.location != place):
        taken = min(units, max(0, row.quantity))
        units -= taken
        stock.append(StockSnapshot(location=row.location, quantity=row.quantity - taken))
    return replace(item, stock=tuple(stock))
