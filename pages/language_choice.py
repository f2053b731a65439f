"""The language that a person chooses for the merchant's pages; it is kept with their sign-in."""

from flask import Blueprint, redirect, request, session
from flask.typing import ResponseReturnValue

from pages.visitor import house, key_of

blueprint = Blueprint("language_choice", __name__)


@blueprint.post("/language")
def choose() -> ResponseReturnValue:
    """Remember the language for whoever is signed in, reader or owner, and go back to the page they were on."""
    chosen = request.form.get("language", "")
    if chosen in house().post.languages:
        with house().books.write() as unit:
            unit.sessions.speak(key_of(session), chosen)
    return redirect(_back(request.form.get("back", "")), 303)


def _back(path: str) -> str:
    """Return the path if it is one of ours: two slashes of either kind at its beginning name another site."""
    ours = path.startswith("/") and path[1:2] not in {"/", "\\"} and path.isprintable()
    return path if ours else "/"
