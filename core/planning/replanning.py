"""One shop's plan brought up to date within one transaction: facts, plan, rules, actions, promises, log.

A use case over the books' promises (`core.ports`): it decides nothing that `core.planning.shop_plan`,
`core.desired_state.desired` and `core.consolation.consoling` do not decide.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from core.capabilities import Capability, Support
from core.consolation.consoling import Consoler
from core.dates.published import with_promise
from core.delay_laws import law_watch
from core.delay_laws.cases import Case
from core.delay_laws.scope import clocks_run
from core.desired_state.desired import Wanted, wanted_actions
from core.forecast import telling
from core.hooks import announcing
from core.hooks.announcing import Link
from core.items import gating, substituting
from core.large.measuring import is_unmeasured
from core.messages import notices, offer_letter, outreach
from core.orders import change_of_mind, withdrawals
from core.plan import OrderPlan
from core.planning import wake_ups
from core.planning.experience import experienced, note_deliveries
from core.planning.reach import Reach, items_of, reach_of
from core.planning.shop_facts import ShopState
from core.planning.shop_plan import Planned, plan_shop
from core.ports.books import Unit
from core.records import ItemRecord, OrderRecord, Shop
from core.records.served import served
from core.records.waits import followed
from core.reports.waiting import waiting_rows
from core.zones import local_day

ACTOR = "engine"
AGAIN = timedelta(seconds=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Desk:
    """What replanning needs besides the books: the platform's abilities, the key of codes, both clocks.

    `as_of` is business time and dates the plan; `now` is machine time and dates the outbox. `mail_leaves`: a mail
    server is set. `link` signs a customer's page; without it other tools are told nothing.
    """

    support: Mapping[Capability, Support]
    secret_key: str
    as_of: datetime
    now: datetime
    mail_leaves: bool = False
    link: Link | None = None


def replan(
    unit: Unit, shop: Shop, desk: Desk, *, items: Collection[str] | None, orders: Collection[str] = ()
) -> tuple[str, ...]:
    """Plan anew what the touched items (platform ids; None: everything) and orders can have changed.

    Returns the platform ids of the orders whose plan or actions changed. The caller holds the shop's lock.
    """
    if items is None:
        note_deliveries(unit, shop, desk.as_of)
    reach = _all_open(unit, shop, orders) if items is None else reach_of(unit, shop, items, orders)
    if not reach.touched and items is not None and not gating.watches(shop.policy):
        return ()
    records = tuple(change_of_mind.settled(unit, shop, record, desk.as_of) for record in reach.touched)
    state = state_of(unit, shop, records, beside=reach.beside, touched=None if items is None else reach.items)
    planned = plan_shop(state, desk.as_of) if records else ()
    _stop_or_take(unit, desk, state, planned, None if items is None else reach.items)
    outlook = _Outlook(
        cases=unit.laws.of_orders(shop.id, [record.id for record in records]) if clocks_run(shop.policy) else {},
        unreachable=outreach.unreachable(unit, shop, records),
        consoler=Consoler(unit, shop, support=desk.support, secret_key=desk.secret_key, as_of=desk.as_of),
    )
    named = {record.id for record in records} if items is None else set(orders)
    changed = [
        record.id
        for record, entry in zip(records, planned, strict=True)
        if _settle(
            unit,
            shop,
            desk,
            record,
            *_watched(unit, shop, desk, entry, outlook),
            outlook=outlook,
            named=record.id in named,
        )
    ]
    return tuple(changed)


def _stop_or_take(
    unit: Unit, desk: Desk, state: ShopState, planned: Sequence[Planned], items: Collection[str] | None
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
        gating.settle(unit, shop, desk.support, gating.outlooks(state, plans, known, desk.as_of), now=desk.now)


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
    named = (unit.orders.get(shop.id, order) for order in orders if order not in known)
    return Reach(touched=(*known.values(), *filter(None, named)), beside=(), items=frozenset())


@dataclass(frozen=True, slots=True, kw_only=True)
class _Outlook:
    """What is known of the customers of several orders: cases under the delay laws, who gets no mail, what they got."""

    cases: Mapping[str, tuple[Case, ...]]
    unreachable: Mapping[str, str]
    consoler: Consoler


def _watched(
    unit: Unit, shop: Shop, desk: Desk, entry: Planned, outlook: _Outlook
) -> tuple[Planned, tuple[notices.Draft, ...]]:
    """Return the order with what the chosen laws and the mail server say of it, and the messages that laws ask for."""
    exceptions = (
        *entry.exceptions, *outreach.bounces(entry.record, outlook.unreachable), *withdrawals.told(entry.record),
    )  # fmt: skip
    if not clocks_run(shop.policy):
        return replace(entry, exceptions=exceptions), ()
    cases = outlook.cases.get(entry.record.id, ())
    seen = law_watch.watch(unit, shop, desk.as_of, entry.record, entry.plan, cases)
    return replace(entry, record=seen.record, exceptions=(*exceptions, *seen.exceptions)), seen.drafts


def _settle(
    unit: Unit,
    shop: Shop,
    desk: Desk,
    record: OrderRecord,
    entry: Planned,
    asked: tuple[notices.Draft, ...],
    *,
    outlook: _Outlook,
    named: bool,
) -> bool:
    """Store one order's new plan and ask for what it calls for; return whether anything changed.

    One that only shares an item and keeps its plan wants what it wanted before: nothing more is asked of the books.
    """
    planned = _planned(shop, entry, desk)
    # The customer is told of a move from the promise that they know.
    known = replace(planned, promised_on=record.promised_on, published_at=record.published_at)
    promised = with_promise(planned, shop.policy.notices.tolerance_days)
    # A promise may move while the plan stays: a person took back the day that they had set.
    news = entry.plan != record.plan or entry.exceptions != record.exceptions or promised != known
    if entry.record.proposal and entry.record.proposal != record.proposal:
        offer_letter.put(unit, shop, planned, as_of=desk.as_of, now=desk.now)
    # Of news, and of there being none for a while.
    told = notices.drafts(entry.plan, known, shop, record.plan, desk.as_of) if news or planned.told_at else ()
    planned = outreach.tell(unit, shop, desk.as_of, planned, (*asked, *told))
    if news:
        planned = with_promise(planned, shop.policy.notices.tolerance_days)
        _log(unit, desk, record, entry.plan)
        _announce(unit, shop, desk, record, planned)
    if telling.is_told_anew(record, planned):
        # How much of a new line could not ship at once is remembered: later plans no longer tell.
        telling.keep(unit, shop, planned)
    if news:
        unit.reports.note_waiting(waiting_rows(record, planned, local_day(desk.as_of, shop.timezone)))
    if news or planned != record:
        unit.orders.put(planned)
    elif not named:
        return False
    if planned.manual != record.manual:
        # A law ended the order: the plan that holds it follows at once.
        wake_ups.replan_order(unit, shop.id, record.id, at=desk.now)
    # What we read before our own last write ended says nothing about what it left: wait for the next read.
    if record.acted_at and record.acted_at >= record.snapshot.read_at:
        return news
    if unit.outbox.in_flight(shop.id, record.id):
        _plan_again(unit, record, desk)
        return news
    wanted = [(want.action, want.key, want.reason) for want in _wanted(shop, desk, entry.plan, planned, outlook)]
    queued = unit.outbox.want(shop.id, record.id, wanted, now=desk.now, act=shop.policy.mode == "act")
    return news or bool(queued)


def _announce(unit: Unit, shop: Shop, desk: Desk, before: OrderRecord, after: OrderRecord) -> None:
    """Tell the merchant's other tools what is news to them."""
    for event in announcing.events(before, after, shop, desk.link, desk.as_of) if desk.link else ():
        unit.hooks.tell(shop.id, event, now=desk.now)


