"""From the outbox to the platform: one action at a time, in its order's lane; the outcome decides what follows."""

import random
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import structlog
from structlog.contextvars import bound_contextvars

from core.actions import Cancel, Code, Deadline, EndCode, Hold, Note, Publish, Refund, Release, Remove, Substitute
from core.consolation import consoling
from core.desired_state import desired, order_note
from core.errors import (
    BackorderError,
    CredentialsRevoked,
    Frozen,
    OutcomeUnknown,
    PayloadChanged,
    Rejected,
    Unavailable,
)
from core.house import House
from core.item_actions import Announce, ItemAction, SellOn
from core.items import gating
from core.messages import notices, outreach
from core.outcomes import Already, Blocked, Done
from core.planning import wake_ups
from core.ports.books import Unit
from core.ports.clockwork import LeaseLost
from core.records import ActionRecord, OrderRecord, Shop
from core.sentences import sentence
from worker import leases
from worker.claiming import Found, nobody_waits, turn_to_claim

PER_SHOP = 2
ATTEMPTS = 12
PATIENCE = timedelta(days=1)
"""So long an action is tried again at least: an outage of the platform is over by then, and must leave none behind."""
LONGEST = 900.0
ODD_ANSWERS = 5
"""Tries whose answer may be unreadable: one garbled on its way is whole the next time, a new shape is not."""
log = structlog.get_logger(__name__)


def send_next(house: House, now: datetime, found: Found = nobody_waits) -> bool:
    """Carry out the next due action; False when none is due."""
    with turn_to_claim(house, now) as (unit, began, at):
        action = unit.outbox.claim(now=at, lease=house.settings.lease, per_shop=PER_SHOP)
        shop = unit.shops.get(action.shop) if action else None
    if action is None or shop is None:
        return False
    found()
    with bound_contextvars(shop=shop.id, order=action.order, action=action.id, kind=action.kind):
        _finish(house, shop, action, began)
    return True


def _finish(house: House, shop: Shop, action: ActionRecord, began: datetime) -> None:
    try:
        if shop.state == "uninstalled":
            _give_up(house, action, sentence("the shop is not connected any more"), skipped=True)
        elif action.orphaned_at:
            _adopt(house, action, action.orphaned_at)
        else:
            with leases.kept(house, lambda unit, until: unit.outbox.renew(action, until=until), began):
                _send(house, shop, action)
    except LeaseLost:
        log.warning("lease lost")


def _adopt(house: House, action: ActionRecord, orphaned_at: datetime) -> None:
    """Put back what a dead worker was sending: whether it was done is not known until it had time to settle."""
    # The last sign of life is one renewal and more before the end of the lease: nothing was sent later.
    died_by = orphaned_at - house.settings.lease * (leases.RENEWALS - 1) / leases.RENEWALS
    settled_at = died_by + timedelta(seconds=house.settings.settle)
    wait = 0.0 if action.action.harmless_to_repeat else (settled_at - datetime.now(UTC)).total_seconds()
    _retry(house, action, sentence("the worker that was sending it is gone"), wait)


def _send(house: House, shop: Shop, action: ActionRecord) -> None:
    try:
        outcome = house.open_shop(shop).carry_out(action.action)
    except (OutcomeUnknown, PayloadChanged) as problem:
        _doubtful(house, action, problem)
    except CredentialsRevoked as problem:
        _retry(house, action, str(problem), LONGEST, patient=True)
    except Unavailable as problem:
        _retry(house, action, str(problem), problem.retry_after or 0.0, patient=isinstance(problem, Frozen))
    except Rejected as problem:
        _give_up(house, action, str(problem), skipped=False)
    except BackorderError as problem:
        _give_up(house, action, str(problem), skipped=False)
    else:
        if isinstance(outcome, Blocked):
            _note_used(house, action)
            _give_up(house, action, outcome.reason, skipped=True)
        else:
            _succeed(house, action, outcome)


def _doubtful(house: House, action: ActionRecord, problem: BackorderError) -> None:
    """Look again when it had time to settle: nobody heard, or nobody could read, whether it was done."""
    if isinstance(problem, PayloadChanged) and action.attempts >= ODD_ANSWERS:
        _give_up(house, action, str(problem), skipped=False)
        return
    _retry(house, action, str(problem), 0.0 if action.action.harmless_to_repeat else house.settings.settle)


def _succeed(house: House, action: ActionRecord, outcome: Done | Already) -> None:
    now = datetime.now(UTC)
    note = "stood there already" if isinstance(outcome, Already) else None
    with house.books.write() as unit:
        unit.shops.lock(action.shop)
        unit.outbox.done(action, now=now, reference=outcome.reference, note=note)
        match action.action:
            case SellOn():
                # Found as wanted at the first look: somebody else was faster, and it is theirs.
                ours = isinstance(outcome, Done) or action.attempts > 1
                gating.carried_out(unit, action, action.action, ours=ours, today=house.now().date(), now=now)
            case Announce():
                gating.announced(unit, action, action.action)
            case _:
                _acted(unit, action, sure=True, now=now)
        if isinstance(action.action, Code):
            consoling.made(unit, action.shop, action.action.code)
            _tell_of(house, unit, action, action.action)
        if isinstance(action.action, EndCode):
            consoling.ended(unit, action.shop, action.action.code)
        _write_log(house, unit, action, note or "done")


def _note_used(house: House, action: ActionRecord) -> None:
    """A code that cannot be ended any more has been used: its end is not asked for again."""
    if isinstance(action.action, EndCode):
        with house.books.write() as unit:
            unit.shops.lock(action.shop)
            consoling.used(unit, action.shop, {action.action.code: None})


