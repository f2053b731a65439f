"""A shop's settings: what `GET /api/v1/policy` shows, with defaults for everything."""

from dataclasses import asdict, dataclass, field
from typing import Any, Literal, get_args

from core.actions import OfferKind
from core.facts import Allocation, Release

Mode = Literal["observe", "act"]
FulfilMode = Literal["hold_and_release", "create"]
Law = Literal["us_ftc_435", "eu_2011_83", "uk_cra_2015"]
LargeOrderAnswer = Literal["accept", "schedule", "cap", "counter", "review", "decline"]
Weekday = Literal["mon", "tue", "wed", "thu", "fri", "sat", "sun"]
Told = Literal["likely", "latest"]
SentBy = Literal["us", "tool"]
RefundTo = Literal["payment", "store_credit"]
WEEK: tuple[Weekday, ...] = get_args(Weekday)
NoticeKind = Literal["waiting", "unexpected", "still_on_time", "date_changed", "ready", "part_shipped"]
"""Messages that a merchant may do without; the others answer what a law or an offer asks for."""
ServiceTarget = Literal["fill_rate", "cycle_service", "cost"]
RungClock = Literal["ahead", "waited", "late"]
RungTold = Literal["any", "told", "untold"]
EVERY_TIER = 1000


@dataclass(frozen=True, slots=True, kw_only=True)
class ShipPart:
    """When a part may leave before the rest. Amounts are in the shop's currency, as text; shares go from 0 to 1.

    `min_fill_share` is the part's share of what is open, by value; `parcel_cost` what a second parcel costs, 0 weighs
    nothing; `margin` what is earned on the price; `day_price` what a day of waiting costs, also by the order's tags.
    """

    enabled: bool = True
    min_part_value: str = "0"
    max_parcels: int = 10
    min_units: int = 1
    min_fill_share: str = "0"
    parcel_cost: str = "0"
    margin: str = "0.4"
    day_price: str = "0"
    day_price_by_tag: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Promises:
    """How the arrival of supply becomes the date that a customer is told.

    Without a word from the merchant every day is a working day and goods leave on the day they come: a shop's week is
    not guessed, and its dates are those that its suppliers gave. `holidays` are dates, or `MM-DD` for every year;
    `cut_off_hour` 24 is none. Supply overdue by more than `overdue_days` gives no date any more.
    `ship_by`: the promised day also becomes the ship-by date of what waits, where the platform has one. `on_items`: an
    item's own pages tell when a next unit could leave.
    """

    promise: Told = "likely"
    dock_to_stock_days: int = 0
    working_days: tuple[Weekday, ...] = WEEK
    holidays: tuple[str, ...] = ()
    cut_off_hour: int = 24
    overdue_days: int = 14
    ship_by: bool = False
    on_items: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Rung:
    """One step of the ladder of consolations: after how long, for whom, what.

    `days` are counted of what still lies ahead, of what was waited, or of how late it is against the first promise.
    For orders of at most this `tier` (smaller is served earlier) in which at least `min_value` waits. `told`: only
    customers who bought knowing of a wait, or only those whom it hit unawares. `weigh`: only where the order is likely
    to lose more than this costs. What is given, as in `Offers`.
    """

    after: RungClock = "ahead"
    days: int = 14
    tier: int = EVERY_TIER
    min_value: str = "0"
    told: RungTold = "any"
    kind: OfferKind = "discount_code"
    percent: int = 10
    amount: str = "0"
    weigh: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Offers:
    """The consolation for a wait. Amounts are in the shop's currency, as text; a `monthly_budget` of null is no limit.

    A discount code takes `amount` off the next order where that is not 0, else `percent`; store credit and gift cards
    are worth `amount`, else `percent` of what waits. A code asks for goods of `minimum` at least, and `combines` with
    others or not. Without a `ladder`, `kind`, `percent`, `amount` and `min_wait_days` are its only rung, which is not
    weighed; with one, they are what a person gives by hand. `per_customer`: offers to one customer in a month, 0 for
    any number. `min_margin`: the share of what waits that must be left after its cost, where that is known, and the
    offer. `hold_out`: the share of customers who get none, so that it can be told what offers change.
    """

    enabled: bool = False
    kind: OfferKind = "discount_code"
    percent: int = 10
    amount: str = "0"
    minimum: str = "0"
    combines: bool = False
    valid_days: int = 60
    min_wait_days: int = 14
    per_order: int = 1
    monthly_budget: str | None = None
    ladder: tuple[Rung, ...] = ()
    per_customer: int = 0
    min_margin: str = "0"
    hold_out: str = "0"


@dataclass(frozen=True, slots=True, kw_only=True)
class LargeOrder:
    """An order is large when a line of at least `min_units` exceeds any of the tests; null and 0 switch a test off.

    The tests: a share of the item's stock on hand, a share of what can be promised, so many times the item's usual
    largest order (95th percentile), and so many days of what it sells. `second_freight` is in the shop's currency.
    """

    enabled: bool = False
    share: str | None = "0.5"
    share_of_atp: str | None = None
    times_usual: str | None = None
    days_of_cover: int = 0
    min_units: int = 2
    answer: LargeOrderAnswer = "cap"
    offer_days: int = 3
    second_freight: str = "0"


