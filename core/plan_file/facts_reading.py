"""From the text of a plan file to facts: every problem is named with its place, or there is none."""

from datetime import UTC, datetime
from typing import Any

from core.facts import Component, Facts, Incoming, Item, Line, Location, Order, Policy, RingFence, Stock
from core.plan_file.field_reading import Problems, read_object, rows
from core.plan_file.fields import (
    COMPONENT,
    DOCUMENT,
    FENCE,
    INCOMING,
    ITEM,
    LINE,
    LOCATION,
    ORDER,
    POLICY,
    STOCK,
    Fields,
)
from core.plan_file.json_reading import Unreadable, read_json, shown

NOBODY = datetime(1970, 1, 1, tzinfo=UTC)


class PlanFileProblems(ValueError):
    """The document cannot be taken; `problems` holds one line for each thing that is wrong."""

    def __init__(self, problems: tuple[str, ...]) -> None:
        super().__init__("\n".join(problems))
        self.problems = problems


def decoded(raw: bytes) -> str:
    """Return the text of a document; a byte order mark is passed over. Raises PlanFileProblems."""
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError as problem:
        raise PlanFileProblems((f"document: must be UTF-8, but byte {problem.start} is not",)) from None


def parse(document: str) -> Facts:
    """Return the facts of a document. Raises PlanFileProblems with everything that is wrong with it."""
    try:
        tree = read_json(document)
    except Unreadable as problem:
        raise PlanFileProblems((f"document: {problem}",)) from None
    reading = _Reading(Problems([]))
    facts = reading.facts(tree)
    if facts is None or reading.problems.lines:
        raise PlanFileProblems(tuple(reading.problems.lines))
    return facts


def facts_of(tree: object) -> Facts | None:
    """Return the facts of a document that is a tree already; None where it has a problem."""
    reading = _Reading(Problems([]))
    facts = reading.facts(tree)
    return None if reading.problems.lines else facts


