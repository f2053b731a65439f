"""One shop's plan brought up to date within one transaction: facts, plan, rules, actions, promises, log.

A use case over the books' promises (`core.ports`): it decides nothing that `core.planner`, `core.ship_rules`,
`core.desired` and `core.offers` do not decide.
"""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from core import law_watch, notices, offers, outreach, ship_rules
from core.actions import Capability, Support
from core.correspondence import PostOffice
from core.delay_laws.cases import Case
from core.desired import Wanted, can, wanted_actions
from core.plan import OrderPlan, Plan, PlanException
from core.planner import plan as make_plan
from core.ports import Unit
from core.records import OrderRecord, Shop
from core.shop_facts import ShopState, facts_of
from core.shop_policy import ShopPolicy

ACTOR = "engine"
MONTH_DAY = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Desk:
    """What replanning needs besides the books: the platform's abilities, the key of codes, both clocks, the post.

    `as_of` is business time and dates the plan; `now` is machine time and dates the outbox.
    """

    support: Mapping[Capability, Support]
    secret_key: str
    as_of: datetime
    now: datetime
    post: PostOffice | None = None


def replan(
    unit: Unit, shop: Shop, desk: Desk, *, items: Collection[str] | None, orders: Collection[str] = ()
) -> tuple[str, ...]:
    """Plan anew what the touched items (platform ids; None: everything) and orders can have changed.

    Returns the platform ids of the orders whose plan or actions changed. The caller holds the shop's lock.
    """
    records = _touched(unit, shop, items, orders)
    if not records:
        return ()
    state = state_of(unit, shop, records)
    made = make_plan(facts_of(state, desk.as_of))
    exceptions = _by_order(made)
    cases = unit.laws.of_orders(shop.id, [record.id for record in records])
    changed = [
        record.id
        for record, plan in zip(records, made.orders, strict=True)
        if _settle(
            unit, shop, desk, record, plan, exceptions=exceptions.get(record.id, ()), cases=cases.get(record.id, ())
        )
    ]
    return tuple(changed)


def preview(unit: Unit, shop: Shop, policy: ShopPolicy, as_of: datetime) -> list[dict[str, object]]:
    """Return what the open orders' decisions would become under `policy`; nothing is stored.

    Each row: `order`, `name`, `before` and `after` with `decision`, `completes_on` (ISO date or None) and
    `release_now` (units). Orders that stay as they are are left out.
    """
    records = unit.orders.open_all(shop.id)
    changed = replace(shop, policy=policy)
    made = make_plan(facts_of(state_of(unit, changed, records), as_of))
    rows: list[dict[str, object]] = []
    for record, plan in zip(records, made.orders, strict=True):
        before = record.plan and _summary(record.plan)
        after = _summary(ship_rules.apply(plan, record, changed))
        if before != after:
            rows.append({"order": record.id, "name": record.snapshot.name, "before": before, "after": after})
    return rows


def state_of(unit: Unit, shop: Shop, records: tuple[OrderRecord, ...]) -> ShopState:
    """Return everything that takes part in a plan of these orders."""
    ids = {line.item for record in records for line in record.snapshot.lines if line.item}
    items = unit.items.by_platform_id(shop.id, ids)
    return ShopState(shop=shop, orders=records, items=items, supply=unit.supply.all(shop.id))


def _touched(unit: Unit, shop: Shop, items: Collection[str] | None, orders: Collection[str]) -> tuple[OrderRecord, ...]:
    if items is None:
        sharing = unit.orders.open_all(shop.id)
    else:
        named = [record for record in (unit.orders.get(shop.id, order) for order in orders) if record]
        wanted = {*items, *(line.item for record in named for line in record.snapshot.lines if line.item)}
        sharing = unit.orders.sharing(shop.id, wanted) if wanted else ()
    known = {record.id: record for record in sharing}
    for order in orders:
        record = None if order in known else unit.orders.get(shop.id, order)
        if record:
            known[order] = record
    return tuple(sorted(known.values(), key=lambda record: (record.snapshot.placed_at, record.id)))


def _by_order(made: Plan) -> dict[str, tuple[PlanException, ...]]:
    found: dict[str, tuple[PlanException, ...]] = {}
    for exception in made.exceptions:
        if exception.order:
            found[exception.order] = (*found.get(exception.order, ()), exception)
    return found


