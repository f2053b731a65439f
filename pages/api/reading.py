"""What may come in: JSON objects of moderate size without surprises, limits, and cursors."""

import base64
import binascii
import json
import re
from collections.abc import Callable, Iterator, Sequence
from typing import TypeVar

from flask import request
from werkzeug.exceptions import BadRequest, UnsupportedMediaType

from core.ports import Page
from pages.api.problems import KeyProblem

Row = TypeVar("Row")
MAX_BODY = 1_000_000
MAX_LIMIT = 250
USUAL_LIMIT = 50
MAX_CURSOR = 8_000  # an incoming row's key: three texts of 1,000 characters, in base64
PATH = 100  # characters of a place that are kept: a long key would else be copied for every entry below it
UNSTORABLE = re.compile("[\0\ud800-\udfff]")


def body() -> dict[str, object]:
    """Return the request's JSON object.

    Aborts with 415, 413 or 400; raises KeyProblem where it is no object or holds text that no database can keep
    (NUL, lone surrogates).
    """
    if not (request.mimetype == "application/json" or request.mimetype.endswith("+json")):
        raise UnsupportedMediaType("send JSON with Content-Type: application/json")
    request.max_content_length = MAX_BODY
    document = _parsed(request.get_data(cache=False))
    if not isinstance(document, dict):
        raise KeyProblem("body", "must be a JSON object")
    for path, text in _texts(document):
        if UNSTORABLE.search(text):
            raise KeyProblem(UNSTORABLE.sub("?", path), "must not hold a NUL or half a surrogate pair")
    return document


def limit() -> int:
    """Return how many items the caller wants on a page."""
    asked = request.args.get("limit")
    if asked is None:
        return USUAL_LIMIT
    if not re.fullmatch(r"[0-9]{1,3}", asked) or not 1 <= int(asked) <= MAX_LIMIT:
        raise KeyProblem("limit", f"must be a whole number from 1 to {MAX_LIMIT}")
    return int(asked)


def cursor() -> str | None:
    """Return the cursor that an earlier page gave as `next`."""
    given = request.args.get("cursor") or None
    if given is not None and not (len(given) <= MAX_CURSOR and given.isascii() and given.isprintable()):
        raise foreign_cursor()
    return given


def asked_page(load: Callable[[str | None, int], Page[Row]]) -> Page[Row]:
    """Return the page that the request asks for, from a list of the books: `load` takes cursor and limit."""
    start, size = cursor(), limit()
    try:
        return load(start, size)
    except ValueError as problem:
        raise foreign_cursor() from problem


def foreign_cursor() -> KeyProblem:
    """Return what to say about a cursor that we did not make."""
    return KeyProblem("cursor", "is not one of ours: take it from `next` of an earlier page")


def cursor_of(key: Sequence[str]) -> str:
    """Return a cursor for lists that are sorted by `key`: the page after the row with this key."""
    return base64.urlsafe_b64encode(json.dumps(list(key)).encode()).decode()


def after(parts: int) -> tuple[str, ...] | None:
    """Return the key of `parts` texts after which the page begins, from the request's cursor."""
    given = cursor()
    if given is None:
        return None
    try:
        key = json.loads(base64.b64decode(given, altchars=b"-_", validate=True))
    except (binascii.Error, ValueError, RecursionError) as problem:
        raise foreign_cursor() from problem
    if not isinstance(key, list) or len(key) != parts or not all(isinstance(part, str) for part in key):
        raise foreign_cursor()
    return tuple(key)


def _parsed(raw: bytes) -> object:
    try:
        return json.loads(raw.decode(), parse_constant=_no_number, object_pairs_hook=_each_key_once)
    except (ValueError, RecursionError) as problem:
        # RecursionError: nested too deeply. ValueError: also bytes that are no UTF-8, numbers of 5,000 digits.
        raise BadRequest(f"the body is not JSON that can be taken: {_first_line(problem)}") from problem


def _first_line(problem: Exception) -> str:
    return "nested too deeply" if isinstance(problem, RecursionError) else str(problem).splitlines()[0][:200]


def _no_number(word: str) -> object:
    raise ValueError(f"{word} is not a number in JSON")


def _each_key_once(pairs: list[tuple[str, object]]) -> dict[str, object]:
    document = dict(pairs)
    if len(document) != len(pairs):
        raise ValueError("a key appears twice in one object")
    return document


def _texts(document: object) -> Iterator[tuple[str, str]]:
    """Yield every text with its place, keys included, without recursion."""
    waiting: list[tuple[str, object]] = [("", document)]
    while waiting:
        path, value = waiting.pop()
        if isinstance(value, str):
            yield path, value
        elif isinstance(value, list):
            waiting += [(f"{path}[{place}]"[:PATH], entry) for place, entry in enumerate(value)]
        elif isinstance(value, dict):
            for key, entry in value.items():
                here = (f"{path}.{key}" if path else key)[:PATH]
                yield here, key
                waiting.append((here, entry))
