"""The keys of a plan file: for each kind of row its fields, what they take, and their defaults."""

from collections.abc import Mapping
from typing import Any, get_args

from core.facts import MAX_UNITS, Allocation, Backorder, OrderHold, Release, Ship
from core.plan_file.field_reading import (
    REQUIRED,
    Check,
    choice,
    day,
    flag,
    instant,
    optional,
    price,
    share,
    text,
    whole,
)

Fields = Mapping[str, tuple[Check, Any]]


def as_is(value: object) -> object:
    """Return a list or object as it is: it is read in a step of its own."""
    return value


UNITS = whole(0)
ANY_WHOLE = whole(-MAX_UNITS)
DOCUMENT: Fields = {
    "as_of": (instant, REQUIRED),
    "policy": (as_is, {}),
    "locations": (as_is, []),
    "items": (as_is, []),
    "stock": (as_is, []),
    "incoming": (as_is, []),
    "orders": (as_is, REQUIRED),
}
POLICY: Fields = {
    "allocation": (choice(*get_args(Allocation)), "first_come"),
    "release": (choice(*get_args(Release)), "need_date"),
    "ring_fences": (as_is, []),
    "large_order_share": (optional(share), None),
}
FENCE: Fields = {
    "class": (text, REQUIRED),
    "sku": (text, REQUIRED),
    "units": (UNITS, REQUIRED),
    "until": (optional(day), None),
}
LOCATION: Fields = {"id": (text, REQUIRED), "pool": (text, "all"), "rank": (ANY_WHOLE, 1)}
ITEM: Fields = {
    "sku": (text, REQUIRED),
    "backorder": (choice(*get_args(Backorder)), "allow"),
    "oversell_limit": (optional(UNITS), None),
    "tracked": (flag, True),
    "components": (as_is, []),
    "preorder_until": (optional(day), None),
}
COMPONENT: Fields = {"sku": (text, REQUIRED), "units": (whole(1), REQUIRED)}
STOCK: Fields = {
    "sku": (text, REQUIRED),
    "location": (text, None),
    "on_hand": (ANY_WHOLE, REQUIRED),
    "observed_at": (instant, None),
}
INCOMING: Fields = {
    "id": (text, REQUIRED),
    "sku": (text, REQUIRED),
    "location": (text, None),
    "ordered": (UNITS, REQUIRED),
    "received": (UNITS, 0),
    "closed": (flag, False),
    "eta": (optional(day), None),
    "latest": (optional(day), None),
}
ORDER: Fields = {
    "id": (text, REQUIRED),
    "placed_at": (instant, REQUIRED),
    "class": (text, "standard"),
    "tier": (ANY_WHOLE, 0),
    "ship": (choice(*get_args(Ship)), "as_ready"),
    "hold": (optional(choice(*get_args(OrderHold))), None),
    "promised_on": (optional(day), None),
    "cancelled": (flag, False),
    "location": (text, None),
    "lines": (as_is, REQUIRED),
}
LINE: Fields = {
    "id": (text, REQUIRED),
    "sku": (text, REQUIRED),
    "ordered": (UNITS, REQUIRED),
    "cancelled": (UNITS, 0),
    "refunded": (UNITS, 0),
    "shipped": (UNITS, 0),
    "committed": (UNITS, 0),
    "min_ship": (optional(UNITS), None),
    "unit_price": (optional(price), None),
}
