"""How a plan stands as JSON: its parts as JSON-ready values, and its members on one line or a row on each."""

import json
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from core.plan import PlanException

Members = Mapping[str, str | list[str]]
"""The members of the plan's document as text; a list holds a text for each of its rows."""


def as_text(value: Any) -> str:  # noqa: ANN401  # JSON
    """Return the value as JSON, in ASCII only: standard output may be anything."""
    return json.dumps(value)


def instant(at: datetime) -> str:
    """Return the instant with `Z` for UTC."""
    return at.isoformat().replace("+00:00", "Z")


def exception_document(exception: PlanException) -> dict[str, str]:
    """Return one exception with the keys that apply."""
    keys = ("code", "sku", "order", "line", "incoming", "detail")
    return {key: value for key in keys if (value := getattr(exception, key)) is not None}


def members_of(document: Mapping[str, Any]) -> Members:
    """Return the members of a document that is made of values."""
    return {
        key: list(map(as_text, value)) if isinstance(value, list) else as_text(value) for key, value in document.items()
    }


def on_one_line(members: Members) -> str:
    """Return the document on one line, which it ends."""
    return _joined(members, between=", ", first="", rows=", ")


def row_by_row(members: Members) -> str:
    """Return the document with each order, row of free units and exception on a line of its own, ended by one."""
    return _joined(members, between=",\n", first="\n  ", rows=",\n  ")


def _joined(members: Members, *, between: str, first: str, rows: str) -> str:
    # Put together once: a plan may be hundreds of megabytes long.
    pieces = ["{"]
    for key, value in members.items():
        pieces += [between if len(pieces) > 1 else "", as_text(key), ": "]
        if isinstance(value, str):
            pieces.append(value)
            continue
        pieces.append("[")
        gap = first
        for row in value:
            pieces += (gap, row)
            gap = rows
        pieces.append("]")
    return "".join([*pieces, "}\n"])
