"""The API's search syntax: `updated_at:>='2026-01-01' status:open -tag:vip OR id:7`, as a test on a row.

A term that the simulator does not know is an error here, where the platform would pass over it in silence.
"""

import re
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from typing import Any, TypeVar

from connectors.simulator.shopify.graphql_errors import bad_request

Row = TypeVar("Row")
Fields = Mapping[str, Callable[[Row], Any]]

TOKEN = re.compile(
    r"\s*(?:(?P<paren>[()])|(?P<word>OR|AND)(?=[\s(])"
    r"|(?P<minus>-)?(?P<term>[\w.]+):(?P<op>>=|<=|>|<)?(?P<value>'[^']*'|\"[^\"]*\"|[^\s()]+))"
)
Test = Callable[[Any], bool]


def predicate(query: str | None, fields: Fields[Row]) -> Callable[[Row], bool]:
    """Return the test that `query` stands for; none passes everything. Raises GraphQLError for what is not known."""
    if not query or not query.strip():
        return lambda _: True
    tokens = _tokens(query)
    test = _either(tokens, fields)
    if tokens:
        raise bad_request(f"The simulator cannot read the search query: {query}")
    return test


def _tokens(query: str) -> list[re.Match[str]]:
    found, at = [], 0
    while query[at:].strip():
        match = TOKEN.match(query, at)
        if match is None:
            raise bad_request(f"The simulator cannot read the search query: {query}")
        found.append(match)
        at = match.end()
    return found


def _either(tokens: list[re.Match[str]], fields: Fields[Any]) -> Test:
    tests = [_all(tokens, fields)]
    while tokens and tokens[0]["word"] == "OR":
        tokens.pop(0)
        tests.append(_all(tokens, fields))
    return lambda row: any(test(row) for test in tests)


def _all(tokens: list[re.Match[str]], fields: Fields[Any]) -> Test:
    tests: list[Test] = []
    while tokens and tokens[0]["word"] != "OR" and tokens[0]["paren"] != ")":
        token = tokens.pop(0)
        if token["paren"] == "(":
            tests.append(_either(tokens, fields))
            if not tokens or tokens.pop(0)["paren"] != ")":
                raise bad_request("The search query misses a closing parenthesis")
        elif token["term"]:
            tests.append(_term(token, fields))
    return lambda row: all(test(row) for test in tests)


def _term(token: re.Match[str], fields: Fields[Any]) -> Test:
    name = token["term"]
    if name not in fields:
        raise bad_request(f"The simulator cannot search by {name}; it knows: {', '.join(sorted(fields))}")
    wanted, operator, read = token["value"].strip("'\""), token["op"] or "=", fields[name]
    negated = token["minus"] is not None
    return lambda row: _holds(read(row), operator, wanted) is not negated


def _holds(value: object, operator: str, wanted: str) -> bool:
    if isinstance(value, datetime):
        return _compare(value, operator, moment(wanted))
    if isinstance(value, int):
        if not re.fullmatch(r"-?\d+", wanted):
            raise bad_request(f"{wanted!r} is not a number to search by")
        return _compare(value, operator, int(wanted))
    if isinstance(value, frozenset | set | list | tuple):
        return any(_same(str(entry), wanted) for entry in value)
    return value is not None and _same(str(value), wanted)


def _same(value: str, wanted: str) -> bool:
    value, wanted = value.casefold(), wanted.casefold()
    return value.startswith(wanted[:-1]) if wanted.endswith("*") else value == wanted


def _compare(value: Any, operator: str, wanted: Any) -> bool:  # noqa: ANN401  # two of the same kind
    return bool(
        {
            "=": value == wanted,
            ">": value > wanted,
            ">=": value >= wanted,
            "<": value < wanted,
            "<=": value <= wanted,
        }[operator]
    )


def moment(text: str) -> datetime:
    """Return the instant that a search or an argument names; without an offset it is UTC. Raises GraphQLError."""
    try:
        read = datetime.fromisoformat(text)
    except ValueError:
        raise bad_request(f"{text!r} is not an instant") from None
    return read if read.tzinfo is not None else read.replace(tzinfo=UTC)