class _Reading:
    """One document being read. A row with a problem is left out; the problem keeps the facts from being used."""

    def __init__(self, problems: Problems) -> None:
        self.problems = problems
        self.places: set[str] = set()
        self.first_place = "main"
        self.all_places_known = True
        self.as_of = NOBODY

    def facts(self, tree: object) -> Facts | None:
        found = read_object(self.problems, "", tree, DOCUMENT)
        if found is None:
            return None
        self.as_of = found.get("as_of", NOBODY)
        policy = self.policy(found["policy"])
        locations = self.locations(found["locations"])
        return Facts(
            as_of=self.as_of,
            policy=policy,
            locations=locations,
            items=self.items(found["items"]),
            stock=self.stock(found["stock"]),
            incoming=self.incoming(found["incoming"]),
            orders=self.orders(found.get("orders", [])),
        )

    def row(self, place: str, value: object, fields: Fields) -> dict[str, Any] | None:
        """Return a row whose fields are all fit."""
        found = read_object(self.problems, place, value, fields)
        return found if found is not None and len(found) == len(fields) else None

    def once(self, seen: dict[Any, str], place: str, key: object, words: str = "repeats {}") -> None:
        """Object to a second row of the same key, the parts of which fill the gaps in `words`."""
        first = seen.setdefault(key, place)
        if first != place:
            parts = key if isinstance(key, tuple) else (key,)
            self.problems.add(place, f"{words.format(*map(shown, parts))}, as {first} does")

    def located(self, place: str, found: dict[str, Any]) -> None:
        """Fill in the first location, and object to one that is not listed."""
        if found["location"] is None:
            found["location"] = self.first_place
        elif self.all_places_known and found["location"] not in self.places:
            self.problems.add(f"{place}.location", f"{shown(found['location'])} is not a listed location")

    def policy(self, value: object) -> Policy:
        found = read_object(self.problems, "policy", value, POLICY) or {}
        fences = [
            RingFence(order_class=row["class"], sku=row["sku"], units=row["units"], until=row["until"])
            for place, entry in rows(self.problems, "policy.ring_fences", found.pop("ring_fences", []))
            if (row := self.row(place, entry, FENCE))
        ]
        return Policy(**found, ring_fences=tuple(fences))

    def locations(self, value: object) -> tuple[Location, ...]:
        seen: dict[Any, str] = {}
        made = []
        entries = rows(self.problems, "locations", value)
        for place, entry in entries:
            found = self.row(place, entry, LOCATION)
            if found:
                self.once(seen, f"{place}.id", found["id"])
                made.append(Location(**found))
        self.all_places_known = len(made) == len(entries) and isinstance(value, list)
        made = made or [Location(id="main")]
        self.places = {place.id for place in made}
        self.first_place = made[0].id
        return tuple(made)

    def items(self, value: object) -> tuple[Item, ...]:
        seen: dict[Any, str] = {}
        made: list[tuple[str, Item]] = []
        for place, entry in rows(self.problems, "items", value):
            found = read_object(self.problems, place, entry, ITEM)
            parts = self.components(f"{place}.components", found.pop("components", [])) if found else ()
            if found and len(found) == len(ITEM) - 1:
                self.once(seen, f"{place}.sku", found["sku"])
                made.append((place, Item(**found, components=parts)))
        kits = {item.sku for _, item in made if item.components}
        for place, item in made:
            for number, part in enumerate(item.components):
                if part.sku in kits:
                    words = f"{shown(part.sku)} is a kit and cannot be a part of {shown(item.sku)}"
                    self.problems.add(f"{place}.components[{number}].sku", words)
        return tuple(item for _, item in made)

    def components(self, place: str, value: object) -> tuple[Component, ...]:
        seen: dict[Any, str] = {}
        made = []
        for part_place, entry in rows(self.problems, place, value):
            found = self.row(part_place, entry, COMPONENT)
            if found:
                self.once(seen, f"{part_place}.sku", found["sku"], "repeats the part {}")
                made.append(Component(**found))
        return tuple(made)

    def stock(self, value: object) -> tuple[Stock, ...]:
        seen: dict[Any, str] = {}
        made = []
        for place, entry in rows(self.problems, "stock", value):
            found = self.row(place, entry, STOCK)
            if found:
                self.located(place, found)
                self.once(seen, place, (found["sku"], found["location"]), "repeats {} at {}")
                found["observed_at"] = found["observed_at"] or self.as_of
                made.append(Stock(**found))
        return tuple(made)

    def incoming(self, value: object) -> tuple[Incoming, ...]:
        seen: dict[Any, str] = {}
        made = []
        for place, entry in rows(self.problems, "incoming", value):
            found = self.row(place, entry, INCOMING)
            if found:
                self.located(place, found)
                self.once(seen, place, (found["id"], found["sku"], found["location"]), "repeats {} for {} at {}")
                self.dated(place, found)
                made.append(Incoming(**found))
        return tuple(made)

    def dated(self, place: str, found: dict[str, Any]) -> None:
        """Object to a `latest` that has no `eta` or lies before it."""
        eta, latest = found["eta"], found["latest"]
        if latest is not None and eta is None:
            self.problems.add(f"{place}.latest", f"needs an eta, got {latest} without one")
        elif latest is not None and latest < eta:
            self.problems.add(f"{place}.latest", f"must not be before the eta {eta}, got {latest}")

    def orders(self, value: object) -> tuple[Order, ...]:
        seen: dict[Any, str] = {}
        made = []
        for place, entry in rows(self.problems, "orders", value):
            found = read_object(self.problems, place, entry, ORDER)
            if not found:
                continue
            if "id" in found:
                self.once(seen, f"{place}.id", found["id"])
            if "location" in found:
                self.located(place, found)
            lines = self.lines(f"{place}.lines", found.pop("lines", []))
            if len(found) == len(ORDER) - 1:
                made.append(Order(**found_as(found, "class", "order_class"), lines=lines))
        return tuple(made)

    def lines(self, place: str, value: object) -> tuple[Line, ...]:
        seen: dict[Any, str] = {}
        made = []
        for line_place, entry in rows(self.problems, place, value):
            found = self.row(line_place, entry, LINE)
            if found:
                self.once(seen, f"{line_place}.id", found["id"])
                made.append(Line(**found))
        return tuple(made)


def found_as(found: dict[str, Any], key: str, name: str) -> dict[str, Any]:
    """Return the fields with one under the name that Python allows."""
    found[name] = found.pop(key)
    return found
