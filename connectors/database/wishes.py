"""What a plan's wishes change in an order's lane: what waits is kept or skipped, what is new is queued behind it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Row

from connectors.database import codec
from connectors.database.transaction import Values
from core.actions import Action, must_end
from core.ports.outbox import Wish

MANUAL = "manual:"


@dataclass(frozen=True, slots=True, kw_only=True)
class Turn:
    """What becomes of one lane: rows to skip, rows that change between planned and pending, wishes to queue."""

    unwanted: Sequence[Row[Any]]
    moved: Sequence[Row[Any]]
    fresh: Sequence[Wish]


def turn_of(rows: Sequence[Row[Any]], wishes: Sequence[Wish], state: str, now: datetime) -> Turn:
    """Return what the wishes mean for a lane; `rows` are its actions that wait, are under way, or have failed."""
    wanted = {key: (action, key, reason) for action, key, reason in wishes}
    live = {row.key: row for row in rows if row.state != "failed"}
    free = [row for row in live.values() if row.leased_until is None or row.leased_until <= now]
    settled = live.keys() | {row.key for row in rows if row.state == "failed"}
    return Turn(
        unwanted=[row for row in free if row.key not in wanted and not _must_end_by_itself(row)],
        moved=[row for row in free if row.key in wanted and row.state != state],
        fresh=[wish for key, wish in wanted.items() if key not in settled],
    )


def queued(shop: str, order: str, turn: Turn, state: str, now: datetime) -> list[Values]:
    """Return the rows of what is queued. What was tried and is skipped may still be happening: they wait for that."""
    tried: list[datetime] = [row.next_at for row in turn.unwanted if row.attempts]
    due = {"state": state, **begun(now), "next_at": max([now, *tried])}
    return [row_of(shop, order, action, {"key": key, "reason": why, **due}) for action, key, why in turn.fresh]


def row_of(shop: str, order: str, action: Action, row: Values) -> Values:
    """Return a row of the outbox."""
    return {"shop": shop, "order_id": order, "kind": action.kind, "action": codec.write(action), **row}


def begun(now: datetime) -> Values:
    """Return what a new row begins with."""
    return {"created_at": now, "next_at": now, "attempts": 0, "fence": 0}


def _must_end_by_itself(row: Row[Any]) -> bool:
    """Whether it is not for a plan to take it back: a person asked, or it was sent and may have moved money."""
    sent = row.attempts > 0
    return row.key.startswith(MANUAL) or (sent and must_end(codec.read_action(row.kind, row.action)))
