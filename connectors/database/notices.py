"""Messages to customers. Unique by (shop, key)."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Row, func, select, update

from connectors.database import codec, cursors, tables
from connectors.database.transaction import Transaction, Values
from core.ports.pages import Page
from core.records import NewNotice, NoticeRecord

_notices = tables.notices


@dataclass(frozen=True, slots=True)
class NoticeTable:
    """Implements `core.ports.notices.NoticeBook`."""

    transaction: Transaction

    def add(self, notices: Sequence[NewNotice]) -> frozenset[str]:
        """Store drafts; return the keys of those that were not there already."""
        if not notices:
            return frozenset()
        fresh = self.transaction.insert(_notices).on_conflict_do_nothing().returning(_notices.c.key)
        return frozenset(self.transaction.run(fresh, [_values(notice) for notice in notices]).scalars())

    def drafts(self, shop: str) -> tuple[NoticeRecord, ...]:
        """Messages that have not left, oldest first."""
        mine = select(_notices).where(_notices.c.shop == shop, _notices.c.state == "draft")
        return self._read(mine.order_by(_notices.c.id))

    def next_due(self, shop: str) -> datetime | None:
        """When the next draft of the shop may leave."""
        mine = select(func.min(_notices.c.due_at)).where(_notices.c.shop == shop, _notices.c.state == "draft")
        return self.transaction.run(mine).scalar()

    def put_off(self, notice: NoticeRecord, *, until: datetime) -> None:
        """Let a draft wait until then."""
        mine = update(_notices).where(_notices.c.shop == notice.shop, _notices.c.id == notice.id)
        self.transaction.run(mine.values(due_at=until))

    def word(self, notice: NoticeRecord, *, subject: str, body: str) -> None:
        """Keep the words in which a message leaves, and the facts that they tell."""
        mine = update(_notices).where(_notices.c.shop == notice.shop, _notices.c.id == notice.id)
        self.transaction.run(mine.values(subject=subject, body=body, facts=codec.write(notice.facts)))

    def settle(
        self, notices: Collection[NoticeRecord], state: str, *, error: str | None = None, mail: int | None = None
    ) -> None:
        """Change what became of messages: `queued`, `sent`, `failed` or `skipped`."""
        for notice in notices:
            mine = update(_notices).where(_notices.c.shop == notice.shop, _notices.c.id == notice.id)
            self.transaction.run(mine.values(state=state, error=error, mail_id=mail or notice.mail))

    def of_mail(self, shop: str, mail: int) -> tuple[NoticeRecord, ...]:
        """The messages that a mail carries."""
        mine = select(_notices).where(_notices.c.shop == shop, _notices.c.mail_id == mail)
        return self._read(mine.order_by(_notices.c.id))

    def of_order(self, shop: str, order: str) -> tuple[NoticeRecord, ...]:
        """The messages of one order, oldest first."""
        return self.of_orders(shop, [order]).get(order, ())

    def of_orders(self, shop: str, orders: Collection[str]) -> dict[str, tuple[NoticeRecord, ...]]:
        """The same of several orders; one without any is left out."""
        theirs = select(_notices).where(_notices.c.shop == shop).order_by(_notices.c.id)
        return self.transaction.by_name(theirs, _notices.c.order_id, orders, _notice)

    def page(self, shop: str, *, cursor: str | None, limit: int) -> Page[NoticeRecord]:
        """A page, newest first. Raises Misuse on a cursor that is not ours."""
        rows = select(_notices).where(_notices.c.shop == shop)
        if cursor is not None:
            rows = rows.where(_notices.c.id < cursors.read_number(cursor))
        newest = rows.order_by(_notices.c.id.desc()).limit(cursors.checked(limit) + 1)
        return cursors.page(self.transaction.run(newest).all(), limit, _notice, lambda row: (row.id,))

    def counts(self, shop: str, *, since: datetime) -> dict[tuple[str, str], int]:
        """How many messages made since then are of each (kind, state)."""
        mine = select(_notices.c.kind, _notices.c.state, func.count()).where(_notices.c.shop == shop)
        rows = mine.where(_notices.c.created_at >= since).group_by(_notices.c.kind, _notices.c.state)
        return {(kind, state): count for kind, state, count in self.transaction.run(rows)}

    def _read(self, rows: Any) -> tuple[NoticeRecord, ...]:  # noqa: ANN401  # a select of any columns
        return tuple(_notice(row) for row in self.transaction.run(rows))


def _values(new: NewNotice) -> Values:
    row = {"shop": new.shop, "order_id": new.order, "kind": new.kind, "key": new.key, "to": new.to}
    row |= {"subject": "", "body": "", "state": "draft"}
    return row | {"facts": codec.write(dict(new.facts)), "created_at": new.at, "due_at": new.due}


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
        facts=codec.read_detail(row.facts),
        due_at=row.due_at or row.created_at,
        mail=row.mail_id,
    )
