"""What the books keep of who did what."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Protocol

from core.ports.pages import Page
from core.records import AuditEntry

NOTED = "noted"
"""What a person's own words about an order are called in the log."""


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

    def append(self, entries: Sequence[AuditEntry]) -> None:
        """Append these entries; they get their numbers here."""

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

    def of_orders(self, shop: str, orders: Collection[str], *, limit: int) -> Mapping[str, tuple[AuditEntry, ...]]:
        """The newest entries about each of these orders, newest first; an order without any is left out."""

    def one(self, shop: str, entry: int) -> AuditEntry | None:
        """Return one entry."""

    def of_settings(self, shop: str, *, limit: int) -> tuple[AuditEntry, ...]:
        """The newest changes of the shop's settings, newest first."""
