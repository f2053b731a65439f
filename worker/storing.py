"""Taking what was read into the books, in the transaction that also plans and queues."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import replace
from datetime import datetime

from core.consolation import consoling
from core.forecast import telling
from core.item_actions import item_lane
from core.items import gating
from core.planning import gone_items
from core.planning.merge import (
    Verdict,
    canonical,
    is_ahead,
    judge,
    merged,
    merged_item,
    righted,
    without_time,
)
from core.ports.books import Unit
from core.records import IncomingRecord, ItemRecord, OrderRecord, Shop
from core.sentences import sentence
from core.snapshots import ItemSnapshot, OrderSnapshot
from worker.reading import Reading, changed_items, items_of


class Stored:
    """What storing a reading changed: orders and items by platform id, and what is to be read again."""

    def __init__(self) -> None:
        self.orders: set[str] = set()
        self.items: set[str] = set()
        self.again: set[str] = set()
        self.items_again: set[str] = set()


def store(unit: Unit, shop: Shop, reading: Reading, *, at: datetime, now: datetime) -> Stored:
    """Store the news of a reading; items first, so that lines find them.

    `at` is business time and dates the log; `now` is the machine's, as are the moments of reads and writes.
    """
    stored = Stored()
    # Nothing is claimed while this transaction stands: what is under way is read once.
    under_way = unit.outbox.in_flight(shop.id)
    for item in _telling(unit, shop, reading):
        if _take_item(unit, shop, item, stored, under_way, at, now=now):
            stored.items |= {item.platform_id, *item.aliases}
    if reading.supply is not None:
        stored.items |= _take_supply(unit, shop, reading.supply)
    _take_orders(unit, shop, reading.orders.values(), stored, under_way, at, now=now)
    return stored


def _telling(unit: Unit, shop: Shop, reading: Reading) -> list[ItemSnapshot]:
    """Return the items that were read, of those that are gone only what was known as one, or what a line is about.

    A variation that is gone says nothing of the parent that kept its stock.
    """
    gone = {name for name, item in reading.items.items() if item.gone}
    if gone:
        known = {item.snapshot.platform_id for item in unit.items.by_platform_id(shop.id, gone).values()}
        before = unit.orders.many(shop.id, reading.orders)
        gone -= known | items_of(on_items(unit, shop, before, reading.orders.values()))
    return [item for name, item in reading.items.items() if name not in gone]


def on_items(
    unit: Unit, shop: Shop, known: Mapping[str, OrderRecord], orders: Iterable[OrderSnapshot]
) -> list[OrderSnapshot]:
    """Return the orders with each line on the item that keeps its stock; `known`: those in the books, by id."""
    seen = list(orders)
    items = unit.items.by_platform_id(shop.id, items_of((*seen, *(record.snapshot for record in known.values()))))
    return [canonical(order, known.get(order.platform_id), items) for order in seen]


def _take_item(
    unit: Unit, shop: Shop, seen: ItemSnapshot, stored: Stored, under_way: Collection[str], at: datetime,
    *, now: datetime,
) -> bool:  # fmt: skip
    before = unit.items.by_platform_id(shop.id, [seen.platform_id]).get(seen.platform_id)
    if before is not None and before.snapshot.read_at >= seen.read_at and not is_ahead(before.snapshot.read_at, now):
        return False
    if before is not None and _may_be_older_than_our_write(before, seen, under_way, now):
        stored.items_again.add(seen.platform_id)
        return False
    if before is not None:
        seen = merged_item(before.snapshot, seen)
    gating.seen_again(unit, unit.items.put(shop.id, seen), at=at)
    return before is None or replace(before.snapshot, read_at=seen.read_at) != seen


def _may_be_older_than_our_write(
    before: ItemRecord, seen: ItemSnapshot, under_way: Collection[str], now: datetime
) -> bool:
    if before.gate is None:
        return False
    wrote_later = before.gate.wrote_at >= seen.read_at and not is_ahead(before.gate.wrote_at, now)
    return wrote_later or item_lane(seen.platform_id) in under_way


def _take_supply(unit: Unit, shop: Shop, seen: tuple[IncomingRecord, ...]) -> set[str]:
    """Store the platform's own incoming supply under our names; return the items that it changed for."""
    known = unit.items.by_platform_id(shop.id, {row.item for row in seen if row.item})
    changed = changed_items(unit.supply.all(shop.id), seen)
    unit.supply.replace_platform(shop.id, [_as_ours(shop, row, known) for row in seen])
    return changed


