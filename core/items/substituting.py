"""Which items could stand in for those that are short: the merchant's own list, and what of them is free."""

from collections.abc import Iterable

from core.items.kept_substitutes import kept_swaps
from core.planning.shop_facts import for_online_orders, reserved_units
from core.ports.books import Unit
from core.records import ItemRecord, Shop


def substitutes(unit: Unit, shop: Shop, items: Iterable[ItemRecord]) -> dict[str, tuple[ItemRecord, int]]:
    """Return by SKU the first substitute listed for it that has units free, with their number."""
    found = {}
    for item in items:
        for sku in item.rules.substitutes:
            other = unit.items.get(shop.id, sku)
            free = _free(unit, shop, other) if other and not other.snapshot.gone else 0
            if other and free > 0:
                found[item.sku] = (other, free)
                break
    return found


def _free(unit: Unit, shop: Shop, item: ItemRecord) -> int:
    """Return the item's units on hand less everything that open orders want of it."""
    if not item.snapshot.tracked:
        return 0
    orders = unit.orders.with_items(item.shop, [item.snapshot.platform_id])
    mine = {item.snapshot.platform_id, *item.snapshot.aliases}
    wanted = sum(line.open for record in orders for line in record.snapshot.lines if line.item in mine)
    wanted += sum(swap.units for record in orders for swap in kept_swaps(record) if swap.item in mine)
    return for_online_orders(item.snapshot, reserved_units(orders), shop) - wanted
