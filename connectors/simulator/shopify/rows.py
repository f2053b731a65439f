"""What a simulated shop keeps, in the platform's words. Plain rows; what happens to them lies beside."""

from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal

ONLY_VARIANT = "Default Title"
"""What the platform calls a product's only variant, and the value of its one option, `Title`."""


@dataclass(slots=True, kw_only=True)
class Place:
    """A stock location."""

    id: int
    name: str
    active: bool = True
    ships_online: bool = True


@dataclass(slots=True, kw_only=True)
class Metafield:
    """One metafield; `namespace` as it is kept, with the app's id where it is the app's own."""

    id: int
    namespace: str
    key: str
    kind: str
    value: str


@dataclass(slots=True, kw_only=True)
class Variant:
    """One sellable variant with its inventory item and what is to be said of its product, which others may share."""

    id: int
    product: int
    item: int
    sku: str | None
    title: str
    price: Decimal
    policy: str
    tracked: bool
    ships: bool
    gift_card: bool
    created_at: datetime
    updated_at: datetime
    type: str = ""
    category: str | None = None
    options: dict[str, str] = field(default_factory=dict)
    deleted: bool = False
    metafields: dict[tuple[str, str], Metafield] = field(default_factory=dict)

    @property
    def own_title(self) -> str | None:
        """What its options call it; None for a product's only variant."""
        return " / ".join(self.options.values()) or None


@dataclass(slots=True, kw_only=True)
class Level:
    """Stock of one inventory item at one place. available = on_hand - committed."""

    item: int
    place: int
    on_hand: int = 0
    committed: int = 0
    updated_at: datetime

    @property
    def available(self) -> int:
        """Units that can still be sold; negative when more is sold than there is."""
        return self.on_hand - self.committed


@dataclass(slots=True, kw_only=True)
class Customer:
    """Who orders."""

    id: int
    name: str
    email: str
    locale: str = "en"
    agreed: bool = False
    tags: list[str] = field(default_factory=list)


@dataclass(slots=True, kw_only=True)
class Line:
    """An order line. `quantity` never falls; `removed` were taken out before shipping, `returned` after."""

    id: int
    variant: int | None
    product: int | None
    item: int | None
    sku: str | None
    title: str
    quantity: int
    price: Decimal
    ships: bool
    variant_title: str | None = None
    gift_card: bool = False
    removed: int = 0
    returned: int = 0
    fulfilled: int = 0

    @property
    def name(self) -> str:
        """The product's title with the variant's."""
        return " - ".join(part for part in (self.title, self.variant_title) if part)

    @property
    def current(self) -> int:
        """Units that the customer still has or gets."""
        return self.quantity - self.removed - self.returned

    @property
    def unfulfilled(self) -> int:
        """Units not shipped yet."""
        return self.quantity - self.removed - self.fulfilled


@dataclass(slots=True, kw_only=True)
class Hold:
    """One hold of one app (`ours`, or any other name) on a fulfilment order. Its id is 0 until it is placed."""

    id: int = 0
    app: str
    handle: str
    reason: str
    notes: str | None


@dataclass(slots=True, kw_only=True)
class FoLine:
    """One line of a fulfilment order."""

    id: int
    line: int
    total: int
    remaining: int


@dataclass(slots=True, kw_only=True)
class FulfilmentOrder:
    """Units of one order to be shipped from one place. `group`: siblings that a partial hold parted."""

    id: int
    order: int
    place: int
    ships: bool
    group: int
    created_at: datetime
    updated_at: datetime
    status: str = "OPEN"
    lines: list[FoLine] = field(default_factory=list)
    holds: list[Hold] = field(default_factory=list)
    fulfil_by: datetime | None = None

    @property
    def remaining(self) -> int:
        """Units still to ship."""
        return sum(line.remaining for line in self.lines)

    @property
    def alive(self) -> bool:
        """Whether anything may still happen to it."""
        return self.status not in {"CLOSED", "CANCELLED"}


@dataclass(slots=True, kw_only=True)
class Fulfilment:
    """One parcel. `units` per order line; `parts` are (fulfilment order, its line, units)."""

    id: int
    order: int
    name: str
    place: int
    created_at: datetime
    updated_at: datetime
    units: dict[int, int]
    status: str = "SUCCESS"
    tracking: dict[str, str | None] = field(default_factory=dict)


@dataclass(slots=True, kw_only=True)
class Refund:
    """One refund: (line, units, restock type) rows and the money."""

    id: int
    order: int
    created_at: datetime
    rows: list[tuple[int, int, str]]
    amount: Decimal
    note: str | None = None


@dataclass(slots=True, kw_only=True)
class Order:
    """One order."""

    id: int
    number: int
    created_at: datetime
    updated_at: datetime
    currency: str
    customer: int | None
    country: str
    financial: str
    lines: list[Line]
    received: Decimal = Decimal(0)
    tags: list[str] = field(default_factory=list)
    note: str | None = None
    attributes: list[tuple[str, str | None]] = field(default_factory=list)
    codes: list[str] = field(default_factory=list)
    cancelled_at: datetime | None = None
    cancel_reason: str | None = None
    closed_at: datetime | None = None
    fulfilment_orders: list[int] = field(default_factory=list)
    fulfilments: list[Fulfilment] = field(default_factory=list)
    refunds: list[Refund] = field(default_factory=list)
    metafields: dict[tuple[str, str], Metafield] = field(default_factory=dict)

    @property
    def name(self) -> str:
        """What people call it."""
        return f"#{self.number}"

    def line(self, line: int) -> Line:
        """Return one line by id. Raises KeyError."""
        for row in self.lines:
            if row.id == line:
                return row
        raise KeyError(line)

    @property
    def net_paid(self) -> Decimal:
        """What was paid and not given back."""
        return self.received - sum((made.amount for made in self.refunds), Decimal(0))

    def total(self) -> Decimal:
        """What is to be paid for what is left of it."""
        return sum((line.price * line.current for line in self.lines), Decimal(0))


@dataclass(slots=True, kw_only=True)
class Shipment:
    """A shipment of a transfer. `received` units count towards on_hand, `rejected` do not."""

    id: int
    transfer: int
    line: int
    quantity: int
    created_at: datetime
    status: str = "IN_TRANSIT"
    received: int = 0
    rejected: int = 0
    arrives_at: datetime | None = None
    received_at: datetime | None = None


@dataclass(slots=True, kw_only=True)
class Transfer:
    """Incoming units of one item to one place."""

    id: int
    line: int
    item: int
    place: int
    quantity: int
    created_at: datetime
    status: str = "IN_PROGRESS"
    shipment: int | None = None


@dataclass(slots=True, kw_only=True)
class Subscription:
    """One webhook subscription. `topic` is the API's enum name."""

    id: int
    topic: str
    uri: str
    name: str | None
    include_fields: list[str]
    created_at: datetime
    updated_at: datetime
