"""Leases: what we work on stays ours while we work, and is free for others soon after we die."""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime

import structlog

from core.errors import BackorderError
from core.house import House
from core.ports import LeaseLost, Unit

RENEWALS = 3
"""Signs of life in one term: two may come late before others take over."""
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
