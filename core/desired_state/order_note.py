"""What people read on the order in the shop itself: how many units wait and the day, which moves as the promise moves.

A note at a hold tells the day of when it was placed, and a hold cannot be changed. Where a hold is nothing but words,
its own note tells both; one of these follows only when the day moves afterwards.
"""

from datetime import date

from core.actions import Hold, Note, Release
from core.dates.hand_promises import by_hand
from core.desired_state import undoing
from core.plan import LinePlan, OrderPlan
from core.records import OrderRecord
from core.snapshots import LineSnapshot

MARKER = "waits"
KEY = "note:"
NOTHING = "nothing"
BY_HOLD = "hold:"
"""Begins what an order's people were told by the note at its hold."""


def at_hold(plan: OrderPlan, record: OrderRecord) -> str:
    """Return what stands beside the hold, for the people who pack: what may go, what waits, until when."""
    seen = {line.id: line for line in record.snapshot.lines}
    said = [_of_line(line, seen[line.id]) for line in plan.lines if line.open and line.release_now < line.open]
    return "; ".join(said)[:460] or "Nothing waits any more."


def _of_line(line: LinePlan, seen: LineSnapshot) -> str:
    """Return one line's share in words."""
    waits = line.open - line.release_now
    return f"{seen.title[:60]}: {line.release_now} can ship, {waits} wait{'' if waits > 1 else 's'}{_until(line)}"


def _until(line: LinePlan) -> str:
    if not line.backordered:
        return " for the rest of the order"
    return f", expected {line.completes_on:%Y-%m-%d}" if isinstance(line.completes_on, date) else ", no date known"


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
