"""A person's own second factor for one shop: set up with a device, confirmed by its first code, switched off by one."""

from collections.abc import Sequence

from flask import abort, flash, g, redirect, render_template, request
from flask.typing import ResponseReturnValue

from pages.changes import note_doing
from pages.languages import _
from pages.one_time_codes import new_secret, picture_of, proves, recovery_codes, recovery_digest, wrong_code
from pages.visitor import merchant_blueprint, visit

blueprint = merchant_blueprint("second_factor", __name__)


@blueprint.before_request
def only_by_link() -> None:
    """Who comes by way of the platform's admin proved there who they are: nothing of ours is asked of them."""
    if g.get("guest") is not None:
        abort(404)


@blueprint.get("/second-factor")
def second_factor() -> ResponseReturnValue:
    """Show whether it is on, or what the device needs to know."""
    return _page()


@blueprint.post("/second-factor/begin")
def begin() -> ResponseReturnValue:
    """Make a secret for a new device. It counts for nothing until a code of it was typed."""
    here = visit()
    with here.house.books.write() as unit:
        unit.second_factors.begin(here.shop.id, here.person, new_secret())
    return redirect("/second-factor", 303)


@blueprint.post("/second-factor/confirm")
def confirm() -> ResponseReturnValue:
    """Switch it on with the device's first code, and show the codes for a lost device this once."""
    here = visit()
    codes = recovery_codes()
    with here.house.books.write() as unit:
        factor = unit.second_factors.of(here.shop.id, here.person)
        if factor is None or factor.confirmed:
            return redirect("/second-factor", 303)
        proven = proves(unit, here.shop.id, here.person, request.form.get("code", ""))
        if proven:
            unit.second_factors.confirm(here.shop.id, here.person, [recovery_digest(code) for code in codes])
            note_doing(unit, "switched the second factor on", outcome="done")
    if proven:
        return _page(codes=codes)
    flash(wrong_code(), "problem")
    return redirect("/second-factor", 303)


@blueprint.post("/second-factor/end")
def end() -> ResponseReturnValue:
    """Switch it off, which takes a code: a browser that was left open is not enough."""
    here = visit()
    with here.house.books.write() as unit:
        proven = proves(unit, here.shop.id, here.person, request.form.get("code", ""))
        if proven:
            unit.second_factors.end(here.shop.id, here.person)
            note_doing(unit, "switched the second factor off", outcome="done")
    if proven:
        flash(_("Switched off: a link alone signs you in again."), "done")
    else:
        flash(wrong_code(), "problem")
    return redirect("/second-factor", 303)


def _page(*, codes: Sequence[str] = ()) -> str:
    here = visit()
    with here.house.books.read() as unit:
        factor = unit.second_factors.of(here.shop.id, here.person)
    pending = factor is not None and not factor.confirmed
    picture = picture_of(factor.secret, shop=here.shop.name, person=here.person) if factor and pending else ""
    return render_template(
        "pages/second_factor.html", here="/people", factor=factor, picture=picture, codes=codes,
        required=here.house.settings.asks_second_factor,
    )  # fmt: skip
