"""Reading a store's JSON without believing it: every value is checked for its kind before it is used."""

from collections.abc import Mapping
from datetime import UTC, datetime
from decimal import ROUND_HALF_UP, Decimal, InvalidOperation
from typing import Any

from core.errors import PayloadChanged
from core.facts import MAX_UNITS

Json = dict[str, Any]
MAX_ID = 2**63 - 1
LONGEST_TEXT = 2000


def identity(record: Mapping[str, Any], key: str) -> str:
    """Return an id as text; "" for 0 and None, which WooCommerce writes for "none"."""
    value = record.get(key)
    if value in (0, "0", None, "") and value is not False:
        return ""
    if isinstance(value, str) and value.isascii() and value.isdigit() and len(value) <= 20:
        value = int(value)
    if isinstance(value, bool) or not isinstance(value, int) or not 0 < value <= MAX_ID:
        raise PayloadChanged(f"{key} is no id: {_shown(value)}")
    return str(value)


def own_id(record: Mapping[str, Any]) -> str:
    """Return the record's own id. Raises PayloadChanged when it has none."""
    found = identity(record, "id")
    if not found:
        raise PayloadChanged("a record without an id")
    return found


def units(value: object, what: str) -> int:
    """Return a whole number of units as it is, negative ones too; text such as "5" and 5.0 are read as well."""
    try:
        number = int(value) if isinstance(value, str) else value
        if isinstance(number, float):
            number = int(number) if number.is_integer() else None
    except (ValueError, OverflowError):
        number = None
    if isinstance(number, bool) or not isinstance(number, int) or abs(number) > MAX_UNITS:
        raise PayloadChanged(f"{what} is no whole number of units: {_shown(value)}")
    return number


def text(value: object) -> str:
    """Return text of bounded length without NUL, which PostgreSQL refuses; "" for anything else."""
    return value.replace("\x00", "")[:LONGEST_TEXT].strip() if isinstance(value, str) else ""


def instant(record: Mapping[str, Any], key: str) -> datetime | None:
    """Return the UTC instant of a `*_gmt` field, which has no zone suffix; None when it is empty."""
    value = record.get(key)
    if value in (None, ""):
        return None
    try:
        moment = datetime.fromisoformat(value) if isinstance(value, str) else None
        if moment is not None:
            return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)
    except (ValueError, OverflowError):
        pass  # said below, like every other wrong kind
    raise PayloadChanged(f"{key} is no date: {_shown(value)}")


def rows(record: Mapping[str, Any], key: str) -> list[Json]:
    """Return a list of objects, empty when it is missing. Raises PayloadChanged for anything else."""
    value = record.get(key)
    if value is None:
        return []
    if not isinstance(value, list) or not all(isinstance(row, dict) for row in value):
        raise PayloadChanged(f"{key} is no list of objects: {_shown(value)}")
    return value


def rows_told(record: Mapping[str, Any], key: str) -> list[Json]:
    """Return a list of objects that is always there, empty or not. Raises PayloadChanged where it is missing."""
    if record.get(key) is None:
        raise PayloadChanged(f"{key} is missing")
    return rows(record, key)


def part(record: Mapping[str, Any], key: str) -> Json:
    """Return an object within the record, empty when it is missing or something else (PHP writes [] for {})."""
    value = record.get(key)
    return value if isinstance(value, dict) else {}


def _shown(value: object) -> str:
    return repr(value)[:40]


def money(row: Mapping[str, Any], name: str) -> Decimal:
    """Return an amount of money of a row, 0 where it has none. Raises PayloadChanged on what is none."""
    try:
        value = Decimal(str(row.get(name) or "0"))
    except InvalidOperation:
        value = Decimal("NaN")
    if not value.is_finite():
        raise PayloadChanged(f"{name} is no amount of money")
    return value


def amount(value: Decimal, places: int) -> str:
    """Return the amount as the store writes it, half up."""
    return str(value.quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP))
