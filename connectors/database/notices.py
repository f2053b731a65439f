"""Messages to customers. Unique by (shop, key)."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Row, select

from connectors.database import cursors, tables
from connectors.database.transaction import Transaction
from core.ports import Page
from core.records import NoticeRecord

_notices = tables.notices


@dataclass(frozen=True, slots=True)
class NoticeTable:
    """Implements `core.ports.NoticeBook`."""

    transaction: Transaction

    def add(
        self, *, shop: str, order: str, kind: str, key: str, to: str | None, subject: str, body: str, at: datetime
    ) -> bool:
        """Store a draft; False when one with this key is there already."""
        row = {"shop": shop, "order_id": order, "kind": kind, "key": key, "to": to, "subject": subject, "body": body}
        return self.transaction.insert_new(_notices, {**row, "state": "draft", "created_at": at})

    def of_order(self, shop: str, order: str) -> tuple[NoticeRecord, ...]:
        """The messages of one order, oldest first."""
        mine = select(_notices).where(_notices.c.shop == shop, _notices.c.order_id == order)
        return tuple(_notice(row) for row in self.transaction.run(mine.order_by(_notices.c.id)))

    def page(self, shop: str, *, cursor: str | None, limit: int) -> Page[NoticeRecord]:
        """A page, newest first. Raises Misuse on a cursor that is not ours."""
        rows = select(_notices).where(_notices.c.shop == shop)
        if cursor is not None:
            rows = rows.where(_notices.c.id < cursors.read_number(cursor))
        newest = rows.order_by(_notices.c.id.desc()).limit(cursors.checked(limit) + 1)
        return cursors.page(self.transaction.run(newest).all(), limit, _notice, lambda row: (row.id,))


def _notice(row: Row[Any]) -> NoticeRecord:
    return NoticeRecord(
        id=row.id,
        shop=row.shop,
        order=row.order_id,
        kind=row.kind,
        key=row.key,
        to=row.to,
        subject=row.subject,
        body=row.body,
        state=row.state,
        created_at=row.created_at,
        error=row.error,
    )
