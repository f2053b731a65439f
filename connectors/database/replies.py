"""Answers of the API that are given again to whoever asks again under the same key."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, delete, select, update

from connectors.database import codec, tables
from connectors.database.transaction import Transaction
from core.ports.replies import KEPT, Asked, Reply

_replies = tables.replies


@dataclass(frozen=True, slots=True)
class ReplyTable:
    """Implements `core.ports.replies.Replies`."""

    transaction: Transaction

    def claim(self, asked: Asked, *, now: datetime) -> Reply | None:
        """Take the key for this try and return None, or return what was answered under it already."""
        stale = (_replies.c.status.is_(None) & (_replies.c.until <= now)) | (_replies.c.at <= now - KEPT)
        self.transaction.run(delete(_replies).where(_same(asked), stale))
        taken = {
            "shop": asked.shop, "token": asked.token, "route": asked.route, "key": asked.key, "at": now,
            "fingerprint": asked.fingerprint, "until": asked.until,
        }  # fmt: skip
        if self.transaction.insert_new(_replies, taken):
            return None
        row = self.transaction.run(select(_replies).where(_same(asked))).one()
        body = None if row.body is None else codec.unpack(row.body).decode()
        return Reply(fingerprint=row.fingerprint, status=row.status, body=body, location=row.location)

    def keep(self, asked: Asked, reply: Reply, *, order: str | None) -> bool:
        """Keep the answer, which tells of this order; False where another try has taken the key meanwhile."""
        values = {
            "status": reply.status, "location": reply.location, "order_id": order,
            "body": codec.pack((reply.body or "").encode()),
        }  # fmt: skip
        return self.transaction.run(update(_replies).where(_mine(asked)).values(values)).rowcount > 0

    def drop(self, asked: Asked) -> None:
        """Free the key where this try has it and has not answered."""
        self.transaction.run(delete(_replies).where(_mine(asked)))

    def forget(self, before: datetime) -> int:
        """Delete what was asked before then; return how many."""
        return self.transaction.run(delete(_replies).where(_replies.c.at < before)).rowcount


def _same(asked: Asked) -> ColumnElement[bool]:
    return (
        (_replies.c.shop == asked.shop)
        & (_replies.c.token == asked.token)
        & (_replies.c.route == asked.route)
        & (_replies.c.key == asked.key)
    )


def _mine(asked: Asked) -> ColumnElement[bool]:
    return _same(asked) & (_replies.c.until == asked.until) & _replies.c.status.is_(None)
