"""Actions, from the plan that wants them until they are done."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Protocol

from core.actions import Action
from core.records import ActionRecord

Wish = tuple[Action, str, str]
"""An action, its natural key, the sentence why."""


class Outbox(Protocol):
    """Actions. One lane per order, in the order they were queued; shops do not wait for each other."""

    def want(self, shop: str, order: str, actions: Sequence[Wish], *, now: datetime, act: bool) -> int:
        """Queue these in this order and skip waiting ones that are no longer wanted.

        A key that waits or is under way is not queued again. With `act` False they are stored as `planned` only.
        Returns how many were newly queued.
        """

    def want_all(self, shop: str, wishes: Mapping[str, Sequence[Wish]], *, now: datetime, act: bool) -> dict[str, int]:
        """The same for several orders; returns how many were newly queued of those that had any."""

    def add_manual(
        self, shop: str, order: str, action: Action, key: str, reason: str, *, now: datetime, act: bool
    ) -> bool:
        """Queue what a person asked for under `manual:KEY`, which `want` never skips; False while one is live."""

    def codes(self, shop: str) -> tuple[ActionRecord, ...]:
        """Every action of kind `code` that is done, or will be, oldest first."""

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

    def of_orders(self, shop: str, orders: Collection[str]) -> Mapping[str, tuple[ActionRecord, ...]]:
        """The same of several orders; one without any is left out."""

    def waiting_items(self, shop: str) -> frozenset[str]:
        """The lanes of items in which something waits or is under way."""

    def in_flight(self, shop: str) -> frozenset[str]:
        """The orders, or lanes of items, of which an action is under way right now."""

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

    def hasten(self, shop: str, *, until: datetime) -> None:
        """Make what is due later due then."""
