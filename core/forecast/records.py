"""What the books hold of demand and supply over time, and what a nightly run leaves for every item. No arrays here."""

from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Literal

Pattern = Literal["smooth", "erratic", "intermittent", "lumpy", "new", "dying", "none"]
Urgency = Literal["now", "soon", "enough", "never"]
URGENCIES: tuple[Urgency, ...] = ("now", "soon", "enough", "never")


@dataclass(frozen=True, slots=True, kw_only=True)
class DemandRow:
    """One order line as demand of the day on which it was placed. `price` is a unit's, in minor units.

    `early` units were cancelled on that same day and were no demand; `lost` ones were cancelled later, often for the
    wait: they were. `backordered` units could not ship when the order was first planned. Returns do not appear: what
    was shipped was wanted.

    `at_once`: units that stock on hand covered when the order was first planned; None for one that never was (read
    from the shop's past). `preorder`: it was not released yet then. `cause`: why units of it first came to wait.
    """

    shop: str
    order: str
    line: str
    item: str
    on: date
    ordered: int
    early: int = 0
    lost: int = 0
    backordered: int = 0
    shipped: int = 0
    at_once: int | None = None
    preorder: bool = False
    cause: str | None = None
    price: int | None = None

    @property
    def units(self) -> int:
        """Units of demand."""
        return max(0, self.ordered - self.early)


@dataclass(frozen=True, slots=True, kw_only=True)
class SoldOut:
    """A day on which an item had nothing left; `closed` when it could not be ordered either."""

    shop: str
    sku: str
    on: date
    closed: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class ShelfDay:
    """What an item had from a day on, in units: on hand, owed to customers, on its way. Noted when it changes."""

    shop: str
    sku: str
    on: date
    on_hand: int
    owed: int
    coming: int


@dataclass(frozen=True, slots=True, kw_only=True)
class BuyingTerms:
    """How one item is bought. What is None is taken from the supplier's record or the shop's settings.

    `cost` is a unit's, in minor units; `breaks` are (units, cost): from so many units in an order on, each costs so
    much. `parts`: units of other SKUs in one of this kit, which itself is never bought. `made_to_order`: customers wait
    on purpose, nothing is kept in stock.
    """

    shop: str
    sku: str
    supplier: str | None = None
    lead_days: int | None = None
    review_days: int | None = None
    minimum: int = 1
    pack: int = 1
    cost: int | None = None
    breaks: tuple[tuple[int, int], ...] = ()
    service: str | None = None
    parts: dict[str, int] = field(default_factory=dict)
    made_to_order: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class LeadTime:
    """Days from ordering to having everything: mean and variance, from how many deliveries of item and supplier.

    `slip` is by how many days deliveries came later than first said, on the mean. `closed` of the days are those on
    which the supplier does not work if it is ordered today; `later`: further ones until the next order is here.
    """

    days: float
    variance: float
    own: int = 0
    supplier: int = 0
    slip: float = 0.0
    closed: int = 0
    later: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class ItemForecast:
    """What one nightly run found out about one item. Units are whole where they are ordered, else fractions.

    `weeks` are units of the past weeks, oldest first, as asked for; the last one ended the day before `made_on`.
    `mean` and `variance` are of demand over `cover_days` (lead time and review). `quantiles`: share -> units.
    `reorder_point` covers the lead time, `order_up_to` the lead time and the review period.
    """

    shop: str
    sku: str
    made_on: date
    pattern: Pattern
    method: str
    weeks: tuple[int, ...]
    rate: float
    lead: LeadTime
    review_days: int
    cover_days: float
    mean: float
    variance: float
    error: float
    quantiles: dict[str, int]
    level: float
    factor: float
    target: str
    reorder_point: int
    order_up_to: int
    safety_stock: int
    value_class: str
    steadiness: str
    backordered: int = 0
    lost: int = 0
    sold_out_days: int = 0
    price: int | None = None
    why: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Position:
    """What an item has now: units on hand (may be negative), owed to customers, and on their way by date.

    A date of None is supply without one.
    """

    on_hand: int
    owed: int = 0
    coming: tuple[tuple[date | None, int], ...] = ()

    @property
    def left(self) -> int:
        """Units on hand that nobody has ordered yet; below zero where more are owed."""
        return self.on_hand - self.owed

    @property
    def units(self) -> int:
        """Units that new demand can count on, sooner or later."""
        return self.left + sum(units for _, units in self.coming)


@dataclass(frozen=True, slots=True, kw_only=True)
class Bargain:
    """A larger order that pays: units and a unit's price, what it saves and what keeping it costs, in minor units."""

    units: int
    price: int
    saves: int
    costs: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Suggestion:
    """What to order of one item now, and what happens otherwise.

    `runs_out_on` is None when the stock outlasts a year. `would_wait`: units that customers would wait for until an
    order placed today could be here, `value` what those are worth in minor units. `cost` is what the order costs,
    None where that is not known; `cheaper`: the price break for which more is ordered than is needed.
    """

    sku: str
    urgency: Urgency
    units: int
    position: int
    runs_out_on: date | None
    arrives_on: date
    would_wait: int
    value: int | None
    reasons: tuple[str, ...]
    cost: int | None = None
    cheaper: Bargain | None = None

    @property
    def unit_cost(self) -> int | None:
        """What a unit of the order costs, in minor units."""
        return None if self.cost is None else self.cost // self.units


@dataclass(frozen=True, slots=True, kw_only=True)
class Alarm:
    """Backorders that have become a habit, for an item or a supplier, with the mend that costs least.

    `rate` is the share of units that had to wait, `weeks` how many of the last weeks had any, `mean_wait` days. `cost`
    is what the waits of these weeks cost, `holding` what an item's spare stock would cost in as many, in minor units.
    """

    kind: Literal["item", "supplier"]
    name: str
    rate: float
    weeks: int
    units: int
    lost: int
    mean_wait: float | None
    cost: int | None
    mend: str
    why: str
    holding: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """The nightly run of one shop: the last day finished, and where a run under way has come to.

    `position` is the last SKU stored by it. `wanted`: a person asked for a new run. `history_from` is where reading
    the shop's own past goes on; None when nobody asked for it or it is done. `history_orders` were read so far.
    """

    shop: str
    done_on: date | None = None
    running_on: date | None = None
    position: str | None = None
    fence: int = 0
    leased_until: datetime | None = None
    wanted: bool = False
    history_from: datetime | None = None
    history_orders: int = 0
    report: str = "{}"
