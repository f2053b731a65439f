"""How a newly read order joins what is known: newest read wins, whatever the order of arrival."""

import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from enum import StrEnum

from core.ports.clockwork import APART
from core.records import ItemRecord, OrderRecord
from core.snapshots import ItemSnapshot, LineSnapshot, OrderSnapshot

LAG = timedelta(minutes=10)
"""A platform's copies may be so far behind. A version that is still older then is newer: its clock was set back."""
NEVER = datetime.min.replace(tzinfo=UTC)


class Verdict(StrEnum):
    """What to do with a snapshot that was just read."""

    NEWS = "news"
    SAME = "same"
    OLD = "old"
    READ_AGAIN = "read_again"


def is_ahead(instant: datetime | None, now: datetime) -> bool:
    """Whether a clock that was ahead, and has been set right since, dated it: nothing is later than that until then."""
    return instant is not None and instant > now + APART


def righted(stored: OrderRecord, now: datetime) -> OrderRecord:
    """Return the record without the instants of a clock that was ahead: any read of today is newer than those."""
    acted_at = None if is_ahead(stored.acted_at, now) else stored.acted_at
    snapshot = replace(stored.snapshot, read_at=NEVER) if is_ahead(stored.snapshot.read_at, now) else stored.snapshot
    return replace(stored, acted_at=acted_at, snapshot=snapshot)


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


def canonical(seen: OrderSnapshot, stored: OrderRecord | None, known: Mapping[str, ItemRecord]) -> OrderSnapshot:
    """Return the order with each line on the item that keeps its stock (a variation's parent, where that does).

    What the item is says whether the line ships at all, where the platform's line does not.

    A line whose product or variation was deleted stays on the item that it had: the platform then names none any more,
    or only the product that the variation was of. `known`: items by platform id and alias.
    """
    had = {line.id: line for line in stored.snapshot.lines} if stored else {}
    return replace(seen, lines=tuple(_on_its_item(line, had.get(line.id), known) for line in seen.lines))


def _on_its_item(line: LineSnapshot, had: LineSnapshot | None, known: Mapping[str, ItemRecord]) -> LineSnapshot:
    if had and had.item and line.item != had.item and (line.item is None or _family_of(had.item, known) == line.item):
        line = replace(line, item=had.item, sku=had.sku)
    item = known.get(line.item) if line.item else None
    if item is None:
        return line
    return replace(line, item=item.snapshot.platform_id, ships=line.ships and item.snapshot.ships)


def _family_of(item: str, known: Mapping[str, ItemRecord]) -> str | None:
    return known[item].snapshot.family if item in known else None


def cut_off(seen: OrderSnapshot, placed: OrderSnapshot, known: Mapping[str, ItemRecord]) -> Iterator[str]:
    """Yield the items that lines lost since: whether those are gone is to be read. `placed`: what `canonical` says."""
    for before, after in zip(seen.lines, placed.lines, strict=True):
        if after.item and after.item != before.item and before.item not in known:
            yield after.item


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
