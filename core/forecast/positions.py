"""Where every item stands now: physical stock, what customers are owed, what is on its way."""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import date

from core.forecast.records import BuyingTerms, Position
from core.forecast.telling import in_parts
from core.records import IncomingRecord, ItemRecord, OrderRecord

Kits = Mapping[str, Mapping[str, int]]
"""By the SKU of a kit: units of the SKUs in one of it."""


def positions_of(
    items: Iterable[ItemRecord], orders: Iterable[OrderRecord], supply: Iterable[IncomingRecord], kits: Kits
) -> dict[str, Position]:
    """Return every item's position by SKU; `orders` are the open ones.

    Kits that are owed and not on hand are owed by their parts.
    """
    owed: dict[str, int] = {}
    reserved: dict[str, int] = {}
    for order in orders:
        for line in order.snapshot.lines:
            if line.item and line.ships and order.snapshot.status == "open":
                owed[line.item] = owed.get(line.item, 0) + line.open
                reserved[line.item] = reserved.get(line.item, 0) + line.reserved
    coming = coming_of(supply)
    found = {
        item.sku: position_of(
            item, owed=sum(owed.get(one, 0) for one in ids_of(item)),
            reserved=sum(reserved.get(one, 0) for one in ids_of(item)), coming=coming.get(item.sku, ()),
        )
        for item in items
    }  # fmt: skip
    missing = in_parts({kit: missing_of(found[kit]) for kit in kits if kit in found}, kits)
    return {sku: replace(one, owed=one.owed + missing.get(sku, 0)) for sku, one in found.items()}


def kits_of(terms: Mapping[str, BuyingTerms]) -> Kits:
    """Return the kits among the items' terms."""
    return {sku: own.parts for sku, own in terms.items() if own.parts}


def missing_of(kit: Position) -> int:
    """Return the units of a kit that are owed and not on hand: their parts are wanted for them."""
    return max(0, kit.owed - max(0, kit.on_hand))


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
