"""What a simulated store holds, in memory behind one lock."""

import random
from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta, timezone, tzinfo
from decimal import ROUND_HALF_UP, Decimal
from threading import RLock
from zoneinfo import ZoneInfo

from connectors.simulator.woocommerce.rows import Coupon, Customer, Key, Note, Order, Product, Webhook

BUILT_IN_STATUSES = (
    "auto-draft",
    "pending",
    "processing",
    "on-hold",
    "completed",
    "cancelled",
    "refunded",
    "failed",
    "checkout-draft",
)
HOLD_STOCK_MINUTES = 60
SYSTEM = "WooCommerce"


@dataclass(kw_only=True)
class State:
    """All rows of one store. Hold `lock` while reading or changing them; `fire` tells the webhooks of a change.

    `demoted`: users who lost their role, whose keys are known and may do nothing.
    """

    name: str
    currency: str
    timezone: str
    clock: Callable[[], datetime]
    seed: int
    fulfillments_on: bool
    legacy: bool
    decimals: int
    version: str = "10.5.0"
    home: str = ""
    backordered_key: str = "Backordered"
    custom_statuses: list[str] = field(default_factory=list)
    products: dict[int, Product] = field(default_factory=dict)
    orders: dict[int, Order] = field(default_factory=dict)
    coupons: dict[int, Coupon] = field(default_factory=dict)
    customers: dict[int, Customer] = field(default_factory=dict)
    keys: dict[str, Key] = field(default_factory=dict)
    webhooks: dict[int, Webhook] = field(default_factory=dict)
    demoted: set[int] = field(default_factory=set)
    categories: dict[str, int] = field(default_factory=lambda: {"Uncategorized": 15})
    lock: RLock = field(default_factory=RLock)
    fire: Callable[[str, int], None] = lambda _topic, _id: None

    def __post_init__(self) -> None:
        self.zone = zone_of(self.timezone)
        self.random = random.Random(self.seed)  # noqa: S311  # the same seed tells the same story
        self._last: defaultdict[str, int] = defaultdict(int, post=10)

    def new_id(self, kind: str) -> int:
        """The next id of this kind. Orders, refunds, products and coupons share one row of ids: `post`."""
        self._last[kind] += 1
        return self._last[kind]

    def now(self) -> datetime:
        """The store's time in UTC, in the whole seconds that it keeps."""
        return self.clock().astimezone(UTC).replace(microsecond=0)

    def statuses(self) -> tuple[str, ...]:
        """Every status that an order may have here, plug-ins' ones included."""
        return (*BUILT_IN_STATUSES, *self.custom_statuses)

    def rounded(self, amount: Decimal) -> Decimal:
        """An amount in the store's number of decimals."""
        return amount.quantize(Decimal(1).scaleb(-self.decimals), ROUND_HALF_UP)

    def category(self, name: str) -> int:
        """The id of the product category with this name, which is new if there was none."""
        return self.categories.setdefault(name, 15 + len(self.categories))

    def note(self, order: Order, text: str, *, author: str = SYSTEM, to_customer: bool = False) -> Note:
        """Write a note on the order and return it."""
        note = Note(id=self.new_id("note"), author=author, text=text, to_customer=to_customer, created=self.now())
        order.notes.append(note)
        return note

    def by_sku(self, sku: str) -> Product:
        """The product or variation with this SKU. Raises LookupError when there is none."""
        for product in self.products.values():
            if product.sku == sku and sku:
                return product
        raise LookupError(f"no product with SKU {sku!r}")


def zone_of(name: str) -> tzinfo:
    """The time zone of a store: a place, or a fixed offset such as `+05:30` (stores may be set to either)."""
    if name[:1] not in "+-":
        return ZoneInfo(name)
    hours, minutes = (int(part) for part in name[1:].split(":"))
    offset = timedelta(hours=hours, minutes=minutes)
    return timezone(-offset if name.startswith("-") else offset)
