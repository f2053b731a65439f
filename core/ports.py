"""What the rooms may ask of each other: the shop's connector and the books. No code, only promises."""

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from threading import Event
from typing import Generic, Protocol, TypeVar

from core.actions import Action, Capability, Outcome, Support
from core.approvals import Approvals
from core.arrivals import Arrival
from core.consolations import ConsolationBook
from core.correspondence import LawBook, MailBook
from core.finding import EVERYTHING, Demanded, MarkKind, Waiting, Wanted
from core.forecast.ports import Demand, Planning
from core.hazard import Waits
from core.hints import Hint
from core.item_gate import ItemGate
from core.item_rules import ItemRules
from core.outgoing import HookBook
from core.people import Pass, Role, Scope, Seat, SignedIn
from core.records import (
    ActionRecord,
    AuditEntry,
    Delivery,
    IncomingRecord,
    ItemRecord,
    NoticeRecord,
    OrderRecord,
    Platform,
    SavedView,
    Shop,
)
from core.replies import Replies
from core.reports.ports import Reports
from core.retention import Retention
from core.snapshots import ItemSnapshot, OrderSnapshot, ShopProfile

Row = TypeVar("Row")


@dataclass(frozen=True, slots=True)
class Page(Generic[Row]):
    """One page of a list; `next` is the cursor of the following page or None."""

    items: tuple[Row, ...]
    next: str | None


class ShopConnector(Protocol):
    """One shop at one platform, with its credentials. Instances are used by one thread at a time.

    Reads raise `Unavailable` (try later), `CredentialsRevoked` (connect again), `Rejected` or `PayloadChanged`.
    Reads may be retried inside; writes never are: the outbox does that.
    """

    platform: str
    support: Mapping[Capability, Support]

    def translate(self, topic: str, body: bytes) -> tuple[Hint, ...]:
        """Say what a delivery tells us to read. Pure. Raises PayloadChanged on a body it cannot read."""

    def profile(self) -> ShopProfile:
        """Prove the credentials by a read and say who the shop is."""

    def read_order(self, platform_id: str) -> OrderSnapshot:
        """Read one order whole; a deleted or unknown one comes back with status `gone`."""

    def order_of_fulfilment(self, platform_id: str) -> str | None:
        """Return the order of a fulfilment order that a delivery named; None when it is gone."""

    def read_items(self, platform_ids: Collection[str]) -> tuple[ItemSnapshot, ...]:
        """Read items with their stock; a deleted or unknown one comes back with `gone`."""

    def all_items(self) -> Iterator[ItemSnapshot]:
        """Read every item of the shop, page by page."""

    def orders_changed(self, since: datetime | None) -> Iterator[OrderSnapshot]:
        """Read orders changed at or after `since` (platform time), oldest change first; None: all open ones."""

    def begin_past(self, since: datetime) -> str | None:
        """Ask the platform to put everything ordered since then together, and return its name for that.

        The same question again gets the same name. None where it has no such thing, or pages do as well.
        """

    def past_orders(self, since: datetime, *, reading: str | None, skip: int) -> Iterator[OrderSnapshot]:
        """Read past orders for their demand.

        From what `begin_past` named, always in the same order and without its first `skip`; else those changed since
        then, oldest change first. Raises `Unavailable` while the platform is not ready, `NotFound` once a name is no
        longer known.
        """

    def incoming(self) -> tuple[IncomingRecord, ...] | None:
        """Read incoming supply; None where the platform has none."""

    def carry_out(self, action: Action) -> Outcome:
        """Bring about the wanted end. Looks first, writes only what is missing.

        Raises `Rejected` (never going to work), `Unsupported`, `RateLimited` or `Unavailable` (not sent or surely not
        done: try later) and `OutcomeUnknown` (may have been done: look again after the settling time).
        """

    def subscribe(self, url: str, secret: str) -> tuple[str, ...]:
        """Make our webhook subscriptions be exactly those we need, all active; say what had to be mended."""

    def unsubscribe(self, url: str) -> None:
        """Remove the webhook subscriptions that deliver to us; those of another installation stay."""


