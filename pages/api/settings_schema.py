"""The schema of the shop's settings, from the types and limits that they are declared and checked with."""

from dataclasses import fields, is_dataclass
from types import NoneType
from typing import Any, Literal, get_args, get_origin, get_type_hints

from core.dates.closures import WRITTEN
from core.policy.limits import (
    AMOUNTS,
    CLASS,
    LIMITS,
    LONGEST_CLOSURES,
    LONGEST_TEXT,
    MAIL_ADDRESS,
    MANY,
    MOST_RUNGS,
    SHARES,
    WEB_ADDRESS,
)
from pages.api.kinds import FLAG, Schema, many, maybe, names, one_of, record, text

AMOUNT: Schema = {"type": "string", "pattern": r"^[0-9]{1,12}(\.[0-9]{1,6})?$"}
SHARE: Schema = {"type": "string", "pattern": r"^(0(\.[0-9]{1,6})?|1(\.0{1,6})?)$"}
MOST_OF_ALL: Schema = {"type": "string", "pattern": r"^0\.[5-9][0-9]{0,5}$"}
SHORT = text(LONGEST_TEXT)
TAG = text(LONGEST_TEXT, shortest=1)
EVERY_YEAR = r"(0[1-9]|1[0-2])-(0[1-9]|1[0-9]|2[0-9])|(0[13-9]|1[0-2])-30|(0[13578]|1[02])-31"
HOLIDAY: Schema = {"type": "string", "anyOf": [{"format": "date"}, {"pattern": f"^({EVERY_YEAR})$"}]}
CLOSED: Schema = {**text(LONGEST_CLOSURES), "pattern": f"^{WRITTEN.pattern}$"}
SPECIAL: dict[str, Schema] = {
    "parcels.tracking_url": {**SHORT, "pattern": f"^({WEB_ADDRESS.pattern})?$"},
    "promises.holidays": {**many(HOLIDAY), "maxItems": MANY},
    "reorder.service_by_class": names(MOST_OF_ALL, {"type": "string", "pattern": f"^{CLASS.pattern}$"}),
    "reorder.digest_to": {**SHORT, "pattern": f"^({MAIL_ADDRESS.pattern})?$"},
    "reorder.closed_by_supplier": names(CLOSED, TAG, maxProperties=MANY),
}
"""Settings whose type does not tell all that is asked of them."""
HOW_MANY = {"promises.working_days": {"minItems": 1}, "offers.ladder": {"maxItems": MOST_RUNGS}}
PLAIN: dict[Any, Schema] = {bool: FLAG, str: SHORT}


def settings(kind: Any, path: str = "") -> Schema:  # noqa: ANN401  # a typing form or a dataclass
    """Return the schema of a setting."""
    if is_dataclass(kind):
        hints = get_type_hints(kind)
        inner = [entry.name for entry in fields(kind)]
        return record(**{name: settings(hints[name], f"{path}.{name}".lstrip(".")) for name in inner})
    if path in SPECIAL:
        return SPECIAL[path]
    if path in AMOUNTS | SHARES:
        amount = AMOUNT if path in AMOUNTS else SHARE
        return maybe(amount) if NoneType in get_args(kind) else amount
    if kind is int:
        low, high = LIMITS[path]
        return {"type": "integer", "minimum": low, "maximum": high}
    return PLAIN[kind] if kind in PLAIN else _composed(kind, path)


def _composed(kind: Any, path: str) -> Schema:  # noqa: ANN401  # a typing form
    if get_origin(kind) is Literal:
        return one_of(*get_args(kind))
    if get_origin(kind) is tuple:
        return many(settings(get_args(kind)[0], path)) | HOW_MANY.get(path, {})
    if get_origin(kind) is dict:
        whole = {"type": "integer", "minimum": -1000, "maximum": 1000}
        return names(whole if get_args(kind)[1] is int else AMOUNT, TAG, maxProperties=MANY)
    return maybe(settings(next(part for part in get_args(kind) if part is not NoneType), path))
