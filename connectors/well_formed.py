"""What was read, held against what it is declared to be: a number may stand where text is meant, or be without bounds.

The books would take in a row that they cannot read back, and whatever reads it fails from then on: a plan, a page, a
comparison of the whole shop.
"""

from collections.abc import Iterable
from dataclasses import fields
from typing import Any, TypeVar

import msgspec

from core.errors import PayloadChanged
from core.facts import MAX_UNITS
from core.snapshots import ItemSnapshot, OrderSnapshot, ShopProfile

Seen = TypeVar("Seen", OrderSnapshot, ItemSnapshot, ShopProfile)
MOST_MONEY = 2**53
"""In minor units: what every database and every script holds exactly."""
_DECODERS: dict[type, msgspec.json.Decoder[Any]] = {
    kind: msgspec.json.Decoder(kind) for kind in (OrderSnapshot, ItemSnapshot, ShopProfile)
}


def well_formed(seen: Seen) -> Seen:
    """Return what was read. Raises PayloadChanged where a value is of another kind, or more than the books can hold."""
    try:
        _read_back(seen)
    except (msgspec.MsgspecError, TypeError) as problem:
        raise PayloadChanged(f"a value of another kind: {problem}") from problem
    if isinstance(seen, OrderSnapshot):
        _check_bounds(seen.lines)
    elif isinstance(seen, ItemSnapshot):
        _check_bounds(seen.stock)
    return seen


def _read_back(seen: object) -> None:
    try:
        _DECODERS[type(seen)].decode(msgspec.json.encode(seen))
    except UnicodeEncodeError:
        # Half a sign is no JSON; the books mend it.
        msgspec.convert(msgspec.to_builtins(seen), type(seen))


def _check_bounds(rows: Iterable[Any]) -> None:
    for row in rows:
        for name, value in ((one.name, getattr(row, one.name)) for one in fields(row)):
            if type(value) is int and abs(value) > (MOST_MONEY if name == "unit_price" else MAX_UNITS):
                raise PayloadChanged(f"{name} is without bounds: {str(value)[:40]}")