def _settle(
    unit: Unit,
    shop: Shop,
    desk: Desk,
    record: OrderRecord,
    plan: OrderPlan,
    *,
    exceptions: tuple[PlanException, ...],
    cases: tuple[Case, ...],
) -> bool:
    """Store one order's new plan and ask for what it calls for; return whether anything changed."""
    plan = ship_rules.apply(plan, record, shop)
    watched = law_watch.watch(unit, shop, desk.as_of, record, plan, cases)
    exceptions = (*exceptions, *watched.exceptions, *outreach.bounced(unit, shop, record))
    news = plan != record.plan or exceptions != record.exceptions
    planned = _planned(watched.record, plan, exceptions, desk)
    drafts = _drafts(planned, shop, record.plan, desk, news=news)
    planned = outreach.tell(unit, shop, desk.post, desk.as_of, planned, (*watched.drafts, *drafts))
    if news:
        planned = _with_promise(planned, shop)
        _log(unit, desk, record, planned)
    if news or planned != record:
        unit.orders.put(planned)
    if planned.manual != record.manual:
        # A law ended the order: the plan that holds it follows at once.
        body = f'{{"orders": ["{record.id}"]}}'.encode()
        unit.inbox.add(shop=shop.id, topic="backorder/replan", key=f"replan-order:{record.id}", body=body, at=desk.now)
    # What we read before our own last write ended says nothing about what it left: wait for the next read.
    if record.acted_at and record.acted_at >= record.snapshot.read_at:
        return news
    if unit.outbox.in_flight(shop.id, record.id):
        return news
    wanted = [(want.action, want.key, want.reason) for want in _wanted(unit, shop, desk, planned)]
    queued = unit.outbox.want(shop.id, record.id, wanted, now=desk.now, act=shop.policy.mode == "act")
    return news or bool(queued)


def _planned(record: OrderRecord, plan: OrderPlan, exceptions: tuple[PlanException, ...], desk: Desk) -> OrderRecord:
    if plan == record.plan and exceptions == record.exceptions:
        return record
    managed = record.managed or plan.backordered > 0
    return replace(record, plan=plan, exceptions=exceptions, managed=managed, planned_at=desk.as_of)


def _with_promise(record: OrderRecord, shop: Shop) -> OrderRecord:
    """Keep the first promise forever; move the current one only beyond the tolerance."""
    plan = record.plan
    if plan is None or not plan.backordered or plan.completes_on is None:
        return record
    first = record.first_promise_on or plan.completes_on
    current = record.promised_on
    if current is None or abs((plan.completes_on - current).days) > shop.policy.notices.tolerance_days:
        current = plan.completes_on
    return replace(record, first_promise_on=first, promised_on=current)


def _wanted(unit: Unit, shop: Shop, desk: Desk, record: OrderRecord) -> list[Wanted]:
    if record.plan is None:
        return []
    wanted = list(wanted_actions(record.plan, record, shop, desk.support))
    if offers.is_due(record.plan, record, shop, desk.as_of):
        capability = offers.CAPABILITY[shop.policy.offers.kind]
        due = offers.offer(record.plan, record, shop, key=desk.secret_key, as_of=desk.as_of)
        month = desk.now.replace(day=MONTH_DAY, hour=0, minute=0, second=0, microsecond=0)
        made = tuple(made for made in unit.outbox.codes_since(shop.id, month) if made.key != due.key)
        if can(desk.support, capability) and offers.within_budget(shop, due.action, made):  # type: ignore[arg-type]  # offer() wraps a Code
            wanted.append(due)
    return wanted


def _drafts(
    record: OrderRecord, shop: Shop, before: OrderPlan | None, desk: Desk, *, news: bool
) -> Iterator[notices.Draft]:
    """Yield the messages that are due: of news, and of there being none for a while."""
    if record.plan is not None and (news or record.told_at):
        yield from notices.drafts(record.plan, record, shop, before, desk.as_of)


def _log(unit: Unit, desk: Desk, before: OrderRecord, after: OrderRecord) -> None:
    if after.plan is None or (before.plan and _summary(before.plan) == _summary(after.plan)):
        return
    unit.audit.write(
        shop=after.shop, at=desk.as_of, actor=ACTOR, what="decided", order=after.id,
        why=" ".join(after.plan.reasons), outcome=after.plan.decision,
        detail={"before": before.plan and _summary(before.plan), "after": _summary(after.plan)},
    )  # fmt: skip


def _summary(plan: OrderPlan) -> dict[str, object]:
    return {
        "decision": plan.decision,
        "completes_on": plan.completes_on.isoformat() if plan.completes_on else None,
        "release_now": sum(line.release_now for line in plan.lines),
    }
