"""What a shop can be asked: reading it, carrying out an action, and its webhooks."""

from collections.abc import Callable, Collection, Iterator, Mapping
from datetime import datetime
from typing import Protocol

from core.actions import Action
from core.capabilities import Capability, Support
from core.outcomes import Outcome
from core.planning.hints import Hint
from core.records import IncomingRecord, Shop
from core.snapshots import ItemSnapshot, OrderSnapshot, ShopProfile


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

    def all_items(self, *, unread: set[str] | None = None) -> Iterator[ItemSnapshot]:
        """Read every item of the shop, page by page. One that cannot be understood: as among `orders_changed`."""

    def orders_changed(self, since: datetime | None, *, unread: set[str] | None = None) -> Iterator[OrderSnapshot]:
        """Read orders changed at or after `since` (platform time), oldest change first; None: all open ones.

        One that cannot be understood raises PayloadChanged; where `unread` is given, its id is put there instead.
        """

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


OpenShop = Callable[[Shop], ShopConnector]
