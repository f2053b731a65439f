"""What people read on the order in the shop itself: how many units wait and the day, which moves as the promise moves.

A note at a hold tells the day of when it was placed, and a hold cannot be changed. Where a hold is nothing but words,
its own note tells both; one of these follows only when the day moves afterwards.
"""

from core.actions import Hold, Note, Release
from core.dates.hand_promises import by_hand
from core.desired_state import undoing
from core.plan import OrderPlan
from core.records import OrderRecord

MARKER = "waits"
KEY = "note:"
NOTHING = "nothing"
BY_HOLD = "hold:"
"""Begins what an order's people were told by the note at its hold."""


def says(plan: OrderPlan, record: OrderRecord) -> str:
    """Return the units that wait and their promised day, in a short form; empty where there is nothing to say."""
    if not plan.backordered or undoing.UNMARKED in record.manual:
        return ""
    waiting = sum(line.open - line.release_now for line in plan.lines)
    return f"{waiting} {by_hand(record) or record.promised_on or ''}".strip() if waiting else ""


def wanted(said: str, record: OrderRecord, *, by_hold: bool) -> Note | None:
    """Return the note that says this, or takes away ours; None where the order's people know it.

    `by_hold`: the note at the hold tells the same when units are held.
    """
    if said == record.noted.removeprefix(BY_HOLD) or (not said and record.noted.startswith(BY_HOLD)):
        return None
    if by_hold and not record.noted:
        return None
    return Note(order=record.id, marker=MARKER, text=_words(said))


def _words(said: str) -> str:
    if not said:
        return ""
    waiting, _, day = said.partition(" ")
    until = f"expected {day}" if day else "no date known yet"
    return f"Backorder: {waiting} {'unit waits' if waiting == '1' else 'units wait'}, {until}."


def key(said: str) -> str:
    """Return the natural key of the note that says this."""
    return f"{KEY}{said or NOTHING}"


def after(record: OrderRecord, action: Note | Hold | Release, natural_key: str) -> str:
    """Return what the order's people were told, now that the action was carried out."""
    if isinstance(action, Note):
        told = natural_key.removeprefix(KEY)
        return "" if told == NOTHING else told
    by_note = record.noted and not record.noted.startswith(BY_HOLD)
    return record.noted if by_note or not action.says else f"{BY_HOLD}{action.says}"