@dataclass(frozen=True, slots=True, kw_only=True)
class Notices:
    """Which messages are drafted for the customer, and when they may leave.

    None leaves before `wording_seen`, while `paused`, or between the hours `quiet_from` and `quiet_until` in the shop's
    time zone (equal: no quiet hours). `window_minutes`: changes that come so close together make one mail. `offers`:
    codes are told by mail too, which the law of many countries takes for advertising: `offers_agreed` to those only who
    agreed to that, `offers_inside` within the mail about the order where one leaves at that time. `off`: kinds that are
    not sent.
    `sent_by`: with `tool` each message becomes an event for another tool, which sends it, but for those that a law asks
    for: their sending must be on record.
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
    offers: bool = False
    offers_agreed: bool = False
    offers_inside: bool = False
    off: tuple[NoticeKind, ...] = ()
    sent_by: SentBy = "us"


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
class Parcels:
    """What is told of a part that we record as shipped.

    In number and address, `{order}` stands for the order's name and `{parcel}` for the parcel's place in it, so that
    a carrier's tracking by reference finds it; in the address `{number}` for the number.
    """

    notify_customer: bool = False
    carrier: str = ""
    tracking_number: str = ""
    tracking_url: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Cancelling:
    """What may be ended besides on a person's word, and how. `by_customer`: customers may cancel what waits.

    `declined`: a declined order is cancelled in the shop; without it, it is only kept back. `by_law`: the same of one
    that a delay law ended. `refund_to` goes back to the payment where the platform knows no store credit, or where a
    chosen delay law governs the order.
    """

    by_customer: bool = False
    declined: bool = False
    by_law: bool = False
    refund_to: RefundTo = "payment"
    notify_customer: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Choices:
    """What customers may choose on their order's page, beside `cancelling.by_customer` and one parcel.

    `undo_minutes`: so long they may take a cancellation back; the shop is told after it (0: at once). `ship_ready`:
    what is ready may leave first where the shop would wait for the rest. `swap`: a substitute that is listed for an
    item and in stock may take the place of what waits, at no higher price. `withdraw`: consumers in the European
    Economic Area find the function for withdrawing there, until `withdraw_days` after delivery.
    """

    undo_minutes: int = 30
    ship_ready: bool = False
    swap: bool = False
    withdraw: bool = False
    withdraw_days: int = 14


@dataclass(frozen=True, slots=True, kw_only=True)
class Reorder:
    """How much stock to keep. `service`: share of units shipped at once, or of order cycles without a shortage.

    Days and costs are for items without terms of their own; `wait_cost` is of one unit waiting for one day, null
    for a share of its own price (`core.forecast.stock.WAIT_SHARE`).
    `service_by_class`: another share for a class of value (A, B, C), or of value and steadiness (AX to CZ).
    `closed_by_supplier`: days on which a supplier does not work, such as `2026-12-24/2027-01-02, 2027-05-01`.
    `digest_to`: who gets the night's mail about what to order; empty for the address that the shop itself gives.
    """

    target: ServiceTarget = "fill_rate"
    service: str = "0.95"
    lead_days: int = 14
    review_days: int = 7
    holding_percent: int = 20
    wait_cost: str | None = None
    service_by_class: dict[str, str] = field(default_factory=dict)
    closed_by_supplier: dict[str, str] = field(default_factory=dict)
    digest_to: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class WaitGate:
    """Backorders on an item stop when a next unit would take more than `max_days`, or nothing dated brings one.

    They are taken again once it would take at most `again_days` (or `max_days`, where that is less).
    """

    enabled: bool = False
    max_days: int = 60
    again_days: int = 45


@dataclass(frozen=True, slots=True, kw_only=True)
class ShopPolicy:
    """Everything a merchant may set for one shop. Orders older than `lending_age_days` lend nothing (0: all may)."""

    mode: Mode = "observe"
    allocation: Allocation = "first_come"
    release: Release = "need_date"
    lending_age_days: int = 30
    fulfil: FulfilMode = "hold_and_release"
    ship_part: ShipPart = field(default_factory=ShipPart)
    promises: Promises = field(default_factory=Promises)
    parcels: Parcels = field(default_factory=Parcels)
    offers: Offers = field(default_factory=Offers)
    large_order: LargeOrder = field(default_factory=LargeOrder)
    wait_gate: WaitGate = field(default_factory=WaitGate)
    notices: Notices = field(default_factory=Notices)
    cancelling: Cancelling = field(default_factory=Cancelling)
    choices: Choices = field(default_factory=Choices)
    laws: tuple[Law, ...] = ()
    reorder: Reorder = field(default_factory=Reorder)
    law_clock: LawClock = field(default_factory=LawClock)
    tiers_by_tag: dict[str, int] = field(default_factory=dict)
    together_by_tag: str = "ship-together"


def as_document(policy: ShopPolicy) -> dict[str, Any]:
    """Return the policy as JSON-ready values; merging the answer back changes nothing."""
    return asdict(policy, dict_factory=_with_lists)


def _with_lists(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    return {key: list(value) if isinstance(value, tuple) else value for key, value in pairs}
