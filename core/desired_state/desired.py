"""The difference between the plan and what stands at the platform, as actions.

Wanted ends, compared with the last read of the order: nothing to change, nothing to do. Units per line:
`held` is what must not ship yet, `ready` what may.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache

from core.actions import Action, Cancel, Deadline, Fulfil, Hold, Publish, Release, Tag, Untag
from core.capabilities import Capability, Support
from core.dates.hand_promises import told_on
from core.desired_state import order_note, undoing
from core.desired_state.our_tags import NO_DATE, PART_READY, PREFIX, PREORDER, REVIEW, WAITING
from core.orders import giving_up
from core.plan import OrderPlan
from core.policy.shop_policy import Parcels
from core.reasons import Reason, merchant_sentence
from core.records import OrderRecord, Shop

HANDLE = "backorder-hold"
DEADLINE = "deadline:"
FOLLOWS = ". The order's note follows the day."
ASKS_A_PERSON = frozenset({Reason.LARGE_ORDER_REVIEW, Reason.LARGE_ORDER_OFFER_LAPSED, Reason.DECLINED_BY_PERSON})


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """One action with its natural key and the sentence why."""

    action: Action
    key: str
    reason: str


def tags_for(plan: OrderPlan, record: OrderRecord) -> frozenset[str]:
    """Return the tags that the plan calls for; an order with nothing backordered carries none.

    What is not released yet is a pre-order and no backorder: it has a tag of its own.
    """
    if undoing.UNMARKED in record.manual:
        return frozenset()
    early = frozenset({PREORDER}) if record.preorders else frozenset[str]()
    return early | _tags_of_waiting(
        plan, sum(line.backordered for line in plan.lines if line.id not in record.preorders)
    )


def _tags_of_waiting(plan: OrderPlan, backordered: int) -> frozenset[str]:
    if not backordered:
        # Held back although stock covers it: whoever packs must see why.
        return frozenset({REVIEW}) if ASKS_A_PERSON & set(plan.reasons) else frozenset()
    tags = {WAITING}
    if plan.decision == "ship_part":
        tags.add(PART_READY)
    if plan.decision in {"review", "decline"} or Reason.ITEM_GONE in plan.reasons:
        tags.add(REVIEW)
    if plan.completes_on is None:
        tags.add(NO_DATE)
    return frozenset(tags)


def held_for(plan: OrderPlan, record: OrderRecord) -> dict[str, int]:
    """Return units per line that our hold must keep back, zeros left out.

    Units in picking are never held; units whose hold a person removed, here or in the shop, are not held again; a line
    that another app holds is left to it. An order that waits for its payment keeps the units that stock covers free of
    our hold: the platform itself keeps them back, and frees them when it is paid.
    """
    if undoing.LET_GO in record.manual:
        return {}
    seen = {line.id: line for line in record.snapshot.lines}
    undecided = giving_up.undecided(record)
    waits_for_payment = record.snapshot.hold is not None and not record.manual.get("hold")
    wanted = {}
    for line in plan.lines:
        if line.id in record.snapshot.outside.blocked:
            continue
        free = line.on_hand if waits_for_payment else line.release_now
        free = min(free, line.open - undecided.get(line.id, 0))
        # Not the plan's open units: those that the customer gave up are on the order still, and must not leave.
        open_units = seen[line.id].open
        units = min(open_units - free, open_units - seen[line.id].committed) - record.hands_off.get(line.id, 0)
        if units > 0:
            wanted[line.id] = units
    return wanted


def ready_for(plan: OrderPlan, record: OrderRecord) -> dict[str, int]:
    """Return units per line that may ship now, zeros left out; not those that their customer may not want any more."""
    undecided = giving_up.undecided(record)
    ready = {line.id: min(line.release_now, line.open - undecided.get(line.id, 0)) for line in plan.lines}
    return {line: units for line, units in ready.items() if units > 0}


def wanted_actions(
    plan: OrderPlan,
    record: OrderRecord,
    shop: Shop,
    support: Mapping[Capability, Support],
    *,
    mail_leaves: bool = False,
) -> tuple[Wanted, ...]:
    """Return what must be asked of the platform now, in the order in which it must happen.

    Holds come first, so that nothing ships that must not; tags last, so that they tell what is already so.
    `mail_leaves`: whether mails of ours can leave, so that the platform need not write the same.
    """
    status = record.snapshot.status
    if status == "gone":
        return ()
    if status != "open":
        return tuple(_over(record, support, "the order is finished"))
    closing = tuple(_closing(record, shop, support, mail_leaves=mail_leaves))
    if any(isinstance(want.action, Cancel) for want in closing):
        return closing
    return (
        *_holds(plan, record, support),
        *closing,
        *_deadline(plan, record, shop, support),
        *_fulfilments(plan, record, shop, support),
        *_tags(plan, record, support),
        *_promise(plan, record, support),
        *_noted(order_note.says(plan, record), record, support, _why(plan)),
    )


def _over(record: OrderRecord, support: Mapping[Capability, Support], reason: str) -> Iterator[Wanted]:
    """Take what is ours off an order that has ended."""
    outside = record.snapshot.outside
    yield from _untag(record, outside.tags, reason)
    if _only_said(support) and any(outside.held.values()) and not outside.tags:
        # It ended before its tags came, with which the word goes that units wait.
        action = Release(order=record.id, held={}, ready={}, handle=f"{HANDLE}-{record.id}", note="")
        yield Wanted(action=action, key=f"{Release.kind}:{_units({})}", reason=reason)
    yield from _published(Publish(order=record.id, ready=0, waiting=0, expected_on=None), record, reason)
    yield from _noted("", record, support, reason)


def _closing(
    record: OrderRecord, shop: Shop, support: Mapping[Capability, Support], *, mail_leaves: bool
) -> Iterator[Wanted]:
    """End what was given up, once its units are kept back."""
    action = giving_up.closing(record, shop, support, mail_leaves=mail_leaves)
    if action and record.ending:
        yield Wanted(action=action, key=f"{action.kind}:{record.ending.key}", reason=giving_up.because(record.ending))


def shown(action: Publish) -> str:
    """Return what the order's fields say after this action; empty when they are gone."""
    return f"{action.ready} {action.waiting} {action.expected_on or ''}".strip() if action.waiting else ""


