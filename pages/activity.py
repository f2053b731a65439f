"""The log of who did what, and the outbox: messages and actions that have not gone out."""

from collections.abc import Iterable, Mapping

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from core.item_actions import ItemAction
from core.ports.books import Unit
from core.records import ActionRecord, ItemRecord, OrderRecord
from pages.changes import changing_shop, machine_time, note_doing
from pages.languages import _
from pages.letters import kept_back, worded
from pages.log_words import logged, tells_news
from pages.message_words import titles
from pages.row_ids import row_id
from pages.visitor import merchant_blueprint, visit
from pages.words import because, describe, state_badge

A_PAGE = 50
ACTIONS_LOOKED_AT = 500
ACTIONS_SHOWN = 50

blueprint = merchant_blueprint("activity", __name__)


@blueprint.get("/activity")
def activity() -> ResponseReturnValue:
    """Show the log, newest first."""
    sought = request.args.get("q", "").strip()[:100]
    with visit().house.books.read() as unit:
        cursor = request.args.get("cursor") or None
        page = unit.audit.page(visit().shop.id, text=sought, cursor=cursor, limit=A_PAGE)
        names = _names(_orders(unit, (entry.order for entry in page.items)))
    rows = [(entry, logged(entry)) for entry in page.items if tells_news(entry)]
    further = url_for("activity.activity", cursor=page.next, q=sought or None) if page.next else None
    return render_template(
        "pages/activity.html", here="/activity", rows=rows, names=names, further=further, sought=sought
    )


@blueprint.post("/outbox/again")
def again() -> ResponseReturnValue:
    """Put a failed action on an item in line once more."""
    here = visit()
    with changing_shop() as unit:
        queued = unit.outbox.again(here.shop.id, request.form.get("action", 0, type=row_id), now=machine_time())
        if queued:
            note_doing(unit, "asked to try failed actions again", detail={"count": 1})
    flash(_("In line again.") if queued else _("This action has not failed."), "done" if queued else "problem")
    return redirect(url_for("activity.outbox"), 303)


@blueprint.get("/outbox")
def outbox() -> ResponseReturnValue:
    """Show what waits to go out: actions that failed or wait, and messages with their full text."""
    here = visit()
    with here.house.books.read() as unit:
        counts = unit.outbox.counts(here.shop.id)
        recent = unit.outbox.recent(here.shop.id, limit=ACTIONS_LOOKED_AT)
        notices = unit.notices.page(here.shop.id, cursor=request.args.get("cursor"), limit=A_PAGE)
        dead = unit.inbox.dead(here.shop.id)
        failed = _of_state(recent, "failed")
        waiting = [*_of_state(recent, "pending"), *_of_state(recent, "planned")][:ACTIONS_SHOWN]
        items = _items(unit, failed + waiting)
        orders = _orders(unit, [*(row.order for row in failed + waiting), *(row.order for row in notices.items)])
    letters = [(notice, state_badge(notice.state)) for notice in worded(here.shop, orders, notices.items)]
    further = url_for("activity.outbox", cursor=notices.next) if notices.next else None
    return render_template(
        "pages/outbox.html", here="/outbox", counts=counts, failed=failed, waiting=waiting, items=items,
        names=_names(orders), notices=letters, dead=dead, further=further,
        kept=kept_back(here.shop), titles=titles(), describe=describe, because=because, badge=state_badge,
    )  # fmt: skip


def _orders(unit: Unit, orders: Iterable[str | None]) -> dict[str, OrderRecord | None]:
    return {order: unit.orders.get(visit().shop.id, order) for order in orders if order}


def _names(orders: Mapping[str, OrderRecord | None]) -> dict[str, str]:
    """Return the names that people know these orders by."""
    return {order: record.snapshot.name for order, record in orders.items() if record}


def _items(unit: Unit, actions: Iterable[ActionRecord]) -> dict[str, ItemRecord]:
    """Return by lane the items that actions are about."""
    asked = {action.action.item: action.order for action in actions if isinstance(action.action, ItemAction)}
    known = unit.items.by_platform_id(visit().shop.id, asked)
    return {asked[platform_id]: item for platform_id, item in known.items()}


def _of_state(actions: tuple[ActionRecord, ...], state: str) -> list[ActionRecord]:
    return [action for action in actions if action.state == state][:ACTIONS_SHOWN]
