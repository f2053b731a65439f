"""What the books keep of who did what."""

from collections.abc import Mapping
from datetime import datetime
from typing import Protocol

from core.ports.pages import Page
from core.records import AuditEntry


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
