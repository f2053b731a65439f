"""Lists, page by page. Cursors are signed: nobody can make the database look for a place that it never named."""

import re
from collections.abc import Callable, Iterable, Sequence
from typing import Any, TypeVar

from flask import Response, request
from itsdangerous import BadData, URLSafeSerializer

from core.ports import Page
from pages.api.answers import answer
from pages.api.door import house
from pages.api.problems import KeyProblem

MAX_LIMIT = 250
USUAL_LIMIT = 50
Row = TypeVar("Row")


def limit() -> int:
    """Return how many items the caller wants on a page."""
    asked = request.args.get("limit")
    if asked is None:
        return USUAL_LIMIT
    if not re.fullmatch(r"[0-9]{1,3}", asked) or not 1 <= int(asked) <= MAX_LIMIT:
        raise KeyProblem("limit", f"must be a whole number from 1 to {MAX_LIMIT}")
    return int(asked)


def asked_page(load: Callable[[str | None, int], Page[Row]]) -> Page[Row]:
    """Return the page that the request asks for, from a list of the books: `load` takes cursor and limit."""
    return load(_start(), limit())


def page_of(rows: Sequence[Row], key: Callable[[Row], Sequence[str]]) -> Page[Row]:
    """Return the page that the request asks for, from rows at hand, which are sorted by `key`."""
    start, size = _start(), limit()
    rest = [row for row in rows if start is None or list(key(row)) > start]
    following = list(key(rest[size - 1])) if len(rest) > size else None
    return Page(tuple(rest[:size]), following and _signer().dumps(following))


def listed(items: Iterable[object], following: str | None = None) -> Response:
    """Return one page of a list as an answer; `following` is the cursor that the books gave for the next one."""
    return answer({"items": list(items), "next": following})
