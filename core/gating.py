"""Stopping and taking backorders by the maximum wait: which items, asked of the shop, and never against a person.

A use case over the books' promises (`core.ports`). What a next unit's wait is, `core.item_gate` says.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime

from core import wake_ups
from core.actions import ITEM_LANE, Capability, SellOn, Support
from core.desired import can
from core.errors import NotAllowed
from core.item_gate import ItemGate, Wish, in_words, is_too_long, next_unit_on
from core.kept_substitutes import kept_swaps
from core.large_orders import standing
from core.plan import OrderPlan
from core.ports import Unit
from core.records import ActionRecord, ItemRecord, OrderRecord, Shop
from core.shop_facts import CLASSES, ShopState, physical, reserved_units
from core.supply_dates import SupplyBook


@dataclass(frozen=True, slots=True, kw_only=True)
class Outlook:
    """One item at the gate: when a next unit could leave, and what is asked of the shop because of it."""

    record: ItemRecord
    next_on: date | None
    today: date
    wish: Wish | None

    @property
    def sentence(self) -> str:
        """Return why, for the merchant."""
        return in_words(self.next_on, self.today)


def outlooks(
    state: ShopState,
    planned: Iterable[tuple[OrderRecord, OrderPlan | None]],
    items: Iterable[ItemRecord],
    as_of: datetime,
) -> Iterator[Outlook]:
    """Yield these items as they stand at the gate. `planned`: every open order that has one of them, with its plan."""
    planned = tuple(planned)
    book = SupplyBook(state.shop, state.arrivals, as_of)
    demand, coming = _demand(planned, state.shop), _coming(state, book)
    reserved = reserved_units(order for order, _ in planned)
    for item in items:
        shelf = sum(physical(item.snapshot, reserved).values())
        next_on = next_unit_on(shelf, demand[item.sku], coming.get(item.sku, ()), book.today)
        yield Outlook(record=item, next_on=next_on, today=book.today, wish=_wish(item, state.shop, next_on, book.today))


def under_way(unit: Unit, shop: str) -> tuple[ItemRecord, ...]:
    """Return the items that we stopped, or are about to: what is left to do once the gate is switched off."""
    asked = {lane.removeprefix(ITEM_LANE) for lane in unit.outbox.waiting_items(shop)}
    known = (*unit.items.gated(shop), *unit.items.by_platform_id(shop, asked).values())
    return tuple({item.sku: item for item in known}.values())


def settle(
    unit: Unit, shop: Shop, support: Mapping[Capability, Support], found: Iterable[Outlook], *, now: datetime
) -> None:
    """Ask the shop for what the items' outlooks call for, and for nothing that no longer does."""
    if not can(support, Capability.BACKORDERS):
        return
    waiting = unit.outbox.waiting_items(shop.id)
    for outlook in found:
        lane = SellOn.lane(outlook.record.snapshot.platform_id)
        if outlook.wish is None and lane not in waiting:
            continue
        if lane in waiting and any(map(_was_tried, unit.outbox.of_order(shop.id, lane))):
            continue  # it may have been done: its next try looks, and its end makes us read the item again
        wanted = [_wanted(outlook.record, outlook.wish, outlook.sentence)] if outlook.wish else []
        unit.outbox.want(shop.id, lane, wanted, now=now, act=shop.policy.mode == "act")


def carried_out(unit: Unit, action: ActionRecord, wanted: SellOn, *, ours: bool, today: date, now: datetime) -> None:
    """Remember what now stands at the shop, and read the item again. `ours`: it was written by us, now or before."""
    item = unit.items.by_platform_id(action.shop, [wanted.item]).get(wanted.item)
    if item is None:
        return
    if wanted.beyond and item.gate and item.gate.stopped:
        unit.items.put_gate(action.shop, item.sku, None)
    elif not wanted.beyond and ours:
        gate = ItemGate(state="stopped", setting=wanted.setting, since=today, wrote_at=now)
        unit.items.put_gate(action.shop, item.sku, gate)
    wake_ups.read_item(unit, action.shop, wanted.item, at=now)


