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
from core.in_hand import held_by
from core.ports.books import Books, Unit
from core.ports.clockwork import LeaseLost

RENEWALS = 3
"""Signs of life in one term: two may come late before others take over."""
LOOK_AGAIN = 0.1
Renew = Callable[[Unit, datetime], None]
log = structlog.get_logger(__name__)


class Lease:
    """Until when what is in hand is ours."""

    def __init__(self, until: datetime) -> None:
        self.until = until

    def check(self) -> None:
        """Raise LeaseLost when others may have taken it over."""
        if datetime.now(UTC) >= self.until:
            raise LeaseLost("not renewed in time")


@contextmanager
def kept(house: House, renew: Renew, since: datetime) -> Iterator[None]:
    """Renew a lease, taken at `since` or later, while the block works; without it the block writes nothing to a shop.

    `renew` is given the books and until when; short blocks never ask it.
    """
    done, lease = threading.Event(), Lease(since + house.settings.lease)
    keeper = threading.Thread(target=_keep, args=(house, renew, done, lease), name="lease", daemon=True)
    keeper.start()
    try:
        with held_by(lease.check):
            yield
    finally:
        done.set()


def _keep(house: House, renew: Renew, done: threading.Event, lease: Lease) -> None:
    term = house.settings.lease
    while not done.wait(term.total_seconds() / RENEWALS):
        until = datetime.now(UTC) + term
        try:
            with house.books.write() as unit:
                renew(unit, until)
            lease.until = until
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
