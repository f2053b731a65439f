"""Deliveries, from the door until they are taken in."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol

from core.records import Delivery, Platform


@dataclass(frozen=True, slots=True, kw_only=True)
class Letter:
    """A delivery at the door, not numbered yet. `key` makes it unique in its shop.

    `shop` is any name by which `Shops.find` knows it. `last_wish`: also a shop that was left may still demand this.
    `trace`: the W3C `traceparent` of the span in which it came, where somebody looks.
    """

    shop: str
    platform: Platform
    topic: str
    key: str
    body: bytes
    at: datetime
    last_wish: bool = False
    trace: str | None = None


class Inbox(Protocol):
    """Deliveries as they came. Unique by (shop, key)."""

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

    def finish(
        self,
        deliveries: Sequence[Delivery],
        fence: int,
        *,
        told: Mapping[int, str] | None = None,
        at: datetime | None = None,
    ) -> None:
        """Mark as done, taken in `at` (business time), and forget what they said. Raises `LeaseLost`.

        `told` names by a delivery's number the order that it was about (platform id).
        """

    def retry(self, deliveries: Sequence[Delivery], fence: int, *, at: datetime, error: str | None, dead: bool) -> None:
        """Give back for another try at `at`, counting an attempt when `error` is given, or bury it with its error."""

    def hasten(self, shop: str, *, now: datetime) -> None:
        """Make what was put back due now."""

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

    def of_order(self, shop: str, order: str, *, limit: int) -> tuple[Delivery, ...]:
        """The newest deliveries that told of the order and were taken in, without their bodies, newest first."""

    def of_orders(self, shop: str, orders: Collection[str], *, limit: int) -> Mapping[str, tuple[Delivery, ...]]:
        """The same of each of several orders; one without any is left out."""

    def again(self, shop: str, delivery: int, *, now: datetime) -> bool:
        """A person asks to take in a dead delivery again; False when it is not dead, or its body is forgotten."""
