"""Which orders a person looks for, and what those that wait add up to."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal

MarkKind = Literal["text", "sku", "tag", "ours", "country", "supply"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """What must hold of an order; what is empty or None asks nothing.

    `text` stands somewhere in its name, number, customer, address or SKUs, in upper or lower case. `supplier` brings
    a supply that its plan counts on. `tag` is the merchant's, or one of ours that stands there. `tier` is the lowest
    that `tiers` gives to the merchant's tags, 0 where they give none.
    `ids`: the orders themselves, where the books have narrowed it down to a few; nothing else is asked then.
    """

    text: str = ""
    sku: str = ""
    supplier: str = ""
    country: str = ""
    tag: str = ""
    tier: int | None = None
    tiers: Mapping[str, int] = field(default_factory=dict)
    placed_before: datetime | None = None
    ids: frozenset[str] | None = None


EVERYTHING = Wanted()


@dataclass(frozen=True, slots=True, kw_only=True)
class Waiting:
    """What waits: `value` in minor units by currency, `since` when the oldest order was placed."""

    orders: int = 0
    units: int = 0
    value: Mapping[str, int] = field(default_factory=dict)
    since: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Claims:
    """Units of an item in open orders: all that is `open`, and of it what stock on hand does not cover."""

    open: int = 0
    short: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Demanded:
    """What open orders ask of the shelves: `claims` by SKU, `reserved` by the platform's id of the item."""

    claims: Mapping[str, Claims] = field(default_factory=dict)
    reserved: Mapping[str, int] = field(default_factory=dict)

    def of(self, sku: str) -> Claims:
        """Return the claims on one item."""
        return self.claims.get(sku, Claims())
