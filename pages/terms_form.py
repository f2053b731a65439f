"""How an item is bought, as a form: what was typed, its problems, and the terms that it means. Pure."""

import re
from dataclasses import replace
from decimal import Decimal, InvalidOperation

from core.facts import MAX_UNITS
from core.forecast.records import BuyingTerms
from core.money import exponent, major
from pages.incoming_form import Typed
from pages.languages import _
from pages.printing import printer

MAX_TEXT = 200
MAX_DAYS = 730
MAX_COST = 10**12
MAX_BREAKS = 20


def values_of(terms: BuyingTerms, currency: str) -> dict[str, str]:
    """Return the form's values for stored terms; what is not set is empty."""
    return {
        "supplier": terms.supplier or "",
        "lead_days": "" if terms.lead_days is None else str(terms.lead_days),
        "review_days": "" if terms.review_days is None else str(terms.review_days),
        "minimum": str(terms.minimum),
        "pack": str(terms.pack),
        "cost": "" if terms.cost is None else major(terms.cost, currency),
        "breaks": "\n".join(f"{units} = {major(cost, currency)}" for units, cost in terms.breaks),
        "service": terms.service or "",
        "made_to_order": "1" if terms.made_to_order else "",
        "parts": "\n".join(f"{sku} = {units}" for sku, units in terms.parts.items()),
    }


def parsed(typed: Typed, before: BuyingTerms, currency: str) -> BuyingTerms | None:
    """Return the terms as typed, or None with the problems noted."""
    after = replace(
        before,
        supplier=_supplier(typed),
        lead_days=_whole(typed, "lead_days", 0, MAX_DAYS),
        review_days=_whole(typed, "review_days", 1, MAX_DAYS),
        minimum=_whole(typed, "minimum", 1, MAX_UNITS) or 1,
        pack=_whole(typed, "pack", 1, MAX_UNITS) or 1,
        cost=_cost(typed, "cost", typed.text("cost"), currency),
        breaks=_breaks(typed, currency),
        service=_service(typed),
        parts=_parts(typed, before.sku),
        made_to_order=typed.text("made_to_order") == "1",
    )
    return None if typed.problems else after


def _supplier(typed: Typed) -> str | None:
    text = typed.text("supplier")
    if len(text) > MAX_TEXT or not text.isprintable():
        typed.problems["supplier"] = _("At most %(max_text)s ordinary characters.", max_text=printer().number(MAX_TEXT))
    return text or None


def _whole(typed: Typed, name: str, least: int, most: int) -> int | None:
    text = typed.text(name)
    if not text:
        return None
    if re.fullmatch(r"[0-9]{1,10}", text) and least <= int(text) <= most:
        return int(text)
    typed.problems[name] = _(
        "Give a whole number from %(least)s to %(most)s, or leave it empty.", least=least, most=printer().number(most)
    )
    return None


def _cost(typed: Typed, name: str, text: str, currency: str) -> int | None:
    if not text:
        return None
    try:
        cost = Decimal(text) if len(text) <= 20 else Decimal("NaN")
        minor = cost.scaleb(exponent(currency))
        if cost.is_finite() and 0 <= cost <= MAX_COST and minor == minor.to_integral_value():
            return int(minor)
    except (InvalidOperation, ArithmeticError):
        pass  # no number at all: the same sentence
    typed.problems[name] = _("Give an amount such as 12.50, or leave it empty.")
    return None


def _breaks(typed: Typed, currency: str) -> tuple[tuple[int, int], ...]:
    found: dict[int, int] = {}
    for line in filter(None, (line.strip() for line in typed.text("breaks").splitlines())):
        units, _sign, price = (part.strip() for part in line.partition("="))
        cost = _cost(typed, "breaks", price, currency) if re.fullmatch(r"[1-9][0-9]{0,8}", units) else None
        if cost is None or len(found) == MAX_BREAKS:
            typed.problems["breaks"] = _(
                "One a line, such as 100 = 4.20, %(max_breaks)s at most.", max_breaks=MAX_BREAKS
            )
            return ()
        found[int(units)] = cost
    return tuple(sorted(found.items()))


def _service(typed: Typed) -> str | None:
    text = typed.text("service")
    if not text:
        return None
    if re.fullmatch(r"0?\.[0-9]{1,4}", text) and Decimal("0.5") <= Decimal(text) < 1:
        return text
    typed.problems["service"] = _("Give a share from 0.5 to 0.999, or leave it empty.")
    return None


def _parts(typed: Typed, sku: str) -> dict[str, int]:
    parts: dict[str, int] = {}
    for line in filter(None, (line.strip() for line in typed.text("parts").splitlines())):
        part, _sign, units = line.rpartition("=")
        number = units.strip()
        if not part.strip() or part.strip() == sku or not re.fullmatch(r"[1-9][0-9]{0,5}", number):
            typed.problems["parts"] = _("One part a line, such as camp-mug = 2; a kit cannot be a part of itself.")
            return {}
        parts[part.strip()] = int(number)
    return parts
