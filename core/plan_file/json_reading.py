"""JSON as a tree that forgets nothing a reader must object to: doubled keys, odd numbers, how a value was written."""

import json

LONGEST_SHOWN = 100
# One digit more than any number that a plan file may hold; longer ones are not worth converting.
LONGEST_WHOLE = 19


class Unreadable(ValueError):
    """The text is not JSON; the message says why in one line."""


class Odd(str):
    """A number as it was written that is no whole number of a usable size: `5.0`, `1e9`, `NaN`, 30 digits."""

    __slots__ = ()


class Doubled(dict[str, object]):
    """An object in which keys appear more than once; the last value stands, `twice` names the keys."""

    __slots__ = ("twice",)
    twice: tuple[str, ...]


def read_json(text: str) -> object:
    """Return the tree. Raises Unreadable."""
    try:
        return json.loads(
            text, object_pairs_hook=_members, parse_int=_whole, parse_float=Odd, parse_constant=Odd
        )  # fmt: skip
    except json.JSONDecodeError as problem:
        raise Unreadable(f"is not JSON: {problem.msg} at line {problem.lineno} column {problem.colno}") from None
    except RecursionError:
        raise Unreadable("is nested too deeply") from None


def shown(value: object) -> str:
    """Return a value for a problem line: at most 100 characters of it, control characters escaped."""
    if isinstance(value, Odd):
        return value[:LONGEST_SHOWN]
    if isinstance(value, str):
        return f'"{escaped(value)}"' + ("..." if len(value) > LONGEST_SHOWN else "")
    if isinstance(value, list):
        return "a list"
    if isinstance(value, dict):
        return "an object"
    return json.dumps(value)


def escaped(text: str) -> str:
    """Return the first 100 characters, with all that cannot be printed on one line escaped as in JSON."""
    return "".join(_printable(character) for character in text[:LONGEST_SHOWN])


def _printable(character: str) -> str:
    return character if character.isprintable() and character not in '"\\' else json.dumps(character)[1:-1]


def _whole(text: str) -> int | Odd:
    return int(text) if len(text) <= LONGEST_WHOLE else Odd(text)


def _members(pairs: list[tuple[str, object]]) -> dict[str, object]:
    members = dict(pairs)
    if len(members) == len(pairs):
        return members
    doubled = Doubled(members)
    counts: dict[str, int] = {}
    for key, _ in pairs:
        counts[key] = counts.get(key, 0) + 1
    doubled.twice = tuple(key for key, count in counts.items() if count > 1)
    return doubled
