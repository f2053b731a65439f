"""What a next unit's wait means for an item at its shop: backorders stop or are taken, and its pages tell the day.

A use case over the books' promises (`core.ports`), never against a person. What that wait is, `item_gate` says.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime

from core.capabilities import Capability, Support
from core.dates.supply_dates import SupplyBook
from core.desired_state.desired import Wanted, can
from core.errors import NotAllowed
from core.item_actions import ITEM_LANE, Announce, ItemAction, SellOn, item_lane
from core.items.item_gate import ItemGate, Wish, in_words, is_too_long, next_unit_on
from core.items.kept_substitutes import kept_swaps
from core.large.large_orders import standing
from core.plan import OrderPlan
from core.planning import wake_ups
from core.planning.shop_facts import CLASSES, ShopState, for_online_orders, reserved_units
from core.policy.shop_policy import ShopPolicy
from core.ports.books import Unit
from core.records import ActionRecord, ItemRecord, OrderRecord, Shop
from core.sentences import sentence


@dataclass(frozen=True, slots=True, kw_only=True)
class Outlook:
    """One item: when a next unit could leave, what is wished of the gate because of it, and the day to `announce`."""

    record: ItemRecord
    next_on: date | None
    today: date
    wish: Wish | None
    announce: date | None

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
        shelf = for_online_orders(item.snapshot, reserved, state.shop)
        next_on = next_unit_on(shelf, demand[item.sku], coming.get(item.sku, ()), book.today)
        wish = _wish(item, state.shop, next_on, book.today)
        said = next_on if next_on and next_on > book.today and _is_announced(item, state.shop) else None
        yield Outlook(record=item, next_on=next_on, today=book.today, wish=wish, announce=said)


def watches(policy: ShopPolicy) -> bool:
    """Return whether the wait for a next unit matters to any item of the shop."""
    return policy.wait_gate.enabled or policy.promises.on_items


def under_way(unit: Unit, shop: str) -> tuple[ItemRecord, ...]:
    """Return the items with something of ours, or about to get it: what is left to do once all is switched off."""
    asked = {lane.removeprefix(ITEM_LANE) for lane in unit.outbox.waiting_items(shop)}
    known = (*unit.items.marked(shop), *unit.items.by_platform_id(shop, asked).values())
    return tuple({item.sku: item for item in known}.values())


def settle(
    unit: Unit, shop: Shop, support: Mapping[Capability, Support], found: Iterable[Outlook], *, now: datetime
) -> None:
    """Ask the shop for what the items' outlooks call for, and for nothing that no longer does."""
    waiting = unit.outbox.waiting_items(shop.id)
    for outlook in found:
        lane = item_lane(outlook.record.snapshot.platform_id)
        wanted = _wanted(outlook, support)
        if not wanted and lane not in waiting:
            continue
        if lane in waiting and any(map(_was_tried, unit.outbox.of_order(shop.id, lane))):
            continue  # it may have been done: its next try looks, and its end brings us here again
        asked = [(want.action, want.key, want.reason) for want in wanted]
        unit.outbox.want(shop.id, lane, asked, now=now, act=shop.policy.mode == "act")


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


def announced(unit: Unit, action: ActionRecord, wanted: Announce) -> None:
    """Remember what the item's pages now tell."""
    item = unit.items.by_platform_id(action.shop, [wanted.item]).get(wanted.item)
    if item is not None:
        unit.items.put_announced(action.shop, item.sku, wanted.expected_on)


def seen_again(unit: Unit, item: ItemRecord, *, at: datetime) -> None:
    """Keep our hands off an item that a person sells on again although we had stopped it."""
    if item.gate is None or not item.gate.stopped or item.snapshot.backorder == "deny":
        return
    unit.items.put_gate(item.shop, item.sku, replace(item.gate, state="hands_off"))
    unit.audit.write(
        shop=item.shop, at=at, actor="platform", what="somebody lets the item be backordered again", sku=item.sku,
        outcome=sentence("Backorder leaves it alone until it is handed back"),
    )  # fmt: skip


def hand_back(unit: Unit, item: ItemRecord) -> None:
    """Let the gate decide about an item again. Raises NotAllowed where it does already."""
    if item.gate is None or item.gate.stopped:
        raise NotAllowed(sentence("the item is not left alone: there is nothing to hand back"))
    unit.items.put_gate(item.shop, item.sku, None)


def take_again(unit: Unit, item: ItemRecord, *, now: datetime, act: bool) -> None:
    """Take backorders on an item again on a person's word, and leave it alone from now on. Raises NotAllowed."""
    if item.gate is None or not item.gate.stopped:
        raise NotAllowed(sentence("backorders on the item were not stopped from here"))
    unit.items.put_gate(item.shop, item.sku, replace(item.gate, state="hands_off"))
    want = _to_sell(item, "resume", sentence("A person asked for it."))
    lane = item_lane(item.snapshot.platform_id)
    unit.outbox.want(item.shop, lane, [], now=now, act=act)
    unit.outbox.add_manual(item.shop, lane, want.action, want.key, want.reason, now=now, act=act)


def to_restore(items: Iterable[ItemRecord]) -> tuple[ItemAction, ...]:
    """Return what puts back the settings that we replaced and unsays what we told, for a merchant who leaves."""
    standing = [item for item in items if not item.snapshot.gone]
    told = [Announce(item=item.snapshot.platform_id, expected_on=None) for item in standing if item.announced_on]
    stopped = [
        SellOn(item=item.snapshot.platform_id, beyond=True, setting=item.gate.setting)
        for item in standing
        if item.gate and item.gate.stopped
    ]
    return (*stopped, *told)


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


def _is_announced(item: ItemRecord, shop: Shop) -> bool:
    """Return whether the item's pages tell a day: it can be ordered although there is none."""
    seen = item.snapshot
    return shop.policy.promises.on_items and seen.tracked and not seen.gone and seen.backorder == "allow"


def _wanted(outlook: Outlook, support: Mapping[Capability, Support]) -> list[Wanted]:
    item, said = outlook.record, outlook.announce
    wanted = []
    if outlook.wish and can(support, Capability.BACKORDERS):
        wanted.append(_to_sell(item, outlook.wish, outlook.sentence))
    if said != item.announced_on and not item.snapshot.gone and can(support, Capability.ITEM_PROMISE):
        action = Announce(item=item.snapshot.platform_id, expected_on=said)
        wanted.append(Wanted(action=action, key=f"{action.kind}:{said or 'nothing'}", reason=outlook.sentence))
    return wanted


def _to_sell(item: ItemRecord, wish: Wish, reason: str) -> Wanted:
    seen = item.snapshot
    setting = item.gate.setting if item.gate and wish == "resume" else seen.backorder_setting
    action = SellOn(item=seen.platform_id, beyond=wish == "resume", setting=setting)
    return Wanted(action=action, key=f"{action.kind}:{wish}:{setting}", reason=reason)


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
