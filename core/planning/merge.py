"""How a newly read order joins what is known: newest read wins, whatever the order of arrival."""

import hashlib
from dataclasses import replace
from datetime import timedelta
from enum import StrEnum

from core.records import OrderRecord
from core.snapshots import ItemSnapshot, LineSnapshot, OrderSnapshot

LAG = timedelta(minutes=10)
"""A platform's copies may be so far behind. A version that is still older then is newer: its clock was set back."""


class Verdict(StrEnum):
    """What to do with a snapshot that was just read."""

    NEWS = "news"
    SAME = "same"
    OLD = "old"
    READ_AGAIN = "read_again"


def judge(stored: OrderRecord | None, seen: OrderSnapshot) -> Verdict:
    """Return whether `seen` is to be taken.

    A read that began before our own last write ended may show the order as it was before: it must be read again.
    Platform versions have one-second steps, so an equal version is decided by the time of the read; an older one is
    believed once no copy can lag that far.
    """
    if stored is None:
        return Verdict.OLD if seen.status == "gone" else Verdict.NEWS
    known = stored.snapshot
    if stored.acted_at is not None and seen.read_at <= stored.acted_at:
        return Verdict.READ_AGAIN
    behind = seen.version < known.version and seen.read_at - known.read_at < LAG
    if seen.read_at <= known.read_at or (seen.status != "gone" and behind):
        return Verdict.OLD
    return Verdict.SAME if without_time(seen) == without_time(known) else Verdict.NEWS


def merged_item(stored: ItemSnapshot, seen: ItemSnapshot) -> ItemSnapshot:
    """Return what is known of an item after `seen`. What that does not tell stays: all of one gone, kinds it lacks."""
    if seen.gone:
        return replace(stored, gone=True, read_at=seen.read_at)
    return seen if seen.kinds is not None else replace(seen, kinds=stored.kinds)


def merged(stored: OrderRecord | None, shop: str, seen: OrderSnapshot) -> OrderRecord:
    """Return the record with `seen` taken in, noticing holds of ours that a person removed."""
    if stored is None:
        return OrderRecord(shop=shop, snapshot=seen, expected_held=dict(seen.outside.held))
    if seen.status == "gone":
        # A deleted order tells nothing but that: keep its lines, so that people can still see what it was.
        seen = replace(stored.snapshot, status="gone", read_at=seen.read_at)
    unchanged = shape(stored.snapshot) == shape(seen)
    hands_off = dict(stored.hands_off) if stored.shape == shape(seen) else {}
    if unchanged and seen.status == "open":
        for line, units in _removed(stored, seen).items():
            hands_off[line] = hands_off.get(line, 0) + units
    return replace(
        stored,
        snapshot=seen,
        hands_off=hands_off,
        shape=shape(seen) if hands_off else "",
        expected_held=dict(seen.outside.held),
    )


def shape(snapshot: OrderSnapshot) -> str:
    """Return a digest of what the customer ordered and got: it changes when the order changes by itself."""
    rows = [(line.id, line.ordered, line.cancelled, line.refunded, line.shipped) for line in snapshot.lines]
    return hashlib.sha256(repr(sorted(rows)).encode()).hexdigest()[:16]


def stock_moved(stored: OrderRecord | None, seen: OrderSnapshot) -> frozenset[str]:
    """Return the items whose stock numbers must be read after this order, because it moved them.

    Units that left, or were taken out of the platform's number, change an order and a stock number at two moments;
    reading the stock after the order keeps one of them from being counted twice.
    """
    before = {line.id: _moving(line) for line in stored.snapshot.lines} if stored else {}
    moved = {line.item for line in seen.lines if line.item and _moving(line) != before.get(line.id, (0, 0, 0))}
    if stored and stored.snapshot.status != seen.status:
        moved |= {line.item for line in (*seen.lines, *stored.snapshot.lines) if line.item}
    return frozenset(moved)


def without_time(seen: OrderSnapshot) -> OrderSnapshot:
    """Return the snapshot without the moment of the read, to compare what it says."""
    return replace(seen, read_at=seen.placed_at)


def _moving(line: LineSnapshot) -> tuple[int, int, int]:
    return line.shipped, line.reserved, line.refunded


def _removed(stored: OrderRecord, seen: OrderSnapshot) -> dict[str, int]:
    held = seen.outside.held
    return {
        line: units - held.get(line, 0)
        for line, units in stored.expected_held.items()
        if held.get(line, 0) < units and line not in seen.outside.blocked
    }
