"""What a person may ask for one order, from the page or the API: each is checked, stored, logged and planned.

What ends for good, and cannot be undone, is in `ending_choices`; what takes back our own doings in
`core.desired_state.undoing`.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime

from core.capabilities import Capability, Support
from core.consolation import offers
from core.consolation.consoling import Consoler
from core.dates import hand_promises
from core.dates.hand_promises import HandPromise
from core.desired_state import undoing
from core.errors import Misuse, NotAllowed
from core.large import countering, large_orders
from core.messages import offer_letter
from core.orders import ending_choices, giving_up
from core.planning import wake_ups
from core.planning.replanning import state_of
from core.ports.books import Unit
from core.records import OrderRecord, Shop
from core.records.proposals import withdrawn
from core.sentences import sentence
from core.zones import local_day

CHOICES = (
    "ship_part", "together", "hold", "release", "cancel", "cancel_waiting", "keep", "offer", "accept", "decline", "cap",
    "counter", "let_go", "unmark", "end_codes", "hand_back", hand_promises.SET, hand_promises.END,
)  # fmt: skip


def apply(
    unit: Unit,
    shop: Shop,
    order: str,
    do: str,
    lines: Sequence[str] = (),
    *,
    actor: str,
    as_of: datetime,
    now: datetime,
    code_key: str = "",
    promise: HandPromise | None = None,
    support: Mapping[Capability, Support] | None = None,
) -> OrderRecord:
    """Carry the choice into the books and queue a replan. Returns the order as it stands now.

    `as_of` is business time and dates what people see; `now` is machine time and dates the queues. `support` is what
    the shop's platform can do, `code_key` what codes are made of: offers need both.
    Raises NotAllowed where the plan does not allow it, Misuse on an unknown choice or line. `lines` narrows what is
    cancelled; every other choice is for the whole order, and naming only some of its lines is refused. `promise`: the
    day that goes with that choice.
    """
    record = _known(unit, shop, order)
    if do not in CHOICES:
        raise Misuse(sentence("do: must be one of %(choices)s", choices=", ".join(CHOICES)))
    _known_lines(record, lines)
    _must_be_open(record)
    if do in ending_choices.CHOICES:
        ended = ending_choices.apply(unit, shop, record, do, lines, as_of=as_of)
        return noted(unit, record, ended, f"chose {do}", actor=actor, as_of=as_of, now=now)
    _whole_order(record, lines)
    if do == hand_promises.SET:
        told = hand_promises.promised(record, promise, today=local_day(as_of, shop.timezone), as_of=as_of)
        return noted(unit, record, told, f"chose {do}", actor=actor, as_of=as_of, now=now, promise=promise)
    if do == "offer":
        _offer(unit, shop, record, support or {}, code_key, as_of=as_of, now=now)
    if do == undoing.END_CODES:
        undoing.end_codes(unit, shop, record, now=now)
    if do == "counter":
        changed = _counter(unit, shop, record, as_of=as_of, now=now)
    else:
        changed = ANSWERS[do](record) if do in ANSWERS else record
    if do == "decline":
        changed = ending_choices.declined(shop, changed, as_of=as_of)
    return noted(unit, record, changed, f"chose {do}", actor=actor, as_of=as_of, now=now)


def noted(
    unit: Unit, before: OrderRecord, after: OrderRecord, what: str, *, actor: str, as_of: datetime, now: datetime,
    promise: HandPromise | None = None,
) -> OrderRecord:  # fmt: skip
    """Store the choice, write it into the log and ask for a new plan."""
    if after != before:
        unit.orders.put(after)
    why, detail = (promise.why or None, {"on": promise.on.isoformat()}) if promise else (None, None)
    unit.audit.write(shop=after.shop, at=as_of, actor=actor, what=what, order=after.id, why=why, detail=detail)
    wake_ups.replan_order(unit, after.shop, after.id, at=now)
    return after


def _known(unit: Unit, shop: Shop, order: str) -> OrderRecord:
    record = unit.orders.get(shop.id, order)
    if record is None:
        raise Misuse(sentence("order %(order)s is not known here", order=order[:60]))
    return record


def _must_be_open(record: OrderRecord) -> None:
    if record.snapshot.status != "open":
        raise NotAllowed(
            sentence("the order is %(status)s: nothing of it can be decided any more", status=record.snapshot.status)
        )


def _known_lines(record: OrderRecord, lines: Sequence[str]) -> None:
    known = {line.id for line in record.snapshot.lines}
    for line in lines:
        if line not in known:
            raise Misuse(sentence("lines: %(line)s is not a line of this order", line=str(line)[:60]))


def _whole_order(record: OrderRecord, lines: Sequence[str]) -> None:
    if lines and set(lines) != {line.id for line in record.snapshot.lines}:
        raise NotAllowed(sentence("only the whole order can be decided here: leave `lines` out or name all of them"))


def _must_not_be_ended(record: OrderRecord) -> None:
    if giving_up.counts_as_cancelled(record):
        raise NotAllowed(sentence("the order counts as cancelled under a delay law: cancel and refund it in the shop"))


def _ship_part(record: OrderRecord) -> OrderRecord:
    _must_not_be_ended(record)
    if record.plan is None or not any(line.on_hand for line in record.plan.lines):
        raise NotAllowed(sentence("nothing of the order is in stock: there is no part to ship"))
    if large_orders.is_kept_back(record.plan):
        raise NotAllowed(sentence("the order is very large and not decided yet: accept it, cap it or decline it first"))
    if record.snapshot.hold:
        raise NotAllowed(
            sentence("the order itself is on hold (%(hold)s): clear that in the shop first", hold=record.snapshot.hold)
        )
    return replace(record, manual=_without(record, "hold") | {"ship": "as_ready"})


def _together(record: OrderRecord) -> OrderRecord:
    if record.plan is None or sum(line.open for line in record.plan.lines) < 2:
        raise NotAllowed(sentence("there is nothing to keep together: fewer than two units are to ship"))
    if record.manual.get("ship") == "together":
        raise NotAllowed(sentence("the order is kept in one parcel already"))
    return replace(record, manual={**record.manual, "ship": "together"})


def _hold(record: OrderRecord) -> OrderRecord:
    _must_not_be_ended(record)
    mine = undoing.hand_back(record) if undoing.left_alone(record) else record
    return replace(mine, manual={**mine.manual, "hold": "1"})


def _release(record: OrderRecord) -> OrderRecord:
    if "hold" not in record.manual:
        raise NotAllowed(
            sentence("the order is not held by a person: what waits for stock is released when stock comes")
        )
    _must_not_be_ended(record)
    return replace(record, manual=_without(record, "hold"))


def _accept(record: OrderRecord) -> OrderRecord:
    _must_be_open_question(record)
    return _answered(record, "accept")


def _cap(record: OrderRecord) -> OrderRecord:
    _must_be_open_question(record)
    return _answered(record, "cap")


def _decline(record: OrderRecord) -> OrderRecord:
    _must_be_open_question(record)
    declined = _answered(record, "decline")
    return replace(declined, manual={**declined.manual, "hold": "1"})


def _answered(record: OrderRecord, answer: str) -> OrderRecord:
    _must_not_be_ended(record)
    manual = _without(record, "hold") | {"answer": answer}
    return replace(record, manual=manual, proposal=withdrawn(record.proposal))


def is_open_question(record: OrderRecord) -> bool:
    """Return whether the order waits for a person's decision, or for its customer's."""
    offered = record.proposal is not None and record.proposal.state == "open"
    return record.plan is not None and (record.plan.decision in {"review", "decline"} or offered)


def _must_be_open_question(record: OrderRecord) -> None:
    if not is_open_question(record):
        raise NotAllowed(sentence("the order is not up for review"))


def _counter(unit: Unit, shop: Shop, record: OrderRecord, *, as_of: datetime, now: datetime) -> OrderRecord:
    """Make the customer an offer now, whatever the policy's answer is."""
    _must_be_open_question(record)
    _must_not_be_ended(record)
    if record.proposal and record.proposal.state == "open":
        raise NotAllowed(
            sentence(
                "an offer stands already, until %(ends_at)s UTC", ends_at=f"{record.proposal.ends_at:%Y-%m-%d %H:%M}"
            )
        )
    state = state_of(unit, shop, (record,), touched=())
    made = countering.proposal(record.plan, record, shop, state.substitutes, as_of) if record.plan else None
    if made is None:
        raise NotAllowed(sentence("there is nothing to choose: no part of it is in stock, and no substitute is listed"))
    offered = replace(record, proposal=made, manual=_without(_unheld(record), "answer"))
    offer_letter.put(unit, shop, offered, as_of=as_of, now=now)
    return offered


