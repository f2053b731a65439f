"""The form for incoming supply: what was typed, what is wrong with it beside its field, and the row it makes. Pure."""

import re
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from itertools import count

from core.facts import MAX_UNITS, Incoming
from core.plan import ON_HAND
from core.planning.shop_facts import SOMEWHERE
from core.ports.books import Unit
from core.records import IncomingRecord, Shop
from pages.languages import _, later
from pages.typed_days import A_DAY, typed_day

MAX_TEXT = 1000
PART = ("units", "eta", "latest")
UNSTORABLE = re.compile("[\0\ud800-\udfff]")
TEXTS = {
    "id": later("Number"),
    "sku": later("SKU"),
    "location": later("Location"),
    "supplier": later("Supplier"),
    "note": later("Note"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Typed:
    """What a person typed and the problems found with it, both by field name."""

    values: Mapping[str, str]
    problems: dict[str, str] = field(default_factory=dict)

    def text(self, name: str) -> str:
        """Return the field without blanks around it."""
        return self.values.get(name, "").strip()


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """What a row may name: the shop's places, the first of which is the default, and its SKUs."""

    places: tuple[str, ...]
    has_sku: Callable[[str], bool]

    def keeping(self, row: IncomingRecord) -> "Known":
        """Return the same for a row that is there: it keeps a place that was closed, and an item deleted, since."""
        return Known(
            places=(*self.places, row.incoming.location),
            has_sku=lambda sku: sku == row.incoming.sku or self.has_sku(sku),
        )


def places_of(shop: Shop) -> tuple[tuple[str, str], ...]:
    """Return id and name of the locations for new supply: those in use, the ones that ship online orders first."""
    ranked = sorted(shop.places, key=lambda place: not place.ships_online)
    places = tuple((place.id, place.name) for place in ranked if place.active)
    return places or ((SOMEWHERE, _("Main")),)


def names_of(shop: Shop) -> dict[str, str]:
    """Return the name of each location by id, those that were closed among them: supply may be bound for one still."""
    return {**{place.id: place.name for place in shop.places}, **dict(places_of(shop))}


def known_in(unit: Unit, shop: Shop) -> Known:
    """Return what a new row may name in the shop: of what was deleted there nothing comes any more."""

    def has_sku(sku: str) -> bool:
        item = unit.items.get(shop.id, sku)
        return item is not None and not item.snapshot.gone

    return Known(places=tuple(place for place, _name in places_of(shop)), has_sku=has_sku)


def blank(place: str) -> dict[str, str]:
    """Return the values of an empty form."""
    return {"location": place, "received": "0"}


def values_of(record: IncomingRecord) -> dict[str, str]:
    """Return the form's values for a stored row."""
    row = record.incoming
    return {
        "id": row.id,
        "sku": row.sku,
        "location": row.location,
        "ordered": str(row.ordered),
        "received": str(row.received),
        "eta": row.eta.isoformat() if row.eta else "",
        "latest": row.latest.isoformat() if row.latest else "",
        "supplier": record.supplier or "",
        "note": record.note or "",
        "closed": "1" if row.closed else "",
    }


def parsed(typed: Typed, shop: str, known: Known, *, fresh_id: str) -> IncomingRecord | None:
    """Return the row that was typed, or None with `typed.problems` filled."""
    _check_texts(typed)
    _check_names(typed, known)
    ordered = whole(typed, "ordered", least=1)
    received = whole(typed, "received", least=0) if typed.text("received") else 0
    eta, latest = day(typed, "eta"), day(typed, "latest")
    _check_dates(typed, eta, latest)
    if typed.problems:
        return None
    row = Incoming(
        id=typed.text("id") or fresh_id, sku=typed.text("sku"), location=typed.text("location"), ordered=ordered,
        received=received, closed=bool(typed.text("closed")), eta=eta, latest=latest,
    )  # fmt: skip
    return IncomingRecord(
        shop=shop, incoming=row, supplier=typed.text("supplier") or None, note=typed.text("note") or None
    )


def received(typed: Typed, record: IncomingRecord) -> IncomingRecord | None:
    """Return the row with the units that came in now added to those received before, or None with problems."""
    units = whole(typed, "units", least=1)
    if typed.problems:
        return None
    total = record.incoming.received + units
    if total > MAX_UNITS:
        typed.problems["units"] = _("That is more than can be counted here.")
        return None
    return replace(record, incoming=replace(record.incoming, received=total))


def split(typed: Typed, record: IncomingRecord, *, taken: Collection[str]) -> tuple[IncomingRecord, ...]:
    """Return the row with fewer units and a new one with those that come on another day; none with problems."""
    units, eta, latest = whole(typed, "part_units", least=1), day(typed, "part_eta"), day(typed, "part_latest")
    if "part_units" not in typed.problems and units >= record.incoming.remaining:
        typed.problems["part_units"] = _(
            "Fewer than the %(remaining)s that are to come: some must stay.", remaining=record.incoming.remaining
        )
    _check_dates(typed, eta, latest, "part_")
    if typed.problems:
        return ()
    row = record.incoming
    number = next(name for n in count(2) if (name := f"{row.id}-{n}") not in taken)
    rest = replace(record, incoming=replace(row, ordered=row.ordered - units))
    part = replace(row, id=number, ordered=units, received=0, eta=eta, latest=latest)
    return rest, replace(record, incoming=part)


def whole(typed: Typed, name: str, *, least: int) -> int:
    """Return a whole number of units; notes a problem and returns 0 where it is none."""
    text = typed.text(name)
    if re.fullmatch(r"[0-9]{1,10}", text) and least <= int(text) <= MAX_UNITS:
        return int(text)
    typed.problems[name] = _("Give a whole number of units, %(least)s or more.", least=least)
    return 0


def day(typed: Typed, name: str) -> date | None:
    """Return a date or None where nothing was typed; notes a problem where it is no date."""
    text = typed.text(name)
    if not text:
        return None
    found = typed_day(text)
    if found is None:
        typed.problems[name] = _("Give %(a_day)s.", a_day=_(A_DAY))
    return found


def _check_texts(typed: Typed) -> None:
    for name, label in TEXTS.items():
        if len(typed.text(name)) > MAX_TEXT or UNSTORABLE.search(typed.text(name)):
            typed.problems[name] = _(
                "%(label)s: at most %(max_text)s ordinary characters.", label=_(label), max_text=f"{MAX_TEXT:,}"
            )


def _check_names(typed: Typed, known: Known) -> None:
    if typed.text("id") == ON_HAND:
        typed.problems["id"] = _("This word means the stock itself: choose another number.")
    if not typed.text("sku"):
        typed.problems["sku"] = _("Say which item is coming.")
    elif "sku" not in typed.problems and not known.has_sku(typed.text("sku")):
        typed.problems["sku"] = _("No item of the shop has this SKU. Items lists them all.")
    if typed.text("location") not in known.places:
        typed.problems["location"] = _("Choose one of the shop's locations.")


def _check_dates(typed: Typed, eta: date | None, latest: date | None, kind: str = "") -> None:
    name = f"{kind}latest"
    if name in typed.problems or f"{kind}eta" in typed.problems or latest is None:
        return
    if eta is None:
        typed.problems[name] = _("A cautious date needs an expected date as well.")
    elif latest < eta:
        typed.problems[name] = _("The cautious date cannot be before the expected one.")
