"""Endpoints that take events, their secrets under lock, and what is on its way to them."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Row, delete, select, update

from connectors.database import tables, turns
from connectors.database.transaction import Transaction, Values
from core.hooks.outgoing import BOTH_SECRETS, Answer, Endpoint, Event, Message, MessageState
from core.ports.clockwork import LeaseLost

_endpoints = tables.hook_endpoints
_messages = tables.hook_messages
_turns = tables.outbox_turns
PENDING = _messages.c.state == "pending"


@dataclass(frozen=True, slots=True)
class HookTables:
    """Implements `core.hooks.outgoing.HookBook`."""

    transaction: Transaction

    def add(self, shop: str, url: str, events: Sequence[str], secret: str, *, at: datetime) -> Endpoint:
        """Add an endpoint that is on."""
        row = {
            "shop": shop, "url": url, "events": json.dumps(list(events)), "state": "on", "created_at": at,
            "credentials": self._lock(shop, {"current": secret}),
        }  # fmt: skip
        made = self.transaction.insert(_endpoints).values(row).returning(_endpoints)
        return _endpoint(self.transaction.run(made).one())

    def all(self, shop: str) -> tuple[Endpoint, ...]:
        """Every endpoint of the shop, oldest first."""
        rows = select(_endpoints).where(_endpoints.c.shop == shop).order_by(_endpoints.c.id)
        return tuple(_endpoint(row) for row in self.transaction.run(rows))

    def get(self, shop: str, endpoint: int) -> Endpoint | None:
        """Return one endpoint."""
        row = self.transaction.run(select(_endpoints).where(_one(shop, endpoint))).first()
        return None if row is None else _endpoint(row)

    def secrets(self, shop: str, endpoint: int, *, at: datetime) -> tuple[str, ...]:
        """Return the secrets that sign now, the current one first."""
        row = self.transaction.run(select(_endpoints.c.credentials).where(_one(shop, endpoint))).first()
        kept = {} if row is None else self.transaction.vault.open(shop, row.credentials)
        found = [kept[name] for name in ("current",) if name in kept]
        if "before" in kept and at < datetime.fromisoformat(kept["until"]):
            found.append(kept["before"])
        return tuple(found)

    def rotate(self, shop: str, endpoint: int, secret: str, *, at: datetime) -> None:
        """Give it a new secret; the one before signs as well for a day."""
        (before, *_) = self.secrets(shop, endpoint, at=at)
        kept = {"current": secret, "before": before, "until": (at + BOTH_SECRETS).isoformat()}
        self.transaction.run(
            update(_endpoints).where(_one(shop, endpoint)).values(credentials=self._lock(shop, kept))
        )  # fmt: skip

    def put(self, endpoint: Endpoint) -> None:
        """Store what changed of an endpoint, its secrets aside; while it rests, its messages wait."""
        values = {
            "state": endpoint.state, "failing_since": endpoint.failing_since, "error": endpoint.error,
            "events": json.dumps(list(endpoint.events)), "rests_until": endpoint.rests_until,
        }  # fmt: skip
        self.transaction.run(update(_endpoints).where(_one(endpoint.shop, endpoint.id)).values(values))
        if until := endpoint.rests_until:
            mine = (_messages.c.shop == endpoint.shop, _messages.c.endpoint_id == endpoint.id)
            early = (PENDING, _messages.c.next_at < until, _messages.c.leased_until.is_(None))
            self.transaction.run(update(_messages).where(*mine, *early).values(next_at=until))

    def remove(self, shop: str, endpoint: int) -> bool:
        """Remove the endpoint with its messages; False when there is none."""
        mine = (_messages.c.shop == shop) & (_messages.c.endpoint_id == endpoint)
        self.transaction.run(delete(_messages).where(mine))
        return self.transaction.run(delete(_endpoints).where(_one(shop, endpoint))).rowcount > 0

    def tell(self, shop: str, event: Event, *, now: datetime) -> int:
        """Queue the event for every endpoint that takes it, once each; return for how many."""
        return self.tell_all(shop, [event], now=now)

    def tell_all(self, shop: str, events: Sequence[Event], *, now: datetime) -> int:
        """The same of several events, in their order."""
        takers = [one for one in self.all(shop) if one.state == "on"] if events else []
        due = {one.id: max(now, one.rests_until or now) for one in takers}
        rows = [
            {**_row(one, event, now), "next_at": due[one.id]}
            for event in events
            for one in takers
            if event.type in one.events
        ]
        self._queue(rows)
        return len(rows)

    def send(self, endpoint: Endpoint, event: Event, *, now: datetime) -> None:
        """Queue the event for this endpoint, whatever it takes."""
        self._queue([_row(endpoint, event, now)])

    def claim(self, *, now: datetime, lease: timedelta) -> Message | None:
        """Lease the next due message, fair between shops, of an endpoint that has none in hand.

        A lease that ran out is free to be claimed again.
        """
        free = self._has_none_in_hand(_messages.c.leased_until > now)
        row = turns.claim(self.transaction, _turns.c.told, _messages, now=now, until=now + lease, only=free)
        return None if row is None else _message(row)

    def settle(self, message: Message, state: MessageState, answer: Answer, *, at: datetime) -> None:
        """Record how a try ended; `pending`: it is tried again at `at`. Raises `LeaseLost`."""
        held = (_messages.c.id == message.id, _messages.c.fence == message.fence, PENDING)
        values = {"state": state, "status": answer.status, "error": answer.error, "next_at": at, "leased_until": None}
        if self.transaction.run(update(_messages).where(*held).values(values)).rowcount != 1:
            raise LeaseLost(f"message {message.id} of {message.shop} was taken over")

    def again(self, shop: str, message: int, *, now: datetime) -> bool:
        """A person asks to try a failed message again."""
        mine = (_messages.c.shop == shop, _messages.c.id == message, _messages.c.state == "failed")
        change = {"state": "pending", "next_at": now, "attempts": 0}
        self.transaction.queued.add("hooks")
        return self.transaction.run(update(_messages).where(*mine).values(change)).rowcount > 0

    def newest(self, shop: str, endpoint: int, *, limit: int) -> tuple[Message, ...]:
        """The newest messages for the endpoint, newest first."""
        mine = select(_messages).where(_messages.c.shop == shop, _messages.c.endpoint_id == endpoint)
        return tuple(_message(row) for row in self.transaction.run(mine.order_by(_messages.c.id.desc()).limit(limit)))

    def forget(self, before: datetime) -> int:
        """Delete messages made before then that wait no longer; return how many."""
        old = delete(_messages).where(_messages.c.created_at < before, _messages.c.state != "pending")
        return self.transaction.run(old).rowcount

    def next_due(self) -> datetime | None:
        """When the next waiting message becomes due, a lease in its way included."""
        return turns.next_due(
            self.transaction, _messages, only=self._has_none_in_hand(_messages.c.leased_until.is_not(None))
        )

    def _has_none_in_hand(self, leased: ColumnElement[bool]) -> ColumnElement[bool]:
        """Whether no message for the same endpoint is leased like that: one that hangs costs one sender, not all.

        Asked beforehand, of the few that are leased: beside each row that waits it would cost all that wait.
        """
        busy = self.transaction.run(select(_messages.c.endpoint_id).where(leased)).scalars().all()
        return _messages.c.endpoint_id.not_in(busy)

    def _queue(self, rows: Sequence[Values]) -> None:
        if rows:
            self.transaction.insert_all_new(_messages, rows)
            self.transaction.queued.add("hooks")

    def _lock(self, shop: str, kept: dict[str, str]) -> bytes:
        return self.transaction.vault.lock(shop, kept)


def _one(shop: str, endpoint: int) -> ColumnElement[bool]:
    return (_endpoints.c.shop == shop) & (_endpoints.c.id == endpoint)


def _row(endpoint: Endpoint, event: Event, now: datetime) -> Values:
    return {
        "shop": endpoint.shop, "endpoint_id": endpoint.id, "order_id": event.order, "event": event.type,
        "key": event.key(endpoint.shop), "body": event.body(), "state": "pending", "created_at": now,
        "next_at": now, "attempts": 0, "fence": 0,
    }  # fmt: skip


def _endpoint(row: Row[Any]) -> Endpoint:
    return Endpoint(
        id=row.id, shop=row.shop, url=row.url, events=tuple(json.loads(row.events)), state=row.state,
        created_at=row.created_at, failing_since=row.failing_since, error=row.error, rests_until=row.rests_until,
    )  # fmt: skip


def _message(row: Row[Any]) -> Message:
    return Message(
        id=row.id, shop=row.shop, endpoint=row.endpoint_id, order=row.order_id, event=row.event, key=row.key,
        body=row.body, state=row.state, created_at=row.created_at, next_at=row.next_at, attempts=row.attempts,
        status=row.status, error=row.error, fence=row.fence,
    )  # fmt: skip
