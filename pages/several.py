"""The same choice for several orders: first what it would do to each, then doing it."""

from collections.abc import Sequence
from dataclasses import dataclass

from flask import abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from core.dates import hand_promises
from core.dates.hand_promises import HandPromise
from core.errors import Misuse
from core.orders import choices
from core.ports.books import Unit
from core.records import OrderRecord
from pages.changes import changing_shop, machine_time
from pages.choice import Choice
from pages.languages import _, later, n_, plural
from pages.order_choices import choices_for
from pages.order_list import HEAD, row
from pages.promising import promise_choice, typed_promise
from pages.retelling import retold
from pages.spreadsheets import sheet
from pages.typed_days import A_DAY
from pages.visitor import actor, merchant_blueprint, visit

MOST = 250
DOES = {
    "hold": (
        plural("Hold %(number)s order", "Hold %(number)s orders"),
        later("It is held already, or nothing of it is left to ship."),
    ),
    "release": (
        plural("Release %(number)s order", "Release %(number)s orders"),
        later("It is not held by a person."),
    ),
    "ship_part": (
        plural("Ship what is in stock of %(number)s order", "Ship what is in stock of %(number)s orders"),
        later("Nothing more of it could leave now."),
    ),
    hand_promises.SET: (
        plural("Promise a day for %(number)s order", "Promise a day for %(number)s orders"),
        later("Nothing of it waits."),
    ),
    "offer": (
        plural("Offer something for the wait of %(number)s order", "Offer something for the wait of %(number)s orders"),
        later("Nothing of it waits, or it has had its offer."),
    ),
}
"""What a choice does to several orders, as a number of them, and why it is not open to some."""

blueprint = merchant_blueprint("several", __name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One of the orders with what the choice brings; `choice` is None where the order does not allow it."""

    record: OrderRecord
    choice: Choice | None


@blueprint.get("/orders/several")
def ask() -> ResponseReturnValue:
    """Show what the choice would do to each of the orders, or send them as a file."""
    do = request.args.get("do", "")
    with visit().house.books.read() as unit:
        records = _records(unit, request.args.getlist("order"))
    if do == "csv":
        return sheet("orders.csv", HEAD, map(row, records))
    (one, many), otherwise = DOES.get(do) or abort(404)
    lines = [Line(record=record, choice=_choice(record, do)) for record in records]
    return render_template(
        "pages/several.html", here="/orders", do=do, one=one, many=many, otherwise=otherwise, lines=lines, back=_back(),
        able=[line for line in lines if line.choice],
    )  # fmt: skip


@blueprint.post("/orders/several")
def carry_out() -> ResponseReturnValue:
    """Carry the choice into the books for each order that allows it, and say what became of it."""
    do = request.form.get("do", "")
    if do not in DOES:
        abort(404)
    chosen, promise = request.form.getlist("order"), typed_promise(request.form)
    if do == hand_promises.SET and promise is None:
        flash(_("Nothing was done: give %(a_day)s.", a_day=_(A_DAY)), "problem")
        return redirect(url_for("several.ask", do=do, order=chosen, back=_back()), 303)
    with changing_shop() as unit:
        records = _records(unit, chosen)
        refused = [words for record in records if (words := _carried_out(unit, record, do, promise))]
    done = len(records) - len(refused)
    if done:
        flash(
            n_(
                "Noted for %(number)s order. The plan is being made anew.",
                "Noted for %(number)s orders. The plans are being made anew.",
                done,
            ),
            "done",
        )
    for words in refused[:5]:
        flash(words, "problem")
    if not records:
        flash(_("No order was chosen."), "problem")
    return redirect(_back(), 303)


def _carried_out(unit: Unit, record: OrderRecord, do: str, promise: HandPromise | None) -> str | None:
    """Return why the order does not allow it; None when it is done."""
    here = visit()
    try:
        choices.apply(
            unit, here.shop, record.id, do, actor=actor(), as_of=here.house.now(), now=machine_time(),
            code_key=here.house.settings.code_key, promise=promise,
            support=here.house.support_of(here.shop.platform),
        )  # fmt: skip
    except Misuse as refused:
        return _("%(name)s stays as it is: %(refused)s.", name=record.snapshot.name, refused=retold(str(refused)))
    return None


def _records(unit: Unit, ids: Sequence[str]) -> list[OrderRecord]:
    found = (unit.orders.get(visit().shop.id, order) for order in dict.fromkeys(ids[:MOST]))
    return [record for record in found if record is not None]


def _choice(record: OrderRecord, do: str) -> Choice | None:
    if do == hand_promises.SET:
        return promise_choice(record)
    return next((choice for choice in choices_for(record, visit().shop) if choice.do == do), None)


def _back() -> str:
    """Return the page that the person came from: the list or the board, with what was looked for there."""
    asked = request.values.get("back", "/")
    return asked if asked.split("?")[0] in {"/", "/orders"} else "/"