def _plan_again(unit: Unit, record: OrderRecord, desk: Desk) -> None:
    """Come back once what is under way has ended: it may end without news that would bring us here."""
    wake_ups.replan_order(unit, record.shop, record.id, at=desk.now, due=desk.now + AGAIN)


def _planned(shop: Shop, entry: Planned, desk: Desk) -> OrderRecord:
    record, plan, today = entry.record, entry.plan, local_day(desk.as_of, shop.timezone)
    waited = followed(record.wait, record.snapshot, record.plan, plan, today)
    kept = served(
        record.served, record.snapshot, entry.expected, waits=plan.backordered, preorder=bool(record.preorders),
        changed_on=local_day(record.snapshot.version, shop.timezone),
    )  # fmt: skip
    known = replace(record, expected=entry.expected, wait=waited, served=kept)
    if plan == record.plan and entry.exceptions == record.exceptions:
        return known
    managed = record.managed or plan.backordered > 0
    return replace(known, plan=plan, exceptions=entry.exceptions, managed=managed, planned_at=desk.as_of)


def _wanted(shop: Shop, desk: Desk, plan: OrderPlan, record: OrderRecord, outlook: _Outlook) -> list[Wanted]:
    consoled = outlook.consoler.wanted(record)
    return [*wanted_actions(plan, record, shop, desk.support, mail_leaves=desk.mail_leaves), *consoled]


def _log(unit: Unit, desk: Desk, before: OrderRecord, plan: OrderPlan) -> None:
    if before.plan and _news_of(before.plan) == _news_of(plan):
        return
    unit.audit.write(
        shop=before.shop, at=desk.as_of, actor=ACTOR, what="decided", order=before.id, why=" ".join(plan.reasons),
        outcome=plan.decision, detail={"before": before.plan and _summary(before.plan), "after": _summary(plan)},
    )  # fmt: skip


def _news_of(plan: OrderPlan) -> dict[str, object]:
    """Return what is worth a line in the log: an order with nothing backordered is planned for today every day."""
    return _summary(plan) | {"backordered": 0} | ({} if plan.backordered else {"completes_on": None})


def _summary(plan: OrderPlan) -> dict[str, object]:
    return {
        "decision": plan.decision,
        "completes_on": plan.completes_on.isoformat() if plan.completes_on else None,
        "release_now": sum(line.release_now for line in plan.lines),
        "backordered": plan.backordered,
    }
