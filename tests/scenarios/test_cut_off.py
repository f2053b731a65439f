"""One worker's line to the database is cut, but not the one to the shops: others go on, and nothing is done twice."""

import socket
import threading
import time
from contextlib import closing, suppress
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest

from tests.scenarios.processes import LEASE, Service, lost_deliveries

ORDERS = 6


class Line:
    """A TCP port that leads to PostgreSQL's socket, until it is cut: then nothing is answered and nothing is closed."""

    def __init__(self, target):
        self._target = target
        self._whole = threading.Event()
        self._whole.set()
        self._ends = []
        self._door = socket.create_server(("127.0.0.1", 0))
        self.port = self._door.getsockname()[1]
        threading.Thread(target=self._accept, daemon=True).start()

    def cut(self):
        self._whole.clear()

    def mend(self, *, forgotten):
        """Let what waited go on; or, where the connections were forgotten meanwhile, end them."""
        if forgotten:
            self._end_all()
        self._whole.set()

    def close(self):
        self._door.close()
        self._end_all()
        self._whole.set()

    @property
    def lines(self):
        """How many connections there are."""
        return len(self._ends) // 2

    def _accept(self):
        with suppress(OSError):
            while True:
                near, _ = self._door.accept()
                far = socket.socket(socket.AF_UNIX)
                far.connect(self._target)
                self._ends += [near, far]
                for source, target in ((near, far), (far, near)):
                    threading.Thread(target=self._carry, args=(source, target), daemon=True).start()

    def _carry(self, source, target):
        with suppress(OSError):
            while data := source.recv(65_536):
                self._whole.wait()
                target.sendall(data)
        with suppress(OSError):
            target.shutdown(socket.SHUT_WR)

    def _end_all(self):
        for end in self._ends:
            with suppress(OSError):
                end.shutdown(socket.SHUT_RDWR)
            end.close()
        self._ends = []


@pytest.fixture
def line(postgresql_url):
    folder = parse_qs(urlsplit(postgresql_url).query)["host"][0]
    with closing(Line(str(Path(folder) / ".s.PGSQL.5432"))) as made:
        yield made


@pytest.fixture
def service(postgresql_url, line, tmp_path, both_sides):
    """A web process and a worker with lines of their own, and one worker behind the line that can be cut."""
    running = Service(tmp_path, postgresql_url, **both_sides[0].settings)
    running.hire(1)
    parts = urlsplit(postgresql_url)
    running.environment["BACKORDER_DATABASE_URL"] = f"postgresql://{parts.username}@127.0.0.1:{line.port}{parts.path}"
    running.hire(1)
    for side in both_sides:
        for number in range(2 * ORDERS):
            side.shop.add_product(f"ITEM-{number}", f"Item {number}", "12.50", 5)
        side.connect(running.house)
    running.rest(120)
    yield running
    running.close()


@pytest.mark.soak
@pytest.mark.parametrize("forgotten", [False, True], ids=["the line comes back", "its connections are gone"])
def test_a_worker_that_is_cut_off_from_the_database_does_nothing_twice(service, both_sides, line, forgotten):
    orders = {side: [] for side in both_sides}

    def shop(numbers):
        for number in numbers:
            for side in both_sides:
                orders[side].append(side.checkout((f"ITEM-{number}", 8)))

    shop(range(ORDERS))
    assert line.lines > 1, "the worker behind the line has none to be cut"
    line.cut()
    shop(range(ORDERS, 2 * ORDERS))
    time.sleep(LEASE * 2)
    # What the worker that is cut off had in hand is free now: the other one does everything.
    assert all(side.shop.hooks.flush(600) for side in both_sides)
    service.rest(180)
    line.mend(forgotten=forgotten)
    time.sleep(LEASE)
    service.rest(120)
    assert [worker.poll() for worker in service.workers] == [None, None], service.said()
    for side in both_sides:
        assert lost_deliveries(service, side) == []
        for order in orders[side]:
            assert sum(side.held_outside(order).values()) == 3, order
            assert side.doubles(order) == [], order
