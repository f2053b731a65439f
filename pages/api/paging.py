"""Lists, page by page. Cursors are signed: nobody can make the database look for a place that it never named."""

import re
from collections.abc import Callable, Iterable, Sequence
from typing import Any, TypeVar

from flask import Response, request
from itsdangerous import BadData, URLSafeSerializer

from core.ports.pages import Page
from pages.api.answers import answer
from pages.api.problems import KeyProblem, Unknown
from pages.visitor import house

CURSOR = r"(\.?[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+)?"
"""How a cursor is written; only its signature tells whether it is one of ours."""
MAX_LIMIT = 250
USUAL_LIMIT = 50
NOT_OURS = "is not one of ours: take it from `next` of an earlier page"
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
    found = load(_start(), limit())
    return Page(found.items, _signed(found.next))


def page_of(rows: Sequence[Row], key: Callable[[Row], Sequence[str]]) -> Page[Row]:
    """Return the page that the request asks for, from rows at hand, which are sorted by `key`."""
    start, size = _start(), limit()
    rest = [row for row in rows if start is None or list(key(row)) > start]
    return Page(tuple(rest[:size]), _signed(list(key(rest[size - 1])) if len(rest) > size else None))


def listed(items: Iterable[object], following: str | None = None) -> Response:
    """Return one page of a list as an answer; `following` is the cursor of the next one."""
    return answer({"items": list(items), "next": following})


def _start() -> Any:  # noqa: ANN401  # whatever `_signed` was given for the same list
    """Return where the page begins, from the cursor that an earlier page gave as `next`."""
    given = request.args.get("cursor")
    if not given:
        return None
    if not re.fullmatch(CURSOR, given):
        raise KeyProblem("cursor", NOT_OURS)
    try:
        return _signer().loads(given)
    except BadData as problem:
        raise Unknown("cursor", NOT_OURS) from problem


def _signed(place: str | list[str] | None) -> str | None:
    if place is None:
        return None
    cursor: str = _signer().dumps(place)
    return cursor


def _signer() -> URLSafeSerializer:
    """One list's cursors mean nothing to another list."""
    return URLSafeSerializer(house().settings.signing_keys, salt=f"cursor:{request.endpoint}")
