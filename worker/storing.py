"""Taking what was read into the books, in the transaction that also plans and queues."""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import datetime

from core.consolation import consoling
from core.forecast import telling
from core.item_actions import item_lane
from core.items import gating
from core.planning.merge import Verdict, judge, merged, merged_item, without_time
from core.ports.books import Unit
from core.records import IncomingRecord, ItemRecord, OrderRecord, Shop
from core.sentences import sentence
from core.snapshots import ItemSnapshot, OrderSnapshot
from worker.reading import Reading, changed_items


class Stored:
    """What storing a reading changed: orders and items by platform id, and what is to be read again."""

    def __init__(self) -> None:
        self.orders: set[str] = set()
        self.items: set[str] = set()
        self.again: set[str] = set()
        self.items_again: set[str] = set()


def store(unit: Unit, shop: Shop, reading: Reading, *, at: datetime) -> Stored:
    """Store the news of a reading; items first, so that lines find them. `at` is business time and dates the log."""
    stored = Stored()
    for item in reading.items.values():
        if _take_item(unit, shop, item, stored, at):
            stored.items |= {item.platform_id, *item.aliases}
    if reading.supply is not None:
        stored.items |= _take_supply(unit, shop, reading.supply)
    known = unit.items.by_platform_id(shop.id, items_of(reading.orders.values()))
    for order in reading.orders.values():
        _take_order(unit, shop, canonical(order, known), stored, at)
    return stored


def canonical(order: OrderSnapshot, known: dict[str, ItemRecord]) -> OrderSnapshot:
    """Return the order with each line on the item that keeps its stock (a variation's parent, where that does)."""
    lines = tuple(
        replace(line, item=known[line.item].snapshot.platform_id) if line.item and line.item in known else line
        for line in order.lines
    )
    return replace(order, lines=lines)


def items_of(orders: Iterable[OrderSnapshot]) -> set[str]:
    """Return the items of the orders' lines, by the platform's ids."""
    return {line.item for order in orders for line in order.lines if line.item}


def _take_item(unit: Unit, shop: Shop, seen: ItemSnapshot, stored: Stored, at: datetime) -> bool:
    before = unit.items.by_platform_id(shop.id, [seen.platform_id]).get(seen.platform_id)
    if before is None and seen.gone:
        return False
    if before is not None and before.snapshot.read_at >= seen.read_at:
        return False
    if before is not None and _may_be_older_than_our_write(unit, before, seen):
        stored.items_again.add(seen.platform_id)
        return False
    if before is not None:
        seen = merged_item(before.snapshot, seen)
    gating.seen_again(unit, unit.items.put(shop.id, seen), at=at)
    return before is None or replace(before.snapshot, read_at=seen.read_at) != seen


def _may_be_older_than_our_write(unit: Unit, before: ItemRecord, seen: ItemSnapshot) -> bool:
    if before.gate is None:
        return False
    return before.gate.wrote_at >= seen.read_at or unit.outbox.in_flight(before.shop, item_lane(seen.platform_id))


def _take_supply(unit: Unit, shop: Shop, seen: tuple[IncomingRecord, ...]) -> set[str]:
    """Store the platform's own incoming supply under our names; return the items that it changed for."""
    known = unit.items.by_platform_id(shop.id, {row.item for row in seen if row.item})
    changed = changed_items(unit.supply.all(shop.id), seen)
    unit.supply.replace_platform(shop.id, [_as_ours(shop, row, known) for row in seen])
    return changed


def _as_ours(shop: Shop, row: IncomingRecord, known: Mapping[str, ItemRecord]) -> IncomingRecord:
    sku = known[row.item].sku if row.item and row.item in known else row.incoming.sku
    return replace(row, shop=shop.id, incoming=replace(row.incoming, sku=sku))


def _take_order(unit: Unit, shop: Shop, seen: OrderSnapshot, stored: Stored, at: datetime) -> None:
    before = unit.orders.get(shop.id, seen.platform_id)
    verdict = judge(before, seen)
    if verdict is Verdict.READ_AGAIN or (before and unit.outbox.in_flight(shop.id, seen.platform_id)):
        stored.again.add(seen.platform_id)
        return
    if verdict is Verdict.OLD:
        return
    record = merged(before, shop.id, seen)
    unit.orders.put(record)
    if record.snapshot.codes and (before is None or before.snapshot.codes != record.snapshot.codes):
        consoling.used(unit, shop.id, dict.fromkeys(record.snapshot.codes, record.id))
    if before:
        _note_removed_hold(unit, before, record, at)
        _note_move(unit, shop, before, record, at)
    telling.keep(unit, shop, record)
    # The same facts read later than our last write free the order's next actions: they are touched as well.
    if verdict is Verdict.NEWS or (before and before.acted_at and before.snapshot.read_at <= before.acted_at):
        stored.orders.add(seen.platform_id)


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


def differs(unit: Unit, shop: Shop, seen: OrderSnapshot) -> bool:
    """Return whether the books say something else of this order."""
    before = unit.orders.get(shop.id, seen.platform_id)
    return seen.status != "gone" if before is None else without_time(before.snapshot) != without_time(seen)
