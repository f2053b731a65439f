"""The delay laws at work on a shop's orders: cases opened and moved by what is seen, demands shown, notices drafted.

Off until the merchant chooses a law. It is help, not legal advice.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from core.delay_laws.calendars import start_of
from core.delay_laws.cases import ENDED, Case, Edge, Evidence, State, Terms, opened
from core.delay_laws.demands import Demand, demand
from core.delay_laws.events import (
    CancelReceived,
    Consented,
    Event,
    Forecast,
    NoticeSent,
    Refunded,
    SellerCancelled,
    Shipped,
)
from core.delay_laws.law_notices import asking
from core.delay_laws.machine import happens, wakes_on
from core.delay_laws.packs import PACKS, pack_of
from core.delay_laws.scope import is_exempt, laws_of
from core.messages.notices import Draft
from core.orders import ending_choices, giving_up
from core.plan import OrderPlan, PlanException
from core.policy.shop_policy import Law
from core.ports.books import Unit
from core.records import NoticeRecord, OrderRecord, Shop
from core.sentences import sentence
from core.zones import local_day

A_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Watched:
    """What the laws say of one order now; `record` is held, or ended, where its refund is due."""

    record: OrderRecord
    exceptions: tuple[PlanException, ...] = ()
    drafts: tuple[Draft, ...] = ()


CODES = {
    "first_notice": "LAW_NOTICE_DUE", "renewed_notice": "LAW_NOTICE_DUE", "refund": "LAW_REFUND_DUE",
    "look": "LAW_LATE",
}  # fmt: skip
DEMANDS = {
    "first_notice": sentence("%(law)s: the customer must be told of the delay and asked by %(by)s"),
    "renewed_notice": sentence("%(law)s: the customer must be asked again, for the date they know is missed by %(by)s"),
    "look": sentence("%(law)s: it is late, and the customer may end the contract"),
}


def watch(
    unit: Unit, shop: Shop, as_of: datetime, record: OrderRecord, plan: OrderPlan, cases: Sequence[Case]
) -> Watched:
    """Bring the order's cases up to date, store what changed, and return what they ask for."""
    look = _Look(unit=unit, shop=shop, record=record, plan=plan, as_of=as_of, today=local_day(as_of, shop.timezone))
    known = {case.law: case for case in cases}
    running = (*_running(look, known), *_new(look, known))
    exceptions: list[PlanException] = []
    drafts: list[Draft] = []
    held = record
    for before in running:
        case, edges = _moved(before, _events(look))
        _keep(look, case, edges, changed=case != before or case.law not in known)
        if _is_ending(look) and case.state is not State.REFUND_DUE:
            continue
        asked = demand(case, today=look.today, ships_on=plan.completes_on, lead_days=shop.policy.law_clock.lead_days)
        drafts += asking(plan, record, case, asked, edges)
        if case.state is State.REFUND_DUE and record.snapshot.status == "open":
            held = ending_choices.by_law(shop, giving_up.held_by_law(held), as_of=as_of)
        exceptions += _told(case, asked, held)
    if not known and not running:
        exceptions += _alarm(look)
    return Watched(record=held, exceptions=tuple(exceptions), drafts=tuple(drafts))


@dataclass(frozen=True, slots=True, kw_only=True)
class _Look:
    """One look at one order."""

    unit: Unit
    shop: Shop
    record: OrderRecord
    plan: OrderPlan
    as_of: datetime
    today: date


def notice_left(unit: Unit, shop: Shop, notice: NoticeRecord, evidence: Evidence, at: datetime) -> None:
    """Take down that a delay notice was sent, with its evidence."""
    revised = notice.facts.get("revised")
    for case in unit.laws.of_orders(shop.id, [notice.order]).get(notice.order, ()):
        if case.law == notice.facts.get("law"):
            event = NoticeSent(
                on=local_day(at, shop.timezone), revised_on=date.fromisoformat(revised) if revised else None,
                evidence=evidence,
            )  # fmt: skip
            _apply(unit, shop, case, event, at)


