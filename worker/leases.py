"""Leases: what we work on stays ours while we work, and is free for others soon after we die."""

import threading
import time
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta

import structlog

from core.errors import BackorderError, Unavailable
from core.house import House
from core.ports.books import Books, Unit
from core.ports.clockwork import LeaseLost

RENEWALS = 3
"""Signs of life in one term: two may come late before others take over."""
LOOK_AGAIN = 0.1
Renew = Callable[[Unit, datetime], None]
log = structlog.get_logger(__name__)


@contextmanager
def kept(house: House, renew: Renew) -> Iterator[None]:
    """Renew a lease while the block works. `renew` is given the books and until when; short blocks never ask it."""
    done = threading.Event()
    keeper = threading.Thread(target=_keep, args=(house, renew, done), name="lease", daemon=True)
    keeper.start()
    try:
        yield
    finally:
        done.set()


def _keep(house: House, renew: Renew, done: threading.Event) -> None:
    term = house.settings.lease
    while not done.wait(term.total_seconds() / RENEWALS):
        try:
            with house.books.write() as unit:
                renew(unit, datetime.now(UTC) + term)
        except LeaseLost:
            # Given back a moment ago, or taken over: then the outcome will be refused.
            return
        except BackorderError as problem:
            log.warning("lease not renewed", problem=str(problem)[:200])


@contextmanager
def alone(books: Books, office: str, *, term: timedelta, patience: timedelta) -> Iterator[None]:
    """Be the only one, across all processes, who holds the office while the block works: at most for `term`.

    Whoever dies within it frees it after `term`. Raises Unavailable when others hold it for longer than `patience`.
    """
    owner, last = uuid.uuid4().hex, datetime.now(UTC) + patience
    while not _elected(books, office, owner, term):
        if datetime.now(UTC) >= last:
            raise Unavailable(f"{office}: another process is at it", retry_after=term.total_seconds())
        time.sleep(LOOK_AGAIN)
    try:
        yield
    finally:
        with books.write() as unit:
            unit.clockwork.resign(office, owner)


def _elected(books: Books, office: str, owner: str, term: timedelta) -> bool:
    with books.write() as unit:
        return unit.clockwork.elect(office, owner, now=datetime.now(UTC), ttl=term)
