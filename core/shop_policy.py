"""A shop's settings: what `GET /api/v1/policy` shows, what PUT merges into, with defaults for everything."""

from collections.abc import Callable
from dataclasses import asdict, dataclass, field, fields, is_dataclass, replace
from decimal import Decimal
from typing import Any, Literal, get_args, get_origin, get_type_hints

from core.actions import OfferKind
from core.errors import Misuse
from core.facts import Allocation, Release

Mode = Literal["observe", "act"]
FulfilMode = Literal["hold_and_release", "create"]
Law = Literal["us_ftc_435", "eu_2011_83", "uk_cra_2015"]
LargeOrderAnswer = Literal["accept", "cap", "review", "decline"]


@dataclass(frozen=True, slots=True, kw_only=True)
class ShipPart:
    """When a part may leave before the rest. `min_part_value` is in the shop's currency, as text."""

    enabled: bool = True
    min_part_value: str = "0"
    max_parcels: int = 10


@dataclass(frozen=True, slots=True, kw_only=True)
class Offers:
    """The consolation for a wait. `monthly_budget` in the shop's currency, as text; null is no limit."""

    enabled: bool = False
    kind: OfferKind = "discount_code"
    percent: int = 10
    valid_days: int = 60
    min_wait_days: int = 14
    per_order: int = 1
    monthly_budget: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class LargeOrder:
    """An order that takes more than `share` of an item's stock on hand is large."""

    enabled: bool = False
    share: str = "0.5"
    answer: LargeOrderAnswer = "cap"


@dataclass(frozen=True, slots=True, kw_only=True)
class Notices:
    """Which messages are drafted for the customer, and when they may leave.

    None leaves before `wording_seen`, while `paused`, or between the hours `quiet_from` and `quiet_until` in the shop's
    time zone (equal: no quiet hours). `window_minutes`: changes that come so close together make one mail.
    """

    enabled: bool = False
    heartbeat_days: int = 14
    tolerance_days: int = 2
    paused: bool = False
    wording_seen: bool = False
    quiet_from: int = 21
    quiet_until: int = 8
    per_week: int = 3
    window_minutes: int = 15


@dataclass(frozen=True, slots=True, kw_only=True)
class LawClock:
    """What the delay laws' clocks need to know of the shop.

    `stated_days`: the longest time to shipment that the shop states before buying (0: states none). `transit_days`:
    delivery takes at most. `lead_days`: a notice is asked for so long before the limit. Orders with `exempt_tag` have
    no clock (business buyers, subscriptions).
    """

    stated_days: int = 0
    transit_days: int = 3
    lead_days: int = 7
    exempt_tag: str = "no-delay-law"


@dataclass(frozen=True, slots=True, kw_only=True)
class ShopPolicy:
    """Everything a merchant may set for one shop."""

    mode: Mode = "observe"
    allocation: Allocation = "first_come"
    release: Release = "need_date"
    fulfil: FulfilMode = "hold_and_release"
    ship_part: ShipPart = field(default_factory=ShipPart)
    offers: Offers = field(default_factory=Offers)
    large_order: LargeOrder = field(default_factory=LargeOrder)
    notices: Notices = field(default_factory=Notices)
    laws: tuple[Law, ...] = ()
    law_clock: LawClock = field(default_factory=LawClock)
    tiers_by_tag: dict[str, int] = field(default_factory=dict)
    together_by_tag: str = "ship-together"


LIMITS: dict[str, tuple[int, int]] = {
    "ship_part.max_parcels": (1, 100),
    "offers.percent": (1, 100),
    "offers.valid_days": (1, 3650),
    "offers.min_wait_days": (0, 3650),
    "offers.per_order": (0, 20),
    "notices.heartbeat_days": (1, 365),
    "notices.tolerance_days": (0, 365),
    "notices.quiet_from": (0, 23),
    "notices.quiet_until": (0, 23),
    "notices.per_week": (1, 50),
    "notices.window_minutes": (0, 1440),
    "law_clock.stated_days": (0, 365),
    "law_clock.transit_days": (0, 60),
    "law_clock.lead_days": (1, 25),
}
AMOUNTS = {"ship_part.min_part_value", "offers.monthly_budget"}
SHARES = {"large_order.share"}


