"""What the books hold: shops, deliveries, orders and items with their plans, actions, the audit log.

These are the rows that the rooms pass to each other. `core.ports` says how they are kept.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, Literal

from core.actions import Action
from core.dates.promise_ranges import PromiseRange
from core.facts import Incoming
from core.items.item_gate import ItemGate
from core.items.item_rules import ItemRules
from core.large.sizes import LineSize
from core.plan import OrderPlan, PlanException
from core.policy.shop_policy import ShopPolicy
from core.records.endings import Ending, Withdrawal
from core.records.expectation import Expectation
from core.records.proposals import Proposal
from core.records.served import Served
from core.records.waits import Wait
from core.snapshots import ItemSnapshot, OrderSnapshot, PlaceSnapshot

Platform = Literal["shopify", "woocommerce"]
SupplyKey = tuple[str, str, str]
"""Id, SKU and location of incoming supply."""
ShopState = Literal["connected", "uninstalled", "reconnect"]
DeliveryState = Literal["new", "done", "dead"]
ActionState = Literal["planned", "pending", "done", "failed", "skipped"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Shop:
    """One connected shop. `id` is ours, fit for a URL; `domain` is `name.myshopify.com` or a store's host and path.

    `lacks`: sentences about what is missing at the platform, as of the last look, each with its mend.
    `wording`: the merchant's own words in mails and how the shop shows itself in them (`core.messages.wording`).
    `origin` is where its API answers. `past_days`: how far back its orders can be read. `past_reading`: what the
    platform is putting together of them ("": read by pages), None while nobody reads them.
    `sync_cursor` is the newest platform change that a sync has covered.
    `orders_read`: how far the comparison under way has come; None while there is none.
    """

    id: str
    platform: Platform
    domain: str
    origin: str
    name: str
    currency: str
    timezone: str
    connected_at: datetime
    state: ShopState = "connected"
    problem: str | None = None
    email: str | None = None
    policy: ShopPolicy = field(default_factory=ShopPolicy)
    places: tuple[PlaceSnapshot, ...] = ()
    features: frozenset[str] = frozenset()
    past_days: int = 1095
    past_reading: str | None = None
    lacks: tuple[str, ...] = ()
    sync_cursor: datetime | None = None
    synced_at: datetime | None = None
    subscribed_at: datetime | None = None
    orders_read: int | None = None
    wording: dict[str, str] = field(default_factory=dict)

    @property
    def left(self) -> bool:
        """Whether a person disconnected the shop here; one that removed us itself is answered, and ignored."""
        return self.state == "uninstalled" and self.subscribed_at is None

    @property
    def apart(self) -> frozenset[str]:
        """The locations from which no online order ships."""
        return frozenset(place.id for place in self.places if not place.ships_online)

    def counts_in(self, seen: OrderSnapshot) -> bool:
        """Whether the order is paid in the shop's currency: else no price of an item and no set amount fits its own."""
        return not self.currency or seen.currency == self.currency


@dataclass(frozen=True, slots=True, kw_only=True)
class Delivery:
    """One webhook as it came, or a wake-up of our own (topic `backorder/...`, JSON body).

    `key` makes it unique in its shop. `attempts` counts tries to take it in, and `taken_at` is the
    business time at which that was done. `trace`: the W3C `traceparent` of the span in which it came.
    """

    id: int
    shop: str
    topic: str
    key: str
    body: bytes
    received_at: datetime
    taken_at: datetime | None = None
    attempts: int = 0
    state: DeliveryState = "new"
    error: str | None = None
    trace: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderRecord:
    """One order: what was seen, what was planned, what we promised.

    `acted_at`: when our latest write to it ended; a read that began earlier is no news.
    `hands_off`: units per line whose hold a person removed; not held again until `shape` changes.
    `shape`: a digest of the lines' totals when `hands_off` was set.
    `expected_held`: units per line under our hold as of our latest finished action.
    `managed`: we have held units of it at some time.
    `shown`: what its fields of ours at the shop say, as of our latest finished action (`desired_state.desired.shown`).
    `noted`: what people read on the order itself of what waits (`core.desired_state.order_note`).
    `due`: what the shop was last told of the day by which what waits must ship.
    `sizes`: how large it was when first planned. `proposal`: what was offered to its customer because it is very large.
    `ending`: what was given up for good, the latest of such decisions. `withdrawals`: what its customer withdrew from.
    `causes`: why units of a line first came to wait, by line id; never overwritten.
    `preorders`: lines whose item is not released yet, with its date: they wait, but are no backorders.
    `told_at`: when the latest message to the customer was drafted.
    `offers`: codes made for it, in order; `codes_ended`: those that were made unusable since.
    `first_promise_on` and `first_range`, told with it, are never overwritten.
    `served`: what of its service is told once and kept for the reports.
    `expected`: when it leaves and what its ready part is worth, beside the plan. `wait`: how long it waited for stock.
    """

    shop: str
    snapshot: OrderSnapshot
    plan: OrderPlan | None = None
    exceptions: tuple[PlanException, ...] = ()
    acted_at: datetime | None = None
    expected_held: dict[str, int] = field(default_factory=dict)
    hands_off: dict[str, int] = field(default_factory=dict)
    shape: str = ""
    managed: bool = False
    shown: str = ""
    noted: str = ""
    due: str = ""
    manual: dict[str, str] = field(default_factory=dict)
    offers: tuple[str, ...] = ()
    codes_ended: tuple[str, ...] = ()
    first_promise_on: date | None = None
    first_range: PromiseRange | None = None
    promised_on: date | None = None
    published_at: datetime | None = None
    planned_at: datetime | None = None
    expected: Expectation | None = None
    wait: Wait | None = None
    sizes: tuple[LineSize, ...] | None = None
    proposal: Proposal | None = None
    ending: Ending | None = None
    withdrawals: tuple[Withdrawal, ...] = ()
    causes: dict[str, str] = field(default_factory=dict)
    preorders: dict[str, date] = field(default_factory=dict)
    told_at: datetime | None = None
    served: Served = field(default_factory=Served)

    @property
    def id(self) -> str:
        """The platform's bare id of the order."""
        return self.snapshot.platform_id


