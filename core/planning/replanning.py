"""One shop's plan brought up to date within one transaction: facts, plan, rules, actions, promises, log.

A use case over the books' promises (`core.ports`): it decides nothing that `core.planning.shop_plan`,
`core.desired_state.desired` and `core.consolation.consoling` do not decide.
"""

from collections.abc import Collection, Mapping, Sequence

from core.engine.collector import at_rest
from core.items import gating, substituting
from core.large.measuring import is_unmeasured
from core.orders import change_of_mind
from core.planning import settling
from core.planning.experience import experienced, note_deliveries
from core.planning.reach import Reach, items_of, reach_of
from core.planning.settling import Means
from core.planning.shop_facts import ShopState
from core.planning.shop_plan import Planned, plan_shop
from core.ports.books import Unit
from core.records import ItemRecord, OrderRecord, Shop


@at_rest()
def replan(
    unit: Unit, shop: Shop, means: Means, *, items: Collection[str] | None, orders: Collection[str] = ()
) -> tuple[str, ...]:
    """Plan anew what the touched items (platform ids; None: everything) and orders can have changed.

    Returns the platform ids of the orders whose plan or actions changed. The caller holds the shop's lock.
    """
    if items is None:
        note_deliveries(unit, shop, means.as_of)
    reach = _all_open(unit, shop, orders) if items is None else reach_of(unit, shop, items, orders)
    if not reach.touched and items is not None and not gating.watches(shop.policy):
        return ()
    records = tuple(change_of_mind.settled(unit, shop, record, means.as_of) for record in reach.touched)
    state = state_of(unit, shop, records, beside=reach.beside, touched=None if items is None else reach.items)
    planned = plan_shop(state, means.as_of) if records else ()
    _stop_or_take(unit, means, state, planned, None if items is None else reach.items)
    moves = settling.moved(unit, shop, means, records, planned)
    settling.write_down(unit, shop, means, moves)
    # One that only shares an item and keeps its plan wants what it wanted before: nothing more is asked of the books.
    asking = moves if items is None else [move for move in moves if move.changed or move.before.id in orders]
    queued = settling.ask_for(unit, shop, means, asking)
    return tuple(move.before.id for move in moves if move.news or move.before.id in queued)


def _stop_or_take(
    unit: Unit, means: Means, state: ShopState, planned: Sequence[Planned], items: Collection[str] | None
) -> None:
    """Ask for what the wait for a next unit calls for, of the items that this plan can have changed."""
    shop = state.shop
    if not gating.watches(shop.policy):
        known = gating.under_way(unit, shop.id)
    elif items is None:
        known = unit.items.all(shop.id)
    else:
        touched = unit.items.by_platform_id(shop.id, items).values()
        known = tuple({item.sku: item for item in touched}.values())
    if known:
        plans = [(entry.record, entry.plan) for entry in planned]
        gating.settle(unit, shop, means.support, gating.outlooks(state, plans, known, means.as_of), now=means.now)


def state_of(
    unit: Unit,
    shop: Shop,
    records: tuple[OrderRecord, ...],
    *,
    beside: tuple[OrderRecord, ...] = (),
    weighing: bool | None = None,
    touched: Collection[str] | None = None,
) -> ShopState:
    """Return everything that takes part in a plan of these orders; `weighing` as in `core.planning.experience`.

    `touched`: the supply is that of the orders' items and of these (platform ids); None: all of the shop's.
    """
    items = unit.items.by_platform_id(shop.id, items_of((*records, *beside)))
    skus = None if touched is None else _skus(items) | _skus(unit.items.by_platform_id(shop.id, touched))
    fresh = items_of(record for record in records if is_unmeasured(record))
    own = {item.sku: item for name in items_of(records) if (item := items.get(name))}
    history = unit.demand.past_orders(shop.id, {items[item].snapshot.platform_id for item in fresh if item in items})
    state = ShopState(
        shop=shop, orders=records, beside=beside, items=items, history=history,
        supply=unit.supply.all(shop.id) if skus is None else unit.supply.of_skus(shop.id, skus),
        substitutes=substituting.substitutes(unit, shop, own.values()),
    )  # fmt: skip
    return experienced(unit, state, weighing=weighing, skus=skus)


def _skus(items: Mapping[str, ItemRecord]) -> set[str]:
    return {item.sku for item in items.values()}


def _all_open(unit: Unit, shop: Shop, orders: Collection[str]) -> Reach:
    """Return every open order, and those that are named."""
    known = {record.id: record for record in unit.orders.open_all(shop.id)}
    named = unit.orders.many(shop.id, [order for order in orders if order not in known])
    return Reach(touched=(*known.values(), *named.values()), beside=(), items=frozenset())
