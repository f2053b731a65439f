"""One run: a seed decides what happens, in which order, what goes wrong, and who dies where. Nothing else does."""

# ruff: noqa: I001  # the clock comes before all that takes the time from it
from tests.simulation.clock import CLOCK

import hashlib
import random
import shutil
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

import requests
from sqlalchemy import select

from connectors.database import migrate
from connectors.database.books import DatabaseBooks
from connectors.database.tables import deliveries
from connectors.simulator import serving
from connectors.simulator.woocommerce import store
from connectors.woocommerce import items, orders
from core.errors import BackorderError, Unavailable
from core.planning.merge import LAG
from tests.scenarios import conftest as scenario
from tests.scenarios.processes import key_of
from tests.simulation.network import Network, OneHand
from tests.simulation.shops import Shop
from worker.clock import Clock
from worker.loop import Worker

STEPS = 120
LEASE = 30
BEGINNINGS = (
    # Where clocks are set back and forward, at the end of a year, and on a day like any other.
    datetime(2026, 10, 25, 0, 20, tzinfo=UTC), datetime(2027, 3, 28, 0, 20, tzinfo=UTC),
    datetime(2026, 12, 31, 22, 30, tzinfo=UTC), datetime(2026, 11, 23, 9, 0, tzinfo=UTC),
)  # fmt: skip
FAULTS = ("throttle", "error", "lost", "truncated", "html", "slow")
REPLAYED = {
    "shopify": ("X-Shopify-Topic", "X-Shopify-Webhook-Id"),
    "woocommerce": ("X-WC-Webhook-Topic", "X-WC-Webhook-Delivery-ID"),
}
SWAPPED = (
    "orders/delete", "orders/edited", "inventory_items/delete", "fulfillment_orders/split", "products/update",
    "app/uninstalled", "shop/redact", "customers/redact", "app/scopes_update", "order.deleted", "product.updated",
    "product.deleted",
)  # fmt: skip
_write = DatabaseBooks.write


class Killed(BaseException):
    """The process ended here. Nobody catches it but whoever starts processes."""


