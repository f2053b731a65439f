"""What the books keep of messages to customers."""

from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Protocol

from core.ports.pages import Page
from core.records import NoticeRecord


class NoticeBook(Protocol):
    """Messages to customers."""

    def add(
        self,
        *,
        shop: str,
        order: str,
        kind: str,
        key: str,
        to: str | None,
        facts: Mapping[str, object],
        at: datetime,
        due: datetime,
    ) -> bool:
        """Store a draft, without words; False when one with this key is there already. It may leave from `due` on."""

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

    def page(self, shop: str, *, cursor: str | None, limit: int) -> Page[NoticeRecord]:
        """A page, newest first."""

    def counts(self, shop: str, *, since: datetime) -> dict[tuple[str, str], int]:
        """How many messages made since then are of each (kind, state)."""
