"""Opaque cursors: where the last page ended, so that rows that come in between shift nothing."""

import base64
import binascii
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from typing import Any, TypeVar

import msgspec
from sqlalchemy import Row

from connectors.database.columns import storable
from core.errors import Misuse
from core.ports.pages import Page
from core.sentences import sentence

Position = TypeVar("Position")
Record = TypeVar("Record")
LONGEST = 2000
_placed = msgspec.json.Decoder(tuple[datetime, str])
_text = msgspec.json.Decoder(tuple[str])
_number = msgspec.json.Decoder(tuple[int])


def written(*position: datetime | str | int) -> str:
    """Return the cursor that stands for this position."""
    return base64.urlsafe_b64encode(msgspec.json.encode(position)).decode().rstrip("=")


def read_placed(cursor: str) -> tuple[datetime, str]:
    """Return the instant and id of a cursor. Raises Misuse."""
    at, id_ = _read(cursor, _placed)
    if at.tzinfo is None:
        raise _bad()
    try:
        return at.astimezone(UTC), storable(id_)
    except OverflowError as problem:
        raise _bad() from problem


def read_text(cursor: str) -> str:
    """Return the text of a cursor. Raises Misuse."""
    return storable(_read(cursor, _text)[0])


def read_number(cursor: str) -> int:
    """Return the number of a cursor. Raises Misuse."""
    number = _read(cursor, _number)[0]
    if not 0 <= number < 2**63:
        raise _bad()
    return number


def checked(limit: int) -> int:
    """Return the number of rows asked for. Raises Misuse when that is none."""
    if limit < 1:
        raise Misuse("limit: must be at least 1")
    return limit


def _read(cursor: str, decoder: msgspec.json.Decoder[Position]) -> Position:
    try:
        if len(cursor) > LONGEST:
            raise _bad()
        padded = cursor.encode("ascii") + b"=" * (-len(cursor) % 4)
        return decoder.decode(base64.b64decode(padded, altchars=b"-_", validate=True))
    except (UnicodeEncodeError, binascii.Error, msgspec.MsgspecError, ValueError) as problem:
        raise _bad() from problem


def _bad() -> Misuse:
    return Misuse(sentence("cursor: is not one that we gave: begin again without it"))


def page(
    rows: Sequence[Row[Any]],
    limit: int,
    read: Callable[[Row[Any]], Record],
    position: Callable[[Row[Any]], tuple[datetime | str | int, ...]],
) -> Page[Record]:
    """Return the page made of these rows, of which one more than `limit` was asked for."""
    kept = rows[:limit]
    following = written(*position(kept[-1])) if len(rows) > limit else None
    return Page(items=tuple(read(row) for row in kept), next=following)
