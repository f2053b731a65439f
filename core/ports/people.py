"""Who may come in, where they are signed in, and what they look for again and again."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Protocol

from core.access.people import Pass, Role, Scope, Seat, SecondFactor, SignedIn
from core.records import SavedView


class Access(Protocol):
    """API tokens (only their hashes are kept) and one-use sign-in links."""

    def add_token(self, *, shop: str, token_hash: str, at: datetime, scope: Scope = "write", name: str = "") -> None:
        """Remember a token by its SHA-256 hex digest."""

    def tokens(self, shop: str) -> tuple[Pass, ...]:
        """Return the shop's tokens, newest first."""

    def note_use(self, token_hash: str, on: date) -> None:
        """Remember the day on which the token was used last."""

    def end_token(self, token_hash: str, *, shop: str) -> Pass | None:
        """Forget the shop's token: it opens nothing from now on. Return what it was; None where there is none."""

    def pass_of_token(self, token_hash: str) -> Pass | None:
        """Return what the token opens."""

    def add_link(
        self, *, shop: str, link_hash: str, expires_at: datetime, person: str = "", role: Role = "owner"
    ) -> None:
        """Remember a one-use sign-in link by its hash, and whom it lets in."""

    def look_at_link(self, link_hash: str, *, now: datetime) -> Seat | None:
        """Return the seat that the link would give, and leave it unspent; None when unknown, spent or expired."""

    def use_link(self, link_hash: str, *, now: datetime) -> Seat | None:
        """Spend the link and return the seat that it gives; None when unknown, spent or expired."""

    def end_links(self) -> None:
        """Forget every sign-in link that was not spent yet."""


class SecondFactors(Protocol):
    """People's second factors. A person is known by their name in one shop; it may be empty, as in `Seat`."""

    def of(self, shop: str, person: str) -> SecondFactor | None:
        """Return the person's second factor, confirmed or not yet."""

    def begin(self, shop: str, person: str, secret: str) -> None:
        """Keep a secret that is not confirmed yet, in place of another one such. One that is confirmed stays."""

    def confirm(self, shop: str, person: str, recovery: Sequence[str]) -> None:
        """Let it count from now on, with the digests of its recovery codes."""

    def spend_step(self, shop: str, person: str, step: int) -> bool:
        """Take the code of this step of the clock; False where it, or a later one, was taken before."""

    def count_try(self, shop: str, person: str, *, step: int, window: int) -> int:
        """Count that a code was tried at this step of the clock; return how many were within `window` steps."""

    def forget_tries(self, shop: str, person: str) -> None:
        """Begin to count anew."""

    def spend_recovery(self, shop: str, person: str, digest: str) -> bool:
        """Take a recovery code; False where there is none such."""

    def end(self, shop: str, person: str) -> bool:
        """Forget it, recovery codes and all; False where there was none."""

    def people(self, shop: str) -> tuple[str, ...]:
        """Everybody whose second factor counts, by name."""


class Sessions(Protocol):
    """Browsers in which people are signed in, by a digest of what their cookies hold."""

    def open(self, key: str, seat: Seat, *, browser: str, at: datetime) -> None:
        """Let the browser into the shop; in which it is already, it gets this seat.

        The person reads the language that they last chose in this shop, in whichever browser.
        """

    def renew(self, key: str, new: str) -> None:
        """Let the browser be known by another digest; by the one before it opens nothing."""

    def speak(self, key: str, language: str) -> None:
        """Remember the language that the browser's person chose."""

    def seats(self, key: str, *, since: datetime) -> tuple[Seat, ...]:
        """The seats that were taken in this browser since then, in the order in which they were."""

    def of_shop(self, shop: str, *, since: datetime) -> tuple[SignedIn, ...]:
        """Who was signed in to the shop since then and still is, newest first."""

    def end(self, key: str, *, shop: str | None = None) -> int:
        """Sign the browser out of one shop, or of all; return of how many."""

    def purge(self, before: datetime) -> None:
        """Forget those that ended by themselves before this instant."""


class Views(Protocol):
    """What people look for again and again, under a name."""

    def all(self, shop: str) -> tuple[SavedView, ...]:
        """Every view of the shop, by name."""

    def put(self, shop: str, name: str, address: str) -> None:
        """Insert or replace by name."""

    def forget(self, shop: str, name: str) -> None:
        """Remove it; one that is not there is no error."""