def _as_ours(shop: Shop, row: IncomingRecord, known: Mapping[str, ItemRecord]) -> IncomingRecord:
    sku = known[row.item].sku if row.item and row.item in known else row.incoming.sku
    return replace(row, shop=shop.id, incoming=replace(row.incoming, sku=sku))


def _take_orders(
    unit: Unit, shop: Shop, read: Collection[OrderSnapshot], stored: Stored, under_way: Collection[str],
    at: datetime, *, now: datetime,
) -> None:  # fmt: skip
    found = unit.orders.many(shop.id, [seen.platform_id for seen in read])
    awaited = {
        order for order, record in found.items() if record.acted_at and record.snapshot.read_at <= record.acted_at
    }
    known = {order: righted(record, now) for order, record in found.items()}
    taken: list[OrderRecord] = []
    for seen in on_items(unit, shop, known, read):
        before = known.get(seen.platform_id)
        verdict = judge(before, seen)
        if verdict is Verdict.READ_AGAIN or (before and seen.platform_id in under_way):
            stored.again.add(seen.platform_id)
        elif verdict is not Verdict.OLD:
            taken.append(merged(before, shop.id, seen))
            # The same facts read later than our last write free the order's next actions: they are touched as well.
            if verdict is Verdict.NEWS or seen.platform_id in awaited:
                stored.orders.add(seen.platform_id)
    unit.orders.put_all(shop.id, taken)
    telling.keep(unit, shop, taken)
    stored.items |= gone_items.take_out(
        unit, shop, [(known[record.id], record) for record in taken if record.id in known]
    )
    for record in taken:
        _note_changes(unit, shop, known.get(record.id), record, at)


def _note_changes(unit: Unit, shop: Shop, before: OrderRecord | None, record: OrderRecord, at: datetime) -> None:
    if record.snapshot.codes and (before is None or before.snapshot.codes != record.snapshot.codes):
        consoling.used(unit, shop.id, dict.fromkeys(record.snapshot.codes, record.id))
    if before:
        _note_removed_hold(unit, before, record, at)
        _note_move(unit, shop, before, record, at)


def _note_removed_hold(unit: Unit, before: OrderRecord, after: OrderRecord, at: datetime) -> None:
    units = sum(after.hands_off.values()) - sum(before.hands_off.values())
    if units > 0:
        unit.audit.write(
            shop=after.shop, at=at, actor="platform", what="somebody took our hold away", order=after.id,
            outcome=(
                sentence("1 unit is not held again until the order changes")
                if units == 1
                else sentence("%(units)s units are not held again until the order changes", units=units)
            ),
        )  # fmt: skip


def _note_move(unit: Unit, shop: Shop, before: OrderRecord, after: OrderRecord, at: datetime) -> None:
    source, target = before.snapshot.location, after.snapshot.location
    if source and target and source != target and after.snapshot.status == "open":
        names = {place.id: place.name for place in shop.places}
        unit.audit.write(
            shop=after.shop, at=at, actor="platform", what="the order was moved to another location", order=after.id,
            outcome=sentence(
                "from %(source)s to %(target)s", source=names.get(source, source), target=names.get(target, target)
            ),
        )  # fmt: skip


def differs(before: OrderRecord | None, seen: OrderSnapshot) -> bool:
    """Return whether the books say something else of this order."""
    return seen.status != "gone" if before is None else without_time(before.snapshot) != without_time(seen)
