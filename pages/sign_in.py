"""Signing in by a one-use link, and signing out."""

from flask import Blueprint, redirect, request, session
from flask.typing import ResponseReturnValue

from pages.languages import _
from pages.visitor import acting, house, key_of, opened, seats_of, sign_in_page, signed_in_since, spend

blueprint = Blueprint("sign_in", __name__)


@blueprint.get("/login")
def login() -> ResponseReturnValue:
    """Spend the link in `?login=`; without one, say how to get it."""
    if "login" in request.args:
        return spend(request.args["login"])
    with house().books.read() as unit:
        signed_in = bool(opened(unit))
    return redirect("/", 303) if signed_in else sign_in_page(200)


@blueprint.post("/logout")
def logout() -> ResponseReturnValue:
    """Forget everything that the session opens, also where its cookie was copied; or end another of the person's."""
    if "session" in request.form:
        return _end_another(request.form["session"])
    with house().books.write() as unit:
        unit.sessions.end(key_of(session))
    session.clear()
    return sign_in_page(200, _("You are signed out."))


def _end_another(key: str) -> ResponseReturnValue:
    """Sign another browser out of the shops in which it has the same person's seat as this one."""
    since = signed_in_since()
    with house().books.write() as unit:
        for shop, mine in seats_of(unit).items():
            theirs = [one for one in unit.sessions.of_shop(shop, since=since) if one.key == key]
            if mine.person and any(one.seat.person == mine.person for one in theirs):
                unit.sessions.end(key, shop=shop)
                unit.audit.write(shop=shop, at=house().now(), actor=acting(mine.person), what="signed somebody out")
    return redirect("/people", 303)
