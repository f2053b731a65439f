"""The bell: wakes this process' idle worker threads when there is something to do, one of each crew."""

import threading
from collections.abc import Collection
from typing import Self

from core.ports.books import Queue

_crews: set["Crew"] = set()


def ring(queues: Collection[Queue]) -> None:
    """Wake one thread of each crew that works at one of these queues."""
    for crew in tuple(_crews):
        if crew.queue in queues:
            crew.call()


class Crew:
    """The threads that work at one queue while the `with` block runs. Of those that rest, one keeps watch.

    Were all to look at every bell, each would ask the database for what one of them has taken already: with four
    workers on PostgreSQL most of the questions were such.
    """

    def __init__(self, queue: Queue) -> None:
        self.queue = queue
        self._news = threading.Condition()
        self._called = False
        self._watched = False
        self._dismissed = False

    def __enter__(self) -> Self:
        _crews.add(self)
        return self

    def __exit__(self, *_: object) -> None:
        _crews.discard(self)
        self.dismiss()

    def call(self) -> None:
        """Wake one that rests; when nobody does, the next one that comes to rest goes on at once."""
        with self._news:
            self._called = True
            self._news.notify()

    def dismiss(self) -> None:
        """Let nobody rest any more."""
        with self._news:
            self._dismissed = True
            self._news.notify_all()

    def rest(self, seconds: float) -> None:
        """Return when called, or after so many seconds on watch: then it is time to look by oneself."""
        with self._news:
            while not (self._called or self._dismissed):
                if self._watched:
                    self._news.wait()
                elif not self._watch(seconds):
                    return
            self._called = False

    def _watch(self, seconds: float) -> bool:
        """Keep watch; False when nothing came. Whoever leaves wakes the next one: none may work while nobody looks."""
        self._watched = True
        news = self._news.wait(seconds)
        self._watched = False
        self._news.notify()
        return news
