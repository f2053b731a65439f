"""What a person looks for on the board and in the list of orders: read from the address, and written back into it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from urllib.parse import urlencode

from flask import request

from core.errors import Misuse
from core.ports.books import Unit
from core.records import SavedView, Shop
from core.records.finding import Wanted
from pages.languages import _

FIELDS = ("q", "item", "supplier", "country", "tag", "tier", "age")
LONGEST = 100
OLDEST = 3650  # days
LISTED = 200
"""Tags, countries and suppliers to choose from: what is not among them is typed into the search."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Finder:
    """The form: what was asked, by field, what can be chosen, and the shop's saved views."""

    asked: Mapping[str, str]
    suppliers: tuple[str, ...]
    countries: tuple[str, ...]
    tags: tuple[str, ...]
    tiers: tuple[int, ...]
    views: tuple[SavedView, ...]

    @property
    def filters(self) -> int:
        """How many filters are set, beside the search."""
        return len(self.asked.keys() - {"q"})

    def query(self, **further: str) -> str:
        """Return what is asked, with further arguments, as the address says it: "" or `?...`."""
        return query({**self.asked, **further})


def asked() -> dict[str, str]:
    """Return the fields that the request's address or form fills."""
    given = ((name, request.values.get(name, "").strip()[:LONGEST]) for name in FIELDS)
    return {name: value for name, value in given if value}


def query(arguments: Mapping[str, str]) -> str:
    """Return the arguments that say something as the end of an address."""
    said = urlencode({name: value for name, value in arguments.items() if value})
    return f"?{said}" if said else ""


def wanted(shop: Shop, now: datetime) -> Wanted:
    """Return what the request asks for. Raises Misuse on a number that is none."""
    fields = asked()
    days = _number(fields, "age", _("Age"), 0, OLDEST)
    return Wanted(
        text=fields.get("q", ""), sku=fields.get("item", ""), supplier=fields.get("supplier", ""),
        country=fields.get("country", ""), tag=fields.get("tag", ""),
        tier=_number(fields, "tier", _("Tier"), -1000, 1000), tiers=shop.policy.tiers_by_tag,
        placed_before=None if days is None else now - timedelta(days=days),
    )  # fmt: skip


def finder(unit: Unit, shop: Shop) -> Finder:
    """Return the form as the request left it."""
    tiers = {0, *shop.policy.tiers_by_tag.values()} if shop.policy.tiers_by_tag else set()
    return Finder(
        asked=asked(),
        suppliers=unit.arrivals.suppliers(shop.id, limit=LISTED),
        countries=unit.orders.marks(shop.id, "country", limit=LISTED),
        tags=(*unit.orders.marks(shop.id, "ours", limit=LISTED), *unit.orders.marks(shop.id, "tag", limit=LISTED)),
        tiers=tuple(sorted(tiers)),
        views=unit.views.all(shop.id),
    )


def _number(fields: Mapping[str, str], name: str, label: str, least: int, most: int) -> int | None:
    text = fields.get(name)
    if text is None:
        return None
    digits = text.removeprefix("-")
    if not (digits.isascii() and digits.isdigit()) or not least <= int(text) <= most:
        raise Misuse(
            _("%(label)s: must be a whole number from %(least)s to %(most)s", label=label, least=least, most=most)
        )
    return int(text)
