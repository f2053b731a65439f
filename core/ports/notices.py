"""What the books keep of messages to customers."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Protocol

from core.ports.pages import Page
from core.records import NewNotice, NoticeRecord


class NoticeBook(Protocol):
    """Messages to customers."""

    def add(self, notices: Sequence[NewNotice]) -> frozenset[str]:
        """Store drafts; return the keys of those that were not there already."""

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

    def of_orders(self, shop: str, orders: Collection[str]) -> Mapping[str, tuple[NoticeRecord, ...]]:
        """The same of several orders; one without any is left out."""

    def page(self, shop: str, *, cursor: str | None, limit: int) -> Page[NoticeRecord]:
        """A page, newest first."""

    def counts(self, shop: str, *, since: datetime) -> dict[tuple[str, str], int]:
        """How many messages made since then are of each (kind, state)."""
