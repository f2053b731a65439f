"""What a new plan leaves to be told, written down and asked for: of all its orders together, many rows at a time.

A use case over the books' promises (`core.ports`), in the transaction in which the plan was made.
"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Any

from core.capabilities import Capability, Support
from core.consolation.consolations import Consolation
from core.consolation.consoling import Consoler
from core.dates.published import with_promise
from core.delay_laws import law_watch
from core.delay_laws.scope import clocks_run
from core.desired_state.desired import wanted_actions
from core.forecast import telling
from core.hooks import announcing
from core.hooks.announcing import Link
from core.messages import notices, offer_letter, outreach
from core.messages.notices import Draft
from core.orders import withdrawals
from core.plan import OrderPlan
from core.planning import wake_ups
from core.planning.shop_plan import Planned
from core.ports.books import Unit
from core.ports.outbox import Wish
from core.records import AuditEntry, OrderRecord, Shop
from core.records.served import served
from core.records.waits import followed
from core.reports.waiting import waiting_rows
from core.zones import local_day

ACTOR = "engine"
AGAIN = timedelta(seconds=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Means:
    """What planning needs besides the books: the platform's abilities, the key of codes, both clocks.

    `as_of` is business time and dates the plan; `now` is machine time and dates the outbox. `mail_leaves`: a mail
    server is set. `link` signs a customer's page; without it other tools are told nothing.
    """

    support: Mapping[Capability, Support]
    code_key: str
    as_of: datetime
    now: datetime
    mail_leaves: bool = False
    link: Link | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Move:
    """One order before and after its new plan. `news`: plan, exceptions or promise differ, which is told and logged.

    `changed`: anything of it does, and it is to be stored.
    """

    before: OrderRecord
    after: OrderRecord
    plan: OrderPlan
    news: bool
    changed: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class _Step:
    """One order with its new plan, before its customer is told."""

    before: OrderRecord
    planned: OrderRecord
    plan: OrderPlan
    news: bool
    drafts: tuple[Draft, ...]


def moved(
    unit: Unit, shop: Shop, means: Means, records: Sequence[OrderRecord], planned: Sequence[Planned]
) -> list[Move]:
    """Return what became of each order; the clocks of the delay laws have heard of it, and messages are drafted."""
    today = local_day(means.as_of, shop.timezone)
    watched = _watched(unit, shop, means, records, planned)
    steps = [
        _step(shop, means, today, before, entry, asked) for before, (entry, asked) in zip(records, watched, strict=True)
    ]
    for step in steps:
        if step.planned.proposal and step.planned.proposal != step.before.proposal:
            offer_letter.put(unit, shop, step.planned, as_of=means.as_of, now=means.now)
    told = outreach.tell_all(unit, shop, means.as_of, [(step.planned, step.drafts) for step in steps])
    return [_move(shop, step, record) for step, record in zip(steps, told, strict=True)]


def write_down(unit: Unit, shop: Shop, means: Means, moves: Sequence[Move]) -> None:
    """Store what changed: orders, the log, what the reports and the forecast count, and what other tools are told."""
    news, today = [move for move in moves if move.news], local_day(means.as_of, shop.timezone)
    unit.audit.append([_entry(move, means) for move in news if _is_logged(move)])
    if link := means.link:
        events = (announcing.events(move.before, move.after, shop, link, means.as_of) for move in news)
        unit.hooks.tell_all(shop.id, [event for each in events for event in each], now=means.now)
    # How much of a new line could not ship at once is remembered: later plans no longer tell.
    telling.keep(unit, shop, [move.after for move in moves if telling.is_told_anew(move.before, move.after)])
    unit.reports.note_waiting([row for move in news for row in waiting_rows(move.before, move.after, today)])
    changed = [move for move in moves if move.changed]
    unit.orders.put_all(shop.id, [move.after for move in changed])
    for move in changed:
        if move.after.manual != move.before.manual:
            # A law ended the order: the plan that holds it follows at once.
            wake_ups.replan_order(unit, shop.id, move.before.id, at=means.now)


def ask_for(unit: Unit, shop: Shop, means: Means, moves: Sequence[Move]) -> Collection[str]:
    """Queue what these orders call for at the platform; return the ids of those for which anything is new."""
    under_way, ready = unit.outbox.in_flight(shop.id), []
    for move in moves:
        # What we read before our own last write ended says nothing about what it left: wait for the next read.
        if move.before.acted_at and move.before.acted_at >= move.before.snapshot.read_at:
            continue
        if move.before.id in under_way:
            _plan_again(unit, move.before, means)
        else:
            ready.append(move)
    consoler = Consoler(unit, shop, support=means.support, code_key=means.code_key, as_of=means.as_of)
    given = unit.consolations.of_orders(shop.id, [m.before.id for m in ready if consoler.concerns(m.after)])
    wishes = {move.before.id: _wishes(shop, means, move, consoler, given.get(move.before.id, ())) for move in ready}
    return unit.outbox.want_all(shop.id, wishes, now=means.now, act=shop.policy.mode == "act")


def _watched(
    unit: Unit, shop: Shop, means: Means, records: Sequence[OrderRecord], planned: Sequence[Planned]
) -> Iterator[tuple[Planned, tuple[Draft, ...]]]:
    """Yield each order with what the chosen laws and the mail server say of it, and the messages that laws ask for."""
    runs, silent = clocks_run(shop.policy), outreach.unreachable(unit, shop, records)
    cases = unit.laws.of_orders(shop.id, [record.id for record in records]) if runs else {}
    for entry in planned:
        record = entry.record
        said = (*(outreach.bounces(record, silent) if silent else ()), *withdrawals.told(record))
        if not runs:
            yield (replace(entry, exceptions=(*entry.exceptions, *said)) if said else entry), ()
            continue
        seen = law_watch.watch(unit, shop, means.as_of, record, entry.plan, cases.get(record.id, ()))
        exceptions = (*entry.exceptions, *said, *seen.exceptions)
        yield replace(entry, record=seen.record, exceptions=exceptions), seen.drafts


def _step(
    shop: Shop, means: Means, today: date, before: OrderRecord, entry: Planned, asked: tuple[Draft, ...]
) -> _Step:
    same = entry.plan == before.plan and entry.exceptions == before.exceptions
    planned = _planned(shop, entry, today)
    if not same:
        planned = replace(
            planned, plan=entry.plan, exceptions=entry.exceptions, planned_at=means.as_of,
            managed=planned.managed or entry.plan.backordered > 0,
        )  # fmt: skip
    # The customer is told of a move from the promise that they know.
    known = planned
    if (planned.promised_on, planned.published_at) != (before.promised_on, before.published_at):
        known = replace(planned, promised_on=before.promised_on, published_at=before.published_at)
    # A promise may move while the plan stays: a person took back the day that they had set.
    news = not same or with_promise(planned, shop.policy.notices.tolerance_days) != known
    # Of news, and of there being none for a while.
    told = notices.drafts(entry.plan, known, shop, before.plan, means.as_of) if news or planned.told_at else ()
    return _Step(before=before, planned=planned, plan=entry.plan, news=news, drafts=(*asked, *told))


def _move(shop: Shop, step: _Step, told: OrderRecord) -> Move:
    after = with_promise(told, shop.policy.notices.tolerance_days) if step.news else told
    changed = step.news or after != step.before
    return Move(before=step.before, after=after, plan=step.plan, news=step.news, changed=changed)


def _planned(shop: Shop, entry: Planned, today: date) -> OrderRecord:
    """Return the order with what its new plan says beside the plan: when it leaves, how it waits, how it was served."""
    record, plan = entry.record, entry.plan
    waited = followed(record.wait, record.snapshot, record.plan, plan, today)
    kept = served(
        record.served, record.snapshot, entry.expected, waits=plan.backordered, preorder=bool(record.preorders),
        changed_on=local_day(record.snapshot.version, shop.timezone),
    )  # fmt: skip
    if (entry.expected, waited, kept) == (record.expected, record.wait, record.served):
        return record
    return replace(record, expected=entry.expected, wait=waited, served=kept)


def _plan_again(unit: Unit, record: OrderRecord, means: Means) -> None:
    """Come back once what is under way has ended: it may end without news that would bring us here."""
    wake_ups.replan_order(unit, record.shop, record.id, at=means.now, due=means.now + AGAIN)


def _wishes(shop: Shop, means: Means, move: Move, consoler: Consoler, given: Sequence[Consolation]) -> list[Wish]:
    wanted = wanted_actions(move.plan, move.after, shop, means.support, mail_leaves=means.mail_leaves)
    consoled = consoler.wanted(move.after, given) if consoler.concerns(move.after) else ()
    return [(want.action, want.key, want.reason) for want in (*wanted, *consoled)]


def _is_logged(move: Move) -> bool:
    return move.before.plan is None or _news_of(move.before.plan) != _news_of(move.plan)


def _entry(move: Move, means: Means) -> AuditEntry:
    before, plan = move.before, move.plan
    return AuditEntry(
        shop=before.shop, at=means.as_of, actor=ACTOR, what="decided", order=before.id, why=" ".join(plan.reasons),
        outcome=plan.decision, detail={"before": before.plan and _summary(before.plan), "after": _summary(plan)},
    )  # fmt: skip


def _news_of(plan: OrderPlan) -> dict[str, Any]:
    """Return what is worth a line in the log: an order with nothing backordered is planned for today every day."""
    return _summary(plan) | {"backordered": 0} | ({} if plan.backordered else {"completes_on": None})


def _summary(plan: OrderPlan) -> dict[str, Any]:
    return {
        "decision": plan.decision,
        "completes_on": plan.completes_on.isoformat() if plan.completes_on else None,
        "release_now": sum(line.release_now for line in plan.lines),
        "backordered": plan.backordered,
    }
