"""What the composition root hands to the rooms: settings, the books, the clock, and the desk's errands."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol

from core.access.approvals import ApprovalDesk
from core.access.entrance import Entrance
from core.capabilities import Capability, Support
from core.hooks.outgoing import HookPost
from core.messages.correspondence import BounceBox, PostOffice
from core.policy.shop_policy import Mode
from core.ports.books import Books
from core.ports.clockwork import Clock
from core.ports.connector import OpenShop
from core.records import Platform, Shop
from core.sentences import Words
from core.settings import Settings


@dataclass(frozen=True, slots=True, kw_only=True)
class SyncReport:
    """What a comparison with the shop found. `orders`: platform ids that differed. `news`: anything to plan by."""

    news: bool = False
    orders: tuple[str, ...] = ()
    items: tuple[str, ...] = ()
    webhooks: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Farewell:
    """How a shop was left: orders cleaned, and by order what could not be removed and why."""

    cleaned: int = 0
    left: Mapping[str, str] = field(default_factory=dict)


class Desk(Protocol):
    """Errands that need the shop on the line: they take seconds and raise `BackorderError`s with the mend."""

    def connect(
        self, platform: Platform, address: str, credentials: Mapping[str, str], *, mode: Mode | None = None
    ) -> Shop:
        """Prove the credentials, store the shop, subscribe to its webhooks, queue the first sync."""

    def disconnect(self, shop: Shop, *, erase: bool) -> Farewell:
        """Remove our tags, holds, metadata and webhooks; return what was cleaned and what is left."""

    def rotate_secret(self, shop: Shop) -> None:
        """Give the shop's webhooks a new secret; the one before is taken for another day."""

    def sync(self, shop: Shop, *, since: datetime | None = None) -> SyncReport:
        """Compare with the shop now and store what differs."""

    def begin_anew(self) -> int:
        """After old books were put back: believe nothing about the shops that is not read again; return how many."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Call:
    """One call that a simulated shop received, for the demo's side-by-side strip; `said` is it in words.

    `number` counts its shop's calls and stays with it: two calls of one moment may be alike in all else.
    """

    number: int
    at: datetime
    platform: Platform
    what: str
    detail: str
    order: str | None
    status: int
    said: str = ""


class Story(Protocol):
    """The demo's story: simulated shops, customers and containers. None in a real installation.

    What a button does happens in the shop of `platform`, or where it first can.
    """

    def headline(self) -> str:
        """Say which day it is and what happened last, in one sentence."""

    def events(self) -> Sequence[str]:
        """The story so far, newest first."""

    def calls(self) -> Sequence[Call]:
        """Writes that the simulated shops received, newest first."""

    def make_late(self, platform: Platform | None = None) -> str:
        """Make the next shipment late; return what happened, as a sentence."""

    def sell_out(self, platform: Platform | None = None) -> str:
        """Sell out an item; return what happened, as a sentence."""

    def cancel_order(self, platform: Platform | None = None) -> str:
        """Let a customer cancel an order; return what happened, as a sentence."""

    def advance(self, days: int) -> datetime:
        """Move simulated time forward; return the new instant."""


@dataclass(frozen=True, slots=True, kw_only=True)
class House:
    """Everything a room needs. Found as `current_app.extensions["backorder"]` under Flask.

    `now` is business time (simulated in the demo): it dates facts, plans and what people see.
    `bounces`: where mail that did not arrive is reported, where such a mailbox is set.
    `entrances`, by platform: how shops of an app that is set up here install it.
    `words`: what the merchant's pages say, by language.
    """

    settings: Settings
    books: Books
    now: Clock
    open_shop: OpenShop
    post: PostOffice
    words: Callable[[str], Words]
    hooks: HookPost
    desk: Desk
    supports: Mapping[str, Mapping[Capability, Support]]
    story: Story | None = None
    approvals: ApprovalDesk | None = None
    bounces: BounceBox | None = None
    entrances: Mapping[str, Entrance] = field(default_factory=dict)

    def support_of(self, platform: str) -> Mapping[Capability, Support]:
        """Return what the platform's connector declares that it can do."""
        return self.supports.get(platform, {})
