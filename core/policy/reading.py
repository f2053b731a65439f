"""What PUT /api/v1/policy and the policy page merge into a shop's settings, each value checked."""

import re
from collections.abc import Callable
from dataclasses import fields, is_dataclass, replace
from datetime import date
from decimal import Decimal
from typing import Any, get_args, get_origin, get_type_hints

from core.dates.closures import WRITTEN, periods_of
from core.errors import Misuse
from core.policy.limits import (
    AMOUNTS,
    CLASS,
    LIMITS,
    LONGEST_CLOSURES,
    LONGEST_TEXT,
    MAIL_ADDRESS,
    MANY,
    MAY_BE_NULL,
    MOST_RUNGS,
    SHARES,
    WEB_ADDRESS,
)
from core.policy.shop_policy import Rung, ShopPolicy
from core.sentences import sentence

AMOUNT = re.compile(r"[0-9]{1,13}(\.[0-9]{1,6})?")
A_RUNG = re.compile(r"^offers\.ladder\.[0-9]+\.", re.ASCII)
HOLIDAY = re.compile(r"(?:\d{4}-)?\d\d-\d\d", re.ASCII)
A_LEAP_YEAR = "2028-"


class PolicyProblem(Misuse):
    """A key is unknown or its value cannot be taken; `key` names it with dots, `message` says why."""

    def __init__(self, key: str, message: str) -> None:
        super().__init__(f"{key}: {message}")
        self.key = key
        self.message = message


class Contradiction(PolicyProblem):
    """The value is written as it should be, but contradicts another (a last day before the first) or the platform."""


def merge(policy: ShopPolicy, patch: object) -> ShopPolicy:
    """Return the policy with the keys of `patch` set, the rest kept. Raises PolicyProblem."""
    merged: ShopPolicy = _merge("", policy, patch)
    return merged


def _merge(path: str, current: Any, patch: object) -> Any:  # noqa: ANN401  # walks dataclasses of any shape
    if not isinstance(patch, dict):
        raise PolicyProblem(path or "policy", sentence("must be an object with settings"))
    kinds = get_type_hints(type(current))
    known = {entry.name for entry in fields(current)}
    changes: dict[str, Any] = {}
    for key, value in patch.items():
        dotted = f"{path}.{key}" if path else str(key)
        if key not in known:
            raise PolicyProblem(
                dotted[:100], sentence("is not a setting; known here: %(sorted)s", sorted=", ".join(sorted(known)))
            )
        before = getattr(current, key)
        if is_dataclass(before):
            changes[key] = _merge(dotted, before, value)
        else:
            changes[key] = _checked(dotted, kinds[key], value)
    return replace(current, **changes)


def _checked(key: str, kind: Any, value: object) -> object:  # noqa: ANN401  # a typing form
    if key == "offers.ladder":
        return _rungs(key, value)
    if _plain(key) in AMOUNTS or key in SHARES:
        return _amount(key, value)
    if kind in SIMPLE:
        return SIMPLE[kind](key, value)
    if get_origin(kind) is tuple:
        return _holidays(key, value) if key == "promises.holidays" else _each(key, get_args(kind)[0], value)
    if get_origin(kind) is dict:
        return BY_NAME.get(key, _tiers if get_args(kind)[1] is int else _amounts)(key, value)
    return _choice(key, get_args(kind), value)


def _plain(key: str) -> str:
    """Return the key under which a setting's limits stand: those of all rungs are the same."""
    return A_RUNG.sub("offers.ladder.", key)


def _rungs(key: str, value: object) -> tuple[Rung, ...]:
    """Return the ladder, every rung whole: what one does not name is as in a new rung."""
    if not isinstance(value, list | tuple) or len(value) > MOST_RUNGS:
        raise PolicyProblem(key, sentence("must be a list of at most %(most_rungs)s rungs", most_rungs=MOST_RUNGS))
    return tuple(_merge(f"{key}.{number}", Rung(), rung) for number, rung in enumerate(value, 1))


def _flag(key: str, value: object) -> object:
    if not isinstance(value, bool):
        raise PolicyProblem(key, sentence("must be true or false"))
    return value


def _text(key: str, value: object) -> object:
    if not isinstance(value, str) or len(value) > LONGEST_TEXT:
        raise PolicyProblem(
            key, sentence("must be text of at most %(longest_text)s characters", longest_text=LONGEST_TEXT)
        )
    if key == "parcels.tracking_url" and value and not WEB_ADDRESS.fullmatch(value):
        raise PolicyProblem(key, sentence("must be an address that begins with https:// or http://"))
    if key == "reorder.digest_to" and value and not MAIL_ADDRESS.fullmatch(value):
        raise PolicyProblem(key, sentence("must be one mail address, such as you@example.com"))
    return value


def _whole(key: str, value: object) -> int:
    low, high = LIMITS[_plain(key)]
    if type(value) is not int or not low <= value <= high:
        raise PolicyProblem(key, sentence("must be a whole number from %(low)s to %(high)s", low=low, high=high))
    return value


