"""One order's page, and what a merchant chooses there."""

from collections.abc import Callable, Sequence

from flask import abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from core.dates.hand_promises import by_hand
from core.errors import Misuse
from core.orders import choices, giving_up
from core.planning.shop_facts import ship_of
from core.ports.audit import NOTED
from core.ports.books import Unit
from core.records import ActionRecord, OrderRecord
from pages.cards import card
from pages.changes import changing_shop, machine_time, note_doing
from pages.choice import Choice
from pages.consoled import consoled
from pages.customer_links import customer_link
from pages.day_axis import day_axis
from pages.languages import _
from pages.large_order_view import large_order_view
from pages.letters import worded
from pages.order_choices import choices_for
from pages.order_view import line_views, steps
from pages.printing import printer
from pages.promising import promise_choice, typed_promise
from pages.retelling import full_stop, retold
from pages.row_ids import row_id
from pages.timeline import timeline
from pages.undo_choices import left_alone
from pages.visitor import Visit, actor, merchant_blueprint, visit
from pages.weighing import sides, weighing_in_words
from pages.why import cause_sentences, merchant_reasons, problem_sentences
from pages.words import UNDO, Badge, because, decision_badge, describe, state_badge

HISTORY = 100
LONGEST_NOTE = 2000
OPEN_ACTIONS = frozenset({"planned", "pending", "failed"})
"""Actions that somebody may still do something about; those that ended stand in the timeline."""

blueprint = merchant_blueprint("orders", __name__)


@blueprint.get("/orders/<shop>/<order>")
def order_page(shop: str, order: str) -> ResponseReturnValue:
    """Show one order: its plan as a picture, why, what was done, and what can be chosen."""
    here = visit()
    with here.house.books.read() as unit:
        record = _order(unit, order)
        actions = unit.outbox.of_order(shop, order)
        entries = unit.audit.page(shop, order=order, limit=HISTORY).items
        deliveries = unit.inbox.of_order(shop, order, limit=HISTORY)
        notices = unit.notices.of_order(shop, order)
        notes = unit.audit.page(shop, order=order, what=NOTED, limit=HISTORY).items
        large = large_order_view(unit, record, here.shop)
        given = consoled(unit, record, here.shop)
        watched = bool(unit.laws.of_orders(shop, [order]))
    lines = line_views(record)
    together = record.plan.completes_on if record.plan and ship_of(record, here.shop) == "together" else None
    return render_template(
        "pages/order.html", here="/orders", record=record, card=card(record), badge=decision_badge(record),
        lines=lines, steps=steps(lines, together_on=together), reasons=merchant_reasons(record),
        weighing=weighing_in_words(record), sides=sides(record), consoled=given, notes=notes,
        axis=day_axis(lines, record.expected.lines if record.expected else {}, record.promised_on, printer().today),
        causes=cause_sentences(record),
        left_alone=left_alone(record), undo=UNDO,
        problems=(*map(retold, record.snapshot.problems), *problem_sentences(record.exceptions)),
        actions=[_asked(action) for action in reversed(actions) if action.state in OPEN_ACTIONS],
        ended=[_asked(action) for action in reversed(actions) if action.state not in OPEN_ACTIONS],
        moments=timeline(entries, worded(here.shop, {order: record}, notices), record, deliveries),
        choices=_choices(here, record), promise=promise_choice(record), by_hand=by_hand(record), large=large,
        watched=watched, link=customer_link(here.house.settings, shop, order),
    )  # fmt: skip


def _choices(here: Visit, record: OrderRecord) -> Sequence[Choice]:
    """Return what a person may ask for the order; nothing where the shop removed the app and carries nothing out."""
    if here.shop.state == "uninstalled":
        return ()
    to_credit = giving_up.becomes_credit(record, here.shop, here.house.support_of(here.shop.platform))
    return choices_for(record, here.shop, to_credit=to_credit)


def _asked(row: ActionRecord) -> tuple[ActionRecord, str, str, Badge]:
    """Return an action with what it wants, why, and how far it is."""
    return row, describe(row.action), because(row), state_badge(row.state)


@blueprint.post("/orders/<shop>/<order>/choose")
def choose(shop: str, order: str) -> ResponseReturnValue:
    """Carry out what the merchant chose, or say on the page why the plan does not allow it."""
    here = visit()
    if request.form.get("final") and not request.form.get("sure"):
        flash(_("Nothing was done: tick that you know that it cannot be undone."), "problem")
        return redirect(url_for("orders.order_page", shop=shop, order=order), 303)
    return _noted(
        shop, order,
        lambda unit: choices.apply(
            unit, here.shop, order, request.form.get("do", ""), request.form.getlist("line"),
            actor=actor(), as_of=here.house.now(), now=machine_time(), code_key=here.house.settings.code_key,
            promise=typed_promise(request.form),
            support=here.house.support_of(here.shop.platform),
        ),
    )  # fmt: skip


@blueprint.post("/orders/<shop>/<order>/note")
def note(shop: str, order: str) -> ResponseReturnValue:
    """Keep a person's note about the order, for those who look at it later; the shop and the customer do not see it."""
    text = request.form.get("text", "").strip()[:LONGEST_NOTE]
    with visit().house.books.write() as unit:
        _order(unit, order)
        if text:
            note_doing(unit, NOTED, order=order, why=text)
    if text:
        flash(_("Your note is kept."), "done")
    else:
        flash(_("Write something first: an empty note says nothing."), "problem")
    return redirect(url_for("orders.order_page", shop=shop, order=order), 303)


@blueprint.post("/orders/<shop>/<order>/answer")
def answer_offer(shop: str, order: str) -> ResponseReturnValue:
    """Take in what the customer chose, told by the merchant."""
    here = visit()
    return _noted(
        shop, order,
        lambda unit: choices.answer(
            unit, here.shop, order, request.form.get("option", ""),
            actor=actor(), as_of=here.house.now(), now=machine_time(),
        ),
    )  # fmt: skip


def _noted(shop: str, order: str, change: Callable[[Unit], object]) -> ResponseReturnValue:
    """Make the change and go back to the order's page, which says what became of it."""
    try:
        with changing_shop() as unit:
            _order(unit, order)
            change(unit)
    except Misuse as refused:
        flash(full_stop(retold(str(refused))), "problem")
    else:
        flash(_("Noted. The plan is being made anew: reload in a moment to see it."), "done")
    return redirect(url_for("orders.order_page", shop=shop, order=order), 303)


@blueprint.post("/orders/<shop>/<order>/again")
def again(shop: str, order: str) -> ResponseReturnValue:
    """Put a failed action in line once more."""
    with changing_shop() as unit:
        _order(unit, order)
        named = request.form.get("action", 0, type=row_id)
        action = next((row for row in unit.outbox.of_order(shop, order) if row.id == named), None)
        if action is None:
            abort(404)
        queued = unit.outbox.again(shop, action.id, now=machine_time())
        if queued:
            note_doing(unit, f"asked to try again: {action.kind}", order=order)
    if queued:
        flash(_("In line again. The outcome shows up here."), "done")
    else:
        flash(_("This action has not failed."), "problem")
    return redirect(url_for("orders.order_page", shop=shop, order=order), 303)


def _order(unit: Unit, order: str) -> OrderRecord:
    record = unit.orders.get(visit().shop.id, order)
    if record is None:
        abort(404)
    return record
