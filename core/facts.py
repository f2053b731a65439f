"""What the engine is told: one frozen document of facts, the same for every platform.

The fields are those of the plan file (docs/plan-file.md). Units are whole numbers, dates are calendar
dates, instants are aware. Totals (`cancelled`, `shipped`, ...) are absolute, never changes.
"""

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Literal

Allocation = Literal["first_come", "tiers", "completion_first", "fair_share"]
Release = Literal["need_date", "strict"]
Ship = Literal["as_ready", "together"]
OrderHold = Literal["payment", "fraud", "customer"]
Backorder = Literal["allow", "deny"]

MAX_UNITS = 2**31 - 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Location:
    """A place that holds stock. Locations of one `pool` share it; the lowest `rank` is drawn first."""

    id: str
    pool: str = "all"
    rank: int = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Component:
    """`units` of the part `sku` in one kit."""

    sku: str
    units: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """How one SKU may be sold. With `components` it is a kit and its own stock is ignored."""

    sku: str
    backorder: Backorder = "allow"
    oversell_limit: int | None = None
    tracked: bool = True
    components: tuple[Component, ...] = ()
    preorder_until: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Stock:
    """Units physically at `location` as seen at `observed_at`; negative when the platform says so."""

    sku: str
    location: str
    on_hand: int
    observed_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Incoming:
    """Supply that is ordered and not all received. `latest` is the cautious date, `eta` the likely one.

    What is not `confirmed` has a date that nobody gave: no order lends its units against it.
    """

    id: str
    sku: str
    location: str
    ordered: int
    received: int = 0
    closed: bool = False
    eta: date | None = None
    latest: date | None = None
    confirmed: bool = True

    @property
    def remaining(self) -> int:
        """Units still to come: 0 when closed or received in full or beyond."""
        return 0 if self.closed else max(0, self.ordered - self.received)


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One order line. `committed` units are already in picking and are never taken away."""

    id: str
    sku: str
    ordered: int
    cancelled: int = 0
    refunded: int = 0
    shipped: int = 0
    committed: int = 0
    min_ship: int | None = None
    unit_price: Decimal | None = None

    @property
    def open(self) -> int:
        """Units that the customer still waits for, from absolute totals."""
        return max(0, self.ordered - self.cancelled - self.refunded - self.shipped)


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    """One order. `order_class` is its class of service; lower `tier` goes first under `tiers`.

    `may_cap`: whether the policy's `large_order_share` is for this order; in a plan file it is for all.
    """

    id: str
    placed_at: datetime
    lines: tuple[Line, ...]
    location: str
    order_class: str = "standard"
    tier: int = 0
    ship: Ship = "as_ready"
    hold: OrderHold | None = None
    promised_on: date | None = None
    cancelled: bool = False
    may_cap: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class RingFence:
    """`units` of `sku` in each pool that only orders of `order_class` may take, until `until`."""

    order_class: str
    sku: str
    units: int
    until: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Policy:
    """How scarce units are shared out. Orders older than `lending_age_days` lend nothing; None: all may."""

    allocation: Allocation = "first_come"
    release: Release = "need_date"
    lending_age_days: int | None = None
    ring_fences: tuple[RingFence, ...] = ()
    large_order_share: Decimal | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """All that a plan is made from. The order of the rows carries no meaning but the output's order."""

    as_of: datetime
    orders: tuple[Order, ...]
    policy: Policy = Policy()
    locations: tuple[Location, ...] = (Location(id="main"),)
    items: tuple[Item, ...] = ()
    stock: tuple[Stock, ...] = ()
    incoming: tuple[Incoming, ...] = ()