class Shops(Protocol):
    """Connected shops and their secrets."""

    def add(self, shop: Shop, credentials: Mapping[str, str]) -> None:
        """Store a shop; one with the same id is replaced, its orders stay."""

    def get(self, shop: str) -> Shop | None:
        """Return the shop with this id."""

    def find(self, name: str) -> Shop | None:
        """Return the shop by id, domain or store URL (with or without scheme and trailing slash)."""

    def named(self, names: Collection[str]) -> dict[str, Shop]:
        """Return the shops that `find` would return, by those names."""

    def all(self) -> tuple[Shop, ...]:
        """Return every shop, by id."""

    def save(self, shop: Shop) -> None:
        """Write back a changed shop (not its credentials)."""

    def lock(self, shop: str) -> None:
        """Wait until this transaction alone may replan the shop; held until it ends."""

    def credentials(self, shop: str) -> dict[str, str]:
        """Return the decrypted credentials; empty when erased."""

    def put_credentials(self, shop: str, credentials: Mapping[str, str]) -> None:
        """Replace the credentials; empty erases them."""

    def erase(self, shop: str) -> None:
        """Delete the shop and everything stored about it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Letter:
    """A delivery at the door, not numbered yet. `key` makes it unique in its shop.

    `shop` is any name by which `Shops.find` knows it. `last_wish`: also a shop that was left may still demand this.
    """

    shop: str
    platform: Platform
    topic: str
    key: str
    body: bytes
    at: datetime
    last_wish: bool = False


class Inbox(Protocol):
    """Deliveries as they came. Unique by (shop, key)."""

    def add_all(self, letters: Sequence[Letter]) -> None:
        """Store what platforms sent, due at once; what is there already stays as it is."""

    def add(self, *, shop: str, topic: str, key: str, body: bytes, at: datetime, due: datetime | None = None) -> bool:
        """Store one; False when it is there already. `due` delays taking it in.

        A wake-up of our own (topic `backorder/...`) whose earlier copy is done or dead is made new again.
        """

    def claim(self, *, now: datetime, lease: timedelta, limit: int) -> tuple[tuple[Delivery, ...], int]:
        """Lease the oldest due deliveries of one shop that nobody else is taking in, and the fencing token.

        Fair between shops. A lease that ran out is free to be claimed again.
        """

    def renew(self, shop: str, fence: int, *, until: datetime) -> None:
        """Keep the lease of the shop's deliveries until then. Raises `LeaseLost`."""

    def finish(self, deliveries: Sequence[Delivery], fence: int) -> None:
        """Mark as done. Raises `LeaseLost` when the token is no longer current."""

    def retry(self, deliveries: Sequence[Delivery], fence: int, *, at: datetime, error: str | None, dead: bool) -> None:
        """Give back for another try at `at`, counting an attempt when `error` is given, or bury it with its error."""

    def oldest_waiting(self) -> datetime | None:
        """When the oldest delivery that is due and not taken in was received."""

    def next_due(self) -> datetime | None:
        """When the next delivery becomes due."""

    def dead(self, shop: str) -> tuple[Delivery, ...]:
        """Deliveries that could not be taken in, newest first."""

    def counts(self, shop: str) -> Mapping[str, int]:
        """How many deliveries wait (`new`) and how many could not be taken in (`dead`)."""

    def newest(self, shop: str, *, limit: int) -> tuple[Delivery, ...]:
        """The newest deliveries of the platform itself, without their bodies."""

    def again(self, shop: str, delivery: int, *, now: datetime) -> bool:
        """A person asks to take in a dead delivery again; False when it is not dead, or its body is forgotten."""


class Orders(Protocol):
    """Orders with their plans. An order is open while its snapshot's status is `open`."""

    def get(self, shop: str, order: str) -> OrderRecord | None:
        """Return one order by its platform id."""

    def put(self, record: OrderRecord) -> None:
        """Insert or replace."""

    def open_all(self, shop: str) -> tuple[OrderRecord, ...]:
        """All open orders, by placed_at then id."""

    def with_items(self, shop: str, items: Collection[str], *, but: Collection[str] = ()) -> tuple[OrderRecord, ...]:
        """Open orders that want one of these items (platform ids) or keep it, but those that are named."""

    def page(
        self, shop: str, *, state: str | None, cursor: str | None, limit: int, wanted: Wanted = EVERYTHING
    ) -> Page[OrderRecord]:
        """A page of orders, oldest first. `state`: `backordered`, `open`, `closed`, a board column, or None for all."""

    def ended(self, shop: str, *, since: datetime) -> tuple[OrderRecord, ...]:
        """Orders placed since then that are closed, cancelled or gone, oldest first."""

    def narrowed(self, shop: str, wanted: Wanted) -> Wanted:
        """Return the same, by the orders themselves where they are few: what is asked several times is then quick."""

    def board_counts(self, shop: str, wanted: Wanted = EVERYTHING) -> dict[str, int]:
        """How many orders stand in each board column."""

    def waiting(self, shop: str, wanted: Wanted = EVERYTHING) -> Waiting:
        """Add up the open orders with units that stock on hand does not cover."""

    def demanded(self, shop: str) -> Demanded:
        """Add up by item what open orders ask for."""

    def marks(self, shop: str, kind: MarkKind, *, limit: int) -> tuple[str, ...]:
        """What orders can be found by: the different tags, countries or supplies, sorted."""

    def redact(self, shop: str, orders: Collection[str], customer: str | None, email: str | None) -> int:
        """Blank the customers of these orders and of all orders of that customer; return how many."""

    def bound_for(self, shop: str, addresses: Collection[str]) -> tuple[OrderRecord, ...]:
        """Open orders that ship to one of these addresses (digests)."""

    def bought_instead(self, shop: str, items: Collection[str]) -> Mapping[str, int]:
        """By item, how many customers ordered it after they had cancelled one of these items (platform ids)."""

    def waits(self, shop: str) -> Waits:
        """Sum up how long the customers of all orders have waited for stock, and how many cancelled meanwhile."""


