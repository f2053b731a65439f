"""The rows that a simulated store keeps. What happens to them lives next door."""

from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from typing import Any

Json = Any


@dataclass(slots=True, kw_only=True)
class Meta:
    """One metadata entry. Line metadata is text, as the platform reads it back from its database."""

    id: int
    key: str
    value: Json


@dataclass(slots=True, kw_only=True)
class Product:
    """A product, a variable product or a variation (`parent_id` set). `stock` is None when not counted."""

    id: int
    type: str
    name: str
    sku: str
    price: Decimal
    created: datetime
    modified: datetime
    manage_stock: bool = True
    stock: int | None = None
    stock_status: str = "instock"
    backorders: str = "no"
    parent_id: int = 0
    attributes: dict[str, str] = field(default_factory=dict)
    variations: list[int] = field(default_factory=list)
    categories: tuple[str, ...] = ()
    virtual: bool = False
    status: str = "publish"
    before_trash: str = "publish"
    total_sales: int = 0
    meta: list[Meta] = field(default_factory=list)

    @property
    def slug(self) -> str:
        """The name as it stands in an address."""
        return "-".join("".join(c if c.isalnum() else " " for c in self.name.lower()).split())


@dataclass(slots=True, kw_only=True)
class Line:
    """One order line. `total` is after discounts; changing `quantity` does not change it."""

    id: int
    name: str
    product_id: int
    variation_id: int
    quantity: int
    subtotal: Decimal
    total: Decimal
    meta: list[Meta] = field(default_factory=list)


@dataclass(slots=True, kw_only=True)
class ShippingLine:
    """What the customer pays for shipping."""

    id: int
    title: str
    method: str
    total: Decimal
    instance: str = ""
    meta: list[Meta] = field(default_factory=list)


@dataclass(slots=True, kw_only=True)
class CouponLine:
    """A coupon as used by one order."""

    id: int
    code: str
    discount: Decimal
    coupon_id: int


@dataclass(slots=True, kw_only=True)
class Note:
    """An order note; system notes are written by `WooCommerce` itself."""

    id: int
    author: str
    text: str
    to_customer: bool
    created: datetime


@dataclass(slots=True, kw_only=True)
class Refund:
    """Money (and units) given back. Its lines have negative quantities."""

    id: int
    amount: Decimal
    reason: str
    created: datetime
    by: int
    paid_back: bool
    partial: bool
    lines: list[Line]
    meta: list[Meta] = field(default_factory=list)


@dataclass(slots=True, kw_only=True)
class Fulfillment:
    """A shipment, where the feature is on. `meta` holds `_items` and the tracking keys."""

    id: int
    fulfilled: bool
    updated: datetime
    meta: list[Meta] = field(default_factory=list)


@dataclass(slots=True, kw_only=True)
class Order:
    """One order. `stock_reduced`: the store has taken its lines out of stock."""

    id: int
    status: str
    created: datetime
    modified: datetime
    key: str
    currency: str
    billing: dict[str, str]
    shipping: dict[str, str]
    customer_id: int = 0
    payment_method: str = ""
    payment_title: str = ""
    transaction_id: str = ""
    created_via: str = "rest-api"
    customer_note: str = ""
    customer_ip: str = ""
    user_agent: str = ""
    cart_hash: str = ""
    completed: datetime | None = None
    paid: datetime | None = None
    before_trash: str = "pending"
    stock_reduced: bool = False
    sales_counted: bool = False
    coupons_counted: bool = False
    lines: list[Line] = field(default_factory=list)
    shipping_lines: list[ShippingLine] = field(default_factory=list)
    coupon_lines: list[CouponLine] = field(default_factory=list)
    notes: list[Note] = field(default_factory=list)
    refunds: list[Refund] = field(default_factory=list)
    fulfillments: list[Fulfillment] = field(default_factory=list)
    meta: list[Meta] = field(default_factory=list)

    @property
    def shipping_total(self) -> Decimal:
        """What shipping costs."""
        return sum((line.total for line in self.shipping_lines), Decimal(0))

    @property
    def discount(self) -> Decimal:
        """What coupons took off."""
        return sum((line.subtotal - line.total for line in self.lines), Decimal(0))

    @property
    def total(self) -> Decimal:
        """What the customer pays, refunds not taken out."""
        return sum((line.total for line in self.lines), Decimal(0)) + self.shipping_total

    @property
    def refunded(self) -> Decimal:
        """What was given back so far."""
        return sum((refund.amount for refund in self.refunds), Decimal(0))


@dataclass(slots=True, kw_only=True)
class Coupon:
    """A discount code. `expires` is an instant; the store shows it in local time."""

    id: int
    code: str
    created: datetime
    modified: datetime
    status: str = "publish"
    fields: dict[str, Json] = field(default_factory=dict)
    expires: datetime | None = None
    used_by: list[str] = field(default_factory=list)
    meta: list[Meta] = field(default_factory=list)


@dataclass(slots=True, kw_only=True)
class Customer:
    """A registered customer."""

    id: int
    email: str
    address: dict[str, str]
    created: datetime
    modified: datetime


@dataclass(slots=True, kw_only=True)
class Key:
    """A REST key of one user. `nonces`: the last one used, by the second that it was signed in."""

    id: int
    consumer_key: str
    consumer_secret: str
    permissions: str
    user_id: int
    nonces: dict[int, str] = field(default_factory=dict)


@dataclass(slots=True, kw_only=True)
class Webhook:
    """A subscription. Who sends for it counts its failures; the API shows neither those nor the secret."""

    id: int
    name: str
    status: str
    topic: str
    url: str
    secret: str
    user_id: int
    created: datetime
    modified: datetime | None = None
