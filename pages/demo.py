"""The demo's buttons. In a real installation there is no story, and these addresses do not exist."""

from collections.abc import Callable

from flask import Blueprint, abort, flash, jsonify, redirect, request
from flask.typing import ResponseReturnValue

from core.house import Story
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
    house().wake()
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


def _tell(happen: Callable[[], str]) -> ResponseReturnValue:
    told = happen()
    house().wake()
    flash(told, "done")
    return redirect("/", 303)
