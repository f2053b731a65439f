"""Which orders an event can change, and which more take part in planning these as a plan of the whole shop would.

Where an order has a queue for each of its items and none of them minds the others, news of one item ends at the orders
that want it. Only an order whose share of one item hangs on the others carries the news on.
"""

from collections.abc import Collection, Iterable
from dataclasses import dataclass

from core.items.kept_substitutes import kept_items
from core.large.measuring import is_unmeasured
from core.planning.shop_facts import promise_of, ship_of
from core.ports.books import Unit
from core.records import OrderRecord, Shop


@dataclass(frozen=True, slots=True, kw_only=True)
class Reach:
    """`touched`: what can change, oldest first. `beside`: open orders that share other items with these.

    `items` (platform ids): every open order that wants one of them is among the touched.
    """

    touched: tuple[OrderRecord, ...]
    beside: tuple[OrderRecord, ...]
    items: frozenset[str]


def reach_of(unit: Unit, shop: Shop, items: Collection[str], orders: Collection[str] = ()) -> Reach:
    """Return how far news of these items and orders (platform ids) goes. A named order need not be open."""
    known = {record.id: record for record in unit.orders.many(shop.id, orders).values()}
    reached = _spread(unit, shop, {*items, *items_of(known.values())}, known)
    touched = set(known)
    _spread(unit, shop, items_of(known.values()) - reached, known)
    records = sorted(known.values(), key=lambda record: (record.snapshot.placed_at, record.id))
    return Reach(
        touched=tuple(record for record in records if record.id in touched),
        beside=tuple(record for record in records if record.id not in touched),
        items=frozenset(reached),
    )


def items_of(records: Iterable[OrderRecord]) -> set[str]:
    """Return the items (platform ids) that the orders want or keep as substitutes."""
    found: set[str] = set()
    for record in records:
        found.update(line.item for line in record.snapshot.lines if line.item)
        found |= kept_items(record)
    return found


def ties(record: OrderRecord, shop: Shop) -> bool:
    """Return whether what the order gets of one item can hang on what there is of its others.

    It does where whole orders are completed, where the parcel lends what it cannot use yet, where a promise is kept
    whole or not at all, and while the order's size decides what becomes of it.
    """
    if shop.policy.allocation == "completion_first" or is_unmeasured(record) or promise_of(record) is not None:
        return True
    return shop.policy.release == "need_date" and ship_of(record, shop) == "together"


def _spread(unit: Unit, shop: Shop, wave: set[str], known: dict[str, OrderRecord]) -> set[str]:
    """Add to the known all open orders that these items lead to; return all items that were passed."""
    passed: set[str] = set()
    while wave:
        passed |= wave
        fresh = unit.orders.with_items(shop.id, wave, but=known)
        known.update({record.id: record for record in fresh})
        wave = items_of(record for record in fresh if ties(record, shop)) - passed
    return passed