def answered(unit: Unit, shop: Shop, order: str, answer: str, evidence: Evidence, at: datetime) -> bool:
    """Take down a customer's answer, `wait` or `cancel`; return whether any case moved by it."""
    on = local_day(at, shop.timezone)
    event: Event = Consented(on=on, evidence=evidence) if answer == "wait" else CancelReceived(on=on, evidence=evidence)
    cases = unit.laws.of_orders(shop.id, [order]).get(order, ())
    # Each case hears of it, also after one that moved.
    moved = [_apply(unit, shop, case, event, at) for case in cases]
    return any(moved)


def part_cancelled(unit: Unit, shop: Shop, order: str, evidence: Evidence, at: datetime) -> None:
    """Take down that the customer cancelled a part: its money is due, while the clock of the rest runs on."""
    on = local_day(at, shop.timezone)
    for case in unit.laws.of_orders(shop.id, [order]).get(order, ()):
        if case.state not in ENDED:
            pack = pack_of(case.law, case.version)
            rule = sentence(
                "%(title)s: cancelled before shipment, in part; refund by %(refund_due)s",
                title=pack.title,
                refund_due=pack.refund_due(on),
            )
            edge = Edge(before=case.state, after=case.state, on=on, rule=rule, evidence=evidence)
            unit.laws.log(shop.id, case, [edge], at=at)


def _apply(unit: Unit, shop: Shop, case: Case, event: Event, at: datetime) -> bool:
    step = happens(case, event)
    if step.case != case:
        unit.laws.put(shop.id, step.case, wakes_at=_wakes_at(step.case, shop, event.on))
        unit.laws.log(shop.id, step.case, step.edges, at=at)
    return bool(step.edges)


def terms_of(record: OrderRecord, shop: Shop) -> Terms:
    """Return what the buyer was told when ordering, in the shop's days."""
    ordered, clock = local_day(record.snapshot.placed_at, shop.timezone), shop.policy.law_clock
    stated = ordered + timedelta(days=clock.stated_days) if clock.stated_days else None
    return Terms(ordered_on=ordered, stated_on=stated, transit_days=clock.transit_days)


def strictest(record: OrderRecord, shop: Shop) -> date:
    """Return the last day of shipment that keeps every law, wherever the order goes: the internal alarm."""
    terms = terms_of(record, shop)
    return min(opened(pack, record.id, terms).ship_by for pack in PACKS)


def _running(look: _Look, known: Mapping[Law, Case]) -> Iterator[Case]:
    """Yield the open cases whose clocks run; one stands still once the merchant takes its law or the order out."""
    policy = look.shop.policy
    out = is_exempt(look.record, policy)
    for case in known.values():
        if not case.over and not out and case.law in policy.laws:
            yield case
        elif not case.over:
            look.unit.laws.put(look.shop.id, case, wakes_at=None)


def _new(look: _Look, known: Mapping[Law, Case]) -> Iterator[Case]:
    """Yield new cases for the laws that govern the order."""
    if look.record.snapshot.status != "open" or not any(line.open for line in look.plan.lines):
        return
    terms = terms_of(look.record, look.shop)
    for pack in laws_of(look.record, look.shop.policy, terms.ordered_on):
        if pack.law not in known:
            yield opened(pack, look.record.id, terms, today=look.today)


def _events(look: _Look) -> tuple[Event, ...]:
    """Return what the order's facts say happened, as events of today."""
    seen, plan, today, as_of = look.record.snapshot, look.plan, look.today, look.as_of
    if seen.status in {"cancelled", "gone"}:
        proof = Evidence(
            what=sentence(
                "the shop shows the order as %(status)s; its refund is in the shop's record", status=seen.status
            ),
            at=as_of,
        )
        return SellerCancelled(on=today, evidence=proof), Refunded(on=today, evidence=proof)
    if not any(line.open for line in seen.lines if line.ships):
        if any(line.shipped for line in seen.lines):
            proof = Evidence(what=sentence("the shop shows every open unit as shipped"), at=seen.version)
            return (Shipped(on=today, evidence=proof),)
        proof = Evidence(what=sentence("the shop shows every unit as cancelled or refunded"), at=seen.version)
        return SellerCancelled(on=today, evidence=proof), Refunded(on=today, evidence=proof)
    if _is_ending(look):
        return ()
    date_known = plan.completes_on.isoformat() if plan.completes_on else sentence("no date")
    proof = Evidence(what=sentence("the plan says: %(date_known)s", date_known=date_known), at=as_of)
    lead = look.shop.policy.law_clock.lead_days
    return (Forecast(on=today, ships_on=plan.completes_on, lead_days=lead, evidence=proof),)


