"""The worker: threads that take in and send, woken by news, with a heartbeat and a graceful end."""

import threading
from collections.abc import Callable
from datetime import UTC, datetime

import structlog

from core.house import House
from worker import bell, post
from worker.clock import Clock
from worker.intake import take_in_next
from worker.sending import send_next

IDLE_SECONDS = 0.5
log = structlog.get_logger(__name__)


class Worker:
    """Runs the inbox, the outbox and the clock of one process. `senders` threads carry actions out."""

    def __init__(self, house: House, *, name: str, senders: int = 4) -> None:
        self.house = house
        self.name = name
        self.senders = senders
        self._stop = threading.Event()

    def stop(self) -> None:
        """End after the work in hand."""
        self._stop.set()
        bell.ring()

    def run(self) -> None:
        """Work until `stop`; the caller's thread keeps the clock."""
        threads = [threading.Thread(target=self._round, args=(step,), daemon=True) for step in self._steps()]
        for thread in threads:
            thread.start()
        with Clock(self.house, self.name):
            self._stop.wait()
        for thread in threads:
            thread.join(timeout=60)

    def run_until_idle(self, *, once: bool = False) -> None:
        """Do everything that is due now, in this thread; with `once`, one step of each kind only."""
        while True:
            worked = [step() for step in (self.take_in, self.send, self.write, self.mail)]
            if once or not any(worked):
                return

    def take_in(self) -> bool:
        """Take in one batch of deliveries; False when none is due.

        Looks by reading first: idle workers that ask with writing transactions would hold up the webhooks' inserts.
        """
        now = datetime.now(UTC)
        with self.house.books.read() as unit:
            due = unit.inbox.next_due()
        return due is not None and due <= now and take_in_next(self.house, now)

    def send(self) -> bool:
        """Carry out one action; False when none is due. Looks by reading first, as `take_in` does."""
        now = datetime.now(UTC)
        with self.house.books.read() as unit:
            due = unit.outbox.next_due()
        return due is not None and due <= now and send_next(self.house, now)

    def write(self) -> bool:
        """Make mails of drafts that are due; False when there was nothing to do."""
        return post.collect(self.house)

    def mail(self) -> bool:
        """Send one mail; False when none is due."""
        return post.send_next(self.house)

    def _steps(self) -> list[Callable[[], bool]]:
        return [self.take_in, self.take_in, *[self.send] * self.senders, self.write, self.mail]

    def _round(self, step: Callable[[], bool]) -> None:
        while not self._stop.is_set():
            try:
                worked = step()
            except Exception:
                # One bad row must not end the thread that serves all others; its lease runs out and it is tried again.
                log.exception("step failed", step=repr(step))
                worked = False
                self._stop.wait(IDLE_SECONDS * 4)
            if not worked:
                bell.wait(IDLE_SECONDS)
