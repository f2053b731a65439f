"""What a batch of hints makes us read, in an order that keeps units from being counted twice.

Orders are read first and the stock they moved after them. A stock number that changed by itself is followed by a
look at the orders that changed lately: one that the platform has taken out of that number may not be announced yet.
Units that arrive move from incoming supply to stock: both are read for the items concerned, whichever was told first.
"""

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from core.errors import PayloadChanged, Rejected
from core.planning.hints import FulfilmentHint, Hint, ItemHint, OrderHint, SupplyHint
from core.planning.merge import canonical, cut_off, stock_moved
from core.ports.books import Books
from core.ports.connector import ShopConnector
from core.records import IncomingRecord, Shop
from core.snapshots import ItemSnapshot, OrderSnapshot
from worker.unread import Unread

OVERLAP = timedelta(seconds=10)
ROUNDS = 3


@dataclass(slots=True, kw_only=True)
class Reading:
    """What was read, by platform id. `listed_until`: the newest change that a list of changes has covered.

    `fulfilments`: the order of each fulfilment order that a hint named and that has one.
    `supply`: the platform's own incoming supply; None where it was not read, or the platform has none.
    """

    orders: dict[str, OrderSnapshot] = field(default_factory=dict)
    items: dict[str, ItemSnapshot] = field(default_factory=dict)
    supply: tuple[IncomingRecord, ...] | None = None
    fulfilments: dict[str, str] = field(default_factory=dict)
    listed_until: datetime | None = None


def read_hinted(books: Books, shop: Shop, connector: ShopConnector, hints: Iterable[Hint]) -> Reading:
    """Read the orders and items that the hints name, and what they drag along."""
    reading = Reading()
    hints = tuple(hints)
    hinted = {hint.platform_id for hint in hints if isinstance(hint, ItemHint)}
    for order in dict.fromkeys(_orders_named(connector, hints, reading)):
        reading.orders[order] = connector.read_order(order)
    wanted = hinted | moved_by(books, shop, reading.orders.values())
    if any(isinstance(hint, SupplyHint) for hint in hints):
        wanted |= _read_supply(books, shop, connector, reading)
    _read_items(connector, reading, wanted, hinted)
    for _ in range(ROUNDS):
        if not _changed_by_itself(books, shop, reading):
            break
        late = _late_orders(shop, connector, reading)
        reading.orders |= late
        again = moved_by(books, shop, late.values())
        if not again:
            break
        _read_items(connector, reading, again)
    if reading.supply is None and _may_have_arrived(books, shop, reading):
        _read_items(connector, reading, _read_supply(books, shop, connector, reading))
    return reading


def _orders_named(connector: ShopConnector, hints: Iterable[Hint], reading: Reading) -> Iterator[str]:
    for hint in hints:
        if isinstance(hint, OrderHint):
            yield hint.platform_id
        elif isinstance(hint, FulfilmentHint):
            order = connector.order_of_fulfilment(hint.platform_id)
            if order is not None:
                reading.fulfilments[hint.platform_id] = order
                yield order


def moved_by(books: Books, shop: Shop, seen: Iterable[OrderSnapshot]) -> set[str]:
    """Return the items to read after these orders: moved by them, not known yet, or no longer named by their lines."""
    orders, wanted = list(seen), set[str]()
    with books.read() as unit:
        known = unit.orders.many(shop.id, [order.platform_id for order in orders])
        items = unit.items.by_platform_id(shop.id, items_of((*orders, *(record.snapshot for record in known.values()))))
    for order in orders:
        stored = known.get(order.platform_id)
        placed = canonical(order, stored, items)
        wanted |= {line.item for line in placed.lines if line.item and line.ships and line.item not in items}
        lost = (item for item in cut_off(order, placed, items) if item not in items or not items[item].snapshot.gone)
        wanted |= stock_moved(stored, order) | set(lost)
    return wanted


def items_of(orders: Iterable[OrderSnapshot]) -> set[str]:
    """Return the items of the orders' lines, by the platform's ids."""
    return {line.item for order in orders for line in order.lines if line.item}


def _read_items(
    connector: ShopConnector, reading: Reading, wanted: Iterable[str], hinted: Collection[str] = ()
) -> None:
    """Read these items. One that cannot be understood raises PayloadChanged where it was hinted, and is else left out.

    Orders are taken in without it, as those of a product that was deleted.
    """
    ids = sorted(set(wanted))
    try:
        found = connector.read_items(ids) if ids else ()
    except PayloadChanged:
        dragged = Unread().read_items(connector, set(ids).difference(hinted))
        found = (*dragged.values(), *(connector.read_items(sorted(hinted)) if hinted else ()))
    for item in found:
        reading.items[item.platform_id] = item


def _read_supply(books: Books, shop: Shop, connector: ShopConnector, reading: Reading) -> set[str]:
    """Read the platform's incoming supply and return the items of rows that came, went or changed."""
    reading.supply = connector.incoming()
    if reading.supply is None:
        return set()
    with books.read() as unit:
        return changed_items(unit.supply.all(shop.id), reading.supply)


def changed_items(known: Iterable[IncomingRecord], seen: Iterable[IncomingRecord]) -> set[str]:
    """Return the items whose platform rows differ; the names that both sides give to SKU and shop do not count."""
    before = {(row.item, replace(row.incoming, sku="")) for row in known if row.source == "platform"}
    after = {(row.item, replace(row.incoming, sku="")) for row in seen}
    return {item for item, _ in before ^ after if item}


def _may_have_arrived(books: Books, shop: Shop, reading: Reading) -> bool:
    """Whether the stock of an item rose that the platform has incoming supply of."""
    with books.read() as unit:
        known = unit.items.by_platform_id(shop.id, reading.items)
        risen = {
            item
            for item, seen in reading.items.items()
            if item in known and _units(seen) > _units(known[item].snapshot)
        }
        return bool(risen) and any(row.item in risen and row.incoming.remaining for row in unit.supply.all(shop.id))


def _units(item: ItemSnapshot) -> int:
    return sum(stock.quantity for stock in item.stock)


def _changed_by_itself(books: Books, shop: Shop, reading: Reading) -> bool:
    """Whether a stock number moved although the item was known before."""
    with books.read() as unit:
        known = unit.items.by_platform_id(shop.id, reading.items)
    return any(known[item].snapshot.stock != seen.stock for item, seen in reading.items.items() if item in known)


def _late_orders(shop: Shop, connector: ShopConnector, reading: Reading) -> dict[str, OrderSnapshot]:
    if shop.sync_cursor is None:
        return {}
    try:
        # What cannot be understood is told by the comparison.
        listed = connector.orders_changed(shop.sync_cursor - OVERLAP, unread=set())
        changed = {order.platform_id: order for order in listed}
    except Rejected:
        # A shop that refuses the list still answers single reads; the periodic sync reports the refusal.
        return {}
    reading.listed_until = max((seen.version for seen in changed.values()), default=None)
    return {
        order: seen
        for order, seen in changed.items()
        if order not in reading.orders or seen.version > reading.orders[order].version
    }
