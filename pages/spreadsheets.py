"""Tables as CSV files that a spreadsheet opens without running anything that stands in them."""

import csv
import io
import re
from collections.abc import Iterable, Iterator, Sequence

from flask import Response, stream_with_context

DANGEROUS = re.compile(r"'*([\t\r\n\0]|\s*[=+@\uff1d\uff0b\uff0d\uff20-])")
"""How a cell begins that a spreadsheet would take for a formula; full-width signs are some languages' own."""


def sheet(name: str, head: Sequence[str], rows: Iterable[Sequence[object]]) -> Response:
    """Return the rows as a file to download: UTF-8 with a mark, which spreadsheets need to read it as such.

    It is sent as the rows come: a long table stands in memory a line at a time.
    """
    response = Response(stream_with_context(_lines(head, rows)), content_type="text/csv; charset=utf-8")
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


def _lines(head: Sequence[str], rows: Iterable[Sequence[object]]) -> Iterator[str]:
    text = io.StringIO()
    writer = csv.writer(text)
    text.write("\N{ZERO WIDTH NO-BREAK SPACE}")
    writer.writerow(head)
    for row in rows:
        writer.writerow([cell(value) for value in row])
        yield text.getvalue()
        text.seek(0)
        text.truncate()
    yield text.getvalue()


def cell(value: object) -> object:
    """Return what is written: numbers as they are, text so that it stays text."""
    if value is None:
        return ""
    if isinstance(value, int | float) and not isinstance(value, bool):
        return value
    text = str(value)
    return f"'{text}" if DANGEROUS.match(text) else text


def unguarded(text: str) -> str:
    """Return a cell's text as it was before `cell` guarded it."""
    return text[1:] if text.startswith("'") and DANGEROUS.match(text, 1) else text
