"""Incoming supply as a spreadsheet: what a file would add and change, row by row, and what is wrong with it. Pure."""

import csv
import io
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Literal

from core.errors import Misuse
from core.records import IncomingRecord, SupplyKey
from pages import incoming_form as form
from pages.languages import _
from pages.printing import printer
from pages.spreadsheets import unguarded

State = Literal["new", "changed", "same", "wrong"]

HEAD = (
    "number",
    "sku",
    "location",
    "ordered",
    "received",
    "expected_on",
    "at_the_latest_on",
    "supplier",
    "note",
    "closed",
)
FIELDS = dict(
    zip(
        HEAD,
        ("id", "sku", "location", "ordered", "received", "eta", "latest", "supplier", "note", "closed"),
        strict=True,
    )
)
ALIASES = {
    "id": "number", "order": "number", "po": "number", "item": "sku", "units": "ordered", "quantity": "ordered",
    "qty": "ordered", "eta": "expected_on", "expected": "expected_on", "latest": "at_the_latest_on",
    "at_the_latest": "at_the_latest_on",
}  # fmt: skip
NEEDED = ("sku", "ordered")
MOST_ROWS = 5_000
MOST_TEXT = 1_000_000
YES = {"1", "yes", "true", "x", "closed"}


class SheetProblem(Misuse):
    """The file as a whole cannot be read; the sentence says what to do."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SheetRow:
    """One row of the file: its number there, what it would do, and the problems found, by field."""

    number: int
    state: State
    values: Mapping[str, str]
    record: IncomingRecord | None
    problems: Mapping[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Shelf:
    """What rows are held against: the shop's rows by key, its locations (id, name), what it may name."""

    shop: str
    rows: Mapping[SupplyKey, IncomingRecord]
    places: Sequence[tuple[str, str]]
    known: form.Known


def rows_of(text: str, shelf: Shelf) -> tuple[SheetRow, ...]:
    """Return every row of the file with what it would do. Raises SheetProblem."""
    found: list[SheetRow] = []
    taken: set[SupplyKey] = set()
    for number, given in _given(text):
        row = _judged(number, given, shelf)
        if row.record is not None:
            key = row.record.key
            if key in taken:
                problem = {"id": _("This number, item and location stand in an earlier row of the file.")}
                row = replace(row, state="wrong", record=None, problems=problem)
            taken.add(key)
        found.append(row)
    if not found:
        raise SheetProblem(_("The file has no rows below its first line."))
    return tuple(found)


def cells(records: Iterable[IncomingRecord]) -> Iterator[Sequence[object]]:
    """Yield rows for a file that can be read back."""
    for record in records:
        values = form.values_of(record)
        yield [values[FIELDS[name]] for name in HEAD]


def _given(text: str) -> Iterator[tuple[int, dict[str, str]]]:
    """Yield (row number in the file, values by form field) of the rows that are not blank."""
    text = text.removeprefix("\N{ZERO WIDTH NO-BREAK SPACE}")
    first = text.partition("\n")[0]
    delimiter = max(",;\t", key=first.count)
    try:
        lines = list(csv.reader(io.StringIO(text), delimiter=delimiter))
    except csv.Error as problem:
        raise SheetProblem(_("The file cannot be read as CSV: %(problem)s.", problem=problem)) from problem
    names = _names(lines[0] if lines else [])
    if len(lines) > MOST_ROWS + 1:
        raise SheetProblem(
            _("The file has more than %(most_rows)s rows: import it in parts.", most_rows=printer().number(MOST_ROWS))
        )
    for number, line in enumerate(lines[1:], start=2):
        values = {name: unguarded(cell.strip()) for name, cell in zip(names, line, strict=False) if name}
        if any(values.values()):
            yield number, values


def _names(head: Sequence[str]) -> list[str]:
    """Return the form's field for each column, "" for one that means nothing here."""
    words = ["_".join(word.strip().lower().split()) for word in head]
    known = [ALIASES.get(word, word) for word in words]
    missing = [name for name in NEEDED if name not in known]
    if missing:
        raise SheetProblem(
            _("The first line must name the columns; %(missing)s is missing there.", missing=printer().all_of(missing))
        )
    return [FIELDS.get(word, "") if known.index(word) == place else "" for place, word in enumerate(known)]


def _judged(number: int, given: dict[str, str], shelf: Shelf) -> SheetRow:
    place = given.get("location") or shelf.places[0][0]
    location = next((key for key, name in shelf.places if place in {key, name}), place)
    before = shelf.rows.get((given.get("id", ""), given.get("sku", ""), location))
    kept = form.values_of(before) if before else {"received": "0"}
    values = {**kept, **given, "location": location}
    values["closed"] = "1" if values.get("closed", "").lower() in YES else ""
    typed = form.Typed(values=values)
    known = shelf.known.keeping(before) if before else shelf.known
    record = form.parsed(typed, shelf.shop, known, fresh_id=f"row-{number}")
    if before is not None and before.source != "entered":
        typed.problems["id"] = _("This row comes from the shop itself: change it there.")
    if typed.problems or record is None:
        return SheetRow(number=number, state="wrong", values=values, record=None, problems=typed.problems)
    state: State = "new" if before is None else "same" if record == before else "changed"
    return SheetRow(number=number, state=state, values=values, record=record, problems={})
