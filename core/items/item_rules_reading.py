"""Taking in what a merchant sets for one item, from the page or the API."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date

from core.errors import Misuse
from core.items.item_rules import ItemRules
from core.sentences import sentence

KEYS = ("preorder_until", "substitutes")
MOST_SUBSTITUTES = 10
LONGEST_SKU = 255


class RuleProblem(Misuse):
    """A key is unknown or its value cannot be taken; `key` names it."""

    def __init__(self, key: str, message: str) -> None:
        super().__init__(f"{key}: {message}")
        self.key = key


def merge(rules: ItemRules, patch: Mapping[str, object]) -> ItemRules:
    """Return the rules with the keys of `patch` set, the rest kept. Raises RuleProblem."""
    for key in patch:
        if key not in KEYS:
            raise RuleProblem(key[:100], sentence("is not known here; known: %(keys)s", keys=", ".join(KEYS)))
    if "preorder_until" in patch:
        rules = replace(rules, preorder_until=_day(patch["preorder_until"]))
    if "substitutes" in patch:
        rules = replace(rules, substitutes=_skus(patch["substitutes"]))
    return rules


def _day(value: object) -> date | None:
    if value is None:
        return None
    try:
        return date.fromisoformat(value) if isinstance(value, str) and len(value) == len("2026-12-01") else _no_day()
    except ValueError:
        return _no_day()


def _no_day() -> date:
    raise RuleProblem("preorder_until", sentence("must be a date such as 2026-12-01, or null"))


def _skus(value: object) -> tuple[str, ...]:
    good = isinstance(value, list) and len(value) <= MOST_SUBSTITUTES
    skus = value if good and isinstance(value, list) else [None]
    if not all(isinstance(sku, str) and 0 < len(sku) <= LONGEST_SKU for sku in skus):
        raise RuleProblem(
            "substitutes",
            sentence("must be a list of at most %(most_substitutes)s SKUs", most_substitutes=MOST_SUBSTITUTES),
        )
    return tuple(dict.fromkeys(str(sku) for sku in skus))
