"""Saved views: what a person looks for again and again, under a name."""

from flask import Blueprint, flash, redirect, request
from flask.typing import ResponseReturnValue

from pages.changes import changing_shop
from pages.finder import asked, query
from pages.languages import _
from pages.visitor import merchant_blueprint, visit

MOST = 30
LONGEST = 40
PLACES = ("/", "/orders")

blueprint: Blueprint = merchant_blueprint("views", __name__)


@blueprint.post("/views")
def save() -> ResponseReturnValue:
    """Keep what is looked for under a name; the same name again stands for the new one."""
    name = " ".join(request.form.get("name", "").split())[:LONGEST]
    place = _address()
    shop = visit().shop.id
    with changing_shop() as unit:
        known = {view.name for view in unit.views.all(shop)}
        full = len(known) >= MOST and name not in known
        if name and not full:
            unit.views.put(shop, name, place)
    if not name:
        flash(_("Give the view a name, so that you find it again."), "problem")
    elif full:
        flash(_("There are %(most)s saved views, the most that are kept: forget one first.", most=MOST), "problem")
    else:
        flash(_("Saved as “%(name)s”.", name=name), "done")
    return redirect(place, 303)


@blueprint.post("/views/forget")
def forget() -> ResponseReturnValue:
    """Remove a saved view; the orders in it stay as they are."""
    name = request.form.get("name", "")
    with changing_shop() as unit:
        unit.views.forget(visit().shop.id, name)
    flash(_("“%(name)s” is forgotten.", name=name[:LONGEST]), "done")
    return redirect(_address(), 303)


def _address() -> str:
    place = request.form.get("place")
    state = request.form.get("state", "")[:20] if place == "/orders" else ""
    return f"{place if place in PLACES else '/'}{query({**asked(), 'state': state})}"
