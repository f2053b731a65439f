"""What to order, by urgency and value, with the forecast behind each number; and how items are bought."""

import json
from dataclasses import asdict
from datetime import date
from typing import Any

from flask import abort
from flask.typing import ResponseReturnValue

from core.forecast.records import Alarm, BuyingTerms
from core.ports.books import Unit
from core.records import ItemRecord, Shop
from core.zones import local_day
from pages.api import reading
from pages.api.answers import answer, day
from pages.api.buying_rows import changed_terms, terms_document
from pages.api.changes import changing_shop, note_change
from pages.api.door import shop_of
from pages.api.forecast_document import forecast_document
from pages.api.paging import listed, page_of
from pages.reorder_rows import Desk, Line
from pages.visitor import house


def list_suggestions() -> ResponseReturnValue:
    """Answer with a page of suggestions, the most urgent first, then by the value that would wait."""
    with house().books.read() as unit:
        desk = _desk(unit, shop_of(unit))
        found = page_of(desk.places(), list)
        lines = desk.needed([sku for _, sku in found.items])
    return listed((suggestion_document(line, desk.shop) for line in lines), found.next)


def show_suggestion(sku: str) -> ResponseReturnValue:
    """Answer with one item's suggestion and forecast, needed or not."""
    with house().books.read() as unit:
        return answer(_one(unit, shop_of(unit), sku))


def list_habits() -> ResponseReturnValue:
    """Answer with a page of backorders that have become a habit, those first that most units waited for."""
    with house().books.read() as unit:
        shop = shop_of(unit)
        report = json.loads(unit.planning.run(shop.id).report)
    alarms = [Alarm(**one) for one in report.get("alarms", ())]
    numbered = [(f"{place:06d}", one) for place, one in enumerate(alarms)]
    found = page_of(numbered, lambda row: [row[0]])
    return listed((habit_document(alarm, shop) for _, alarm in found.items), found.next)


def change_terms(sku: str) -> ResponseReturnValue:
    """Replace the keys given of how the item is bought, and answer as GET does."""
    body = reading.body()
    with changing_shop() as (unit, shop):
        _known_item(unit, shop, sku)
        before = unit.planning.terms_of(shop.id, sku) or BuyingTerms(shop=shop.id, sku=sku)
        after = changed_terms(before, body)
        if after != before:
            unit.planning.put_terms(after)
            unit.planning.ask(shop.id)
            note_change(unit, shop, "changed how an item is bought", sku=sku, detail=terms_document(after))
        return answer(_one(unit, shop, sku))


def habit_document(alarm: Alarm, shop: Shop) -> dict[str, Any]:
    """Return one alarm. `cost` and `holding` are in minor units, `rate` is a share of the units."""
    return {**asdict(alarm), "currency": shop.currency}


def suggestion_document(line: Line, shop: Shop) -> dict[str, Any]:
    """Return one suggestion. `value` is in minor units; `forecast` is null before one."""
    made, known = line.suggestion, line.forecast
    return {
        "sku": line.record.sku,
        "title": line.record.snapshot.title,
        "urgency": made.urgency,
        "units": made.units,
        "on_hand": line.position.on_hand,
        "owed": line.position.owed,
        "backordered": line.short,
        "incoming": line.coming,
        "reorder_point": known.reorder_point if known else None,
        "order_up_to": known.order_up_to if known else None,
        "runs_out_on": day(made.runs_out_on),
        "arrives_on": day(made.arrives_on),
        "would_wait": made.would_wait,
        "value": made.value,
        "cost": made.cost,
        "cheaper": asdict(made.cheaper) if made.cheaper else None,
        "currency": shop.currency,
        "supplier": line.supplier,
        "buying": terms_document(line.terms or BuyingTerms(shop=shop.id, sku=line.record.sku)),
        "reasons": list(made.reasons),
        "forecast": forecast_document(known) if known else None,
    }


def _one(unit: Unit, shop: Shop, sku: str) -> dict[str, Any]:
    record = _known_item(unit, shop, sku)
    line = _desk(unit, shop).line(record, unit.planning.get(shop.id, sku))
    return suggestion_document(line, shop)


def _known_item(unit: Unit, shop: Shop, sku: str) -> ItemRecord:
    return unit.items.get(shop.id, sku) or abort(404, "no item of the shop has this SKU")


def _desk(unit: Unit, shop: Shop) -> Desk:
    return Desk(unit, shop, _today(shop))


def _today(shop: Shop) -> date:
    return local_day(house().now(), shop.timezone)