class Items(Protocol):
    """Items and their stock."""

    def get(self, shop: str, sku: str) -> ItemRecord | None:
        """Return one item by our SKU."""

    def by_platform_id(self, shop: str, platform_ids: Collection[str]) -> dict[str, ItemRecord]:
        """Return items by platform id or alias; unknown ids are left out."""

    def put(self, shop: str, snapshot: ItemSnapshot) -> ItemRecord:
        """Insert or replace by platform id. The SKU is settled once: the platform's, else one of ours, made unique."""

    def put_rules(self, shop: str, sku: str, rules: ItemRules) -> None:
        """Store what the merchant set for the item."""

    def put_gate(self, shop: str, sku: str, gate: ItemGate | None) -> None:
        """Store what we did about taking backorders on the item; None: nothing of it stands."""

    def put_announced(self, shop: str, sku: str, on: date | None) -> None:
        """Store the day that the item's pages at the shop now tell, by us; None: none."""

    def marked(self, shop: str) -> tuple[ItemRecord, ...]:
        """Items with something of ours at the shop, by SKU: a gate that is not untouched, or a day announced."""

    def page(self, shop: str, *, cursor: str | None, limit: int) -> Page[ItemRecord]:
        """A page of items by SKU."""

    def all(self, shop: str) -> tuple[ItemRecord, ...]:
        """Every item, by SKU."""


class Supply(Protocol):
    """Incoming supply."""

    def all(self, shop: str) -> tuple[IncomingRecord, ...]:
        """Every row, by id, SKU and location."""

    def get(self, shop: str, supply: str) -> tuple[IncomingRecord, ...]:
        """The rows of one id (one per SKU and location)."""

    def put(self, record: IncomingRecord) -> None:
        """Insert or replace by (id, SKU, location)."""

    def delete(self, shop: str, supply: str) -> int:
        """Remove all rows of one id; return how many."""

    def replace_platform(self, shop: str, records: Sequence[IncomingRecord]) -> bool:
        """Make the platform's own rows be exactly these; True when anything changed."""


class Arrivals(Protocol):
    """What became of incoming supply: one row each, kept after its supply is gone."""

    def open(self, shop: str) -> tuple[Arrival, ...]:
        """Those that are not complete, and those whose row of supply is still on the books."""

    def received(self, shop: str, *, limit: int) -> tuple[Arrival, ...]:
        """The newest complete ones, newest first."""

    def between(self, shop: str, first: date, last: date) -> tuple[Arrival, ...]:
        """Those that were complete on a day from the first to the last."""

    def suppliers(self, shop: str, *, limit: int) -> tuple[str, ...]:
        """The different names of those who supply, sorted."""

    def put(self, arrival: Arrival) -> None:
        """Insert or replace by (supply, SKU, location)."""

    def forget(self, arrival: Arrival) -> None:
        """Remove one that tells nothing."""


