"""The customer's own word: an answer to an offer or a delay, how the order ships, what is not wanted any more.

The signed link is the proof: no login, no cookie, so no form token either. A GET changes nothing.
"""

from flask import Blueprint, redirect, request
from flask.typing import ResponseReturnValue

from core.delay_laws import law_answers
from core.orders import choices, customer_choices, swapping
from pages.changes import machine_time
from pages.customer_forms import said, typed_number, typed_units
from pages.visitor import house

blueprint = Blueprint("customer_offer", __name__)
HOW_IT_SHIPS = {
    "together": customer_choices.one_parcel,
    "ready": customer_choices.ready_first,
    "usual": customer_choices.usual_shipping,
}


@blueprint.post("/o/<signed>/answer")
def answer_offer(signed: str) -> ResponseReturnValue:
    """Take the choice in and show the order's page again; what cannot be chosen any more is said there."""
    option, now = request.form.get("option", "")[:20], house().now()
    return said(
        signed,
        lambda unit, shop, order: choices.answer(
            unit, shop, order, option, actor="customer", as_of=now, now=machine_time()
        ),
    )


@blueprint.post("/o/<signed>/cancel")
def cancel_waiting(signed: str) -> ResponseReturnValue:
    """Give up the units written into the lines' fields. Where that cannot be taken back, the tick must be set."""
    units, now, sure = typed_units(), house().now(), bool(request.form.get("sure"))
    if not any(units.values()):
        return redirect(f"/o/{signed}?none=1", 303)
    return said(
        signed,
        lambda unit, shop, order: (
            customer_choices.cancel(unit, shop, order, units, as_of=now, now=machine_time())
            if sure or shop.policy.choices.undo_minutes
            else None
        ),
    )


@blueprint.post("/o/<signed>/swap")
def swap_units(signed: str) -> ResponseReturnValue:
    """Take a substitute for units that wait. Where that cannot be taken back, the tick must be set."""
    line, item = request.form.get("line", "")[:100], request.form.get("item", "")[:100]
    units, now, sure = typed_number(request.form.get("units", "")), house().now(), bool(request.form.get("sure"))
    if not units:
        return redirect(f"/o/{signed}?none=1", 303)
    return said(
        signed,
        lambda unit, shop, order: (
            swapping.swap(
                unit, shop, order, line, item=item, units=units, support=house().support_of(shop.platform), as_of=now,
                now=machine_time(),
            )
            if sure or shop.policy.choices.undo_minutes
            else None
        ),
    )  # fmt: skip


@blueprint.post("/o/<signed>/undo")
def take_back(signed: str) -> ResponseReturnValue:
    """Keep after all what was given up, as long as that is not final."""
    about, now = request.form.get("about", "")[:100], house().now()
    return said(
        signed,
        lambda unit, shop, order: customer_choices.take_back(unit, shop, order, about, as_of=now, now=machine_time()),
    )


@blueprint.post("/o/<signed>/delay")
def answer_delay(signed: str) -> ResponseReturnValue:
    """Take the answer to a delay notice in. Where cancelling cannot be taken back, the tick must be set."""
    word, about, now = request.form.get("word", ""), request.form.get("about", "")[:200], house().now()
    sure = word != "cancel" or bool(request.form.get("sure"))
    return said(
        signed,
        lambda unit, shop, order: (
            law_answers.answer(unit, shop, order, word, about, as_of=now, now=machine_time())
            if sure or shop.policy.choices.undo_minutes
            else None
        ),
    )


@blueprint.post("/o/<signed>/<any(together, ready, usual):how>")
def ship_so(signed: str, how: str) -> ResponseReturnValue:
    """Let the order leave in one parcel, or what is ready first, or as it would have left unasked."""
    now = house().now()
    return said(signed, lambda unit, shop, order: HOW_IT_SHIPS[how](unit, shop, order, as_of=now, now=machine_time()))
