"""The language that a person chooses for the merchant's pages; it is kept with their sign-in."""

from flask import Blueprint, redirect, request, session
from flask.typing import ResponseReturnValue

from pages.own_places import is_ours
from pages.visitor import house, key_of

blueprint = Blueprint("language_choice", __name__)


@blueprint.post("/language")
def choose() -> ResponseReturnValue:
    """Remember the language for whoever is signed in, reader or owner, and go back to the page they were on."""
    chosen = request.form.get("language", "")
    if chosen in house().post.languages:
        with house().books.write() as unit:
            unit.sessions.speak(key_of(session), chosen)
    back = request.form.get("back", "")
    return redirect(back if is_ours(back) else "/", 303)
