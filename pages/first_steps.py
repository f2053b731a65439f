"""The first steps of a new shop: each ticks itself off what really stands in the books; none is asked for twice."""

from dataclasses import dataclass

from flask import flash, redirect, render_template
from flask.typing import ResponseReturnValue

from core.policy.shop_policy import Notices
from core.ports.books import Unit
from core.records import Shop
from pages.changes import note_doing
from pages.languages import _
from pages.visitor import merchant_blueprint, visit

PUT_AWAY = "put the first steps away"

blueprint = merchant_blueprint("first_steps", __name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One step: why it is asked for, and the page where it is done."""

    title: str
    why: str
    done: bool
    label: str
    link: str


@blueprint.get("/first-steps")
def first_steps() -> ResponseReturnValue:
    """Show the steps, those that are done as well: they can be taken up again at any time."""
    with visit().house.books.read() as unit:
        steps = steps_of(unit, visit().shop)
    return render_template("pages/first_steps.html", here="/first-steps", steps=steps)


@blueprint.post("/first-steps/away")
def put_away() -> ResponseReturnValue:
    """Show the steps on the board no more; they stay on their own page."""
    with visit().house.books.write() as unit:
        note_doing(unit, PUT_AWAY, outcome="done")
    flash(_("Put away. You find the first steps at the foot of every page."), "done")
    return redirect("/", 303)


def steps_to_show(unit: Unit, shop: Shop) -> tuple[Step, ...]:
    """Return the steps for the board: none once all are done, or a person has put them away."""
    steps = steps_of(unit, shop)
    away = all(step.done for step in steps) or unit.audit.page(shop.id, what=PUT_AWAY, limit=1).items
    return () if away else steps


def steps_of(unit: Unit, shop: Shop) -> tuple[Step, ...]:
    """Return the four steps as they stand."""
    supply = bool(unit.supply.all(shop.id))
    connected = shop.state == "connected" and shop.synced_at is not None
    return (
        Step(
            title=_("Connect your shop"),
            done=connected,
            label=_("See how far it is"),
            link="/health",
            why=_("Its orders and stock are read, so that plans can be made. Nothing is written to it yet."),
        ),
        Step(
            title=_("Bring in what is on order"),
            done=supply,
            label=_("Enter or import incoming stock"),
            link="/incoming",
            why=_("Dates come from what your suppliers are sending: without it every wait is without a date."),
        ),
        _telling(shop.policy.notices),
        Step(
            title=_("Start acting"),
            done=shop.policy.mode == "act",
            label=_("See what would be sent, then start"),
            link="/policy/mode",
            why=_("Until then everything is only planned. You can go back at any time."),
        ),
    )


def _telling(rules: Notices) -> Step:
    """Return the step of what customers are told: to read it, then to begin."""
    title, done = _("Check what customers are told"), rules.wording_seen and rules.enabled
    if rules.wording_seen:
        why = _("The wording is read. Until messages are drafted, customers are told nothing.")
        return Step(title=title, done=done, link="/messages", label=_("Begin to draft messages"), why=why)
    why = _("No mail leaves before you have read its wording.")
    return Step(title=title, done=done, link="/messages/read/en", label=_("Read the wording, then say so"), why=why)