SIMPLE: dict[type, Callable[[str, object], object]] = {bool: _flag, int: _whole, str: _text}


def _choice(key: str, choices: tuple[object, ...], value: object) -> object:
    if not isinstance(value, str) or value not in choices:
        raise PolicyProblem(
            key, sentence("must be one of %(words)s", words=", ".join(str(choice) for choice in choices))
        )
    return value


def _each(key: str, kind: Any, value: object) -> tuple[object, ...]:  # noqa: ANN401  # a typing form
    if not isinstance(value, list | tuple):
        raise PolicyProblem(key, sentence("must be a list"))
    if key == "promises.working_days" and not value:
        raise PolicyProblem(key, sentence("must name at least one day of the week"))
    return tuple(dict.fromkeys(_choice(key, get_args(kind), entry) for entry in value))


def _holidays(key: str, value: object) -> tuple[str, ...]:
    """Return days as they were written; few enough that a working day always lies ahead."""
    if not isinstance(value, list | tuple) or len(value) > MANY:
        raise PolicyProblem(key, sentence("must be a list of at most %(many)s days", many=MANY))
    return tuple(dict.fromkeys(_holiday(key, entry) for entry in value))


def _holiday(key: str, value: object) -> str:
    try:
        if isinstance(value, str) and HOLIDAY.fullmatch(value):
            date.fromisoformat(value if value.count("-") > 1 else A_LEAP_YEAR + value)
            return value
    except ValueError:
        pass  # a day that no month has: the same sentence
    raise PolicyProblem(
        key,
        sentence(
            "must be days such as 2026-12-24, or 12-25 for every year, not %(value)s", value=f"{str(value)[:40]!r}"
        ),
    )


def _amounts(key: str, value: object) -> dict[str, str | None]:
    if not isinstance(value, dict) or len(value) > MANY:
        raise PolicyProblem(
            key, sentence("must be an object of at most %(many)s tags, each with its amount", many=MANY)
        )
    return {_tag(key, tag): _amount(f"{key}.{tag}"[:100], amount) for tag, amount in value.items()}


def _tiers(key: str, value: object) -> dict[str, int]:
    if not isinstance(value, dict) or len(value) > MANY:
        raise PolicyProblem(key, sentence("must be an object of at most %(many)s tags, each with its tier", many=MANY))
    for tag, tier in value.items():
        _tag(key, tag)
        if type(tier) is not int or not -1000 <= tier <= 1000:
            raise PolicyProblem(f"{key}.{tag}"[:100], sentence("must be a whole number from -1000 to 1000"))
    return dict(value)


def _by_class(key: str, value: object) -> dict[str, str]:
    if not isinstance(value, dict) or not all(isinstance(name, str) and CLASS.fullmatch(name) for name in value):
        raise PolicyProblem(key, sentence("must be an object with classes such as A or BZ, each with its share"))
    return {name: _service(f"{key}.{name}", share) for name, share in value.items()}


def _service(key: str, value: object) -> str:
    if not isinstance(value, str) or not AMOUNT.fullmatch(value) or not Decimal("0.5") <= Decimal(value) < 1:
        raise PolicyProblem(key, sentence('must be a share as text, such as "0.95", from 0.5 to below 1'))
    return value


def _closures(key: str, value: object) -> dict[str, str]:
    if not isinstance(value, dict) or len(value) > MANY:
        raise PolicyProblem(
            key, sentence("must be an object of at most %(many)s suppliers, each with its closed days", many=MANY)
        )
    for supplier, days in value.items():
        _tag(key, supplier)
        words = sentence("must be days or periods of at most 93 days, such as 2026-12-24/2027-01-02, 2027-05-01")
        if not isinstance(days, str) or len(days) > LONGEST_CLOSURES or not WRITTEN.fullmatch(days):
            raise PolicyProblem(f"{key}.{supplier}"[:100], words)
        try:
            periods_of(days)
        except ValueError:
            raise Contradiction(f"{key}.{supplier}"[:100], words) from None
    return dict(value)


BY_NAME: dict[str, Callable[[str, object], object]] = {
    "reorder.service_by_class": _by_class,
    "reorder.closed_by_supplier": _closures,
}


def _tag(key: str, tag: object) -> str:
    if not isinstance(tag, str) or not 0 < len(tag) <= LONGEST_TEXT:
        raise PolicyProblem(
            f"{key}.{tag}"[:100], sentence("a tag has from 1 to %(longest_text)s characters", longest_text=LONGEST_TEXT)
        )
    return tag


def _amount(key: str, value: object) -> str | None:
    if value is None and key in MAY_BE_NULL:
        return None
    top = 1 if key in SHARES else 10**12
    # Decimal alone takes more than people write: 1_000, 1e3, digits of other scripts.
    if not isinstance(value, str) or not AMOUNT.fullmatch(value) or Decimal(value) > top:
        if isinstance(value, str):
            raise PolicyProblem(key, sentence("must be an amount such as 0.5, from 0 to %(top)s", top=top))
        raise PolicyProblem(key, sentence('must be an amount as text, such as "0.5", from 0 to %(top)s', top=top))
    return value
