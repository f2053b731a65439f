"""What the forms of the customer's page have in common: units that were typed, and a choice that is taken in."""

from collections.abc import Callable

from flask import redirect, request
from flask.typing import ResponseReturnValue

from core.errors import Misuse
from core.ports.books import Unit
from core.records import Shop
from pages.customer_links import read_link
from pages.customer_words import left, lost
from pages.visitor import house

UNITS = "units-"
"""What the fields of the lines begin with."""


def typed_units() -> dict[str, int]:
    """Return the units typed per line; what is no number is none."""
    typed = {name.removeprefix(UNITS): text for name, text in request.form.items() if name.startswith(UNITS)}
    return {line: units for line, text in typed.items() if (units := typed_number(text))}


def typed_number(text: str) -> int:
    """Return a number that somebody typed; 0 for what is none."""
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 10 else 0


def said(signed: str, change: Callable[[Unit, Shop, str], object]) -> ResponseReturnValue:
    """Let the change happen to the link's order and show its page again; what comes too late is said there."""
    opened, here = read_link(house().settings, signed), house()
    if opened is None:
        return lost()
    shop_id, order = opened
    with here.books.write() as unit:
        unit.shops.lock(shop_id)
        shop = unit.shops.get(shop_id)
        record = unit.orders.get(shop_id, order)
        if shop is None or record is None:
            return lost()
        if shop.state == "uninstalled":
            return left(shop, record)
        try:
            change(unit, shop, order)
        except Misuse:
            return redirect(f"/o/{signed}?late=1", 303)
    return redirect(f"/o/{signed}", 303)
