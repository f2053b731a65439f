"""The demo's buttons. In a real installation there is no story, and these addresses do not exist."""

from collections.abc import Callable

from flask import Blueprint, abort, flash, jsonify, redirect, request, session
from flask.typing import ResponseReturnValue

from core.house import Story
from core.planning import wake_ups
from core.records import Platform
from pages.changes import machine_time
from pages.retelling import retold
from pages.visitor import house

MOST_DAYS = 365

blueprint = Blueprint("demo", __name__, url_prefix="/demo")


@blueprint.post("/late")
def late() -> ResponseReturnValue:
    """Make a shipment late."""
    return _tell(_story().make_late)


@blueprint.post("/sell-out")
def sell_out() -> ResponseReturnValue:
    """Sell out an item."""
    return _tell(_story().sell_out)


@blueprint.post("/cancel")
def cancel() -> ResponseReturnValue:
    """Let a customer cancel an order."""
    return _tell(_story().cancel_order)


@blueprint.post("/clock")
def clock() -> ResponseReturnValue:
    """Move simulated time forward by `advance_days`, from JSON (answers with JSON) or from a form."""
    story = _story()
    given = request.get_json() if request.is_json else request.form.to_dict()
    days = _days(given.get("advance_days") if isinstance(given, dict) else None)
    if days is None:
        abort(400, f"advance_days must be a whole number from 1 to {MOST_DAYS}")
    now = story.advance(days)
    _plan_anew()
    if request.is_json:
        return jsonify(now=now.isoformat())
    return redirect("/", 303)


def _story() -> Story:
    return house().story or abort(404)


def _days(given: object) -> int | None:
    """Return the days asked for; JSON says them as a number, a form as digits."""
    if isinstance(given, str) and given.isascii() and given.isdigit() and len(given) <= 3:
        given = int(given)
    return given if type(given) is int and 1 <= given <= MOST_DAYS else None


def _tell(happen: Callable[[Platform | None], str]) -> ResponseReturnValue:
    """Let it happen in the shop that the visitor looks at."""
    shown = session.get("shop")
    with house().books.read() as unit:
        shop = unit.shops.get(shown) if isinstance(shown, str) else None
    told = happen(shop.platform if shop else None)
    flash(retold(told), "done")
    return redirect("/", 303)


def _plan_anew() -> None:
    """Ask for new plans at once: the worker itself only looks every few seconds whether a day has begun."""
    now = machine_time()
    with house().books.write() as unit:
        for shop in unit.shops.all():
            wake_ups.replan(unit, shop.id, at=now)
