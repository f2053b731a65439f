"""What a batch of hints makes us read, in an order that keeps units from being counted twice.

Orders are read first and the stock they moved after them. A stock number that changed by itself is followed by a
look at the orders that changed lately: one that the platform has taken out of that number may not be announced yet.
Units that arrive move from incoming supply to stock: both are read for the items concerned, whichever was told first.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from core.errors import Rejected
from core.planning.hints import FulfilmentHint, Hint, ItemHint, OrderHint, SupplyHint
from core.planning.merge import stock_moved
from core.ports.books import Books
from core.ports.connector import ShopConnector
from core.records import IncomingRecord, Shop
from core.snapshots import ItemSnapshot, OrderSnapshot

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
    wanted = {hint.platform_id for hint in hints if isinstance(hint, ItemHint)}
    for order in dict.fromkeys(_orders_named(connector, hints, reading)):
        reading.orders[order] = connector.read_order(order)
    wanted |= moved_by(books, shop, reading.orders.values())
    if any(isinstance(hint, SupplyHint) for hint in hints):
        wanted |= _read_supply(books, shop, connector, reading)
    _read_items(connector, reading, wanted)
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
    """Return the items to read after these orders: moved by them, or not known yet."""
    moved: set[str] = set()
    with books.read() as unit:
        for order in seen:
            moved |= stock_moved(unit.orders.get(shop.id, order.platform_id), order)
            lines = {line.item for line in order.lines if line.item and line.ships}
            moved |= lines - set(unit.items.by_platform_id(shop.id, lines))
    return moved


def _read_items(connector: ShopConnector, reading: Reading, wanted: Iterable[str]) -> None:
    ids = sorted(set(wanted))
    if ids:
        for item in connector.read_items(ids):
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
        changed = {order.platform_id: order for order in connector.orders_changed(shop.sync_cursor - OVERLAP)}
    except Rejected:
        # A shop that refuses the list still answers single reads; the periodic sync reports the refusal.
        return {}
    reading.listed_until = max((seen.version for seen in changed.values()), default=None)
    return {
        order: seen
        for order, seen in changed.items()
        if order not in reading.orders or seen.version > reading.orders[order].version
    }