def can(support: Mapping[Capability, Support], capability: Capability) -> bool:
    """Return whether the platform does this in any way."""
    return capability in support and support[capability].level != "none"


def _holds(plan: OrderPlan, record: OrderRecord, support: Mapping[Capability, Support]) -> Iterator[Wanted]:
    if not can(support, Capability.HOLD):
        return
    held, now = held_for(plan, record), dict(record.snapshot.outside.held)
    now = {line: units for line, units in now.items() if units and line not in record.snapshot.outside.blocked}
    ready, said = ready_for(plan, record), record.snapshot.outside.ready
    # Where a hold is only words, they must stay true: units get ready by a payment, and leave, while as many wait.
    if held == now and (not held or said in (None, ready)):
        return
    kind = Hold if any(units > now.get(line, 0) for line, units in held.items()) else Release
    handle = f"{HANDLE}-{record.id}"
    told, only_said = order_note.says(plan, record), _only_said(support)
    note = order_note.at_hold(plan, record) + ("" if only_said or not told else FOLLOWS)
    action = kind(
        order=record.id, held=held, ready=ready, handle=handle, note=note, says=told if only_said else ""
    )  # fmt: skip
    yield Wanted(action=action, key=f"{kind.kind}:{_units(held)}", reason=_why(plan))


def _fulfilments(
    plan: OrderPlan, record: OrderRecord, shop: Shop, support: Mapping[Capability, Support]
) -> Iterator[Wanted]:
    """Record the ready part as shipped, where the merchant asked for that, for orders that were ever split."""
    if shop.policy.fulfil != "create" or not can(support, Capability.PARTIAL_FULFILMENT):
        return
    if not (record.managed or plan.backordered) or plan.decision not in {"ship_part", "ship_all"}:
        return
    seen = {line.id: line for line in record.snapshot.lines}
    shipped = {
        line: seen[line].shipped + units
        for line, units in ready_for(plan, record).items()
        if line not in record.snapshot.outside.blocked
    }
    if shipped:
        reference = f"{PREFIX}-{record.id}-{record.snapshot.outside.shipped_parcels + 1}"
        parcels = shop.policy.parcels
        action = Fulfil(
            order=record.id, shipped=shipped, reference=reference, notify_customer=parcels.notify_customer,
            tracking=tracking(parcels, record),
        )  # fmt: skip
        yield Wanted(action=action, key=f"fulfil:{_units(shipped)}", reason=_why(plan))


