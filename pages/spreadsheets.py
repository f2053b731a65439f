"""Tables as CSV files that a spreadsheet opens without running anything that stands in them."""

import csv
import io
from collections.abc import Iterable, Sequence

from flask import Response

DANGEROUS = ("=", "+", "-", "@", "\t", "\r", "\n")
"""How a cell begins that a spreadsheet would take for a formula."""


def sheet(name: str, head: Sequence[str], rows: Iterable[Sequence[object]]) -> Response:
    """Return the rows as a file to download: UTF-8 with a mark, which spreadsheets need to read it as such."""
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow(head)
    writer.writerows([cell(value) for value in row] for row in rows)
    response = Response("\N{ZERO WIDTH NO-BREAK SPACE}" + text.getvalue(), content_type="text/csv; charset=utf-8")
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


def cell(value: object) -> object:
    """Return what is written: numbers as they are, text so that it stays text."""
    if value is None:
        return ""
    if isinstance(value, int | float) and not isinstance(value, bool):
        return value
    text = str(value)
    return f"'{text}" if text.startswith(DANGEROUS) else text


def unguarded(text: str) -> str:
    """Return a cell's text as it was before `cell` guarded it."""
    return text[1:] if text.startswith("'") and text[1:].startswith(DANGEROUS) else text
