"""What an item's page shows over time: its shelf, its months, its forecast. Read in one transaction."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from core.forecast.positions import coming_of, ids_of, position_of
from core.forecast.records import ItemForecast
from core.items.available import available_by_date, promisable
from core.items.shelf import Month, Shelf, months, shelf_of
from core.planning.shop_facts import physical, reserved_units
from core.ports.books import Unit
from core.records import ItemRecord, OrderRecord
from pages.shelf_chart import ShelfChart, shelf_chart

A_YEAR = timedelta(days=366)


@dataclass(frozen=True, slots=True, kw_only=True)
class ItemShelf:
    """The shelf with its picture, the months with anything in them, and the forecast, once there is one."""

    shelf: Shelf
    chart: ShelfChart
    months: tuple[Month, ...]
    forecast: ItemForecast | None


def item_shelf(unit: Unit, record: ItemRecord, orders: Sequence[OrderRecord], today: date) -> ItemShelf:
    """Return what the item's page shows over time; `orders` are the open ones with the item."""
    shop, mine = record.shop, ids_of(record)
    lines = [line for order in orders for line in order.snapshot.lines if line.ships and line.item in mine]
    supply = tuple(row for row in unit.supply.all(shop) if row.incoming.sku == record.sku)
    position = position_of(
        record, owed=sum(line.open for line in lines), reserved=sum(line.reserved for line in lines),
        coming=coming_of(supply).get(record.sku, ()),
    )  # fmt: skip
    plans = [plan for order in orders if order.plan for plan in order.plan.lines if plan.sku == record.sku]
    noted = unit.demand.shelf(shop, record.sku, since=today - A_YEAR)
    forecast, known = unit.planning.get(shop, record.sku), unit.shops.get(shop)
    places = physical(record.snapshot, reserved_units(orders))
    free, left = promisable(record.snapshot, places, supply, known.apart if known else ())
    shelf = shelf_of(
        position, noted,
        unit.reports.waiting_changes(shop, until=today, item=record.snapshot.platform_id),
        available_by_date(free, plans, left, as_of=today), forecast, today,
    )  # fmt: skip
    told = months(unit.demand.of_items(shop, mine, since=(today - A_YEAR).replace(day=1)), noted, today)
    return ItemShelf(
        shelf=shelf, chart=shelf_chart(shelf), forecast=forecast,
        months=tuple(month for month in told if month.asked or month.empty_days),
    )  # fmt: skip
