"""Items: what is physically there, who waits for it, and what can be promised by which date."""

from flask import abort
from flask.typing import ResponseReturnValue

from core.ports import Unit
from core.records import IncomingRecord, ItemRecord, OrderRecord
from pages.api import reading
from pages.api.answers import answer, page
from pages.api.door import asking_shop, house
from pages.api.item_document import item_document


def list_items() -> ResponseReturnValue:
    """Answer with a page of items by SKU."""
    with house().books.read() as unit:
        found = unit.items.page(asking_shop(), cursor=reading.cursor(), limit=reading.limit())
        supply = unit.supply.all(asking_shop())
        return page([_document(unit, item, supply) for item in found.items], found.next)


def show_item(sku: str) -> ResponseReturnValue:
    """Answer with one item."""
    with house().books.read() as unit:
        item = unit.items.get(asking_shop(), sku)
        if item is None:
            abort(404, "no item with this SKU")
        return answer(_document(unit, item, unit.supply.all(asking_shop())))


def _document(unit: Unit, item: ItemRecord, supply: tuple[IncomingRecord, ...]) -> dict[str, object]:
    mine = [row for row in supply if row.incoming.sku == item.sku]
    return item_document(item, _orders_with(unit, item), mine, as_of=house().now().date())


def _orders_with(unit: Unit, item: ItemRecord) -> list[OrderRecord]:
    """Return the open orders that draw on the item's stock, in the order in which they were placed."""
    seen = item.snapshot
    found = {
        record.id: record
        for platform_id in (seen.platform_id, *seen.aliases)
        for record in unit.orders.with_item(item.shop, platform_id)
    }
    return sorted(found.values(), key=lambda record: (record.snapshot.placed_at, record.id))
