"""The worker: threads that take in and send, woken by news, with a heartbeat and a graceful end."""

import threading
from collections.abc import Callable
from datetime import UTC, datetime

from core.house import House
from worker import bell, hooks, post
from worker.clock import Clock
from worker.enduring import survived
from worker.forecasting import forecast_next
from worker.intake import take_in_next
from worker.sending import send_next

IDLE_SECONDS = 0.5
NIGHT_SECONDS = 2.0
FOLLOW_SECONDS = 5.0


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
        threads.append(threading.Thread(target=self._nights, daemon=True))
        threads.append(threading.Thread(target=self.house.books.hear, args=(bell.ring, self._stop), daemon=True))
        for thread in threads:
            thread.start()
        with Clock(self.house, self.name) as clock:
            while not self._stop.wait(FOLLOW_SECONDS):
                clock.follow()
        for thread in threads:
            thread.join(timeout=60)

    def run_until_idle(self, *, once: bool = False) -> None:
        """Do everything that is due now, in this thread; with `once`, one step of each kind only."""
        while True:
            worked = [step() for step in (self.take_in, self.send, self.write, self.mail, self.tell, self.look_ahead)]
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

    def look_ahead(self) -> bool:
        """Make one shop's nightly forecast; False when none is due."""
        return forecast_next(self.house)

    def write(self) -> bool:
        """Make mails of drafts that are due; False when there was nothing to do."""
        return post.collect(self.house)

    def mail(self) -> bool:
        """Send one mail; False when none is due."""
        return post.send_next(self.house)

    def tell(self) -> bool:
        """Send one event to another tool of the merchant's; False when none is due."""
        return hooks.send_next(self.house)

    def _steps(self) -> list[Callable[[], bool]]:
        return [self.take_in, self.take_in, *[self.send] * self.senders, self.write, self.mail, self.tell]

    def _nights(self) -> None:
        """Look once in a while, not at every bell: a day begins once a day."""
        while not self._stop.is_set():
            self._do(self.look_ahead)
            self._stop.wait(NIGHT_SECONDS)

    def _round(self, step: Callable[[], bool]) -> None:
        while not self._stop.is_set():
            if not self._do(step):
                bell.wait(IDLE_SECONDS)

    def _do(self, step: Callable[[], bool]) -> bool:
        with survived(step):
            return step()
        self._stop.wait(IDLE_SECONDS * 4)
        return False
