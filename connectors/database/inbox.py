"""Deliveries as they came. One worker at a time takes in a shop's deliveries, under a lease of the shop's lane."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any, NewType, Protocol

from sqlalchemy import (
    Row,
    and_,
    case,
    exists,
    func,
    literal,
    literal_column,
    null,
    select,
    update,
)

from connectors.database import codec, tables
from connectors.database.columns import Key
from connectors.database.shops import ShopTable
from connectors.database.transaction import Transaction, Values
from connectors.database.turns import unleased
from core.planning.wake_ups import OWN
from core.ports.clockwork import LeaseLost
from core.ports.inbox import Letter
from core.records import Delivery, Shop

_deliveries = tables.deliveries
_lanes = tables.inbox_lanes
# Written out, not bound: SQLite takes a partial index only where the condition stands in the statement itself.
NEW = _deliveries.c.state == literal_column("'new'")
DEAD = _deliveries.c.state == literal_column("'dead'")
_WITHOUT_BODY = select(*(column for column in _deliveries.c if column.name != "body"), null().label("body"))
Packed = NewType("Packed", Letter)
"""A letter whose body is packed."""
_FRESH = {"state": "new", "attempts": 0, "error": None, "fence": None, "once_more": False}


class Aside(Protocol):
    """What was kept aside at the door, and is not among the deliveries yet."""

    def waiting(self) -> Mapping[str, int]:
        """Return how many there are, by shop."""

    def oldest(self) -> datetime | None:
        """Return when the oldest came; None when there is none."""


@dataclass(frozen=True, slots=True)
class InboxTables:
    """Implements `core.ports.inbox.Inbox`. What lies `aside` waits as well."""

    transaction: Transaction
    aside: Aside | None = None

    def accept(self, letters: Sequence[Packed]) -> Sequence[Shop | None]:
        """Store what is for known shops and return the shop of each; what is there already stays as it is."""
        shops = matched(letters, ShopTable(self.transaction).named({letter.shop for letter in letters}))
        rows = [_row(letter, shop) for letter, shop in taken(letters, shops)]
        if not self.transaction.sqlite:
            # In the order of the unique key: who stores the same ones besides must not wait crosswise.
            rows.sort(key=lambda row: (row["shop"], row["key"]))
        self.transaction.insert_all_new(_deliveries, rows)
        return shops

    def add(self, *, shop: str, topic: str, key: str, body: bytes, at: datetime, due: datetime | None = None) -> bool:
        """Store one; False when it is there already.

        A wake-up of our own whose earlier copy is done or dead is made new again; one that is being taken in right
        now runs once more after that; one that waits becomes due at the earlier of both times.
        """
        news = _news(topic, codec.pack(body), at, due or at)
        if news["due_at"] <= at:
            self.transaction.queued.add("inbox")
        if self.transaction.insert_new(_deliveries, {"shop": shop, "key": key, **_FRESH, **news}):
            return True
        return topic.startswith(OWN) and self._revive(shop, key, news)

    def claim(self, *, now: datetime, lease: timedelta, limit: int) -> tuple[tuple[Delivery, ...], int]:
        """Lease the oldest due deliveries of one shop that nobody else is taking in, and the fencing token."""
        due = exists().where(_deliveries.c.shop == _lanes.c.shop, NEW, _deliveries.c.due_at <= now)
        next_shop = select(_lanes.c.shop).where(unleased(_lanes, now), due)
        next_shop = next_shop.order_by(_lanes.c.served, _lanes.c.shop).limit(1)
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
        self.transaction.queued.add("inbox")

    def oldest_waiting(self) -> datetime | None:
        """When the oldest delivery became due that is not taken in: the moment it was received, unless put off.

        In the future where all that is left was put off.
        """
        first: datetime | None = self.transaction.run(select(func.min(_deliveries.c.due_at)).where(NEW)).scalar()
        return min(self._aside(first), default=None)

    def next_due(self) -> datetime | None:
        """When the next delivery can be claimed: it is due, and no lease is in its way."""
        first = select(func.min(_deliveries.c.due_at)).where(_deliveries.c.shop == _lanes.c.shop, NEW)
        rows = self.transaction.run(select(first.scalar_subquery(), _lanes.c.leased_until)).all()
        return min(self._aside(*(max(due, leased or due) for due, leased in rows if due is not None)), default=None)

    def dead(self, shop: str) -> tuple[Delivery, ...]:
        """Deliveries that could not be taken in, newest first."""
        buried = select(_deliveries).where(_deliveries.c.shop == shop, DEAD).order_by(_deliveries.c.id.desc())
        return tuple(_delivery(row) for row in self.transaction.run(buried))

    def counts(self, shop: str) -> dict[str, int]:
        """How many deliveries wait (`new`) and how many could not be taken in (`dead`)."""
        number = select(func.count()).where(_deliveries.c.shop == shop)
        states = {"new": NEW, "dead": DEAD}
        counts = {name: self.transaction.run(number.where(state)).scalar_one() for name, state in states.items()}
        if self.aside:
            counts["new"] += self.aside.waiting().get(shop, 0)
        return counts

    def newest(self, shop: str, *, limit: int) -> tuple[Delivery, ...]:
        """The newest deliveries of the platform itself, without their bodies."""
        theirs = _WITHOUT_BODY.where(_deliveries.c.shop == shop, ~_deliveries.c.topic.startswith(OWN))
        rows = self.transaction.run(theirs.order_by(_deliveries.c.id.desc()).limit(limit))
        return tuple(_delivery(row) for row in rows)

    def of_order(self, shop: str, order: str, *, limit: int) -> tuple[Delivery, ...]:
        """The newest deliveries that told of the order and were taken in, without their bodies, newest first."""
        return self.of_orders(shop, [order], limit=limit).get(order, ())

    def of_orders(self, shop: str, orders: Collection[str], *, limit: int) -> dict[str, tuple[Delivery, ...]]:
        """The same of each of several orders; one without any is left out."""
        theirs = _WITHOUT_BODY.where(_deliveries.c.shop == shop)
        return self.transaction.newest_by_name(theirs, _deliveries.c.order_id, orders, _delivery, limit=limit)

    def again(self, shop: str, delivery: int, *, now: datetime) -> bool:
        """A person asks to take in a dead delivery again; False when it is not dead, or its body is forgotten."""
        self.transaction.queued.add("inbox")
        mine = and_(_deliveries.c.shop == shop, _deliveries.c.id == delivery, DEAD, _deliveries.c.body.is_not(None))
        return self.transaction.run(update(_deliveries).where(mine).values(**_FRESH, due_at=now)).rowcount > 0

    def _aside(self, *moments: datetime | None) -> list[datetime]:
        """Return these moments, and that of the oldest which lies aside."""
        oldest = self.aside.oldest() if self.aside else None
        return [moment for moment in (oldest, *moments) if moment is not None]

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
        trace=row.trace,
    )


def packed(letter: Letter) -> Packed:
    """Return the letter as it is kept."""
    return Packed(replace(letter, body=codec.pack(letter.body)))


def matched(letters: Sequence[Letter], known: Mapping[str, Shop]) -> Sequence[Shop | None]:
    """Return for each letter the shop it is for, of those known by the names given; None for another platform's."""
    shops = [known.get(letter.shop) for letter in letters]
    both = zip(letters, shops, strict=True)
    return [shop if shop and shop.platform == letter.platform else None for letter, shop in both]


def taken(letters: Sequence[Packed], shops: Sequence[Shop | None]) -> Iterator[tuple[Packed, Shop]]:
    """Yield the letters that are kept, each with its shop: one that was left here has only a last wish."""
    for letter, shop in zip(letters, shops, strict=True):
        if shop and (letter.last_wish or not shop.left):
            yield letter, shop


def _row(letter: Packed, shop: Shop) -> Values:
    """Return the delivery, due at once. The letter may bear another name of the shop."""
    news = _news(letter.topic, letter.body, letter.at, letter.at)
    return {"shop": shop.id, "key": letter.key, "trace": letter.trace, **_FRESH, **news}


def _news(topic: str, body: bytes, at: datetime, due: datetime) -> Values:
    return {"topic": topic, "body": body, "received_at": at, "due_at": due}
