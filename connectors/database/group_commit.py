"""Deliveries of many threads in one transaction: a commit costs the same, however much it holds.

Whoever comes while a commit is under way waits in line; the first in line then writes for all who wait, and tells each.
Nobody is answered before the commit that holds their delivery has ended.
"""

import threading
import time
from collections import deque
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from typing import Protocol

from connectors.database.inbox import Packed, packed
from core.errors import Unavailable
from core.ports.inbox import Letter
from core.records import Shop

MOST = 64
"""Deliveries in one transaction: larger ones would keep the workers from writing."""
REST = 0.004
"""Seconds from the beginning of one commit to that of the next: a commit takes as much work as several deliveries do,
so on a busy day fewer of them leave room for more. A delivery that comes alone does not wait."""


def _closed_gate() -> threading.Lock:
    gate = threading.Lock()
    gate.acquire()
    return gate


@dataclass(slots=True)
class Waiting:
    """A letter in line and what became of it. Its thread sleeps at the gate until it is settled, or is to write."""

    letter: Packed
    gate: threading.Lock = field(default_factory=_closed_gate)
    settled: bool = False
    shop: Shop | None = None
    problem: BaseException | None = None


class Kept(Protocol):
    """Where letters are kept, within one transaction."""

    def accept(self, letters: Sequence[Packed]) -> Sequence[Shop | None]:
        """Keep those to known shops, and return the shop of each."""


class GroupCommit:
    """Writes letters down through `write`, a transaction of where they are kept."""

    def __init__(self, write: Callable[[], AbstractContextManager[Kept]]) -> None:
        self._write = write
        self._line: deque[Waiting] = deque()
        self._lock = threading.Lock()
        self._writing = False
        self._rested_at = 0.0

    def add(self, letter: Letter) -> Shop | None:
        """Return the shop it is for once the letter is durable; None for an unknown shop. Raises what the books raise.

        A shop that was left here is returned too, but of its letters only a last wish is kept.
        """
        # Packed here, where all do it side by side, and not by the one who writes for all.
        mine = Waiting(packed(letter))
        with self._lock:
            self._line.append(mine)
            first, self._writing = not self._writing, True
        if not first:
            mine.gate.acquire()
        if not mine.settled:
            self._write_for_all(mine)
        if mine.problem is not None:
            raise mine.problem
        return mine.shop

    def _write_for_all(self, mine: Waiting) -> None:
        """Write down what waits, oneself first, and let the next in line write before the others are told."""
        self._rest()
        group: Sequence[Waiting] = ()
        try:
            with self._write() as kept:
                # Not before: whoever came while others were writing goes with us.
                group = self._those_in_line()
                _store(kept, group)
        except BaseException as problem:  # noqa: BLE001  # it is raised in the threads whose letters they are
            group = group or self._those_in_line()
            self._write_each(group, problem)
        for one in group:
            one.settled = True
        with self._lock:
            following = [self._line[0]] if self._line else []
            self._writing = bool(following)
        # The next one's commit must not wait until all of these have answered.
        for one in (*following, *group):
            if one is not mine:
                one.gate.release()

    def _rest(self) -> None:
        wait = self._rested_at - time.monotonic()
        if wait > 0:
            time.sleep(wait)
        self._rested_at = time.monotonic() + REST

    def _those_in_line(self) -> Sequence[Waiting]:
        return [self._line.popleft() for _ in range(min(MOST, len(self._line)))]

    def _write_each(self, group: Sequence[Waiting], problem: BaseException) -> None:
        """Write down one by one what failed together: a letter to a shop that is just erased takes no other with it."""
        if len(group) == 1 or isinstance(problem, Unavailable):
            for one in group:
                one.problem = problem
            return
        for one in group:
            try:
                with self._write() as kept:
                    _store(kept, [one])
            except BaseException as its_own:  # noqa: BLE001  # raised in its thread
                one.problem = its_own


def _store(kept: Kept, group: Sequence[Waiting]) -> None:
    for one, shop in zip(group, kept.accept([one.letter for one in group]), strict=True):
        one.shop = shop
