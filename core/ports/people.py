"""Who may come in, where they are signed in, and what they look for again and again."""

from datetime import date, datetime
from typing import Protocol

from core.access.people import Pass, Role, Scope, Seat, SignedIn
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

    def use_link(self, link_hash: str, *, now: datetime) -> Seat | None:
        """Spend the link and return the seat that it gives; None when unknown, spent or expired."""


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
