"""Incoming supply as the API takes and shows it: the plan file's keys, checked like the plan file's. Pure."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import date
from typing import Any

from core.facts import MAX_UNITS, Incoming
from core.plan import ON_HAND
from core.records import IncomingRecord
from pages.api.answers import day
from pages.api.problems import Disagreement, KeyProblem
from pages.incoming_form import Known
from pages.typed_days import A_DAY, typed_day

MAX_TEXT = 1000
Check = Callable[[str, object], Any]


def supply_document(record: IncomingRecord) -> dict[str, Any]:
    """Return the row; PUT takes what this gives."""
    row = record.incoming
    return {
        "id": row.id,
        "sku": row.sku,
        "location": row.location,
        "ordered": row.ordered,
        "received": row.received,
        "closed": row.closed,
        "eta": day(row.eta),
        "latest": day(row.latest),
        "supplier": record.supplier,
        "note": record.note,
        "source": record.source,
    }


def new_row(shop: str, body: Mapping[str, object], known: Known, *, fresh_id: str) -> IncomingRecord:
    """Return the row that `body` describes, with `fresh_id` where it names none. Raises KeyProblem."""
    given = _checked(body)
    for key in ("sku", "ordered"):
        if key not in given:
            raise KeyProblem(key, "is required")
    blank = Incoming(id=fresh_id, sku="", location=known.places[0], ordered=0)
    return _sound(_with(IncomingRecord(shop=shop, incoming=blank), given), known)


def changed_row(record: IncomingRecord, body: Mapping[str, object], known: Known) -> IncomingRecord:
    """Return the row with the keys given replaced. Its id stays. Raises KeyProblem."""
    given = _checked(body)
    if given.get("id", record.incoming.id) != record.incoming.id:
        raise Disagreement("id", "cannot be changed: delete the row and add another")
    return _sound(_with(record, given), known)


def _with(record: IncomingRecord, given: dict[str, Any]) -> IncomingRecord:
    ours = {key: given[key] for key in ("supplier", "note") if key in given}
    row = {key: value for key, value in given.items() if key not in {"supplier", "note", "source"}}
    return replace(record, incoming=replace(record.incoming, **row), **ours)


def _sound(record: IncomingRecord, known: Known) -> IncomingRecord:
    row = record.incoming
    if not known.has_sku(row.sku):
        raise Disagreement("sku", "no item of the shop has this SKU")
    if row.location not in known.places:
        raise Disagreement("location", f"must be a location of the shop, such as {known.places[0]}")
    if row.latest is not None and row.eta is None:
        raise Disagreement("latest", "needs an eta")
    if row.latest is not None and row.eta is not None and row.latest < row.eta:
        raise Disagreement("latest", "must not be before eta")
    return record


def _checked(body: Mapping[str, object]) -> dict[str, Any]:
    given: dict[str, Any] = {}
    for key, value in body.items():
        if key not in CHECKS:
            raise KeyProblem(key[:100], f"is not known here; known: {', '.join(CHECKS)}")
        given[key] = CHECKS[key](key, value)
    return given


def _id(key: str, value: object) -> str:
    text = _text(key, value)
    if text == ON_HAND:
        raise KeyProblem(key, "this word means the stock itself")
    return text


def _text(key: str, value: object) -> str:
    if not isinstance(value, str) or not 1 <= len(value) <= MAX_TEXT:
        raise KeyProblem(key, f"must be text of 1 to {MAX_TEXT:,} characters")
    return value


def _text_or_null(key: str, value: object) -> str | None:
    if value is not None and (not isinstance(value, str) or len(value) > MAX_TEXT):
        raise KeyProblem(key, f"must be text of at most {MAX_TEXT:,} characters, or null")
    return value or None


def _units(key: str, value: object) -> int:
    if type(value) is not int or not 0 <= value <= MAX_UNITS:
        raise KeyProblem(key, f"must be a whole number from 0 to {MAX_UNITS}")
    return value


def _flag(key: str, value: object) -> bool:
    if not isinstance(value, bool):
        raise KeyProblem(key, "must be true or false")
    return value


def _date_or_null(key: str, value: object) -> date | None:
    if value is None:
        return None
    found = typed_day(value) if isinstance(value, str) else None
    if found is None:
        raise KeyProblem(key, f"must be {A_DAY}, or null")
    return found


def _source(key: str, value: object) -> str:
    if value != "entered":
        raise KeyProblem(key, "only entered supply can be written here")
    return "entered"


CHECKS: dict[str, Check] = {
    "id": _id,
    "sku": _text,
    "location": _text,
    "ordered": _units,
    "received": _units,
    "closed": _flag,
    "eta": _date_or_null,
    "latest": _date_or_null,
    "supplier": _text_or_null,
    "note": _text_or_null,
    "source": _source,
}
