"""How long a comparison with a WooCommerce store of many open orders takes, and how gently it asks.

Run it alone:  PYTHONPATH=. .venv/bin/python tests/benchmarks/bench_sweep.py [--orders 10000] [--pause 0.05]

The store is simulated in a process of its own and answers over HTTP, each answer after `--pause` seconds, as a small
host does. Every twentieth order was refunded in part, which its list does not tell: those are asked for one by one.
"""

import argparse
import resource
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterable
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import requests
from cryptography.fernet import Fernet

import app as composition
from connectors.simulator.serving import serve
from connectors.simulator.woocommerce import WooCommerceStore
from core.house import House
from core.records import Shop

if TYPE_CHECKING:
    from wsgiref.types import StartResponse, WSGIApplication, WSGIEnvironment

REFUNDED = 20
"""One order in so many was refunded in part."""
SKUS = 400


class Gauge:
    """Counts the requests that a store answers, and how many of them at once."""

    def __init__(self, inner: "WSGIApplication", pause: float) -> None:
        self._inner, self._pause = inner, pause
        self._lock = threading.Lock()
        self.asked = self.now = self.most = 0

    def __call__(self, environ: "WSGIEnvironment", start_response: "StartResponse") -> Iterable[bytes]:
        """Answer one request; `/gauge` tells the counts and starts them anew."""
        if environ["PATH_INFO"] == "/gauge":
            start_response("200 OK", [("Content-Type", "text/plain")])
            told, self.asked, self.most = f"{self.asked} {self.most}", 0, 0
            return [told.encode()]
        with self._lock:
            self.asked, self.now = self.asked + 1, self.now + 1
            self.most = max(self.most, self.now)
        time.sleep(self._pause)
        try:
            return self._inner(environ, start_response)
        finally:
            with self._lock:
                self.now -= 1


def keep_store(orders: int, pause: float) -> None:
    """Fill a store, serve it, say where, and wait for the end of standard input."""
    clock = [datetime.now(UTC) - timedelta(days=30)]
    store = WooCommerceStore(consumer_key="ck", consumer_secret="cs", now=lambda: clock[0], seed=1)
    for number in range(SKUS):
        store.add_product(f"SKU-{number}", f"Item {number}", "10.00", 20)
    for number in range(orders):
        clock[0] += timedelta(seconds=2)
        lines = [(f"SKU-{(number * 7 + step * 13) % SKUS}", 1 + step) for step in range(2)]
        order = store.checkout(lines, customer=f"Customer {number}")
        if number % REFUNDED == 0:
            store.refund(order, {store.line(order, lines[1][0]): 1})
    server = serve(Gauge(store.wsgi, pause), threads=16)
    store.state.home = server.url
    print(server.url, flush=True)
    sys.stdin.read()


def connected(folder: str, url: str) -> tuple[House, Callable[[], object], Shop]:
    """Return a whole service on SQLite with the store connected, nothing read yet."""
    environment = {
        "BACKORDER_DATABASE_URL": f"sqlite:///{folder}/books.db",
        "BACKORDER_SECRET_KEY": "a-secret-for-measuring",
        "BACKORDER_ENCRYPTION_KEYS": Fernet.generate_key().decode(),
        "BACKORDER_ALLOW_PRIVATE_STORES": "1",
        "BACKORDER_BASE_URL": "http://127.0.0.1:9",
        "BACKORDER_LOG_LEVEL": "ERROR",
    }
    service = composition.create_app(environment, instance=folder)
    house: House = service.extensions["furnish"]()
    shop = house.desk.connect("woocommerce", url, {"consumer_key": "ck", "consumer_secret": "cs"}, mode="observe")
    return house, service.extensions["hands"]().run_until_idle, shop


def watched(house: House, shop: Shop, work: Callable[[], object]) -> tuple[float, float, list[int]]:
    """Do the work; return its seconds, those of the processor, and what was told meanwhile of orders read."""
    told: list[int] = []
    ended = threading.Event()

    def look() -> None:
        while not ended.wait(0.5):
            with house.books.read() as unit:
                current = unit.shops.get(shop.id)
            if current and current.orders_read and current.orders_read not in told:
                told.append(current.orders_read)

    watcher = threading.Thread(target=look)
    watcher.start()
    began, busy = time.monotonic(), time.process_time()
    try:
        work()
    finally:
        took, busy = time.monotonic() - began, time.process_time() - busy
        ended.set()
        watcher.join()
    return took, busy, told


def measure(orders: int, pause: float) -> None:
    """Measure the first comparison and one that finds nothing new."""
    command = [sys.executable, __file__, "--store", "--orders", str(orders), "--pause", str(pause)]
    with (
        tempfile.TemporaryDirectory() as folder,
        subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as store,
    ):
        assert store.stdout, "a pipe was asked for"
        url = store.stdout.readline().strip()
        house, settle, shop = connected(folder, url)
        requests.get(f"{url}/gauge", timeout=10)
        for name, work in (("first", settle), ("again", lambda: house.desk.sync(shop))):
            took, busy, told = watched(house, shop, work)
            asked, most = requests.get(f"{url}/gauge", timeout=10).text.split()
            seen = f"{len(told)} words of progress" + (f" up to {told[-1]}" if told else "")
            print(f"{name}: {took:.1f} s, {busy:.1f} s of them busy, {asked} requests, {most} at once, {seen}")
        with house.books.read() as unit:
            print(f"{len(unit.orders.open_all(shop.id))} open orders in the books")
        print(f"peak memory {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:.0f} MB")
        house.books.close()
        store.terminate()


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--orders", type=int, default=10_000)
    parser.add_argument("--pause", type=float, default=0.05)
    parser.add_argument("--store", action="store_true", help=argparse.SUPPRESS)
    asked_for = parser.parse_args()
    (keep_store if asked_for.store else measure)(asked_for.orders, asked_for.pause)