def tracking(parcels: Parcels, record: OrderRecord) -> dict[str, str]:
    """Return what is told of the order's next parcel: carrier, number and address, as far as the shop has them."""
    marks = {"{order}": record.snapshot.name.lstrip("#"), "{parcel}": str(record.snapshot.outside.shipped_parcels + 1)}
    number = _filled(parcels.tracking_number, marks)
    url = _filled(parcels.tracking_url, {**marks, "{number}": number})
    told = {"company": parcels.carrier.strip(), "number": number, "url": url}
    return {name: text for name, text in told.items() if text}


def _filled(text: str, marks: Mapping[str, str]) -> str:
    for mark, value in marks.items():
        text = text.replace(mark, value)
    return text.strip()


def _deadline(
    plan: OrderPlan, record: OrderRecord, shop: Shop, support: Mapping[Capability, Support]
) -> Iterator[Wanted]:
    """Tell those who pack by which day the units that wait must ship: the promised one, set again when it moves.

    A day that a person set instead stays until the promise, or what waits, changes.
    """
    day = record.promised_on
    if not shop.policy.promises.ship_by or day is None or not can(support, Capability.DEADLINE):
        return
    waits = {line.id: line.backordered for line in plan.lines if line.backordered}
    if waits and (due := f"{day} {_units(waits)}") != record.due:
        action = Deadline(order=record.id, lines=dict.fromkeys(waits, day))
        yield Wanted(action=action, key=f"{DEADLINE}{due}", reason=_why(plan))


def _promise(plan: OrderPlan, record: OrderRecord, support: Mapping[Capability, Support]) -> Iterator[Wanted]:
    """Show what waits and until when where the shop's own pages can read it."""
    if not can(support, Capability.PROMISE):
        return
    ready = sum(line.release_now for line in plan.lines)
    shows = plan.backordered and undoing.UNMARKED not in record.manual
    waiting = sum(line.open for line in plan.lines) - ready if shows else 0
    told = Publish(order=record.id, ready=ready, waiting=waiting, expected_on=told_on(record, plan))
    yield from _published(told, record, _why(plan))


def _published(told: Publish, record: OrderRecord, reason: str) -> Iterator[Wanted]:
    if shown(told) != record.shown:
        yield Wanted(action=told, key=f"publish:{shown(told) or 'nothing'}", reason=reason)


def _noted(said: str, record: OrderRecord, support: Mapping[Capability, Support], reason: str) -> Iterator[Wanted]:
    """Tell the people who look at the order in the shop what waits and until when."""
    note = order_note.wanted(said, record, by_hold=_only_said(support)) if can(support, Capability.NOTE) else None
    if note is not None:
        yield Wanted(action=note, key=order_note.key(said), reason=reason)


def _only_said(support: Mapping[Capability, Support]) -> bool:
    """Whether a hold is only words, which say what waits and until when."""
    return Capability.HOLD in support and support[Capability.HOLD].level == "said"


def _tags(plan: OrderPlan, record: OrderRecord, support: Mapping[Capability, Support]) -> Iterator[Wanted]:
    if not can(support, Capability.TAGS):
        return
    wanted, now = tags_for(plan, record), record.snapshot.outside.tags
    if missing := tuple(sorted(wanted - now)):
        yield Wanted(action=Tag(order=record.id, tags=missing), key=f"tag:{','.join(missing)}", reason=_why(plan))
    yield from _untag(record, now - wanted, _why(plan))


def _untag(record: OrderRecord, tags: frozenset[str], reason: str) -> Iterator[Wanted]:
    if tags:
        gone = tuple(sorted(tags))
        yield Wanted(action=Untag(order=record.id, tags=gone), key=f"untag:{','.join(gone)}", reason=reason)


def _why(plan: OrderPlan) -> str:
    return _in_words(plan.reasons)


@lru_cache(maxsize=1024)
def _in_words(reasons: tuple[Reason, ...]) -> str:
    return " ".join(merchant_sentence(Reason(reason)) for reason in reasons)


def _units(units: Mapping[str, int]) -> str:
    return ",".join(f"{line}={count}" for line, count in sorted(units.items())) or "none"
