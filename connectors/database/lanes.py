"""Whose action is next: the head of each order's lane, shops in turn.

The head of a lane is its lowest pending id. While any action of the lane is leased, nothing else of it may leave.
What only tells (a tag, a note, a code) gives way while it is put off: a shop that refuses a note must not keep a hold
from being placed or released.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Row, and_, exists, func, literal_column, or_, select, update

from connectors.database import tables, turns
from connectors.database.transaction import Transaction

_actions = tables.actions
_others = tables.actions.alias("others")
_turns = tables.outbox_turns
# Written out, not bound: SQLite takes a partial index only where the condition stands in the statement itself.
PENDING = _actions.c.state == literal_column("'pending'")
LIVE = _actions.c.state.in_((literal_column("'planned'"), literal_column("'pending'")))
OF_KIND_CODE = _actions.c.kind == literal_column("'code'")
GIVES_WAY = ("tag", "untag", "code", "note", "publish", "deadline", "announce")
_others_pending = _others.c.state == literal_column("'pending'")
_same_lane = and_(_others.c.shop == _actions.c.shop, _others.c.order_id == _actions.c.order_id, _others_pending)
_holds_its_place = or_(_others.c.kind.not_in(GIVES_WAY), _others.c.attempts == 0)


def claim(
    transaction: Transaction, *, now: datetime, until: datetime, per_shop: int
) -> tuple[Row[Any], datetime | None] | None:
    """Lease the next action until `until`; None when nothing can be sent now.

    Returns its row, and when an earlier lease of it ran out: then this claim is no try, it only takes the row over.
    """
    open_shops = _actions.c.shop.not_in(_full(transaction, now, per_shop))
    due = (PENDING, _actions.c.next_at <= now, turns.unleased(_actions, now), open_shops)
    for shop in turns.in_turn(transaction, _turns.c.served, _actions, *due):
        # Two who hold one shop each and wait for the other one's would wait for ever: what is of no use is let go.
        attempt = transaction.connection.begin_nested()
        # Those who claim for the same shop follow one another: else two could each find the lane free.
        transaction.run(select(_turns.c.shop).where(_turns.c.shop == shop).with_for_update())
        if _under_way(transaction, shop, now) < per_shop:
            taken = _take_head(transaction, shop, now=now, until=until)
            if taken is not None:
                turns.count(transaction, _turns.c.served, shop)
                attempt.commit()
                return taken
        attempt.rollback()
    return None


def next_due(transaction: Transaction) -> datetime | None:
    """When the first head of a lane can be claimed."""
    ahead = and_(_others.c.id < _actions.c.id, _holds_its_place)
    blocked = exists().where(_same_lane, or_(ahead, _others.c.leased_until.is_not(None)))
    # Two questions, each answered by its own index: of tens of thousands that wait the first head ends the search.
    free = select(_actions.c.next_at).where(PENDING, _actions.c.leased_until.is_(None), ~blocked)
    heads = transaction.run(free.order_by(_actions.c.next_at).limit(1)).scalars()
    # As in `_full`, not asked for what is pending.
    leased = select(_actions.c.leased_until, _actions.c.next_at).where(_actions.c.leased_until.is_not(None))
    return min((*heads, *(max(row) for row in transaction.run(leased))), default=None)


def _full(transaction: Transaction, now: datetime, per_shop: int) -> Sequence[str]:
    """Return the shops of which as many actions are under way as may be: nobody need lock them to find that out."""
    # What has a lease is pending: were that said as well, SQLite would go through all that waits.
    leased = select(_actions.c.shop).where(_actions.c.leased_until > now)
    return transaction.run(leased.group_by(_actions.c.shop).having(func.count() >= per_shop)).scalars().all()


def _under_way(transaction: Transaction, shop: str, now: datetime) -> int:
    leased = select(func.count()).where(_actions.c.shop == shop, PENDING, _actions.c.leased_until > now)
    number: int = transaction.run(leased).scalar_one()
    return number


def _take_head(
    transaction: Transaction, shop: str, *, now: datetime, until: datetime
) -> tuple[Row[Any], datetime | None] | None:
    earlier = exists().where(_same_lane, _others.c.id < _actions.c.id, or_(_holds_its_place, _others.c.next_at <= now))
    leased = exists().where(_same_lane, _others.c.leased_until > now)
    due = and_(_actions.c.shop == shop, PENDING, _actions.c.next_at <= now, turns.unleased(_actions, now))
    head = select(_actions.c.id, _actions.c.leased_until).where(due, ~earlier, ~leased)
    first = head.order_by(_actions.c.next_at, _actions.c.id).limit(1).with_for_update(of=_actions, skip_locked=True)
    chosen = transaction.run(first).first()
    if chosen is None:
        return None
    tried = {} if chosen.leased_until else {"attempts": _actions.c.attempts + 1, "sent_at": now}
    taken = update(_actions).where(_actions.c.id == chosen.id)
    taken = taken.values(fence=_actions.c.fence + 1, leased_until=until, **tried)
    return transaction.run(taken.returning(*_actions.c)).one(), chosen.leased_until
