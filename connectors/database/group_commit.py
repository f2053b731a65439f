"""Deliveries of many threads in one transaction: a commit waits for the disk, however much it holds.

Whoever comes while a commit is under way waits in line; the next one to have the turn writes for all who wait. Nobody
is answered before the commit that holds their delivery has ended.
"""

import threading
from collections import deque
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass

from core.ports import Letter, Unit

MOST = 64
"""Deliveries in one transaction: larger ones would keep the workers from writing."""


@dataclass(slots=True)
class Waiting:
    """A letter in line and what became of it."""

    letter: Letter
    settled: bool = False
    problem: Exception | None = None


class GroupCommit:
    """Writes letters down through `write`, the books' writing transaction."""

    def __init__(self, write: Callable[[], AbstractContextManager[Unit]]) -> None:
        self._write = write
        self._line: deque[Waiting] = deque()
        self._turn = threading.Lock()

    def add(self, letter: Letter) -> None:
        """Return once the letter is durable. Raises what the books raise."""
        mine = Waiting(letter)
        self._line.append(mine)
        with self._turn:
            while not mine.settled:
                self._write_down([self._line.popleft() for _ in range(min(MOST, len(self._line)))])
        if mine.problem is not None:
            raise mine.problem

    def _write_down(self, waiting: Sequence[Waiting]) -> None:
        try:
            with self._write() as unit:
                unit.inbox.add_all([one.letter for one in waiting])
        except Exception as problem:  # noqa: BLE001  # it is raised in the thread whose letter it is
            if len(waiting) > 1:
                # One shop may have been erased meanwhile: its letter must not take the others with it.
                for one in waiting:
                    self._write_down([one])
                return
            waiting[0].problem = problem
        for one in waiting:
            one.settled = True