class World:
    """The service with two workers, a shop, and all that happens to them."""

    def __init__(self, seed, folder):
        random.seed(seed)
        self.chance = random.Random(seed)
        self.trace, self.acknowledged = [], []
        self.stormy, self.working, self.nested = False, None, 0
        self.network = Network(self._before, self._after)
        self.folder = folder

    def run(self):
        """Live through a storm and come to rest; raises AssertionError where something does not hold."""
        CLOCK.begin(self.chance.choice(BEGINNINGS))
        with self.network, self._one_thread():
            self._open()
            try:
                self.stormy = True
                for _ in range(STEPS):
                    self._step()
                self.stormy = False
                self.rest()
                self.shop.at_rest()
                self._nothing_more()
            finally:
                self.side.service.house.books.close()
                CLOCK.end()
        return hashlib.sha256("\n".join(self.trace).encode()).hexdigest()[:12]

    @contextmanager
    def _one_thread(self):
        """Put the simulation in place of sockets, and a place to die at each end of a transaction."""
        world, real = self, serving.serve

        @contextmanager
        def write(books):
            with _write(books) as unit:
                yield unit
                world.may_die("before the commit")
            world.may_die("after the commit")

        hands = items.ThreadPoolExecutor
        items.ThreadPoolExecutor = orders.ThreadPoolExecutor = OneHand
        scenario.serve = store.serve = self.network.serve
        DatabaseBooks.write = write
        try:
            yield
        finally:
            scenario.serve = store.serve = real
            items.ThreadPoolExecutor = orders.ThreadPoolExecutor = hands
            DatabaseBooks.write = _write

    def _open(self):
        self.side = scenario.SIDES[self.chance.choice(tuple(scenario.SIDES))]()
        self.hooks = self.side.shop.hooks
        # We are the sender: a message leaves when the seed says so.
        self.hooks._senders = 0
        self.hooks.duplicate, self.hooks.drop = 0.15, 0.05
        self.post = requests.Session()
        self.post.trust_env = False
        settings = {"BACKORDER_SETTLE_SECONDS": "45", "BACKORDER_LEASE_SECONDS": str(LEASE)}
        self.side.service = scenario.Service(self.folder, **settings, **self.side.settings)
        self.house = self.side.service.house
        self.side.connect(self.house)
        for sku, units in (("MUG", 5), ("CUP", 2)):
            self.side.shop.add_product(sku, sku.title(), "9.00", units)
        self.side.set_policy(offers={"enabled": True, "min_wait_days": 0})
        self.workers = [Worker(self.house, name=name) for name in ("first", "second")]
        self.clocks = [Clock(self.house, worker.name) for worker in self.workers]
        self.shop = Shop(self.side, self.chance)
        for _ in range(3):
            self.shop.order(None, None)
        self.rest()

    def _step(self):
        what = self.chance.choices(
            (self._happen, self._deliver, self._work, self._tick, self._wait, self._jump, self._disturb, self._replay),
            (14, 30, 40, 4, 8, 1, 3, 4),
        )[0]
        self.say(what.__name__.strip("_"), what())
        if self.chance.random() < 0.1:
            self.calm(self.shop.always)

    def say(self, *words):
        self.trace.append(
            f"{CLOCK.passed:10.3f} {CLOCK.now():%d %H:%M:%S} {'  ' * self.nested}{' '.join(map(str, words))}"
        )

    def calm(self, look):
        """Look without anything happening meanwhile."""
        stormy, self.stormy = self.stormy, False
        try:
            return look()
        finally:
            self.stormy = stormy

    # --- what may happen -----------------------------------------------------------------------------------------

    def _happen(self):
        return self.calm(self.shop.act)

    def _deliver(self):
        due = [waiting for waiting in self.hooks._waiting if waiting.due <= CLOCK.passed]
        if not due:
            return "nothing"
        chosen = self.chance.choice(due)
        self.hooks._waiting.remove(chosen)
        self.hooks._busy += 1
        before, self.working = self.working, self.hooks
        try:
            self.hooks._deliver(self.post, chosen)
        except Killed as death:
            # The sender sees a line that broke; only one of the platforms tries again.
            self.hooks._waiting += [chosen] if self.side.platform == "shopify" else []
            return f"the web process died {death}"
        finally:
            self.working = before
        sent = self.hooks.deliveries[-1]
        if sent.status == 200:
            self.acknowledged.append(key_of(sent))
        return f"{sent.topic} {sent.status}"

    def _replay(self):
        """Somebody posts an old delivery again: as it was, under another id, or as if it were of another topic."""
        old = self.chance.choice(self.hooks.deliveries)
        topic, name = REPLAYED[self.side.platform]
        told = self.chance.choice(({}, {name: "again"}, {name: "anew", topic: self.chance.choice(SWAPPED)}))
        if old.outcome == "dropped":
            return "nothing"
        self.shop.forged += topic in told
        answer = self.calm(lambda: self.post.post(old.url, data=old.body, headers={**old.headers, **told}))
        return f"{told.get(topic, old.topic)} {answer.status_code}"

    def _work(self):
        worker = self.chance.choice(self.workers)
        step = self.chance.choice((worker.take_in, worker.send, worker.send, worker.look_ahead))
        return f"{worker.name} {step.__name__} {self._alive(step)}"

    def _tick(self):
        clock = self.chance.choice(self.clocks)
        jobs = (
            clock.beat,
            clock.queue_syncs,
            clock.queue_webhook_checks,
            clock.begin_day,
            clock.wake_cases,
            clock.purge,
        )
        job = self.chance.choice(jobs)
        return f"{clock.name} {job.__name__} {self._alive(job)}"

    def _alive(self, step):
        """Let a process take a step, alone or in the middle of another one's call; it may die."""
        before, self.working = self.working, step
        try:
            return step()
        except Killed as death:
            return f"died {death}"
        except Unavailable as problem:
            return f"put off: {problem}"
        finally:
            self.working = before

    def _wait(self):
        seconds = self.chance.choice((1, 5, 20, 70, 400))
        CLOCK.advance(seconds)
        return seconds

    def _jump(self):
        seconds = self.chance.choice((-90, -20, 30, 3600, 7200))
        CLOCK.jump(seconds)
        return seconds

    def _disturb(self):
        kind = self.chance.choice(FAULTS)
        seconds = self.chance.choice((2.0, 8.0, 45.0)) if kind == "slow" else 0.0
        self.side.shop.faults.add(kind, times=self.chance.randint(1, 4), rate=0.5, seconds=seconds)
        return kind

    # --- what may go wrong in the middle ---------------------------------------------------------------------------

    def may_die(self, where):
        """Let the process that works now die here, seldom."""
        if self.stormy and self.working is not None and self.chance.random() < 0.012:
            raise Killed(where)

    def _before(self, request):
        self.may_die("before a call")

    def _after(self, request, answer):
        self.may_die("after a call")
        if self.stormy and self.working is not None and not self.nested and self.chance.random() < 0.06:
            self._meanwhile()

    def _meanwhile(self):
        """While somebody waits for this answer: time passes, perhaps more than a lease, and others work."""
        self.nested += 1
        try:
            CLOCK.advance(self.chance.choice((0.2, 3, LEASE + 5)))
            for _ in range(self.chance.randint(1, 3)):
                what = self.chance.choice((self._happen, self._deliver, self._work, self._work))
                self.say("meanwhile", what.__name__.strip("_"), what())
        finally:
            self.nested -= 1

    # --- the end ---------------------------------------------------------------------------------------------------

    def rest(self):
        """Let all words arrive and all be done; what is put off is waited for."""
        self.side.shop.faults.clear()
        self.hooks.drop = 0.0
        for _ in range(4):
            self._quieten()
            # What seems older than what we know is believed once it cannot be a copy that is behind.
            CLOCK.advance(2 * LAG.total_seconds())
            for job in (self.clocks[0].queue_webhook_checks, self.clocks[0].begin_day):
                job()
            self.house.desk.sync(self.side.record)
        self._quieten()
        self.hooks.drop = 0.05
        self._ledger()

    def _quieten(self):
        for _ in range(400):
            while self._deliver() != "nothing":
                pass
            self.workers[0].run_until_idle()
            if not self._waited():
                return
        raise AssertionError("the service does not come to rest")

    def _waited(self):
        """Wait for what is put off, at most an hour; False when nothing is."""
        with self.house.books.read() as unit:
            due = [at for at in (unit.inbox.next_due(), unit.outbox.next_due()) if at is not None]
        waits = [(at - CLOCK.now()).total_seconds() for at in due]
        waits += [waiting.due - CLOCK.passed for waiting in self.hooks._waiting]
        soonest = min(waits, default=None)
        if soonest is None or soonest > 3600:
            return False
        CLOCK.advance(max(0.5, soonest + 0.01))
        return True

    def _ledger(self):
        """Look that each delivery that was answered with 200 was written down."""
        with self.house.books.read() as unit:
            kept = set(unit.inbox.transaction.run(select(deliveries.c.key)).scalars())
        lost = [key for key in self.acknowledged if key not in kept]
        assert lost == [], f"{len(lost)} deliveries were answered with 200 and are not there"

    def _nothing_more(self):
        """A comparison finds nothing, and what is done is not done once more."""
        writes = len(self.side.writes())
        report = self.house.desk.sync(self.side.record)
        assert report.orders == (), f"a comparison found {report.orders}"
        CLOCK.advance(timedelta(minutes=20).total_seconds())
        self._quieten()
        new = self.side.writes()[writes:]
        assert new == [], f"at rest the shop was written to: {new}"


def simulate(seed):
    """Run the seed in books of its own; return what happened, its digest, and the problem or None."""
    with TemporaryDirectory(prefix="simulation-") as name:
        folder = Path(name)
        shutil.copyfile(template(), folder / "books.db")
        world = World(seed, folder)
        try:
            return world, world.run(), None
        except (AssertionError, BackorderError, RuntimeError, ValueError, KeyError, LookupError) as problem:
            return world, "", problem


def template(made=[]):  # noqa: B006  # made once for all seeds
    """Return an empty database with all tables."""
    if not made:
        made.append(TemporaryDirectory(prefix="simulation-"))
        migrate.upgrade(f"sqlite:///{made[0].name}/books.db")
    return Path(made[0].name) / "books.db"
