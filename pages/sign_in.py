"""Signing in by a one-use link, and signing out."""

from flask import Blueprint, redirect, request, session
from flask.typing import ResponseReturnValue

from pages.languages import _
from pages.visitor import house, key_of, opened, sign_in_page, spend

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
    """Forget everything that the session opens, also where its cookie was copied."""
    with house().books.write() as unit:
        unit.sessions.end(key_of(session))
    session.clear()
    return sign_in_page(200, _("You are signed out."))