class PolicyProblem(Misuse):
    """A key is unknown or its value cannot be taken; `key` names it with dots."""

    def __init__(self, key: str, message: str) -> None:
        super().__init__(f"{key}: {message}")
        self.key = key


def as_document(policy: ShopPolicy) -> dict[str, Any]:
    """Return the policy as JSON-ready values; merging the answer back changes nothing."""
    document = asdict(policy)
    document["laws"] = list(policy.laws)
    return document


def merge(policy: ShopPolicy, patch: object) -> ShopPolicy:
    """Return the policy with the keys of `patch` set, the rest kept. Raises PolicyProblem."""
    merged: ShopPolicy = _merge("", policy, patch)
    return merged


def _merge(path: str, current: Any, patch: object) -> Any:  # noqa: ANN401  # walks dataclasses of any shape
    if not isinstance(patch, dict):
        raise PolicyProblem(path or "policy", "must be an object with settings")
    kinds = get_type_hints(type(current))
    known = {entry.name for entry in fields(current)}
    changes: dict[str, Any] = {}
    for key, value in patch.items():
        dotted = f"{path}.{key}" if path else str(key)
        if key not in known:
            raise PolicyProblem(dotted[:100], f"is not a setting; known here: {', '.join(sorted(known))}")
        before = getattr(current, key)
        if is_dataclass(before):
            changes[key] = _merge(dotted, before, value)
        else:
            changes[key] = _checked(dotted, kinds[key], value)
    return replace(current, **changes)


def _checked(key: str, kind: Any, value: object) -> object:  # noqa: ANN401  # a typing form
    if key in AMOUNTS or key in SHARES:
        return _amount(key, value)
    if kind in SIMPLE:
        return SIMPLE[kind](key, value)
    if get_origin(kind) is tuple:
        return _each(key, get_args(kind)[0], value)
    if get_origin(kind) is dict:
        return _tiers(key, value)
    return _choice(key, get_args(kind), value)


def _flag(key: str, value: object) -> object:
    return _exact(key, bool, value, "true or false")


def _text(key: str, value: object) -> object:
    return _exact(key, str, value, "text")


def _exact(key: str, kind: type, value: object, words: str) -> object:
    if type(value) is not kind:
        raise PolicyProblem(key, f"must be {words}")
    return value


def _whole(key: str, value: object) -> int:
    low, high = LIMITS[key]
    if type(value) is not int or not low <= value <= high:
        raise PolicyProblem(key, f"must be a whole number from {low} to {high}")
    return value


SIMPLE: dict[type, Callable[[str, object], object]] = {bool: _flag, int: _whole, str: _text}


def _choice(key: str, choices: tuple[object, ...], value: object) -> object:
    if not isinstance(value, str) or value not in choices:
        raise PolicyProblem(key, f"must be one of {', '.join(str(choice) for choice in choices)}")
    return value


def _each(key: str, kind: Any, value: object) -> tuple[object, ...]:  # noqa: ANN401  # a typing form
    if not isinstance(value, list | tuple):
        raise PolicyProblem(key, "must be a list")
    return tuple(dict.fromkeys(_choice(key, get_args(kind), entry) for entry in value))


def _tiers(key: str, value: object) -> dict[str, int]:
    if not isinstance(value, dict) or len(value) > 100:
        raise PolicyProblem(key, "must be an object of at most 100 tags, each with its tier")
    for tag, tier in value.items():
        if type(tier) is not int or not -1000 <= tier <= 1000:
            raise PolicyProblem(f"{key}.{tag}"[:100], "must be a whole number from -1000 to 1000")
    return dict(value)


def _amount(key: str, value: object) -> str | None:
    if value is None and key == "offers.monthly_budget":
        return None
    try:
        amount = Decimal(value) if isinstance(value, str) and len(value) <= 20 else None
    except ArithmeticError:
        amount = None
    top = 1 if key in SHARES else 10**12
    if amount is None or not amount.is_finite() or not 0 <= amount <= top:
        raise PolicyProblem(key, f'must be an amount as text, such as "0.5", from 0 to {top}')
    return str(value)
