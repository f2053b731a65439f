"""Actions. One lane for each order, in the order they were queued; shops take turns."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from operator import attrgetter
from typing import Any

from sqlalchemy import ColumnElement, Row, bindparam, func, insert, select, update

from connectors.database import codec, lanes, tables
from connectors.database.lanes import LIVE, PENDING
from connectors.database.transaction import Transaction, Values, batches
from connectors.database.turns import unleased
from connectors.database.wishes import MANUAL, begun, queued, row_of, turn_of
from core.actions import Action
from core.item_actions import ITEM_LANE
from core.ports.clockwork import LeaseLost
from core.ports.outbox import Wish
from core.records import ActionRecord

_actions = tables.actions
_QUEUE = insert(_actions)
_MINE = (_actions.c.shop == bindparam("shop"), _actions.c.order_id == bindparam("order"))
_OF_ORDER = select(_actions).where(*_MINE).order_by(_actions.c.id)
# Without its state: SQLite would rather go through all that is pending than through what is leased.
_LEASED = select(_actions.c.order_id, _actions.c.state).where(
    _actions.c.shop == bindparam("shop"), _actions.c.leased_until.is_not(None)
)
_BEHIND_ITEM_LANES = ITEM_LANE[:-1] + chr(ord(ITEM_LANE[-1]) + 1)
# By what it is not, and in no order: SQLite would rather go through all of the shop's than through these lanes.
_LOOKED_AT = ("id", "order_id", "key", "state", "attempts", "next_at", "leased_until", "kind", "action")
_UNSETTLED = select(*(_actions.c[name] for name in _LOOKED_AT)).where(_actions.c.state.not_in(("done", "skipped")))


@dataclass(frozen=True, slots=True)
class OutboxTables:
    """Implements `core.ports.outbox.Outbox`."""

    transaction: Transaction

    def want(self, shop: str, order: str, actions: Sequence[Wish], *, now: datetime, act: bool) -> int:
        """Queue (action, natural key, reason) in this order and skip waiting ones that are no longer wanted.

        Not queued: a key that waits or is under way, and one that failed for good (until a person says again).
        Returns how many were newly queued; nothing is written when nothing changes.
        """
        return self.want_all(shop, {order: actions}, now=now, act=act).get(order, 0)

    def want_all(self, shop: str, wishes: Mapping[str, Sequence[Wish]], *, now: datetime, act: bool) -> dict[str, int]:
        """The same for the lanes of several orders; returns how many were newly queued of those that had any."""
        lanes, state = self._unsettled(shop, wishes), "pending" if act else "planned"
        turns = {order: turn_of(lanes.get(order, ()), wished, state, now) for order, wished in wishes.items()}
        unwanted = [row.id for turn in turns.values() for row in turn.unwanted]
        self._change(unwanted, {"state": "skipped", "error": "no longer wanted", **_ended(now)}, now)
        moved = [row.id for turn in turns.values() for row in turn.moved]
        self._change(moved, {"state": state, "next_at": now, "leased_until": None}, now)
        self._queue([row for order, turn in turns.items() for row in queued(shop, order, turn, state, now)])
        return {order: len(turn.fresh) for order, turn in turns.items() if turn.fresh}

    def add_manual(
        self, shop: str, order: str, action: Action, key: str, reason: str, *, now: datetime, act: bool
    ) -> bool:
        """Queue what a person asked for under `manual:KEY`, which `want` never skips; False while one is live."""
        full = MANUAL + key.removeprefix(MANUAL)
        mine = select(_actions.c.id).where(_in_order(shop, order), _actions.c.key == full, LIVE)
        if self.transaction.run(mine).first() is not None:
            return False
        state = "pending" if act else "planned"
        self._queue([row_of(shop, order, action, {"key": full, "reason": reason, "state": state, **begun(now)})])
        return True

    def codes(self, shop: str) -> tuple[ActionRecord, ...]:
        """Every action of kind `code` that is done, or will be, oldest first."""
        counted = _actions.c.state.in_(("planned", "pending", "done"))
        made = select(_actions).where(lanes.OF_KIND_CODE, _actions.c.shop == shop)
        return _read(self.transaction.run(made.where(counted).order_by(_actions.c.id)).all())

    def claim(self, *, now: datetime, lease: timedelta, per_shop: int) -> ActionRecord | None:
        """Lease the next due action at the head of its order's lane, fair between shops, at most `per_shop` at once.

        One whose earlier lease ran out comes back with `orphaned_at`, and its try is not counted.
        """
        taken = lanes.claim(self.transaction, now=now, until=now + lease, per_shop=per_shop)
        return None if taken is None else replace(_action(taken[0]), orphaned_at=taken[1])

    def renew(self, action: ActionRecord, *, until: datetime) -> None:
        """Keep the action's lease until then. Raises `LeaseLost`."""
        self._settle(action, {"leased_until": until})

    def done(self, action: ActionRecord, *, now: datetime, reference: str, note: str | None = None) -> None:
        """Record success. Raises `LeaseLost` when the fencing token is no longer current."""
        self._settle(action, {"state": "done", "error": None, "reference": reference, "note": note, **_ended(now)})

    def retry(self, action: ActionRecord, *, at: datetime, error: str) -> None:
        """Try again at `at`. Raises `LeaseLost`."""
        self._settle(action, {"next_at": at, "error": error, "leased_until": None})

    def fail(self, action: ActionRecord, *, now: datetime, error: str, skipped: bool = False) -> None:
        """Give up for good, or skip when the platform says it cannot be done now. Raises `LeaseLost`."""
        self._settle(action, {"state": "skipped" if skipped else "failed", "error": error, **_ended(now)})

    def again(self, shop: str, action: int, *, now: datetime) -> bool:
        """A person asks to try a failed action again; False when it has not failed, or waits already."""
        failed = select(_actions).where(_actions.c.id == action, _actions.c.shop == shop, _actions.c.state == "failed")
        row = self.transaction.run(failed).first()
        if row is None or self._waits(row):
            return False
        fresh = {"state": "pending", "error": None, "finished_at": None, "attempts": 0, "next_at": now}
        self._change([row.id], fresh, now)
        return True

    def of_order(self, shop: str, order: str) -> tuple[ActionRecord, ...]:
        """All actions of one order, oldest first."""
        return _read(self.transaction.run(_OF_ORDER, {"shop": shop, "order": order}).all())

    def of_orders(self, shop: str, orders: Collection[str]) -> dict[str, tuple[ActionRecord, ...]]:
        """The same of several orders; one without any is left out."""
        theirs = select(_actions).where(_actions.c.shop == shop).order_by(_actions.c.id)
        return self.transaction.by_name(theirs, _actions.c.order_id, orders, _action)

    def waiting_items(self, shop: str) -> frozenset[str]:
        """The lanes of items in which something waits or is under way."""
        # Between two names, not like one: SQLite would rather go through all of the shop's.
        lanes_of_items = (_actions.c.order_id >= ITEM_LANE, _actions.c.order_id < _BEHIND_ITEM_LANES)
        waiting = select(_actions.c.order_id).where(_actions.c.shop == shop, LIVE, *lanes_of_items)
        return frozenset(self.transaction.run(waiting).scalars())

    def in_flight(self, shop: str) -> frozenset[str]:
        """The lanes in which an action was claimed and its outcome is not known yet."""
        leased = self.transaction.run(_LEASED, {"shop": shop})
        return frozenset(row.order_id for row in leased if row.state == "pending")

    def failed(self, shop: str, *, limit: int) -> tuple[ActionRecord, ...]:
        """The newest actions that failed."""
        mine = select(_actions).where(_actions.c.shop == shop, _actions.c.state == "failed")
        return _read(self.transaction.run(mine.order_by(_actions.c.id.desc()).limit(limit)).all())

    def recent(self, shop: str, *, limit: int) -> tuple[ActionRecord, ...]:
        """The newest actions of the shop."""
        newest = select(_actions).where(_actions.c.shop == shop).order_by(_actions.c.id.desc()).limit(limit)
        return _read(self.transaction.run(newest).all())

    def counts(self, shop: str) -> dict[str, int]:
        """How many actions there are in each state."""
        states = select(_actions.c.state, func.count()).where(_actions.c.shop == shop).group_by(_actions.c.state)
        return {row[0]: row[1] for row in self.transaction.run(states)}

    def next_due(self) -> datetime | None:
        """When the next waiting action can be claimed: it heads its lane, is due, and no lease is in its way."""
        return lanes.next_due(self.transaction)

    def skip_all(self, shop: str, *, now: datetime, why: str) -> int:
        """Skip everything that waits; what is under way ends by itself."""
        waiting = update(_actions).where(_actions.c.shop == shop, LIVE, unleased(_actions, now))
        return self.transaction.run(waiting.values(state="skipped", error=why, **_ended(now))).rowcount

    def make_pending(self, shop: str, *, now: datetime) -> int:
        """Turn `planned` actions into `pending` ones; return how many."""
        planned = update(_actions).where(_actions.c.shop == shop, _actions.c.state == "planned")
        self.transaction.queued.add("outbox")
        return self.transaction.run(planned.values(state="pending", next_at=now)).rowcount

    def hasten(self, shop: str, *, until: datetime) -> None:
        """Make what is due later due then."""
        later = (_actions.c.shop == shop, PENDING, _actions.c.next_at > until)
        self.transaction.run(update(_actions).where(*later).values(next_at=until))

    def _queue(self, rows: Sequence[Values]) -> None:
        if rows:
            self.transaction.run(_QUEUE, rows)
        if any(row["state"] == "pending" for row in rows):
            self.transaction.queued.add("outbox")

    def _unsettled(self, shop: str, orders: Collection[str]) -> dict[str, list[Row[Any]]]:
        lanes: dict[str, list[Row[Any]]] = {}
        mine = _UNSETTLED.where(_actions.c.shop == shop)
        for row in sorted(self.transaction.where_in(mine, _actions.c.order_id, orders), key=attrgetter("id")):
            lanes.setdefault(row.order_id, []).append(row)
        return lanes

    def _change(self, ids: Sequence[int], change: Values, now: datetime) -> None:
        """Change those of these rows that nobody has taken in hand meanwhile."""
        for batch in batches(ids):
            mine = update(_actions).where(_actions.c.id.in_(batch), unleased(_actions, now))
            self.transaction.run(mine.values(**change))
        if ids and change["state"] == "pending":
            self.transaction.queued.add("outbox")

    def _settle(self, action: ActionRecord, change: Values) -> None:
        held = (_actions.c.fence == action.fence, PENDING, _actions.c.leased_until.is_not(None))
        mine = update(_actions).where(_actions.c.id == action.id, _actions.c.shop == action.shop, *held)
        if self.transaction.run(mine.values(**change)).rowcount != 1:
            raise LeaseLost(f"action {action.id} of {action.shop} was taken over")

    def _waits(self, row: Row[Any]) -> bool:
        same = select(_actions.c.id).where(_in_order(row.shop, row.order_id), _actions.c.key == row.key, LIVE)
        return self.transaction.run(same).first() is not None


def _in_order(shop: str, order: str) -> ColumnElement[bool]:
    return (_actions.c.shop == shop) & (_actions.c.order_id == order)


def _ended(now: datetime) -> Values:
    return {"finished_at": now, "leased_until": None}


def _read(rows: Sequence[Row[Any]]) -> tuple[ActionRecord, ...]:
    return tuple(_action(row) for row in rows)


def _action(row: Row[Any]) -> ActionRecord:
    return ActionRecord(
        id=row.id,
        shop=row.shop,
        order=row.order_id,
        action=codec.read_action(row.kind, row.action),
        key=row.key,
        reason=row.reason,
        state=row.state,
        created_at=row.created_at,
        next_at=row.next_at,
        attempts=row.attempts,
        sent_at=row.sent_at,
        finished_at=row.finished_at,
        error=row.error,
        reference=row.reference,
        fence=row.fence,
    )
