"""What a customer answers to a delay notice on the order's page: wait for the date that it named, or cancel."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from core.delay_laws import law_watch
from core.delay_laws.cases import AGREED, ASKED, ENDED, Case, Evidence, last_message
from core.errors import NotAllowed
from core.orders import customer_choices, giving_up
from core.planning import wake_ups
from core.ports.books import Unit
from core.records import OrderRecord, Shop
from core.sentences import sentence


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """What the customer may answer now. `about` names the notices: an answer to older ones is none to these.

    `waits`: whether consent is asked for, `until` the new date (None: no date can be given). `agreed`: the customer has
    said that they wait.
    """

    about: str
    waits: bool
    agreed: bool
    until: date | None
    answer_by: date | None


def question(record: OrderRecord, cases: Sequence[Case]) -> Question | None:
    """Return what stands open; None where no notice was sent, or the order has ended."""
    told = [case for case in cases if case.notices and case.state not in ENDED]
    if not told or record.snapshot.status != "open" or giving_up.is_open(record):
        return None
    asked = [case for case in told if case.state in ASKED]
    dates = [case.asked_until for case in asked]
    last = [case.answer_by for case in asked if case.answer_by]
    return Question(
        about=",".join(f"{case.law}:{case.notices}" for case in told),
        waits=bool(asked),
        agreed=not asked and any(case.state in AGREED for case in told),
        until=None if not dates or None in dates else max(day for day in dates if day),
        answer_by=min(last, default=None),
    )


def answer(unit: Unit, shop: Shop, order: str, word: str, about: str, *, as_of: datetime, now: datetime) -> None:
    """Take the answer to the clocks, with its evidence, and ask for a new plan. Raises NotAllowed on a late one."""
    record = unit.orders.get(shop.id, order)
    cases = unit.laws.of_orders(shop.id, [order]).get(order, ())
    asked = question(record, cases) if record else None
    if record is None or asked is None or asked.about != about or word not in {"wait", "cancel"}:
        raise NotAllowed(sentence("this question is answered already, or a newer message took its place"))
    if word == "wait" and not asked.waits:
        raise NotAllowed(sentence("nobody asks for consent any more"))
    what = f"answered the delay notice: {word}"
    if word == "cancel":
        everything = giving_up.everything(record)
        customer_choices.give_up(unit, shop, record, everything, what, as_of=as_of, now=now)
        return
    proof = Evidence(
        what=_consent(asked.until), at=as_of, address=record.snapshot.customer.email,
        message_id=last_message(cases),
    )  # fmt: skip
    law_watch.answered(unit, shop, order, word, proof, as_of)
    unit.audit.write(shop=shop.id, at=as_of, actor="customer", what=what, order=order)
    wake_ups.replan_order(unit, shop.id, order, at=now)


def _consent(until: date | None) -> str:
    if until is None:
        return sentence("the customer chose to wait without a date, on the order's page")
    return sentence("the customer chose to wait until %(until)s, on the order's page", until=until.isoformat())
