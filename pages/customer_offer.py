"""The customer's own word: an answer to an offer, one parcel for all, or that what waits is not wanted any more.

The signed link is the proof: no login, no cookie, so no form token either.
"""

from collections.abc import Callable

from flask import Blueprint, redirect, request
from flask.typing import ResponseReturnValue

from core import choices, law_answers
from core.errors import Misuse
from core.ports import Unit
from core.records import Shop
from pages.changes import machine_time
from pages.customer_links import read_link
from pages.customer_words import lost
from pages.visitor import house

blueprint = Blueprint("customer_offer", __name__)


@blueprint.post("/o/<signed>/answer")
def answer_offer(signed: str) -> ResponseReturnValue:
    """Take the choice in and show the order's page again; what cannot be chosen any more is said there."""
    option, now = request.form.get("option", "")[:20], house().now()
    return _said(
        signed,
        lambda unit, shop, order: choices.answer(
            unit, shop, order, option, actor="customer", now=now, machine_now=machine_time()
        ),
    )


@blueprint.post("/o/<signed>/cancel")
def cancel_waiting(signed: str) -> ResponseReturnValue:
    """End what waits, when the customer said that this cannot be undone."""
    if not request.form.get("sure"):
        return redirect(f"/o/{signed}", 303)
    now = house().now()
    return _said(
        signed,
        lambda unit, shop, order: choices.cancel_by_customer(unit, shop, order, now=now, machine_now=machine_time()),
    )


@blueprint.post("/o/<signed>/delay")
def answer_delay(signed: str) -> ResponseReturnValue:
    """Take the answer to a delay notice in; cancelling asks whether the customer is sure."""
    word, about, now = request.form.get("word", ""), request.form.get("about", "")[:200], house().now()
    if word == "cancel" and not request.form.get("sure"):
        return redirect(f"/o/{signed}", 303)
    return _said(
        signed,
        lambda unit, shop, order: law_answers.answer(
            unit, shop, order, word, about, now=now, machine_now=machine_time()
        ),
    )


@blueprint.post("/o/<signed>/together")
def one_parcel(signed: str) -> ResponseReturnValue:
    """Let everything leave in one parcel, as the customer asks."""
    now = house().now()
    return _said(
        signed,
        lambda unit, shop, order: choices.one_parcel_by_customer(
            unit, shop, order, now=now, machine_now=machine_time()
        ),
    )


def _said(signed: str, change: Callable[[Unit, Shop, str], object]) -> ResponseReturnValue:
    opened, here = read_link(house().settings, signed), house()
    if opened is None:
        return lost()
    shop_id, order = opened
    with here.books.write() as unit:
        unit.shops.lock(shop_id)
        shop = unit.shops.get(shop_id)
        if shop is None or unit.orders.get(shop_id, order) is None:
            return lost()
        try:
            change(unit, shop, order)
        except Misuse:
            return redirect(f"/o/{signed}?late=1", 303)
    here.wake()
    return redirect(f"/o/{signed}", 303)
