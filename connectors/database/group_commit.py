"""Deliveries of many threads in one transaction: a commit waits for the disk, however much it holds.

Whoever comes while a commit is under way waits in line; the first in line then writes for all who wait, and tells each.
Nobody is answered before the commit that holds their delivery has ended.
"""

import threading
from collections import deque
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, field, replace

from core.errors import Unavailable
from core.ports.books import Unit
from core.ports.inbox import Letter
from core.records import Shop

MOST = 64
"""Deliveries in one transaction: larger ones would keep the workers from writing."""


def _closed_gate() -> threading.Lock:
    gate = threading.Lock()
    gate.acquire()
    return gate


@dataclass(slots=True)
class Waiting:
    """A letter in line and what became of it. Its thread sleeps at the gate until it is settled, or is to write."""

    letter: Letter
    gate: threading.Lock = field(default_factory=_closed_gate)
    settled: bool = False
    shop: Shop | None = None
    problem: BaseException | None = None


class GroupCommit:
    """Writes letters down through `write`, the books' writing transaction."""

    def __init__(self, write: Callable[[], AbstractContextManager[Unit]]) -> None:
        self._write = write
        self._line: deque[Waiting] = deque()
        self._lock = threading.Lock()
        self._writing = False

    def add(self, letter: Letter) -> Shop | None:
        """Return the shop it is for once the letter is durable; None for an unknown shop. Raises what the books raise.

        A shop that was left here is returned too, but of its letters only a last wish is kept.
        """
        mine = Waiting(letter)
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
        group = [self._line.popleft() for _ in range(min(MOST, len(self._line)))]
        try:
            self._write_down(group)
        finally:
            with self._lock:
                following = [self._line[0]] if self._line else []
                self._writing = bool(following)
            # The next one's commit must not wait until all of these have answered.
            for one in following + group:
                if one is not mine:
                    one.gate.release()

    def _write_down(self, waiting: Sequence[Waiting]) -> None:
        try:
            with self._write() as unit:
                known = unit.shops.named({one.letter.shop for one in waiting})
                for one in waiting:
                    one.shop = _called(known.get(one.letter.shop), one.letter)
                unit.inbox.add_all(
                    [
                        replace(one.letter, shop=one.shop.id)
                        for one in waiting
                        if one.shop and _taken(one.shop, one.letter)
                    ]
                )
        except BaseException as problem:  # noqa: BLE001  # it is raised in the threads whose letters they are
            if len(waiting) > 1 and not isinstance(problem, Unavailable):
                # One shop may be erased at this moment: its letter must not take the others with it.
                for one in waiting:
                    self._write_down([one])
                return
            for one in waiting:
                one.problem = problem
        for one in waiting:
            one.settled = True


def _called(shop: Shop | None, letter: Letter) -> Shop | None:
    return shop if shop and shop.platform == letter.platform else None


def _taken(shop: Shop, letter: Letter) -> bool:
    return letter.last_wish or not shop.left
