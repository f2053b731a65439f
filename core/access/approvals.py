"""A store whose owner lets us in on the store's own page: what is kept between asking and coming back.

The store hands its keys to an address of ours that anybody can post to, and does not say which store it is. So the
keys come with a secret of one use, which is bound to the store's address and to the browser that began.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol

from core.records import Platform, Shop


@dataclass(frozen=True, slots=True, kw_only=True)
class Approval:
    """One approval under way. `state` and `browser` are SHA-256 hex digests of secrets that only others keep.

    `answered`: the store has handed something over; `problem` says why that was not taken.
    """

    state: str
    browser: str
    platform: Platform
    address: str
    expires_at: datetime
    answered: bool = False
    credentials: dict[str, str] = field(default_factory=dict)
    problem: str | None = None


class Approvals(Protocol):
    """Approvals under way. Those that are too old are forgotten by the next `begin`."""

    def begin(self, approval: Approval, *, now: datetime, most: int) -> bool:
        """Store a new one; False while `most` of them are under way."""

    def answer(self, state: str, *, now: datetime) -> Approval | None:
        """Return the one that waits for its keys and mark it as answered; None for any other, or a second time."""

    def keep(self, state: str, credentials: Mapping[str, str]) -> None:
        """Lock the proven keys away with it."""

    def refuse(self, state: str, problem: str) -> None:
        """Remember why the keys were not taken."""

    def problem_of(self, browser: str, *, now: datetime) -> str | None:
        """Return why the latest approval that this browser began came to nothing."""

    def take(self, state: str, *, now: datetime) -> Approval | None:
        """Return it and forget it, so that it can be used once; None when unknown or too old."""


class ApprovalDesk(Protocol):
    """Lets a store's owner connect the store by its own page. Raises `BackorderError`s with the mend."""

    def ask(self, address: str, *, browser: str) -> str:
        """Look at the store, remember who asks, and return the address of the page on which its owner approves."""

    def receive(self, body: bytes) -> None:
        """Take the keys that a store posts, once they are proven by a read on the store that was asked."""

    def finish(self, state: str, *, approved: bool, browser: str) -> Shop:
        """Connect the store when its owner comes back in the browser that began."""

    def problem(self, browser: str) -> str | None:
        """Return why this browser's latest approval came to nothing: the store's own page does not tell."""
