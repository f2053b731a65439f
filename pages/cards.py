"""An order as a card on the board or a row in a list."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from core.dates.hand_promises import by_hand
from core.dates.promise_ranges import PromiseRange
from core.orders.board import board_column, units_waiting, value_waiting
from core.records import OrderRecord
from pages.languages import _
from pages.why import one_line
from pages.words import COLUMNS, Badge, decision_badge


@dataclass(frozen=True, slots=True, kw_only=True)
class Card:
    """What is worth knowing of an order at a glance.

    `late_by` is the plan's date less the promise that stands, in days; `put_off_from` is the first promise where the
    promise that stands is a later one; `by_hand`: a person set it; `alarm`: it is at risk, or needs a person.
    """

    shop: str
    id: str
    name: str
    customer: str | None
    badge: Badge
    alarm: Badge | None
    waiting: int
    ordered: int
    ready: int
    value: int
    currency: str
    completes_on: date | None
    ships: PromiseRange | None
    promised_on: date | None
    late_by: int
    put_off_from: date | None
    by_hand: bool
    why: str
    placed_at: datetime


def card(record: OrderRecord) -> Card:
    """Return the order's card."""
    seen, plan = record.snapshot, record.plan
    completes_on = plan.completes_on if plan else None
    promised_on = record.promised_on or record.first_promise_on
    late_by = (completes_on - promised_on).days if completes_on and promised_on else 0
    return Card(
        shop=record.shop,
        id=record.id,
        name=seen.name,
        customer=seen.customer.name,
        badge=decision_badge(record),
        alarm=_alarm(record),
        waiting=units_waiting(record),
        ordered=sum(line.ordered for line in seen.lines if line.ships),
        ready=sum(line.release_now for line in plan.lines) if plan else 0,
        value=value_waiting(record),
        currency=seen.currency,
        completes_on=completes_on,
        ships=record.expected.ships if record.expected else None,
        promised_on=promised_on,
        late_by=late_by,
        put_off_from=_put_off_from(record),
        by_hand=by_hand(record) is not None,
        why=one_line(record),
        placed_at=seen.placed_at,
    )


def _alarm(record: OrderRecord) -> Badge | None:
    """Return that the order is at risk or needs a person, where what is decided about it does not say so."""
    column = board_column(record)
    if column not in {"risk", "needs"} or decision_badge(record).icon == "needs":
        return None
    return Badge(icon=column, word=_(COLUMNS[column][0]))


def _put_off_from(record: OrderRecord) -> date | None:
    first, now = record.first_promise_on, record.promised_on
    return first if first and now and now > first else None


def cards(records: Sequence[OrderRecord]) -> tuple[Card, ...]:
    """Return the cards of these orders."""
    return tuple(card(record) for record in records)
