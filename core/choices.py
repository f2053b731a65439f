"""What a person may ask for one order, from the page or the API: each is checked, stored, logged and planned."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime

from core import offers
from core.errors import Misuse
from core.ports import Unit
from core.records import OrderRecord, Shop

CHOICES = ("ship_part", "hold", "release", "cancel", "offer", "accept", "decline")


class NotAllowed(Misuse):
    """The order's state does not allow it; the message says why and what to do instead."""


def apply(
    unit: Unit,
    shop: Shop,
    order: str,
    do: str,
    lines: Sequence[str] = (),
    *,
    actor: str,
    now: datetime,
    machine_now: datetime,
    secret_key: str = "",
) -> OrderRecord:
    """Carry the choice into the books and queue a replan. Returns the order as it stands now.

    `now` is business time and dates what people see; `machine_now` is real time and dates the queues.
    Raises NotAllowed where the plan does not allow it, Misuse on an unknown choice or line. `lines` narrows nothing
    yet: every choice is for the whole order, and naming only some of its lines is refused.
    """
    record = unit.orders.get(shop.id, order)
    if record is None:
        raise Misuse(f"order {order[:60]} is not known here")
    if do not in CHOICES:
        raise Misuse(f"do: must be one of {', '.join(CHOICES)}")
    _whole_order(record, lines)
    if record.snapshot.status != "open":
        raise NotAllowed(f"the order is {record.snapshot.status}: nothing of it can be decided any more")
    if do == "offer":
        _offer(unit, shop, record, secret_key, as_of=now, now=machine_now)
    changed = record if do == "offer" else ANSWERS[do](record)
    if changed != record:
        unit.orders.put(changed)
    unit.audit.write(shop=shop.id, at=now, actor=actor, what=f"chose {do}", order=order)
    unit.inbox.add(
        shop=shop.id, topic="backorder/replan", key=f"replan-order:{order}", body=_named(order), at=machine_now
    )
    return changed


def _whole_order(record: OrderRecord, lines: Sequence[str]) -> None:
    known = {line.id for line in record.snapshot.lines}
    for line in lines:
        if line not in known:
            raise Misuse(f"lines: {str(line)[:60]} is not a line of this order")
    if lines and set(lines) != known:
        raise NotAllowed("only the whole order can be decided here: leave `lines` out or name all of them")


def _ship_part(record: OrderRecord) -> OrderRecord:
    if record.plan is None or not any(line.on_hand for line in record.plan.lines):
        raise NotAllowed("nothing of the order is in stock: there is no part to ship")
    if record.snapshot.hold:
        raise NotAllowed(f"the order itself is on hold ({record.snapshot.hold}): clear that in the shop first")
    return replace(record, manual=_without(record, "hold") | {"ship": "as_ready"})


def _hold(record: OrderRecord) -> OrderRecord:
    return replace(record, manual={**record.manual, "hold": "1"}, hands_off={})


def _release(record: OrderRecord) -> OrderRecord:
    if "hold" not in record.manual:
        raise NotAllowed("the order is not held by a person: what waits for stock is released when stock comes")
    return replace(record, manual=_without(record, "hold"))


def _accept(record: OrderRecord) -> OrderRecord:
    if record.plan is None or record.plan.decision not in {"review", "decline"}:
        raise NotAllowed("the order is not up for review")
    return replace(record, manual=_without(record, "hold") | {"answer": "accept"})


def _decline(record: OrderRecord) -> OrderRecord:
    if record.plan is None or record.plan.decision not in {"review", "decline"}:
        raise NotAllowed("the order is not up for review")
    return replace(record, manual={**record.manual, "answer": "decline", "hold": "1"})


def _cancel(record: OrderRecord) -> OrderRecord:
    raise NotAllowed(f"cancelling {record.snapshot.name} moves money: do it in the shop, this page will follow")


ANSWERS: dict[str, Callable[[OrderRecord], OrderRecord]] = {
    "ship_part": _ship_part,
    "hold": _hold,
    "release": _release,
    "cancel": _cancel,
    "accept": _accept,
    "decline": _decline,
}


def _offer(unit: Unit, shop: Shop, record: OrderRecord, key: str, *, as_of: datetime, now: datetime) -> None:
    """Queue an offer although no rule calls for one; the same caps hold."""
    if record.plan is None or not record.plan.backordered:
        raise NotAllowed("nothing of the order waits: an offer is for a wait")
    if len(record.offers) >= max(1, shop.policy.offers.per_order):
        raise NotAllowed(f"the order has had its {len(record.offers)} offer(s), the most that the policy allows")
    wanted = offers.offer(record.plan, record, shop, key=key, as_of=as_of)
    act = shop.policy.mode == "act"
    if not unit.outbox.add_manual(
        shop.id, record.id, wanted.action, wanted.key, "a person asked for it", now=now, act=act
    ):
        raise NotAllowed("this offer is under way already")


def _without(record: OrderRecord, key: str) -> dict[str, str]:
    return {name: value for name, value in record.manual.items() if name != key}


def _named(order: str) -> bytes:
    return f'{{"orders": ["{order}"]}}'.encode()
