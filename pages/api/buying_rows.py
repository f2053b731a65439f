"""How an item is bought, as the API takes and shows it. Pure."""

import re
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

from core.facts import MAX_UNITS
from core.forecast.records import BuyingTerms
from pages.api.problems import Disagreement, KeyProblem

MAX_DAYS = 730
MAX_TEXT = 200
MAX_COST = 10**15
MAX_PARTS = 100
MAX_BREAKS = 20
SERVICE = r"0\.[5-9][0-9]{0,5}"
"""How a share of units shipped at once is written, from 0.5 to below 1."""


def terms_document(terms: BuyingTerms) -> dict[str, Any]:
    """Return the terms; PUT takes what this gives."""
    shown = {key: getattr(terms, key) for key in CHECKS}
    return shown | {"breaks": [{"units": units, "cost": cost} for units, cost in terms.breaks]}


def changed_terms(terms: BuyingTerms, body: Mapping[str, object]) -> BuyingTerms:
    """Return the terms with the keys given replaced. Raises KeyProblem."""
    given: dict[str, Any] = {}
    for key, value in body.items():
        if key not in CHECKS:
            raise KeyProblem(key[:100], f"is not known here; known: {', '.join(CHECKS)}")
        given[key] = CHECKS[key](key, value)
    if terms.sku in given.get("parts", {}):
        raise Disagreement("parts", "a kit cannot be a part of itself")
    return replace(terms, **given)


def _supplier(key: str, value: object) -> str | None:
    if value is not None and (not isinstance(value, str) or len(value) > MAX_TEXT):
        raise KeyProblem(key, f"must be text of at most {MAX_TEXT} characters, or null")
    return value or None


def _whole(least: int, most: int, *, none: bool) -> Callable[[str, object], Any]:
    def check(key: str, value: object) -> int | None:
        if value is None and none:
            return None
        if type(value) is not int or not least <= value <= most:
            raise KeyProblem(key, f"must be a whole number from {least} to {most}{', or null' if none else ''}")
        return value

    return check


def _service(key: str, value: object) -> str | None:
    if value is not None and not (isinstance(value, str) and re.fullmatch(SERVICE, value)):
        raise KeyProblem(key, 'must be a share as text, such as "0.95", from 0.5 to below 1, or null')
    return str(value) if value is not None else None


def _flag(key: str, value: object) -> bool:
    if not isinstance(value, bool):
        raise KeyProblem(key, "must be true or false")
    return value


def _parts(key: str, value: object) -> dict[str, int]:
    if not isinstance(value, dict) or len(value) > MAX_PARTS:
        raise KeyProblem(key, f"must be an object of at most {MAX_PARTS} SKUs, each with its units")
    for sku, units in value.items():
        if not sku or type(units) is not int or not 1 <= units <= MAX_UNITS:
            raise KeyProblem(key, "each part must have a whole number of units, 1 or more")
    return dict(value)


def _breaks(key: str, value: object) -> tuple[tuple[int, int], ...]:
    if not isinstance(value, list) or len(value) > MAX_BREAKS:
        raise KeyProblem(key, f"must be a list of at most {MAX_BREAKS} objects with units and cost")
    found: dict[int, int] = {}
    for row in value:
        if not isinstance(row, dict) or row.keys() != {"units", "cost"}:
            raise KeyProblem(key, "each must have units and cost, and nothing else")
        units = _whole(2, MAX_UNITS, none=False)(f"{key}.units", row["units"])
        found[units] = _whole(0, MAX_COST, none=False)(f"{key}.cost", row["cost"])
    return tuple(sorted(found.items()))


CHECKS: dict[str, Callable[[str, object], Any]] = {
    "supplier": _supplier,
    "lead_days": _whole(0, MAX_DAYS, none=True),
    "review_days": _whole(1, MAX_DAYS, none=True),
    "minimum": _whole(1, MAX_UNITS, none=False),
    "pack": _whole(1, MAX_UNITS, none=False),
    "cost": _whole(0, MAX_COST, none=True),
    "breaks": _breaks,
    "service": _service,
    "parts": _parts,
    "made_to_order": _flag,
}
