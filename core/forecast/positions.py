"""Where every item stands now: physical stock, what customers are owed, what is on its way."""

from collections.abc import Iterable
from datetime import date

from core.forecast.records import Position
from core.records import IncomingRecord, ItemRecord, OrderRecord
from core.snapshots import LineSnapshot


def positions_of(
    items: Iterable[ItemRecord], orders: Iterable[OrderRecord], supply: Iterable[IncomingRecord]
) -> dict[str, Position]:
    """Return every item's position by SKU; `orders` are the open ones."""
    owed: dict[str, int] = {}
    reserved: dict[str, int] = {}
    for order in orders:
        for line in order.snapshot.lines:
            if line.item and line.ships and order.snapshot.status == "open":
                owed[line.item] = owed.get(line.item, 0) + open_units(line)
                reserved[line.item] = reserved.get(line.item, 0) + line.reserved
    coming = coming_of(supply)
    return {
        item.sku: position_of(
            item, owed=sum(owed.get(one, 0) for one in ids_of(item)),
            reserved=sum(reserved.get(one, 0) for one in ids_of(item)), coming=coming.get(item.sku, ()),
        )
        for item in items
    }  # fmt: skip


def position_of(item: ItemRecord, *, owed: int, reserved: int, coming: tuple[tuple[date | None, int], ...]) -> Position:
    """Return one item's position; the platform's number gets the open orders' units back where it left them out."""
    on_hand = sum(stock.quantity for stock in item.snapshot.stock)
    if item.snapshot.excludes_reserved and item.snapshot.stock:
        on_hand += reserved
    return Position(on_hand=on_hand, owed=owed, coming=coming)


def coming_of(supply: Iterable[IncomingRecord]) -> dict[str, tuple[tuple[date | None, int], ...]]:
    """Return what is still to come by SKU, by its cautious date where there is one."""
    found: dict[str, tuple[tuple[date | None, int], ...]] = {}
    for row in supply:
        if row.incoming.remaining:
            arrival = (row.incoming.latest or row.incoming.eta, row.incoming.remaining)
            found[row.incoming.sku] = (*found.get(row.incoming.sku, ()), arrival)
    return found


def ids_of(item: ItemRecord) -> set[str]:
    """Return every platform id whose lines draw on the item."""
    return {item.snapshot.platform_id, *item.snapshot.aliases}


def open_units(line: LineSnapshot) -> int:
    """Return the units that the customer still waits for."""
    return max(0, line.ordered - line.cancelled - line.refunded - line.shipped)
