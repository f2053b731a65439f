"""What one field of a plan file may hold: each check returns the value or raises Unfit with a sentence."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import ROUND_DOWN, Decimal
from typing import Any

from core.facts import MAX_UNITS
from core.plan_file.json_reading import Doubled, Odd, escaped, shown

LONGEST_TEXT = 1000
INSTANT = re.compile(r"\d{4}-\d\d-\d\d[Tt ]\d\d:\d\d(:\d\d(\.\d{1,9})?)?([Zz]|[+-]\d\d:\d\d)", re.ASCII)
DATE = re.compile(r"\d{4}-\d\d-\d\d", re.ASCII)
PRICE = re.compile(r"\d{1,15}(\.\d{1,6})?", re.ASCII)
# Finer shares than this make no difference to whole units and would only make the sum long.
FINEST_SHARE = Decimal(1).scaleb(-18)

Check = Callable[[Any], Any]
REQUIRED = object()


class Unfit(ValueError):
    """A value that its field cannot take; the message says what the field takes."""


@dataclass(slots=True)
class Problems:
    """The problems found so far, one line each, in the order of the document."""

    lines: list[str]

    def add(self, place: str, words: str) -> None:
        """Note a problem at a place in the document."""
        self.lines.append(f"{place}: {words}")


def whole(low: int, high: int = MAX_UNITS) -> Check:
    """Return the check for whole numbers; `5.0` is none."""

    def check(value: object) -> int:
        if type(value) is int and low <= value <= high:
            return value
        digits = str(value) if isinstance(value, Odd) or type(value) is int else ""
        if digits.isdigit():
            words = f">= {low}" if type(value) is int and value < low else f"<= {high}"
        else:
            words = f">= {low}"
        raise Unfit(f"must be a whole number {words}, got {shown(value)}")

    return check


def optional(check: Check) -> Check:
    """Return the check that also takes null."""
    return lambda value: None if value is None else check(value)


def text(value: object) -> str:
    """Return text of at most 1,000 characters that can be written out again."""
    if type(value) is not str:
        raise Unfit(f"must be text, got {shown(value)}")
    if len(value) > LONGEST_TEXT:
        raise Unfit(f"must be at most {LONGEST_TEXT} characters long, got {shown(value)}")
    if not value.isascii() and any("\ud800" <= character <= "\udfff" for character in value):
        raise Unfit(f"must be text without lone surrogates, got {shown(value)}")
    return value


def flag(value: object) -> bool:
    """Return true or false."""
    if type(value) is not bool:
        raise Unfit(f"must be true or false, got {shown(value)}")
    return value


def choice(*words: str) -> Check:
    """Return the check for one of these words."""

    def check(value: object) -> str:
        if type(value) is not str or value not in words:
            raise Unfit(f"must be one of {', '.join(words)}, got {shown(value)}")
        return value

    return check


def instant(value: object) -> datetime:
    """Return an aware instant; it must fit the calendar in UTC too."""
    if type(value) is str and INSTANT.fullmatch(value):
        try:
            moment = datetime.fromisoformat(value.upper())
            moment.astimezone(UTC)
        except (ValueError, OverflowError):
            pass
        else:
            return moment
    raise Unfit(f"must be an instant with Z or an offset, such as 2026-11-23T09:00:00Z, got {shown(value)}")


def day(value: object) -> date:
    """Return a calendar date."""
    if type(value) is str and DATE.fullmatch(value):
        try:
            return date.fromisoformat(value)
        except ValueError:
            pass
    raise Unfit(f"must be a date such as 2026-12-01, got {shown(value)}")


def price(value: object) -> Decimal:
    """Return an amount of money, which is written as text."""
    if type(value) is str and PRICE.fullmatch(value):
        return Decimal(value)
    raise Unfit(f'must be an amount as text such as "12.50", got {shown(value)}')


def share(value: object) -> Decimal:
    """Return a number from 0 to 1."""
    if type(value) is int or (isinstance(value, Odd) and value.lstrip("-")[:1].isdigit()):
        number = Decimal(value)
        if 0 <= number <= 1:
            return number.quantize(FINEST_SHARE, rounding=ROUND_DOWN)
    raise Unfit(f"must be a number from 0 to 1, got {shown(value)}")


def read_object(
    problems: Problems, place: str, value: object, fields: Mapping[str, tuple[Check, Any]]
) -> dict[str, Any] | None:
    """Return the object's fields by key, defaults filled in and unfit ones left out; None when it is no object."""
    prefix = f"{place}." if place else ""
    if not isinstance(value, dict):
        problems.add(place or "document", f"must be an object, got {shown(value)}")
        return None
    _object_to_keys(problems, prefix, value, fields)
    found: dict[str, Any] = {}
    for key, (check, default) in fields.items():
        if key in value:
            try:
                found[key] = check(value[key])
            except Unfit as unfit:
                problems.add(f"{prefix}{key}", str(unfit))
        elif default is REQUIRED:
            problems.add(f"{prefix}{key}", "is missing")
        else:
            found[key] = default
    return found


def _object_to_keys(problems: Problems, prefix: str, value: dict[str, Any], fields: Mapping[str, object]) -> None:
    if isinstance(value, Doubled):
        for key in value.twice:
            problems.add(f"{prefix}{escaped(key)}", "appears twice")
    if not value.keys() <= fields.keys():
        for key in value:
            if key not in fields:
                problems.add(f"{prefix}{escaped(key)}", "unknown key")


def rows(problems: Problems, place: str, value: object) -> list[tuple[str, object]]:
    """Return the entries of a list with their places; none when it is no list."""
    if not isinstance(value, list):
        problems.add(place, f"must be a list, got {shown(value)}")
        return []
    return [(f"{place}[{number}]", row) for number, row in enumerate(value)]