def _tell_of(house: House, unit: Unit, action: ActionRecord, code: Code) -> None:
    """Draft the message that a code exists, where the merchant lets such messages go."""
    shop, record = unit.shops.get(action.shop), unit.orders.get(action.shop, action.order)
    if shop is not None and record is not None and notices.may_tell_of_offer(shop, record):
        unit.orders.put(outreach.tell(unit, shop, house.now(), record, [notices.offer_draft(record, code)]))


def _retry(house: House, action: ActionRecord, error: str, wait: float, *, patient: bool = False) -> None:
    """Put the action back. `patient`: it is no fault of the action, and waits until somebody has seen to the shop."""
    now = datetime.now(UTC)
    if action.attempts >= ATTEMPTS and now - action.created_at >= PATIENCE and not patient:
        _give_up(house, action, error, skipped=False)
        return
    # Jitter keeps many orders of one shop from coming back in the same second.
    backoff = min(LONGEST, 2.0 ** min(ATTEMPTS, action.attempts - 1)) * random.uniform(0.5, 1.0)  # noqa: S311  # no secret
    log.warning("action put back", problem=error[:200])
    with house.books.write() as unit:
        unit.shops.lock(action.shop)
        unit.outbox.retry(action, at=now + timedelta(seconds=max(wait, backoff)), error=error[:500])
        _acted(unit, action, sure=False, now=now)


def _give_up(house: House, action: ActionRecord, error: str, *, skipped: bool) -> None:
    now = datetime.now(UTC)
    with house.books.write() as unit:
        unit.shops.lock(action.shop)
        unit.outbox.fail(action, now=now, error=error[:500], skipped=skipped)
        if skipped:
            _left_alone(unit, action, now=now)
        else:
            _acted(unit, action, sure=False, now=now)
        _write_log(house, unit, action, f"{'skipped' if skipped else 'failed'}: {error[:200]}")


def _acted(unit: Unit, action: ActionRecord, *, sure: bool, now: datetime) -> None:
    """Remember that the order was written to, and read it again: only a read confirms what now stands outside."""
    if isinstance(action.action, ItemAction):
        wake_ups.read_item(unit, action.shop, action.action.item, at=now)
        return
    record = unit.orders.get(action.shop, action.order)
    if record is None:
        return
    unit.orders.put(_remembered(record, action, sure=sure, now=now))
    # What follows in the lane ends in a read of its own: one is enough for all of them.
    if not (sure and _more_follows(unit, action, now)):
        wake_ups.read_order(unit, action.shop, action.order, at=now, due=now)


def _remembered(record: OrderRecord, action: ActionRecord, *, sure: bool, now: datetime) -> OrderRecord:
    """Return the order with what the action left behind; after a doubtful end only that it was written to."""
    left: dict[str, Any] = {}
    match action.action:
        case Hold() | Release():
            # After a doubtful end a missing hold is no sign that a person removed it.
            left = {"expected_held": dict(action.action.held) if sure else {}}
            if sure:
                left |= {"noted": order_note.after(record, action.action, action.key)}
        case _ if not sure:
            pass
        case Code() if action.action.code not in record.offers:
            left = {"offers": (*record.offers, action.action.code)}
        case EndCode():
            left = {"codes_ended": (*record.codes_ended, action.action.code)}
        case Note():
            left = {"noted": order_note.after(record, action.action, action.key)}
        case Publish():
            left = {"shown": desired.shown(action.action)}
        case Deadline():
            left = {"due": action.key.removeprefix(desired.DEADLINE)}
        case Cancel() | Refund() | Remove() | Substitute() if record.ending:
            left = {"ending": replace(record.ending, done=True)}
    return replace(record, acted_at=now, **left)


def _more_follows(unit: Unit, action: ActionRecord, now: datetime) -> bool:
    lane = unit.outbox.of_order(action.shop, action.order)
    return any(row.state == "pending" and row.next_at <= now for row in lane)


def _left_alone(unit: Unit, action: ActionRecord, *, now: datetime) -> None:
    """Read the order again, but plan it only if that brings news: what is blocked would be wanted again at once."""
    if isinstance(action.action, ItemAction):
        wake_ups.read_item(unit, action.shop, action.action.item, at=now)
        return
    record = unit.orders.get(action.shop, action.order)
    if record is not None:
        unit.orders.put(replace(record, expected_held={}))
        wake_ups.read_order(unit, action.shop, action.order, at=now, due=now)


def _write_log(house: House, unit: Unit, action: ActionRecord, outcome: str) -> None:
    log.info("action ended", outcome=outcome)
    unit.audit.write(
        shop=action.shop, at=house.now(), actor="backorder", what=_named(action), **_about(unit, action),
        why=action.reason, outcome=outcome, detail={"action": action.id},
    )  # fmt: skip


def _named(action: ActionRecord) -> str:
    """Return the action's name in the log: to stop and to take backorders are told apart."""
    return "stop_backorders" if isinstance(action.action, SellOn) and not action.action.beyond else action.kind


def _about(unit: Unit, action: ActionRecord) -> dict[str, str | None]:
    """Return what the entry is about: an order, or an item by our SKU."""
    if not isinstance(action.action, ItemAction):
        return {"order": action.order, "sku": None}
    item = unit.items.by_platform_id(action.shop, [action.action.item]).get(action.action.item)
    return {"order": None, "sku": item.sku if item else action.action.item}