def seen_again(unit: Unit, item: ItemRecord, *, at: datetime) -> None:
    """Keep our hands off an item that a person sells on again although we had stopped it."""
    if item.gate is None or not item.gate.stopped or item.snapshot.backorder == "deny":
        return
    unit.items.put_gate(item.shop, item.sku, replace(item.gate, state="hands_off"))
    unit.audit.write(
        shop=item.shop, at=at, actor="platform", what="somebody lets the item be backordered again", sku=item.sku,
        outcome="Backorder leaves it alone until it is handed back",
    )  # fmt: skip


def hand_back(unit: Unit, item: ItemRecord) -> None:
    """Let the gate decide about an item again. Raises NotAllowed where it does already."""
    if item.gate is None or item.gate.stopped:
        raise NotAllowed("the item is not left alone: there is nothing to hand back")
    unit.items.put_gate(item.shop, item.sku, None)


def take_again(unit: Unit, item: ItemRecord, *, now: datetime, act: bool) -> None:
    """Take backorders on an item again on a person's word, and leave it alone from now on. Raises NotAllowed."""
    if item.gate is None or not item.gate.stopped:
        raise NotAllowed("backorders on the item were not stopped from here")
    unit.items.put_gate(item.shop, item.sku, replace(item.gate, state="hands_off"))
    action, key, _ = _wanted(item, "resume", "")
    lane = SellOn.lane(item.snapshot.platform_id)
    unit.outbox.want(item.shop, lane, [], now=now, act=act)
    unit.outbox.add_manual(item.shop, lane, action, key, "A person asked for it.", now=now, act=act)


def to_restore(items: Iterable[ItemRecord]) -> tuple[SellOn, ...]:
    """Return what puts back the settings that we replaced, for a merchant who leaves."""
    return tuple(
        SellOn(item=item.snapshot.platform_id, beyond=True, setting=item.gate.setting)
        for item in items
        if item.gate and item.gate.stopped and not item.snapshot.gone
    )


def is_ours_to_stop(item: ItemRecord, today: date) -> bool:
    """Return whether the item is counted, released, and sold beyond its stock by a setting that can be put back."""
    seen = item.snapshot
    released = item.rules.preorder_until is None or item.rules.preorder_until <= today
    return seen.tracked and not seen.gone and bool(seen.backorder_setting) and released


def _wish(item: ItemRecord, shop: Shop, next_on: date | None, today: date) -> Wish | None:
    if item.snapshot.gone or (item.gate and not item.gate.stopped):
        return None
    stopped = item.gate is not None
    too_long = is_too_long(shop.policy.wait_gate, next_on, today, stopped=stopped)
    if stopped:
        return None if too_long or item.snapshot.backorder != "deny" else "resume"
    return "stop" if too_long and is_ours_to_stop(item, today) and item.snapshot.backorder == "allow" else None


def _wanted(item: ItemRecord, wish: Wish, reason: str) -> tuple[SellOn, str, str]:
    seen = item.snapshot
    setting = item.gate.setting if item.gate and wish == "resume" else seen.backorder_setting
    action = SellOn(item=seen.platform_id, beyond=wish == "resume", setting=setting)
    return action, f"{action.kind}:{wish}:{setting}", reason


def _was_tried(action: ActionRecord) -> bool:
    return action.state == "pending" and action.attempts > 0


def _demand(planned: Iterable[tuple[OrderRecord, OrderPlan | None]], shop: Shop) -> Counter[str]:
    demand: Counter[str] = Counter()
    for record, plan in planned:
        # A declined order gives up its units.
        if plan is not None and CLASSES.get(standing(record, shop)) != "lose":
            for line in plan.lines:
                demand[line.sku] += line.open
            for swap in kept_swaps(record):
                demand[swap.sku] += swap.units
    return demand


def _coming(state: ShopState, book: SupplyBook) -> dict[str, list[tuple[date, int]]]:
    coming: dict[str, list[tuple[date, int]]] = {}
    for row in state.supply:
        on = book.date_of(row).promised
        if on is not None:
            coming.setdefault(row.incoming.sku, []).append((on, row.incoming.remaining))
    return coming
