"""The customer's page: what is shipped, what can ship now, what waits and until when. No login, no cookie."""

from datetime import datetime

from flask import Blueprint, g, render_template, request
from flask.typing import ResponseReturnValue

from core import choices, ending_choices, giving_up, law_answers
from core.records import OrderRecord, Shop
from core.shop_facts import ship_of
from pages.connect import supports_of
from pages.customer_links import read_link
from pages.large_order_view import offered
from pages.letters import english
from pages.order_view import line_views, steps
from pages.printing import printer_for
from pages.visitor import house
from pages.why import customer_reasons

blueprint = Blueprint("customer", __name__)

CLOSED = {
    "cancelled": "This order was cancelled.",
    "gone": "This order is no longer in the shop.",
    "closed": "Everything in this order has been taken care of.",
}


@blueprint.get("/o/<signed>")
def customer_page(signed: str) -> ResponseReturnValue:
    """Show one order to whoever holds its link."""
    opened = read_link(house().settings, signed)
    if opened is None:
        return render_template("pages/customer_lost.html"), 404
    shop_id, order = opened
    with house().books.read() as unit:
        shop, record = unit.shops.get(shop_id), unit.orders.get(shop_id, order)
        cases = unit.laws.of_orders(shop_id, [order]).get(order, ())
    if shop is None or record is None:
        return render_template("pages/customer_lost.html"), 404
    g.printer = printer_for(shop, house().now(), record.snapshot.customer.country)
    lines = line_views(record)
    options = offered(record, english(shop, record.snapshot.customer.country))
    together = record.plan.completes_on if record.plan and ship_of(record, shop) == "together" else None
    return render_template(
        "pages/customer.html", shop=shop, record=record, lines=lines, steps=steps(lines, together_on=together),
        reasons=customer_reasons(record) if record.snapshot.status == "open" else (), headline=_headline(record),
        closed=CLOSED.get(record.snapshot.status), options=options, signed=signed,
        open_until=_open_until(record), late="late" in request.args, paid_back=_paid_back(record, shop),
        delay=law_answers.question(record, cases),
        may_wait=choices.may_wait_together(record, shop),
        may_cancel=sum(giving_up.waiting(record).values()) if ending_choices.customer_may(shop, record) else 0,
    )  # fmt: skip


def _open_until(record: OrderRecord) -> datetime | None:
    """Return until when the customer may choose; None where there is nothing to choose (any more)."""
    made = record.proposal
    stands = made is not None and made.state == "open" and made.ends_at > house().now()
    return made.ends_at if made and stands and record.snapshot.status == "open" else None


def _paid_back(record: OrderRecord, shop: Shop) -> str:
    """Return what becomes of the money for what is cancelled; nothing where none was paid."""
    if record.snapshot.hold == "payment":
        return ""
    credit = giving_up.becomes_credit(record, shop, supports_of(shop.platform))
    return "you get its price as store credit" if credit else "you get its price back"


def _headline(record: OrderRecord) -> str:
    plan = record.plan
    if record.snapshot.status != "open" or plan is None:
        return f"Your order {record.snapshot.name}"
    ready = sum(line.release_now for line in plan.lines)
    if not plan.backordered:
        return "Everything is here and will ship" if ready else f"Your order {record.snapshot.name}"
    return "A part of your order can ship now" if ready else "Your order is waiting for stock"
