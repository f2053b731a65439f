"""What may come in: JSON objects of moderate size, without surprises."""

import json
import re
from collections.abc import Iterator

from flask import request
from werkzeug.exceptions import BadRequest, UnsupportedMediaType

from pages.api.problems import KeyProblem

MAX_BODY = 1_000_000
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


def _parsed(raw: bytes) -> object:
    try:
        return json.loads(
            raw.decode(), parse_constant=_no_number, parse_float=_number, object_pairs_hook=_each_key_once
        )
    except (ValueError, RecursionError) as problem:
        # RecursionError: nested too deeply. ValueError: also bytes that are no UTF-8, numbers of 5,000 digits.
        raise BadRequest(f"the body is not JSON that can be taken: {_first_line(problem)}") from problem


def _first_line(problem: Exception) -> str:
    return "nested too deeply" if isinstance(problem, RecursionError) else str(problem).splitlines()[0][:200]


def _no_number(word: str) -> object:
    raise ValueError(f"{word} is not a number in JSON")


def _number(text: str) -> int | float:
    """Return the number. To JSON Schema, and to many programs, 3.0 is a whole one."""
    value = float(text)
    return int(value) if value.is_integer() else value


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
