"""The worker: threads that take in and send, woken by news, with a heartbeat and a graceful end."""

import threading
import time
from collections.abc import Callable
from contextlib import ExitStack
from datetime import UTC, datetime

from core.house import House
from worker import hooks, post
from worker.bell import Crew, ring
from worker.claiming import Found, nobody_waits
from worker.clock import Clock
from worker.enduring import survived
from worker.forecasting import forecast_next
from worker.intake import take_in_next
from worker.sending import send_next

IDLE_SECONDS = 0.5
SELDOM_SECONDS = 2.0
LOOKING = 20
"""Looking through all shops for what came due pauses for so many times as long as it took: a twentieth of a core."""
FOLLOW_SECONDS = 5.0
LONGEST_END = 60.0
"""Seconds that what is in hand may take to end, in all threads: what does not is taken over when its lease ends."""
TAKERS = 2
TELLERS = 4
"""So many other tools may hang at once before another one waits for its event; each then rests."""
Step = Callable[[Found], bool]


class Worker:
    """Runs the inbox, the outbox and the clock of one process. `senders` threads carry actions out."""

    def __init__(self, house: House, *, name: str, senders: int = 4) -> None:
        self.house = house
        self.name = name
        self._stop = threading.Event()
        self._crews: tuple[tuple[Crew, int, Step], ...] = (
            (Crew("inbox"), TAKERS, self.take_in), (Crew("outbox"), senders, self.send),
            (Crew("mails"), 1, self.mail), (Crew("hooks"), TELLERS, self.tell),
        )  # fmt: skip

    def stop(self) -> None:
        """End after the work in hand."""
        self._stop.set()
        for crew, _, _ in self._crews:
            crew.dismiss()

    def run(self) -> None:
        """Work until `stop`; the caller's thread keeps the clock."""
        threads = [_thread(self._round, crew, step) for crew, number, step in self._crews for _ in range(number)]
        threads += [_thread(self._seldom, step) for step in (self.write, self.look_ahead)]
        threads.append(_thread(self.house.books.hear, ring, self._stop))
        with ExitStack() as on_call:
            for crew, _, _ in self._crews:
                on_call.enter_context(crew)
            for thread in threads:
                thread.start()
            with Clock(self.house, self.name) as clock:
                while not self._stop.wait(FOLLOW_SECONDS):
                    clock.follow()
            last = time.monotonic() + LONGEST_END
            for thread in threads:
                thread.join(timeout=max(0.0, last - time.monotonic()))

    def run_until_idle(self, *, once: bool = False) -> None:
        """Do everything that is due now, in this thread; with `once`, one step of each kind only."""
        while True:
            worked = [step() for step in (self.take_in, self.send, self.write, self.mail, self.tell, self.look_ahead)]
            if once or not any(worked):
                return

    def take_in(self, found: Found = nobody_waits) -> bool:
        """Take in one batch of deliveries; False when none is due.

        Looks by reading first: idle workers that ask with writing transactions would hold up the webhooks' inserts.
        """
        now = datetime.now(UTC)
        with self.house.books.read() as unit:
            due = unit.inbox.next_due()
        return due is not None and due <= now and take_in_next(self.house, now, found)

    def send(self, found: Found = nobody_waits) -> bool:
        """Carry out one action; False when none is due. Looks by reading first, as `take_in` does."""
        now = datetime.now(UTC)
        with self.house.books.read() as unit:
            due = unit.outbox.next_due()
        return due is not None and due <= now and send_next(self.house, now, found)

    def look_ahead(self) -> bool:
        """Make one shop's nightly forecast; False when none is due."""
        return forecast_next(self.house)

    def write(self) -> bool:
        """Make mails of drafts that are due; False when there was nothing to do."""
        return post.collect(self.house)

    def mail(self, found: Found = nobody_waits) -> bool:
        """Send one mail; False when none is due."""
        return post.send_next(self.house, found)

    def tell(self, found: Found = nobody_waits) -> bool:
        """Send one event to another tool of the merchant's; False when none is due."""
        return hooks.send_next(self.house, found)

    def _seldom(self, step: Callable[[], bool]) -> None:
        """Look once in a while, not at every bell: a day begins once a day, and a draft may leave hours later."""
        while not self._stop.is_set():
            began = time.monotonic()
            if not self._do(step):
                self._stop.wait(max(SELDOM_SECONDS, LOOKING * (time.monotonic() - began)))

    def _round(self, crew: Crew, step: Step) -> None:
        while not self._stop.is_set():
            if not self._do(step, crew.call):
                crew.rest(IDLE_SECONDS)

    def _do(self, step: Callable[..., bool], *given: Found) -> bool:
        with survived(step):
            return step(*given)
        self._stop.wait(IDLE_SECONDS * 4)
        return False


def _thread(duty: Callable[..., object], *given: object) -> threading.Thread:
    return threading.Thread(target=duty, args=given, daemon=True)