@dataclass(frozen=True, slots=True, kw_only=True)
class ItemRecord:
    """One item under its stable SKU, unique in the shop (ours where the platform gives none).

    `announced_on`: the day for a next unit that its pages at the shop tell, by us.
    """

    shop: str
    sku: str
    snapshot: ItemSnapshot
    rules: ItemRules = field(default_factory=ItemRules)
    gate: ItemGate | None = None
    announced_on: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class IncomingRecord:
    """Incoming supply with who told us: the platform's own, or entered by a person.

    `item`: the platform's id of the item, where the platform told; `incoming.sku` is then the platform's SKU.
    """

    shop: str
    incoming: Incoming
    source: Literal["platform", "entered"] = "entered"
    supplier: str | None = None
    note: str | None = None
    item: str | None = None

    @property
    def key(self) -> SupplyKey:
        """What tells it from others in its shop."""
        return self.incoming.id, self.incoming.sku, self.incoming.location


@dataclass(frozen=True, slots=True, kw_only=True)
class ActionRecord:
    """One row of the outbox. `key` is its natural key: the same wanted effect is never queued twice.

    `fence` is the lease's fencing token: an outcome under an older token is refused.
    `orphaned_at`, on an action just claimed: when the lease of an earlier try ran out without an outcome.
    """

    id: int
    shop: str
    order: str
    action: Action
    key: str
    reason: str
    state: ActionState
    created_at: datetime
    next_at: datetime
    attempts: int = 0
    sent_at: datetime | None = None
    finished_at: datetime | None = None
    error: str | None = None
    reference: str | None = None
    fence: int = 0
    orphaned_at: datetime | None = None

    @property
    def kind(self) -> str:
        """The action's kind, as the API shows it."""
        return self.action.kind


@dataclass(frozen=True, slots=True, kw_only=True)
class AuditEntry:
    """Who or what did which thing, when, why, with which outcome. `id` is 0 until it is written."""

    id: int = 0
    shop: str
    at: datetime
    actor: str
    what: str
    order: str | None = None
    sku: str | None = None
    why: str | None = None
    outcome: str | None = None
    detail: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class SavedView:
    """What people of a shop look for again and again. `address` is the page with its query."""

    name: str
    address: str


@dataclass(frozen=True, slots=True, kw_only=True)
class NewNotice:
    """A message to be drafted: one for each `key`, and it may leave from `due` on. `facts` as in `NoticeRecord`."""

    shop: str
    order: str
    kind: str
    key: str
    to: str | None
    facts: Mapping[str, Any]
    at: datetime
    due: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class NoticeRecord:
    """A message to a customer: drafted, and sent only when mail is set up and the merchant has seen the wording.

    `facts` is what its wording speaks of; `subject` and `body` are empty until it leaves. `mail` is the mail that
    carries it, which may carry others as well. It may leave from `due_at` on.
    """

    id: int
    shop: str
    order: str
    kind: str
    key: str
    to: str | None
    subject: str
    body: str
    state: Literal["draft", "queued", "sent", "failed", "skipped"]
    created_at: datetime
    due_at: datetime
    error: str | None = None
    facts: dict[str, Any] = field(default_factory=dict)
    mail: int | None = None