def _unheld(record: OrderRecord) -> OrderRecord:
    return replace(record, manual=_without(record, "hold"))


def answer(
    unit: Unit, shop: Shop, order: str, option: str, *, actor: str, as_of: datetime, now: datetime
) -> OrderRecord:
    """Take the customer's answer to an offer into the books and queue a replan. Returns the order as it stands now.

    Raises NotAllowed where no offer stands open, Misuse on an unknown option.
    """
    record = _known(unit, shop, order)
    _must_be_open(record)
    changed = ending_choices.settled(shop, countering.answered(record, option, as_of), as_of=as_of)
    return noted(unit, record, changed, f"answered {option}", actor=actor, as_of=as_of, now=now)


ANSWERS: dict[str, Callable[[OrderRecord], OrderRecord]] = {
    "ship_part": _ship_part,
    "together": _together,
    "hold": _hold,
    "release": _release,
    "accept": _accept,
    "decline": _decline,
    "cap": _cap,
    hand_promises.END: hand_promises.ended,
    **undoing.CHOICES,
}


def _offer(
    unit: Unit, shop: Shop, record: OrderRecord, support: Mapping[Capability, Support], key: str, *, as_of: datetime,
    now: datetime,
) -> None:  # fmt: skip
    """Queue an offer although no rule calls for one; the same caps and the same budget hold."""
    _must_not_be_ended(record)
    given = Consoler(unit, shop, support=support, code_key=key, as_of=as_of).by_hand(record)
    wanted, act = offers.wanted(given, record), shop.policy.mode == "act"
    unit.outbox.add_manual(
        shop.id, record.id, wanted.action, wanted.key, sentence("a person asked for it"), now=now, act=act
    )


def _without(record: OrderRecord, key: str) -> dict[str, str]:
    return {name: value for name, value in record.manual.items() if name != key}
