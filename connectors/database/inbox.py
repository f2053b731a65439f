"""Deliveries as they came. One worker at a time takes in a shop's deliveries, under a lease of the shop's lane."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Row,
    and_,
    case,
    exists,
    func,
    literal,
    literal_column,
    null,
    or_,
    select,
    update,
)

from connectors.database import codec, tables
from connectors.database.columns import Key
from connectors.database.transaction import Transaction, Values
from core.planning.wake_ups import OWN
from core.ports.clockwork import LeaseLost
from core.ports.inbox import Letter
from core.records import Delivery

_deliveries = tables.deliveries
_lanes = tables.inbox_lanes
# Written out, not bound: SQLite takes a partial index only where the condition stands in the statement itself.
NEW = _deliveries.c.state == literal_column("'new'")
DEAD = _deliveries.c.state == literal_column("'dead'")
_FRESH = {"state": "new", "attempts": 0, "error": None, "fence": None, "once_more": False}


@dataclass(frozen=True, slots=True)
class InboxTables:
    """Implements `core.ports.inbox.Inbox`."""

    transaction: Transaction

    def add_all(self, rows: Sequence[Values]) -> None:
        """Store what platforms sent, each row with its shop; what is there already stays as it is."""
        # In the order of the unique key: two processes that store the same ones must not wait for each other crosswise.
        self.transaction.insert_all_new(_deliveries, sorted(rows, key=lambda row: (row["shop"], row["key"])))

    def add(self, *, shop: str, topic: str, key: str, body: bytes, at: datetime, due: datetime | None = None) -> bool:
        """Store one; False when it is there already.

        A wake-up of our own whose earlier copy is done or dead is made new again; one that is being taken in right
        now runs once more after that; one that waits becomes due at the earlier of both times.
        """
        news = _news(topic, body, at, due or at)
        if self.transaction.insert_new(_deliveries, {"shop": shop, "key": key, **_FRESH, **news}):
            return True
        return topic.startswith(OWN) and self._revive(shop, key, news)

    def claim(self, *, now: datetime, lease: timedelta, limit: int) -> tuple[tuple[Delivery, ...], int]:
        """Lease the oldest due deliveries of one shop that nobody else is taking in, and the fencing token."""
        due = exists().where(_deliveries.c.shop == _lanes.c.shop, NEW, _deliveries.c.due_at <= now)
        free = or_(_lanes.c.leased_until.is_(None), _lanes.c.leased_until <= now)
        next_shop = select(_lanes.c.shop).where(free, due).order_by(_lanes.c.served, _lanes.c.shop).limit(1)
        shop: str | None = self.transaction.run(next_shop.with_for_update(skip_locked=True)).scalar()
        if shop is None:
            return (), 0
        fence = self._take_lane(shop, until=now + lease)
        oldest = select(_deliveries.c.id).where(_deliveries.c.shop == shop, NEW, _deliveries.c.due_at <= now)
        chosen = oldest.order_by(_deliveries.c.due_at, _deliveries.c.id).limit(limit).scalar_subquery()
        taken = update(_deliveries).where(_deliveries.c.id.in_(chosen)).values(fence=fence, once_more=False)
        rows = self.transaction.run(taken.returning(*_deliveries.c)).all()
        return tuple(_delivery(row) for row in sorted(rows, key=lambda row: (row.due_at, row.id))), fence

    def renew(self, shop: str, fence: int, *, until: datetime) -> None:
        """Keep the lease of the shop's deliveries until then. Raises `LeaseLost`."""
        mine = update(_lanes).where(_lanes.c.shop == shop, _lanes.c.fence == fence, _lanes.c.leased_until.is_not(None))
        if self.transaction.run(mine.values(leased_until=until)).rowcount != 1:
            raise LeaseLost(f"the deliveries of {shop} are no longer ours to take in")

    def finish(
        self,
        deliveries: Sequence[Delivery],
        fence: int,
        *,
        told: Mapping[int, str] | None = None,
        at: datetime | None = None,
    ) -> None:
        """Mark as done, with the orders that they told of, and forget what else they said. Raises `LeaseLost`."""
        change: dict[str, object] = {"state": "done", "error": None, "body": None, "taken_at": at}
        if told:
            named = {number: literal(order, Key()) for number, order in told.items()}
            change["order_id"] = case(named, value=_deliveries.c.id)
        for shop, ids in _by_shop(deliveries).items():
            if self._holds(shop, fence):
                self._settle(shop, ids, fence, change)

    def retry(self, deliveries: Sequence[Delivery], fence: int, *, at: datetime, error: str | None, dead: bool) -> None:
        """Give back for another try at `at`, or bury. Raises `LeaseLost` when the token is no longer current."""
        tried = {"attempts": _deliveries.c.attempts + (1 if error is not None or dead else 0), "error": error}
        buried = {**tried, "state": "dead"}
        for shop, ids in _by_shop(deliveries).items():
            if self._holds(shop, fence):
                change = {**buried, "body": _kept_body(shop)} if dead else {**tried, "state": "new", "due_at": at}
                self._settle(shop, ids, fence, change)

    def hasten(self, shop: str, *, now: datetime) -> None:
        """Make what was put back due now."""
        put_back = and_(_deliveries.c.shop == shop, NEW, _deliveries.c.attempts > 0, _deliveries.c.due_at > now)
        self.transaction.run(update(_deliveries).where(put_back).values(due_at=now))

    def oldest_waiting(self) -> datetime | None:
        """When the oldest delivery became due that is not taken in: the moment it was received, unless put off.

        In the future where all that is left was put off.
        """
        return self.transaction.run(select(func.min(_deliveries.c.due_at)).where(NEW)).scalar()

    def next_due(self) -> datetime | None:
        """When the next delivery can be claimed: it is due, and no lease is in its way."""
        first = select(func.min(_deliveries.c.due_at)).where(_deliveries.c.shop == _lanes.c.shop, NEW)
        rows = self.transaction.run(select(first.scalar_subquery(), _lanes.c.leased_until)).all()
        return min((max(due, leased or due) for due, leased in rows if due is not None), default=None)

    def dead(self, shop: str) -> tuple[Delivery, ...]:
        """Deliveries that could not be taken in, newest first."""
        buried = select(_deliveries).where(_deliveries.c.shop == shop, DEAD).order_by(_deliveries.c.id.desc())
        return tuple(_delivery(row) for row in self.transaction.run(buried))

    def counts(self, shop: str) -> dict[str, int]:
        """How many deliveries wait (`new`) and how many could not be taken in (`dead`)."""
        number = select(func.count()).where(_deliveries.c.shop == shop)
        states = {"new": NEW, "dead": DEAD}
        return {name: self.transaction.run(number.where(state)).scalar_one() for name, state in states.items()}

    def newest(self, shop: str, *, limit: int) -> tuple[Delivery, ...]:
        """The newest deliveries of the platform itself, without their bodies."""
        return self._newest(limit, _deliveries.c.shop == shop, ~_deliveries.c.topic.startswith(OWN))

    def of_order(self, shop: str, order: str, *, limit: int) -> tuple[Delivery, ...]:
        """The newest deliveries that told of the order and were taken in, without their bodies, newest first."""
        return self._newest(limit, _deliveries.c.shop == shop, _deliveries.c.order_id == order)

    def again(self, shop: str, delivery: int, *, now: datetime) -> bool:
        """A person asks to take in a dead delivery again; False when it is not dead, or its body is forgotten."""
        mine = and_(_deliveries.c.shop == shop, _deliveries.c.id == delivery, DEAD, _deliveries.c.body.is_not(None))
        return self.transaction.run(update(_deliveries).where(mine).values(**_FRESH, due_at=now)).rowcount > 0

    def _newest(self, limit: int, *which: ColumnElement[bool]) -> tuple[Delivery, ...]:
        columns = (column for column in _deliveries.c if column.name != "body")
        chosen = select(*columns, null().label("body")).where(*which)
        rows = self.transaction.run(chosen.order_by(_deliveries.c.id.desc()).limit(limit))
        return tuple(_delivery(row) for row in rows)

    def _revive(self, shop: str, key: str, news: Values) -> bool:
        mine = and_(_deliveries.c.shop == shop, _deliveries.c.key == key)
        row = self.transaction.run(select(_deliveries).where(mine).with_for_update()).one()
        if row.state != "new":
            change: Values = {**_FRESH, **news}
        elif row.fence is not None:
            change = {**news, "once_more": True}
        elif row.attempts == 0 and news["due_at"] < row.due_at:
            change = {"due_at": news["due_at"]}
        else:
            return False
        self.transaction.run(update(_deliveries).where(mine).values(**change))
        return "topic" in change

    def _take_lane(self, shop: str, *, until: datetime) -> int:
        turn = select(func.max(_lanes.c.served) + 1).scalar_subquery()
        taken = update(_lanes).where(_lanes.c.shop == shop)
        taken = taken.values(fence=_lanes.c.fence + 1, leased_until=until, served=turn)
        fence: int = self.transaction.run(taken.returning(_lanes.c.fence)).scalar_one()
        return fence

    def _holds(self, shop: str, fence: int) -> bool:
        """Whether there is a lane to settle; none when the shop was erased. Raises LeaseLost."""
        lane = select(_lanes.c.fence).where(_lanes.c.shop == shop).with_for_update()
        current: int | None = self.transaction.run(lane).scalar()
        if current is not None and current != fence:
            raise LeaseLost(f"another worker took over the deliveries of {shop}")
        return current is not None

    def _settle(self, shop: str, ids: list[int], fence: int, change: Values) -> None:
        """Settle what is still under this token: the rest was settled before. The last one frees the lane."""
        mine = and_(_deliveries.c.id.in_(ids), _deliveries.c.shop == shop, _deliveries.c.fence == fence)
        again = update(_deliveries).where(mine, _deliveries.c.once_more.is_(True)).values(**_FRESH)
        self.transaction.run(again)
        self.transaction.run(update(_deliveries).where(mine).values(**change, fence=None))
        left = exists().where(_deliveries.c.shop == shop, _deliveries.c.fence == fence)
        self.transaction.run(update(_lanes).where(_lanes.c.shop == shop, ~left).values(leased_until=None))


def _by_shop(deliveries: Sequence[Delivery]) -> dict[str, list[int]]:
    grouped: dict[str, list[int]] = {}
    for delivery in deliveries:
        grouped.setdefault(delivery.shop, []).append(delivery.id)
    return grouped


def _kept_body(shop: str) -> object:
    """Keep the body for another try, but not in a shop that had a customer redacted: it may name them."""
    redacted = exists().where(tables.redactions.c.shop == shop)
    return case((redacted, null()), else_=_deliveries.c.body)


def _delivery(row: Row[Any]) -> Delivery:
    return Delivery(
        id=row.id,
        shop=row.shop,
        topic=row.topic,
        key=row.key,
        body=codec.unpack(row.body),
        received_at=row.received_at,
        taken_at=row.taken_at,
        attempts=row.attempts,
        state=row.state,
        error=row.error,
    )


def letter_row(letter: Letter) -> Values:
    """Return the delivery's row, due at once, but for the shop's id: the letter may bear another name of it."""
    return {"key": letter.key, **_FRESH, **_news(letter.topic, letter.body, letter.at, letter.at)}


def _news(topic: str, body: bytes, at: datetime, due: datetime) -> Values:
    return {"topic": topic, "body": codec.pack(body), "received_at": at, "due_at": due}
