"""The customer's answer to an offer. The signed link is the proof: no login, no cookie, so no form token either."""

from flask import Blueprint, redirect, render_template, request
from flask.typing import ResponseReturnValue

from core import choices
from core.errors import Misuse
from pages.changes import machine_time
from pages.customer_links import read_link
from pages.visitor import house

blueprint = Blueprint("customer_offer", __name__)


@blueprint.post("/o/<signed>/answer")
def answer_offer(signed: str) -> ResponseReturnValue:
    """Take the choice in and show the order's page again; what cannot be chosen any more is said there."""
    opened, here = read_link(house().settings, signed), house()
    if opened is None:
        return render_template("pages/customer_lost.html"), 404
    shop_id, order = opened
    with here.books.write() as unit:
        unit.shops.lock(shop_id)
        shop = unit.shops.get(shop_id)
        if shop is None or unit.orders.get(shop_id, order) is None:
            return render_template("pages/customer_lost.html"), 404
        try:
            choices.answer(
                unit, shop, order, request.form.get("option", "")[:20], actor="customer", now=here.now(),
                machine_now=machine_time(),
            )  # fmt: skip
        except Misuse:
            return redirect(f"/o/{signed}?late=1", 303)
    here.wake()
    return redirect(f"/o/{signed}", 303)
