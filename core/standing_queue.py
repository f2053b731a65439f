"""One item's queue in one pool, kept standing between events: an event touches only the lines that it can change.

For the prefix policies (`core.closed_form`). Units ahead of a line say where it stands; a lot serves a stretch of
these positions. After an event only lines whose stretch another lot serves now are looked at again: at every boundary
between lots at most as many as units have changed, and one more.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import accumulate, pairwise

from core.ledger import NOW, Lot

Key = tuple[object, ...]
Served = tuple[tuple[Lot, int], ...]
LONGEST_BLOCK = 400


@dataclass(frozen=True, slots=True, kw_only=True)
class Share:
    """What a line has: units ahead of it, and its units of each lot, earliest first."""

    ahead: int
    units: int
    served: Served

    @property
    def on_hand(self) -> int:
        """Units covered from the shelf."""
        return sum(units for lot, units in self.served if lot.at == NOW)


@dataclass(slots=True)
class _Block:
    """A few hundred lines that stand together, so that no event walks the whole queue."""

    keys: list[Key]
    units: list[int]
    total: int


class StandingQueue:
    """Lines by key (their place in the order of service) and lots, earliest first.

    `touched` counts the lines that events made it look at.
    """

    def __init__(self, lots: Iterable[Lot], lines: Iterable[tuple[Key, int]] = ()) -> None:
        ordered = sorted(lines)
        self.touched = 0
        self._blocks = [
            _Block([key for key, _ in part], [units for _, units in part], sum(units for _, units in part))
            for part in (ordered[at : at + LONGEST_BLOCK] for at in range(0, len(ordered), LONGEST_BLOCK))
        ]
        self._lay_out(lots)

    def put(self, key: Key, units: int) -> set[Key]:
        """Let a line have so many open units (0: it leaves); return the lines whose share may have changed."""
        number, index, ahead = self._find(key)
        block = self._blocks[number]
        known = index < len(block.keys) and block.keys[index] == key
        more = units - (block.units[index] if known else 0)
        if known:
            del block.keys[index], block.units[index]
        if units:
            block.keys.insert(index, key)
            block.units.insert(index, units)
        block.total += more
        self._keep_short(number)
        return {key, *self._served_otherwise(self._lots, self._ends, since=ahead + units, shift=more)}

    def restock(self, lots: Iterable[Lot]) -> set[Key]:
        """Let these be the lots from now on; return the lines whose share may have changed."""
        before, ends = self._lots, self._ends
        self._lay_out(lots)
        return set(self._served_otherwise(before, ends, since=0, shift=0))

    def share_of(self, key: Key) -> Share:
        """Return a line's share. Raises KeyError for a line that is not in the queue."""
        number, index, ahead = self._find(key)
        block = self._blocks[number]
        if index == len(block.keys) or block.keys[index] != key:
            raise KeyError(key)
        return Share(ahead=ahead, units=block.units[index], served=self._serving(ahead, ahead + block.units[index]))

    def _lay_out(self, lots: Iterable[Lot]) -> None:
        self._lots = [lot for lot in lots if lot.left]
        self._ends = list(accumulate(lot.left for lot in self._lots))

    def _serving(self, start: int, end: int) -> Served:
        served = []
        for number in range(bisect_right(self._ends, start), len(self._ends)):
            upto = min(self._ends[number], end)
            if upto <= start:
                break
            served.append((self._lots[number], upto - start))
            start = upto
        return tuple(served)

    def _find(self, key: Key) -> tuple[int, int, int]:
        """Return the line's block, its place there, and the units ahead; of a new line, where it belongs."""
        if not self._blocks:
            self._blocks.append(_Block([], [], 0))
            return 0, 0, 0
        number = max(0, bisect_right(self._blocks, key, key=_first_key) - 1)
        block = self._blocks[number]
        index = bisect_left(block.keys, key)
        return number, index, sum(before.total for before in self._blocks[:number]) + sum(block.units[:index])

    def _keep_short(self, number: int) -> None:
        block = self._blocks[number]
        if not block.keys:
            del self._blocks[number]
        elif len(block.keys) > 2 * LONGEST_BLOCK:
            keys, units = block.keys[LONGEST_BLOCK:], block.units[LONGEST_BLOCK:]
            del block.keys[LONGEST_BLOCK:], block.units[LONGEST_BLOCK:]
            block.total -= sum(units)
            self._blocks.insert(number + 1, _Block(keys, units, sum(units)))

    def _served_otherwise(self, lots: Sequence[Lot], ends: Sequence[int], *, since: int, shift: int) -> Iterator[Key]:
        """Yield the lines, from a position on, some unit of which another lot serves than before.

        `lots` and `ends` are as they were; the positions have moved by `shift` since.
        """
        edges = {since, *(end + shift for end in ends), *self._ends}
        for low, high in pairwise(sorted(edge for edge in edges if edge >= since)):
            if _identity(lots, ends, low - shift) != _identity(self._lots, self._ends, low):
                yield from self._standing_at(low, high)

    def _standing_at(self, low: int, high: int) -> Iterator[Key]:
        """Yield the lines that have units at positions from `low` to `high`."""
        start = 0
        for block in self._blocks:
            if start >= high:
                return
            if start + block.total > low:
                for key, end, units in zip(block.keys, accumulate(block.units), block.units, strict=True):
                    if start + end > low and start + end - units < high:
                        self.touched += 1
                        yield key
            start += block.total


def _first_key(block: _Block) -> Key:
    return block.keys[0]


def _identity(lots: Sequence[Lot], ends: Sequence[int], position: int) -> tuple[object, ...] | None:
    number = bisect_right(ends, position)
    if number == len(lots):
        return None
    return lots[number].at, lots[number].supply, lots[number].location