class Outbox(Protocol):
    """Actions. One lane per order, in the order they were queued; shops do not wait for each other."""

    def want(
        self, shop: str, order: str, actions: Sequence[tuple[Action, str, str]], *, now: datetime, act: bool
    ) -> int:
        """Queue (action, natural key, reason) in this order and skip waiting ones that are no longer wanted.

        A key that waits or is under way is not queued again. With `act` False they are stored as `planned` only.
        Returns how many were newly queued.
        """

    def add_manual(
        self, shop: str, order: str, action: Action, key: str, reason: str, *, now: datetime, act: bool
    ) -> bool:
        """Queue what a person asked for under `manual:KEY`, which `want` never skips; False while one is live."""

    def codes_since(self, shop: str, since: datetime) -> tuple[ActionRecord, ...]:
        """Every action of kind `code` that is done, or will be, created at or after `since` (for budgets)."""

    def claim(self, *, now: datetime, lease: timedelta, per_shop: int) -> ActionRecord | None:
        """Lease the next due action at the head of its order's lane, fair between shops, at most `per_shop` at once.

        One whose earlier lease ran out comes back with `orphaned_at`: nobody knows whether it was carried out.
        """

    def renew(self, action: ActionRecord, *, until: datetime) -> None:
        """Keep the action's lease until then. Raises `LeaseLost`."""

    def done(self, action: ActionRecord, *, now: datetime, reference: str, note: str | None = None) -> None:
        """Record success. Raises `LeaseLost` when the fencing token is no longer current."""

    def retry(self, action: ActionRecord, *, at: datetime, error: str) -> None:
        """Try again at `at`. Raises `LeaseLost`."""

    def fail(self, action: ActionRecord, *, now: datetime, error: str, skipped: bool = False) -> None:
        """Give up for good (or skip, when the platform says it cannot be done now). Raises `LeaseLost`."""

    def again(self, shop: str, action: int, *, now: datetime) -> bool:
        """A person asks to try a failed action again."""

    def of_order(self, shop: str, order: str) -> tuple[ActionRecord, ...]:
        """All actions of one order, oldest first."""

    def waiting_items(self, shop: str) -> frozenset[str]:
        """The lanes of items in which something waits or is under way."""

    def in_flight(self, shop: str, order: str) -> bool:
        """Whether an action of this order is under way right now."""

    def failed(self, shop: str, *, limit: int) -> tuple[ActionRecord, ...]:
        """The newest actions that failed."""

    def recent(self, shop: str, *, limit: int) -> tuple[ActionRecord, ...]:
        """The newest actions of the shop."""

    def counts(self, shop: str) -> dict[str, int]:
        """How many actions there are in each state."""

    def next_due(self) -> datetime | None:
        """When the next waiting action becomes due."""

    def skip_all(self, shop: str, *, now: datetime, why: str) -> int:
        """Skip everything that waits (uninstalled, paused)."""

    def make_pending(self, shop: str, *, now: datetime) -> int:
        """Turn `planned` actions into `pending` ones (the merchant switched from observing to acting)."""


class Audit(Protocol):
    """The log of who did what, append-only."""

    def write(
        self,
        *,
        shop: str,
        at: datetime,
        actor: str,
        what: str,
        order: str | None = None,
        sku: str | None = None,
        why: str | None = None,
        outcome: str | None = None,
        detail: Mapping[str, object] | None = None,
    ) -> None:
        """Append one entry."""

    def page(
        self,
        shop: str,
        *,
        order: str | None = None,
        what: str | None = None,
        text: str = "",
        cursor: str | None = None,
        limit: int = 50,
    ) -> Page[AuditEntry]:
        """A page, newest first: of an order, of one kind, or of those in which the text stands."""

    def one(self, shop: str, entry: int) -> AuditEntry | None:
        """Return one entry."""

    def of_settings(self, shop: str, *, limit: int) -> tuple[AuditEntry, ...]:
        """The newest changes of the shop's settings, newest first."""


class NoticeBook(Protocol):
    """Messages to customers."""

    def add(
        self,
        *,
        shop: str,
        order: str,
        kind: str,
        key: str,
        to: str | None,
        facts: Mapping[str, object],
        at: datetime,
        due: datetime,
    ) -> bool:
        """Store a draft, without words; False when one with this key is there already. It may leave from `due` on."""

    def drafts(self, shop: str) -> tuple[NoticeRecord, ...]:
        """Messages that have not left, oldest first."""

    def next_due(self, shop: str) -> datetime | None:
        """When the next draft of the shop may leave."""

    def put_off(self, notice: NoticeRecord, *, until: datetime) -> None:
        """Let a draft wait until then."""

    def word(self, notice: NoticeRecord, *, subject: str, body: str) -> None:
        """Keep the words in which a message leaves, and the facts that they tell."""

    def settle(
        self, notices: Collection[NoticeRecord], state: str, *, error: str | None = None, mail: int | None = None
    ) -> None:
        """Change what became of messages: `queued`, `sent`, `failed` or `skipped`."""

    def of_mail(self, shop: str, mail: int) -> tuple[NoticeRecord, ...]:
        """The messages that a mail carries."""

    def of_order(self, shop: str, order: str) -> tuple[NoticeRecord, ...]:
        """The messages of one order, oldest first."""

    def page(self, shop: str, *, cursor: str | None, limit: int) -> Page[NoticeRecord]:
        """A page, newest first."""

    def counts(self, shop: str, *, since: datetime) -> dict[tuple[str, str], int]:
        """How many messages made since then are of each (kind, state)."""


