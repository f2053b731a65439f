"""The clock: APScheduler in one elected process. Its ticks only queue idempotent work."""

import time
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from types import TracebackType
from typing import Self

import structlog
from apscheduler.schedulers.background import BackgroundScheduler

from core.delay_laws.scope import clocks_run
from core.house import House
from core.planning import wake_ups
from core.ports.books import Unit
from core.ports.replies import KEPT
from core.records import Shop
from worker import anew, bounces
from worker.enduring import survived

OFFICE = "clock"
TERM = timedelta(seconds=45)
SYNC_EVERY = timedelta(minutes=10)
WEBHOOKS_EVERY = timedelta(minutes=3)
NOTICED = 5.0
"""Seconds by which the clock must be set to be followed at once; less is slept through."""
AT_ONCE = 200
"""Rows forgotten in one transaction: others are to write between."""
log = structlog.get_logger(__name__)


class Clock:
    """Keeps time while the `with` block runs. Every process beats; only the elected one queues syncs."""

    def __init__(self, house: House, name: str) -> None:
        self.house = house
        self.name = name
        # A tick that comes late, after a sleep of the machine or a jump of its clock, is made once and not left out.
        self.scheduler = BackgroundScheduler(timezone=UTC, job_defaults={"misfire_grace_time": None, "coalesce": True})
        self._day: date | None = None
        self._beat: datetime | None = None
        self._ahead = _ahead()

    def __enter__(self) -> Self:
        self._tick(self.beat)
        self._every(10, self.beat)
        self._every(30, self.queue_syncs)
        self._every(WEBHOOKS_EVERY.total_seconds(), self.queue_webhook_checks)
        self._every(10, self.begin_day)
        self._every(60, self.wake_cases)
        if self.house.bounces:
            self._every(300, self.read_bounces, next_run_time=datetime.now(UTC))
        self._every(3600, self.purge)
        self.scheduler.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.scheduler.shutdown(wait=True)
        self._tick(self.resign)

    def _every(self, seconds: float, tick: Callable[[], None], **when: datetime) -> None:
        self.scheduler.add_job(self._tick, "interval", args=[tick], name=tick.__name__, seconds=seconds, **when)

    def _tick(self, tick: Callable[[], None]) -> None:
        with survived(tick):
            tick()

    def follow(self) -> None:
        """Let every tick come now when the machine's clock was set, or it slept: the scheduler looks at that clock."""
        ahead = _ahead()
        if abs(ahead - self._ahead) > NOTICED:
            for job in self.scheduler.get_jobs():
                job.modify(next_run_time=datetime.now(UTC))
        self._ahead = ahead

    def resign(self) -> None:
        """Leave the office to the next one at once."""
        with self.house.books.write() as unit:
            unit.clockwork.resign(OFFICE, self.name)

    def beat(self) -> None:
        """Say that this worker is alive, and see that the books know when it said so before.

        Where they know an earlier time only, they are older ones: a snapshot, or a standby that lacked the last
        seconds, took the place of those that it was said to.
        """
        now = datetime.now(UTC)
        with self.house.books.write() as unit:
            known = unit.clockwork.beat(self.name, now=now)
        said, self._beat = self._beat, now
        # A clock that was set back is no sign, nor is a beat that was taken out for it.
        if said and known and known < said < now:
            log.warning("the books are older than they were", seconds=round((said - known).total_seconds()))
            anew.begin_anew(self.house, lost=said - known)

    def queue_syncs(self) -> None:
        """Queue a comparison for every shop whose last one is a while ago, when elected."""
        self._queue(wake_ups.compare, self._is_behind)

    def queue_webhook_checks(self) -> None:
        """Queue a look at every shop's webhooks, when elected: one that is switched off says nothing by itself."""
        self._queue(wake_ups.look_at_webhooks, lambda shop: shop.state == "connected")

    def _elected(self, unit: Unit, now: datetime) -> bool:
        by = unit.clockwork.set_back(OFFICE, now=now, ttl=TERM)
        if by:
            log.warning("the clock was set back, or another machine's is ahead", seconds=round(by.total_seconds()))
            for key in [shop.id for shop in unit.shops.all()]:
                unit.shops.lock(key)
                shop = unit.shops.get(key)
                if shop and shop.synced_at and shop.synced_at > self.house.now():
                    unit.shops.save(replace(shop, synced_at=None))
        return unit.clockwork.elect(OFFICE, self.name, now=now, ttl=TERM)

    def _queue(self, ask: Callable[..., None], wanted: Callable[[Shop], bool]) -> None:
        with self.house.books.write() as unit:
            # Not before: while we waited for our turn to write, others took the office, and that is no clock set back.
            now = datetime.now(UTC)
            if not self._elected(unit, now):
                return
            for shop in filter(wanted, unit.shops.all()):
                ask(unit, shop.id, at=now)

    def _is_behind(self, shop: Shop) -> bool:
        late = shop.synced_at is None or self.house.now() - shop.synced_at >= SYNC_EVERY
        return late and shop.state != "uninstalled"

    def begin_day(self) -> None:
        """Queue a new plan for every shop when a day has begun since the last one: dates pass, supply is overdue."""
        today = self.house.now().date()
        if today == self._day:
            return
        now = datetime.now(UTC)
        with self.house.books.write() as unit:
            for shop in unit.shops.all():
                if shop.state != "uninstalled":
                    wake_ups.replan(unit, shop.id, at=now)
        self._day = today

    def wake_cases(self) -> None:
        """Queue a look at the orders whose clocks under a delay law have come to a day: it begins where the shop is."""
        with self.house.books.write() as unit:
            now = datetime.now(UTC)
            if not self._elected(unit, now):
                return
            watched = {shop.id for shop in unit.shops.all() if clocks_run(shop.policy) and shop.state != "uninstalled"}
            for shop, order in unit.laws.due(self.house.now()):
                if shop in watched:
                    wake_ups.replan_order(unit, shop, order, at=now, why="law")

    def read_bounces(self) -> None:
        """Take in which mail did not arrive, when elected."""
        with self.house.books.write() as unit:
            elected = self._elected(unit, datetime.now(UTC))
        if elected:
            bounces.read(self.house)

    def purge(self) -> None:
        """Forget what is older than it may be, in short transactions, when elected."""
        settings, now = self.house.settings, self.house.now()
        self._forget(lambda unit: unit.retention.forget_bodies(datetime.now(UTC) - settings.keep_bodies))
        self._forget(lambda unit: unit.hooks.forget(datetime.now(UTC) - settings.keep_bodies))
        self._forget(lambda unit: unit.replies.forget(datetime.now(UTC) - KEPT))
        while self._forget(lambda unit: unit.retention.forget_people(now - settings.keep_people, most=AT_ONCE)):
            pass
        while self._forget(lambda unit: unit.retention.forget_log(now - settings.keep_log, most=AT_ONCE)):
            pass

    def _forget(self, some: Callable[[Unit], int]) -> int:
        with self.house.books.write() as unit:
            elected = self._elected(unit, datetime.now(UTC))
            return some(unit) if elected else 0


def _ahead() -> float:
    """Return by how many seconds the machine's clock is ahead of what only counts on."""
    return time.time() - time.monotonic()
