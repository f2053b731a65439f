"""The GraphQL documents that we send, one operation a file; shared selections are in `fragments.graphql`."""

import json
import re
from functools import cache
from pathlib import Path

HERE = Path(__file__).parent
SPREAD = re.compile(r"\.\.\.\s*([A-Z]\w*)")
FRAGMENT = re.compile(r"^fragment (\w+) on .*?^}$", re.MULTILINE | re.DOTALL)


@cache
def text(name: str) -> str:
    """Return the document `name` with the fragments that it needs, ready to be sent."""
    operation = (HERE / f"{name}.graphql").read_text("utf-8")
    fragments = {match[1]: match[0] for match in FRAGMENT.finditer((HERE / "fragments.graphql").read_text("utf-8"))}
    return "\n".join([operation, *(fragments[used] for used in _needed(operation, fragments))])


@cache
def bulk(name: str, search: str) -> str:
    """Return the document `name` as a bulk operation takes it: one selection without variables or fragments."""
    written = (HERE / f"{name}.graphql").read_text("utf-8").replace("($query: String!)", "")
    fragments = {match[1]: match[0] for match in FRAGMENT.finditer((HERE / "fragments.graphql").read_text("utf-8"))}
    while SPREAD.search(written):
        written = SPREAD.sub(lambda spread: _body(fragments[spread[1]]), written)
    return written.replace("$query", json.dumps(search))


@cache
def names() -> tuple[str, ...]:
    """Return the names of all documents."""
    return tuple(sorted(path.stem for path in HERE.glob("*.graphql") if path.stem != "fragments"))


def _body(fragment: str) -> str:
    return fragment[fragment.index("{") + 1 : fragment.rindex("}")].strip()


def _needed(operation: str, fragments: dict[str, str]) -> list[str]:
    needed: list[str] = []
    waiting = SPREAD.findall(operation)
    while waiting:
        name = waiting.pop(0)
        if name in fragments and name not in needed:
            needed.append(name)
            waiting += SPREAD.findall(fragments[name])
    return needed
