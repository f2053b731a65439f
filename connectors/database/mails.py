"""Mails on their way and sent, and the addresses that get none."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Row, delete, select, update

from connectors.database import tables, turns
from connectors.database.columns import storable
from connectors.database.transaction import Transaction, Values
from core.messages.correspondence import MailRecord, Scope, Worded
from core.names import folded
from core.ports.clockwork import LeaseLost

_mails = tables.mails
_stops = tables.mail_stops
_turns = tables.outbox_turns
PENDING = _mails.c.state == "pending"


@dataclass(frozen=True, slots=True)
class MailTables:
    """Implements `core.messages.correspondence.MailBook`."""

    transaction: Transaction

    def add(
        self, shop: str, to: str, worded: Worded, *, headers: Mapping[str, str | None], now: datetime
    ) -> int | None:
        """Queue a mail and return its id; None when one with this Message-ID is there already."""
        row: dict[str, object] = {
            "shop": shop,
            "to": to,
            "address": folded(to),
            "language": worded.language,
            "subject": worded.subject,
        }
        row |= {"text": worded.text, "html": worded.html, "state": "pending", "created_at": now, "next_at": now}
        row |= {name: headers.get(name) for name in ("message_id", "sender", "reply_to")}
        row["unsubscribe"] = worded.unsubscribe
        if not self.transaction.insert_new(_mails, {**row, "attempts": 0, "fence": 0}):
            return None
        self.transaction.queued.add("mails")
        return self._numbered(shop, headers["message_id"])

    def handed(self, shop: str, to: str, *, message_id: str, now: datetime) -> int:
        """Remember, without its words, a letter that the merchant's tool sends: it counts like one of ours."""
        words = dict.fromkeys(("subject", "text", "html", "language", "sender"), "")
        row: dict[str, object] = {"shop": shop, "to": to, "address": folded(to), "message_id": message_id, **words}
        times = {"created_at": now, "next_at": now, "sent_at": now}
        self.transaction.insert_new(_mails, {**row, **times, "state": "handed", "attempts": 0, "fence": 0})
        return self._numbered(shop, message_id)

    def claim(self, *, now: datetime, lease: timedelta) -> MailRecord | None:
        """Lease the next due mail, fair between shops; a lease that ran out is free to be claimed again."""
        row = turns.claim(self.transaction, _turns.c.mailed, _mails, now=now, until=now + lease)
        return None if row is None else _mail(row)

    def sent(self, mail: MailRecord, *, now: datetime) -> None:
        """Record that the server took it. Raises `LeaseLost`."""
        self._settle(mail, {"state": "sent", "sent_at": now, "error": None, "leased_until": None})

    def retry(self, mail: MailRecord, *, at: datetime, error: str) -> None:
        """Try again at `at`. Raises `LeaseLost`."""
        self._settle(mail, {"next_at": at, "error": error, "leased_until": None})

    def fail(self, mail: MailRecord, *, error: str) -> None:
        """Give up for good. Raises `LeaseLost`."""
        self._settle(mail, {"state": "failed", "error": error, "leased_until": None})

    def get(self, shop: str, mail: int) -> MailRecord | None:
        """Return one mail."""
        row = self.transaction.run(select(_mails).where(_mails.c.shop == shop, _mails.c.id == mail)).first()
        return None if row is None else _mail(row)

    def named(self, shop: str, message_id: str) -> MailRecord | None:
        """Return the mail with this Message-ID."""
        mine = select(_mails).where(_mails.c.shop == shop, _mails.c.message_id == storable(message_id))
        row = self.transaction.run(mine).first()
        return None if row is None else _mail(row)

    def came_back(self, mail: MailRecord, *, error: str) -> None:
        """Record that a mail that the server took did not arrive."""
        mine = update(_mails).where(_mails.c.id == mail.id, _mails.c.shop == mail.shop, _mails.c.state == "sent")
        self.transaction.run(mine.values(state="failed", error=error))

    def next_due(self) -> datetime | None:
        """When the next waiting mail becomes due, a lease in its way included."""
        return turns.next_due(self.transaction, _mails)

    def times(self, shop: str, address: str, *, since: datetime) -> tuple[datetime, ...]:
        """When mails to this address were queued at or after `since`, oldest first; those that failed left out."""
        mine = (_mails.c.shop == shop, _mails.c.address == folded(address), _mails.c.state != "failed")
        rows = select(_mails.c.created_at).where(*mine, _mails.c.created_at >= since).order_by(_mails.c.created_at)
        return tuple(self.transaction.run(rows).scalars())

    def stop(self, shop: str, address: str, scope: Scope, *, why: str, at: datetime) -> None:
        """Send nothing, or no marketing, to this address any more."""
        row = {"shop": shop, "address": folded(address) or "", "scope": scope}
        self.transaction.upsert(_stops, {**row, "why": why, "at": at})

    def stopped(self, shop: str, address: str) -> dict[str, str]:
        """Return scope -> why, of what this address does not get."""
        mine = select(_stops.c.scope, _stops.c.why).where(_stops.c.shop == shop, _stops.c.address == folded(address))
        return {row.scope: row.why for row in self.transaction.run(mine)}

    def resume(self, shop: str, address: str) -> bool:
        """Send to an address again that got nothing because mail did not arrive; return whether it was stopped."""
        mine = (_stops.c.shop == shop, _stops.c.address == folded(address), _stops.c.scope == "all")
        return self.transaction.run(delete(_stops).where(*mine)).rowcount > 0

    def silent(self, shop: str, *, limit: int) -> tuple[tuple[str, str, datetime], ...]:
        """(address, why, since when) of the addresses that get no mail at all, newest first."""
        mine = select(_stops.c.address, _stops.c.why, _stops.c.at).where(_stops.c.shop == shop, _stops.c.scope == "all")
        rows = self.transaction.run(mine.order_by(_stops.c.at.desc(), _stops.c.address).limit(limit))
        return tuple((row.address, row.why, row.at) for row in rows)

    def pending(self, shop: str, *, limit: int) -> tuple[MailRecord, ...]:
        """Mails that are queued and not taken by the server yet, the next one first."""
        mine = select(_mails).where(_mails.c.shop == shop, PENDING).order_by(_mails.c.next_at, _mails.c.id)
        return tuple(_mail(row) for row in self.transaction.run(mine.limit(limit)))

    def withdraw(self, shop: str) -> tuple[int, ...]:
        """Forget every mail that waits for the server; return their ids."""
        waiting = delete(_mails).where(_mails.c.shop == shop, PENDING).returning(_mails.c.id)
        return tuple(sorted(self.transaction.run(waiting).scalars()))

    def bounced(self, shop: str, addresses: Collection[str]) -> dict[str, str]:
        """Return why mail does not arrive, by address, of those of them that get no mail at all."""
        known = {folded(address) or "": address for address in addresses}
        mine = select(_stops.c.address, _stops.c.why).where(_stops.c.shop == shop, _stops.c.scope == "all")
        return {known[row.address]: row.why for row in self.transaction.where_in(mine, _stops.c.address, known)}

    def _numbered(self, shop: str, message_id: str | None) -> int:
        made = select(_mails.c.id).where(_mails.c.shop == shop, _mails.c.message_id == message_id)
        return int(self.transaction.run(made).scalar_one())

    def _settle(self, mail: MailRecord, change: Values) -> None:
        held: tuple[ColumnElement[bool], ...] = (_mails.c.fence == mail.fence, PENDING)
        mine = update(_mails).where(_mails.c.id == mail.id, _mails.c.shop == mail.shop, *held)
        if self.transaction.run(mine.values(**change)).rowcount != 1:
            raise LeaseLost(f"mail {mail.id} of {mail.shop} was taken over")


def _mail(row: Row[Any]) -> MailRecord:
    return MailRecord(**{name: getattr(row, name) for name in MailRecord.__dataclass_fields__})
