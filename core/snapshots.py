"""The common order model: what a connector has seen of one order or item, absolute and versioned.

A snapshot is a fact as of one read. It never says what changed, only what is, so receiving it twice or
late changes nothing (`core.planning.merge`). Platform words end here: every connector fills the same fields.
"""

from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Literal

from core.facts import Backorder, OrderHold

Status = Literal["open", "closed", "cancelled", "gone"]


@dataclass(frozen=True, slots=True, kw_only=True)
class LineSnapshot:
    """One line as the platform shows it. Totals are absolute.

    `item` is the platform's id of the stock-keeping thing (None when the product was deleted).
    `reserved` are units that the platform's own stock number has taken out already and that have not left
    the building; 0 where the platform reports physical stock. `ships` is False for gift cards, services
    and downloads: such lines are never planned. `returned`: units of the shipped ones that were refunded since.
    """

    id: str
    item: str | None
    sku: str | None
    title: str
    ordered: int
    cancelled: int = 0
    refunded: int = 0
    shipped: int = 0
    returned: int = 0
    committed: int = 0
    reserved: int = 0
    unit_price: int | None = None
    ships: bool = True

    @property
    def open(self) -> int:
        """Units that the customer still waits for, from absolute totals."""
        return max(0, self.ordered - self.cancelled - self.refunded - self.shipped)


@dataclass(frozen=True, slots=True, kw_only=True)
class Customer:
    """Who ordered. Every field may be missing: platforms withhold personal data without an approval.

    `address` is a digest of where the order ships, to tell whether two orders go to the same door. `agreed`: whether
    they want advertising; None where the platform does not say.
    """

    id: str | None = None
    email: str | None = None
    name: str | None = None
    locale: str | None = None
    country: str | None = None
    address: str | None = None
    agreed: bool | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Outside:
    """What stands at the platform that concerns us: our own marks, and what forbids touching the order.

    `tags`: ours only. `held`: units per line id under our own hold (zeros left out). `blocked`: line ids that
    another app's hold covers. `shipped_parcels`: fulfilments recorded so far, by anyone.
    `notes`: markers of our notes that were seen, where the platform lets us see them. `ready`: units per line id that
    our words beside the hold call ready; None where the platform itself keeps held units back and says nothing of it.
    """

    tags: frozenset[str] = frozenset()
    held: dict[str, int] = field(default_factory=dict)
    ready: dict[str, int] | None = None
    blocked: frozenset[str] = frozenset()
    notes: frozenset[str] = frozenset()
    shipped_parcels: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderSnapshot:
    """One order as read at `read_at`. `version` is the platform's own last change (one-second steps).

    `status`: `closed` has nothing left to do, `gone` was deleted at the platform or never existed.
    `hold`: why the order itself may not ship yet. Money is in minor units of `currency`.
    `codes`: those of ours that were used to pay for it, in lower case.
    `problems`: sentences about what the platform's numbers cannot tell (shown to the merchant).
    """

    platform_id: str
    name: str
    placed_at: datetime
    version: datetime
    read_at: datetime
    currency: str
    status: Status = "open"
    hold: OrderHold | None = None
    location: str | None = None
    lines: tuple[LineSnapshot, ...] = ()
    customer: Customer = Customer()
    merchant_tags: frozenset[str] = frozenset()
    outside: Outside = Outside()
    codes: tuple[str, ...] = ()
    problems: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class StockSnapshot:
    """The platform's number of units at one location, converted to physical where the platform can say so."""

    location: str
    quantity: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ItemSnapshot:
    """One stock-keeping item. `excludes_reserved`: add the open orders' `reserved` units to get physical stock.

    `aliases`: further platform ids whose lines draw on the same stock (variations of a parent that keeps it).
    `backorder_setting`: the platform's own word behind `backorder`; empty where it has no effect or cannot be set.
    `family`: the platform's id of the product, which all of its variants share; "" before it was read. `kinds`: product
    type and categories; None where this read cannot tell. `options`: what makes it the variant it is, (name, value).
    `created_on`: the day on which the platform got it, in UTC; None where that is not told. `ships`: False for a
    service or download, on platforms whose order lines do not say so themselves.
    """

    platform_id: str
    sku: str | None
    title: str
    read_at: datetime
    tracked: bool = True
    backorder: Backorder = "allow"
    backorder_setting: str = ""
    stock: tuple[StockSnapshot, ...] = ()
    excludes_reserved: bool = False
    aliases: tuple[str, ...] = ()
    unit_price: int | None = None
    family: str = ""
    kinds: tuple[str, ...] | None = None
    options: tuple[tuple[str, str], ...] = ()
    created_on: date | None = None
    ships: bool = True
    gone: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class PlaceSnapshot:
    """One stock location at the platform. `ships_online`: False where only what is sold there leaves from there."""

    id: str
    name: str
    active: bool = True
    ships_online: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class ShopProfile:
    """What a shop says of itself when asked with working credentials.

    `past_days`: how far back its orders can be read. `lacks`: sentences, each about something that is missing at the
    platform, what for, and the mend.
    """

    name: str
    currency: str
    timezone: str
    domain: str
    locations: tuple[PlaceSnapshot, ...]
    features: frozenset[str] = frozenset()
    past_days: int = 1095
    scopes: frozenset[str] = frozenset()
    lacks: tuple[str, ...] = ()
    email: str | None = None
