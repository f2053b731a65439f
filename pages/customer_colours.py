"""The merchant's colour on the customer's page. A style sheet of its own: our pages take no style from a template."""

from flask import Blueprint, Response, abort, make_response

from core.messages.colours import DARK_PAPER, accents
from core.messages.wording import COLOUR
from core.records import Shop

blueprint = Blueprint("customer_colours", __name__)
A_DAY = 86_400


@blueprint.get("/colours/<name>.css")
def sheet(name: str) -> Response:
    """Return the rule for a colour given as six hexadecimal digits. The same for everybody, so anybody may keep it."""
    if not COLOUR.fullmatch(f"#{name}"):
        abort(404)
    light, dark = accents(f"#{name}")
    rule = f":root{{--accent:light-dark({light},{dark});--on-accent:light-dark(#fff,{DARK_PAPER})}}\n"
    answer = make_response(rule)
    answer.mimetype = "text/css"
    answer.headers["Cache-Control"] = f"public, max-age={A_DAY}"
    return answer


def sheet_of(shop: Shop) -> str | None:
    """Return the address of the merchant's own colour; None where they chose none."""
    colour = shop.wording.get("colour", "")
    return f"/colours/{colour[1:].lower()}.css" if COLOUR.fullmatch(colour) else None