class Views(Protocol):
    """What people look for again and again, under a name."""

    def all(self, shop: str) -> tuple[SavedView, ...]:
        """Every view of the shop, by name."""

    def put(self, shop: str, name: str, address: str) -> None:
        """Insert or replace by name."""

    def forget(self, shop: str, name: str) -> None:
        """Remove it; one that is not there is no error."""


class Access(Protocol):
    """API tokens (only their hashes are kept) and one-use sign-in links."""

    def add_token(self, *, shop: str, token_hash: str, at: datetime, scope: Scope = "write") -> None:
        """Remember a token by its SHA-256 hex digest."""

    def pass_of_token(self, token_hash: str) -> Pass | None:
        """Return what the token opens."""

    def add_link(
        self, *, shop: str, link_hash: str, expires_at: datetime, person: str = "", role: Role = "owner"
    ) -> None:
        """Remember a one-use sign-in link by its hash, and whom it lets in."""

    def use_link(self, link_hash: str, *, now: datetime) -> Seat | None:
        """Spend the link and return the seat that it gives; None when unknown, spent or expired."""


class Sessions(Protocol):
    """Browsers in which people are signed in, by a digest of what their cookies hold."""

    def open(self, key: str, seat: Seat, *, browser: str, at: datetime) -> None:
        """Let the browser into the shop; in which it is already, it gets this seat."""

    def seats(self, key: str, *, since: datetime) -> tuple[Seat, ...]:
        """The seats that were taken in this browser since then, in the order in which they were."""

    def of_shop(self, shop: str, *, since: datetime) -> tuple[SignedIn, ...]:
        """Who was signed in to the shop since then and still is, newest first."""

    def end(self, key: str, *, shop: str | None = None) -> int:
        """Sign the browser out of one shop, or of all; return of how many."""

    def purge(self, before: datetime) -> None:
        """Forget those that ended by themselves before this instant."""


class Clockwork(Protocol):
    """Heartbeats and elections between processes."""

    def elect(self, name: str, owner: str, *, now: datetime, ttl: timedelta) -> bool:
        """Take or renew the named office for `ttl`; False while another owner holds it."""

    def resign(self, name: str, owner: str) -> None:
        """Give the office up."""

    def beat(self, worker: str, *, now: datetime) -> None:
        """Say that this worker is alive."""

    def last_beat(self) -> datetime | None:
        """When any worker was last alive."""


class Unit(Protocol):
    """The books within one transaction."""

    shops: Shops
    inbox: Inbox
    orders: Orders
    items: Items
    supply: Supply
    arrivals: Arrivals
    outbox: Outbox
    audit: Audit
    notices: NoticeBook
    mails: MailBook
    laws: LawBook
    consolations: ConsolationBook
    access: Access
    approvals: Approvals
    clockwork: Clockwork
    retention: Retention
    hooks: HookBook
    demand: Demand
    planning: Planning
    replies: Replies
    reports: Reports
    sessions: Sessions
    views: Views


class Books(Protocol):
    """Where everything is kept. `write` commits at the end of the block, or nothing of it when the block raises."""

    def write(self) -> AbstractContextManager[Unit]:
        """Open a writing transaction (SQLite: one writer at a time, others wait in line)."""

    def read(self) -> AbstractContextManager[Unit]:
        """Open a reading transaction that sees one consistent state."""

    def write_down(self, letter: Letter) -> Shop | None:
        """Store it, durable on return, and return its shop; many that come at once share a transaction."""

    def tell(self) -> None:
        """Wake the workers of other processes soon, where the database can; returns at once."""

    def hear(self, ring: Callable[[], None], stopped: Event) -> None:
        """Ring whenever another process tells, until `stopped`; returns at once where the database cannot."""

    def problems(self) -> tuple[str, ...]:
        """Sentences about what is wrong with the database, none when it is ready."""

    def backup(self, path: str) -> None:
        """Write a consistent copy of the database to `path` while others go on working."""

    def put_back(self, path: str) -> None:
        """Replace everything by the copy at `path`, brought up to date."""

    def move(self, address: str) -> int:
        """Copy every row into the empty database at `address`; return how many."""

    def close(self) -> None:
        """Close every connection."""


class LeaseLost(Exception):
    """Another worker took the row over: throw the outcome away, the other one will find it by looking."""


Clock = Callable[[], datetime]
OpenShop = Callable[[Shop], ShopConnector]
