"""The customer's page: what is shipped, what can ship now, what waits and until when. No login, no cookie."""

from collections.abc import Mapping
from datetime import datetime
from functools import partial

from flask import Blueprint, request
from flask.typing import ResponseReturnValue

from core.dates.hand_promises import as_told
from core.delay_laws import law_answers
from core.delay_laws.cases import Case
from core.messages.correspondence import Speech
from core.messages.wording import name_of
from core.orders import customer_choices, giving_up, swapping
from core.planning.shop_facts import ship_of
from core.records import OrderRecord, Shop
from core.zones import local_day
from pages import customer_words as words
from pages.customer_colours import sheet_of
from pages.customer_links import read_link
from pages.customer_withdrawal import may_withdraw
from pages.large_order_view import offered
from pages.order_view import line_views, steps
from pages.visitor import house

blueprint = Blueprint("customer", __name__)


@blueprint.get("/o/<signed>")
def customer_page(signed: str) -> ResponseReturnValue:
    """Show one order to whoever holds its link."""
    opened = read_link(house().settings, signed)
    if opened is None:
        return words.lost()
    shop_id, order = opened
    with house().books.read() as unit:
        shop, record = unit.shops.get(shop_id), unit.orders.get(shop_id, order)
        cases = unit.laws.of_orders(shop_id, [order]).get(order, ())
        swaps = swapping.swappable(unit, shop, record, house().support_of(shop.platform)) if shop and record else ()
    if shop is None or record is None:
        return words.lost()
    if shop.state == "uninstalled":
        return words.left(shop, record)
    record = as_told(record)
    speech = words.speech_for(shop, record)
    return words.spoken(
        "pages/customer.html", speech, shop=shop, record=record, signed=signed,
        late="late" in request.args, none="none" in request.args,
        shop_name=name_of(shop), colours=sheet_of(shop), swaps=swaps,
        **_told(shop, record, speech), **_asked(shop, record, cases, speech), **_chosen(record),
    )  # fmt: skip


def _told(shop: Shop, record: OrderRecord, speech: Speech) -> dict[str, object]:
    """Return what the page says of the order."""
    lines, today = line_views(record), local_day(house().now(), shop.timezone)
    together = record.plan.completes_on if record.plan and ship_of(record, shop) == "together" else None
    return {
        "headline": words.headline(record, speech),
        "closed": record.snapshot.status in words.CLOSED,
        "lines": lines,
        "steps": steps(lines, together_on=together),
        "words": partial(words.piece, record=record, speech=speech, together=together),
        "until": partial(words.until, today=today, speech=speech),
        "expected": words.expected(record, speech),
        "reasons": words.reasons(record, speech),
    }


def _asked(shop: Shop, record: OrderRecord, cases: tuple[Case, ...], speech: Speech) -> dict[str, object]:
    """Return what the page lets the customer choose."""
    return {
        "options": offered(record, speech),
        "open_until": _open_until(record),
        "delay": law_answers.question(record, cases),
        "may_wait": customer_choices.may_wait_together(record, shop),
        "ready_units": customer_choices.ready_units(record, shop),
        "may_cancel": _named(record, customer_choices.may_cancel(record, shop)),
        "may_withdraw": bool(may_withdraw(record, shop)),
        "paid_back": _paid_back(record, shop, speech),
        "undo_minutes": shop.policy.choices.undo_minutes,
    }


def _chosen(record: OrderRecord) -> dict[str, object]:
    """Return what the customer chose and what became of it."""
    ending = record.ending if record.ending and record.ending.by == "customer" else None
    pending = ending if ending and customer_choices.may_take_back(record, house().now()) else None
    return {
        "pending": pending,
        "pending_units": _named(record, pending.units) if pending else (),
        "under_way": bool(ending and not pending and giving_up.is_open(record)),
        "swapped": ending.swap if ending else None,
        "outcome": giving_up.outcome(record) if ending else None,
        "returns": any(made.sent for made in record.withdrawals),
        "shipping": customer_choices.chosen_shipping(record),
    }


def _named(record: OrderRecord, units: Mapping[str, int]) -> tuple[tuple[str, str, int], ...]:
    """Return (line, title, units) in the order's own order."""
    return tuple((line.id, line.title, units[line.id]) for line in record.snapshot.lines if units.get(line.id))


def _open_until(record: OrderRecord) -> datetime | None:
    """Return until when the customer may choose; None where there is nothing to choose (any more)."""
    made = record.proposal
    stands = made is not None and made.state == "open" and made.ends_at > house().now()
    return made.ends_at if made and stands and record.snapshot.status == "open" else None


def _paid_back(record: OrderRecord, shop: Shop, speech: Speech) -> str:
    """Return what becomes of the money for what is cancelled; nothing where none was paid."""
    if record.snapshot.hold == "payment":
        return ""
    if giving_up.becomes_credit(record, shop, house().support_of(shop.platform)):
        return speech.say("You get their price as store credit.")
    return speech.say("You get their price back.")