def _is_ending(look: _Look) -> bool:
    """Return whether all that is left was given up, and the shop is being told: nobody is asked about a delay then."""
    return giving_up.is_open(look.record) and not any(line.open for line in look.plan.lines)


def _moved(case: Case, events: Iterable[Event]) -> tuple[Case, tuple[Edge, ...]]:
    edges: tuple[Edge, ...] = ()
    for event in events:
        step = happens(case, event)
        case, edges = step.case, (*edges, *step.edges)
    return case, edges


def _keep(look: _Look, case: Case, edges: tuple[Edge, ...], *, changed: bool) -> None:
    unit, shop = look.unit, look.shop
    woken = wakes_on(case, shop.policy.law_clock.lead_days)
    if not changed and (woken is None or woken > look.today):
        return
    unit.laws.put(shop.id, case, wakes_at=_wakes_at(case, shop, look.today))
    unit.laws.log(shop.id, case, edges, at=look.as_of)
    for edge in edges:
        if edge.after in {State.LAPSED, State.CANCELLED, State.OVERDUE}:
            unit.audit.write(
                shop=shop.id, at=look.as_of, actor="engine", what=f"delay law: {edge.after.value}", order=case.order,
                why=f"{pack_of(case.law, case.version).title}: {edge.rule}", outcome=edge.evidence.what,
            )  # fmt: skip


def _wakes_at(case: Case, shop: Shop, today: date) -> datetime | None:
    woken = wakes_on(case, shop.policy.law_clock.lead_days)
    return None if woken is None else start_of(max(woken, today + A_DAY), shop.timezone)


def _told(case: Case, asked: Demand | None, record: OrderRecord) -> Iterator[PlanException]:
    """Yield what a person should know of the case, the day by which it must be done included."""
    pack = pack_of(case.law, case.version)
    if asked is not None:
        detail = sentence(_demanded(case, asked, record), law=pack.title, by=asked.by)
        yield PlanException(code=CODES[asked.kind], detail=detail, order=record.id)
    elif case.state is State.AT_RISK:
        yield PlanException(
            code="LAW_AT_RISK",
            detail=sentence("%(title)s: it must ship by %(ship_by)s", title=pack.title, ship_by=case.ship_by),
            order=record.id,
        )


def _demanded(case: Case, asked: Demand, record: OrderRecord) -> str:
    """Return what a law demands, as a template; it is filled in with the law and the last day."""
    if asked.kind == "refund":
        if giving_up.is_open(record):
            return sentence(
                "%(law)s: the order counts as cancelled, the shop is asked to end it, and the money must be on its way "
                "by %(by)s"
            )
        return sentence("%(law)s: the order counts as cancelled, and its refund must be sent in money by %(by)s")
    if asked.kind == "look" and case.late_adopted:
        return sentence("%(law)s: its time was over before we watched: if no notice was sent by then, a refund is due")
    return DEMANDS[asked.kind]


def _alarm(look: _Look) -> Iterator[PlanException]:
    """Yield the internal alarm of an order that no chosen law governs, by the strictest of all of them."""
    shop, record, plan = look.shop, look.record, look.plan
    if is_exempt(record, shop.policy) or record.snapshot.status != "open" or not plan.backordered:
        return
    last = strictest(record, shop)
    if last - timedelta(days=shop.policy.law_clock.lead_days) <= look.today and not _ships_by(plan, last):
        detail = sentence("by the strictest of the delay laws it must ship by %(last)s", last=last)
        yield PlanException(code="LAW_AT_RISK", detail=detail, order=record.id)


def _ships_by(plan: OrderPlan, last: date) -> bool:
    return plan.completes_on is not None and plan.completes_on <= last
