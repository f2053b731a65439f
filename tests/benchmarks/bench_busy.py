"""How long a delivery waits for its 200 while one shop hangs, two others keep the worker busy, and all share a database.

Run it alone:  PYTHONPATH=. .venv/bin/python tests/benchmarks/bench_busy.py [--seconds 8] [--with-worker] [--url URL]

The deliveries are for a shop that takes connections and never answers. First the worker has nothing else to do; then
orders for more than there is come in at a shop of each platform, so that plans are made and actions carried out.
"""

import argparse
import json
import os
import socket
import subprocess
import sys
import tempfile
import threading
import time
from contextlib import closing, contextmanager
from datetime import UTC, datetime
from pathlib import Path
from types import SimpleNamespace

from connectors.database import migrate
from core.records import Shop
from tests.benchmarks.bench_ingest import SHOP, Load
from tests.scenarios.conftest import ShopifySide, WooCommerceSide
from tests.scenarios.processes import Service

CONNECTIONS = 16
ITEMS = 200
LONGEST = 600


@contextmanager
def hung():
    """The address of a shop that takes every connection and says nothing, and a list of who came."""
    came = []
    with closing(socket.create_server(("127.0.0.1", 0))) as door:

        def take():
            try:
                while True:
                    came.append(door.accept()[0])
            except OSError:
                return

        threading.Thread(target=take, daemon=True).start()
        yield f"http://127.0.0.1:{door.getsockname()[1]}", came
    for line in came:
        line.close()


def posted(service, seconds):
    """Post from a process of its own: the simulated shops are busy in this one. Return rate, p99 in ms, refused."""
    words = [sys.executable, __file__, "--post", str(service.web.pid), service.environment["PORT"], str(seconds)]
    told = subprocess.run(words, check=True, capture_output=True, text=True, env={**os.environ, "PYTHONPATH": "."})
    return json.loads(told.stdout)


def post(process, port, seconds):
    """Be that process."""
    load = Load(SimpleNamespace(pid=int(process)), int(port), CONNECTIONS, float(seconds))
    print(json.dumps([load.rate, load.p99, load.refused]))


def shopping(sides, over):
    """Let customers order more than there is, at both shops, until it is over."""
    for number in range(ITEMS):
        for side in sides:
            if over.is_set():
                return
            side.checkout((f"ITEM-{number}", 8))
        time.sleep(0.2)


def measure(folder, url, seconds, together):
    """Print both rows."""
    sides = (ShopifySide(), WooCommerceSide())
    service = Service(folder, url, together=together, **sides[0].settings)
    try:
        with hung() as (origin, came):
            shop = Shop(id="bench", platform="shopify", domain=SHOP, name="Bench store", currency="EUR", timezone="UTC",
                        origin=origin, connected_at=datetime.now(UTC))  # fmt: skip
            with service.house.books.write() as unit:
                unit.shops.add(shop, {"access_token": "none"})
            for side in sides:
                for number in range(ITEMS):
                    side.shop.add_product(f"ITEM-{number}", f"Item {number}", "12.50", 5)
                side.connect(service.house)
            service.hire(0 if together else 1)
            service.rest(LONGEST)
            row("a shop hangs", posted(service, seconds))
            over = threading.Event()
            customers = threading.Thread(target=shopping, args=(sides, over))
            customers.start()
            before = sum(len(side.writes()) for side in sides)
            row("a shop hangs, two are at work", posted(service, seconds))
            done = sum(len(side.writes()) for side in sides) - before
            over.set()
            customers.join()
            print(f"meanwhile {done} writes at the two shops; {len(came)} connections to the one that hangs")
    finally:
        service.close()
        for side in sides:
            side.close()


def row(name, told):
    """Print one row."""
    rate, p99, refused = told
    print(f"{name:32} {rate:6.0f}/s   p99 {p99:5.0f} ms   refused {refused}", flush=True)


def main():
    asked = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    asked.add_argument("--seconds", type=float, default=8.0)
    asked.add_argument("--url", help="a PostgreSQL database without tables instead of a SQLite file")
    asked.add_argument("--with-worker", action="store_true", help="one process for web and worker")
    asked.add_argument("--post", nargs=3, help=argparse.SUPPRESS)
    told = asked.parse_args()
    if told.post:
        post(*told.post)
        return
    with tempfile.TemporaryDirectory(prefix="bench") as name:
        url = told.url or f"sqlite:///{name}/books.db"
        migrate.upgrade(url)
        measure(Path(name), url, told.seconds, told.with_worker)


if __name__ == "__main__":
    main()
