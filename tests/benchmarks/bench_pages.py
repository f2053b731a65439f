"""How long pages and answers of the API take with many open backorders, against a page that does nothing.

Run it alone:  PYTHONPATH=. .venv/bin/python tests/benchmarks/bench_pages.py [--orders 10000] [--rounds 40]

All take turns over real HTTP on one server, so that a slow minute hits all of them; what has taken five seconds in ten
rounds or more sits the others out. Work is processor time of server
and client together: on a busy machine it is the truer number.
"""

import argparse
import hashlib
import http.client
import statistics
import tempfile
import threading
import time
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import waitress

from app import create_app
from core.dates.arrivals import Arrival
from core.snapshots import Customer
from tests.pages.builders import item, line, order, shop

PAGES = {
    "no-op": "/healthz",
    "board": "/",
    "board, live part": "/board?shop=fern",
    "board, search": "/?q=customer+77",
    "board, search without a hit": "/?q=zebra",
    "board, item": "/?item=SKU-0007",
    "board, supplier, country, tag": "/?supplier=Mill+3&country=SE&tag=vip",
    "board, age": "/?age=40",
    "orders": "/orders",
    "orders, search": "/orders?q=sku-0042&state=open",
    "items": "/items",
    "item": "/items/fern/SKU-0007",
    "order": "/orders/fern/1000000000077",
    "report": "/reports",
    "API, 100 orders": "/api/v1/orders?limit=100",
    "API, order": "/api/v1/orders/1000000000077",
    "API, 100 items": "/api/v1/items?limit=100",
    "API, summary": "/api/v1/reports/summary",
}
FEWEST, ENOUGH = 10, 5000.0
"""Rounds, and milliseconds after which these are enough."""
TOKEN = "a-token-for-benchmarks"
ITEMS, SUPPLIERS = 300, 12
DUE = date(2030, 1, 15)


def fill(books, orders: int) -> None:
    """Store a shop with so many open backorders over 300 items and a dozen suppliers."""
    now = datetime.now(UTC)
    with books.write() as unit:
        unit.shops.add(shop(connected_at=now, synced_at=now), {"token": "t"})
        unit.access.add_link(
            shop="fern", link_hash=hashlib.sha256(b"in").hexdigest(), expires_at=now + timedelta(days=1)
        )
        unit.access.add_token(shop="fern", token_hash=hashlib.sha256(TOKEN.encode()).hexdigest(), at=now)
        for number in range(ITEMS):
            unit.items.put("fern", item(f"SKU-{number:04}", (5, 0)))
            arrival = Arrival(
                shop="fern", supply=f"PO-{number}", sku=f"SKU-{number:04}", location="main", noted_on=DUE, first_on=DUE,
                last_on=DUE, supplier=f"Mill {number % SUPPLIERS}",
            )  # fmt: skip
            unit.arrivals.put(arrival)
    for start in range(0, orders, 1000):
        with books.write() as unit:
            for number in range(start, min(start + 1000, orders)):
                unit.orders.put(_order(number, now))


def _order(number: int, now: datetime):
    one, two = number % ITEMS, (number * 7 + 3) % ITEMS
    record = order(
        str(10**12 + number), line("a", f"SKU-{one:04}", 3, on_hand=1, waits=((f"PO-{one}", 2, DUE),), price=1999),
        line("b", f"SKU-{two:04}", 2, waits=((f"PO-{two}", 2, DUE),), price=4999), name=f"#{number + 1001}",
        decision="review" if number % 50 == 0 else None, promised=date(2030, 1, 1) if number % 3 == 0 else DUE,
    )  # fmt: skip
    customer = Customer(
        id=str(number), name=f"Customer {number}", email=f"c{number}@example.com", country="SE" if number % 4 else "DE"
    )
    seen = replace(
        record.snapshot, placed_at=now - timedelta(minutes=number * 7), customer=customer,
        merchant_tags=frozenset({"vip"} if number % 9 == 0 else ()),
    )  # fmt: skip
    return replace(record, snapshot=seen)


def serve(folder: str, orders: int) -> int:
    """Return the port of a server over a full database."""
    app = create_app({"BACKORDER_DATABASE_URL": f"sqlite:///{folder}/bench.db", "BACKORDER_LOG_LEVEL": "ERROR"}, folder)
    house = app.extensions["furnish"]()
    fill(house.books, orders)
    server = waitress.create_server(app, host="127.0.0.1", port=0, threads=4)
    threading.Thread(target=server.run, daemon=True).start()
    return server.effective_port


def measure(port: int, rounds: int) -> dict[str, list[tuple[float, float]]]:
    """Return the milliseconds of each page's answers, by the wall and of work; the first round only warms up."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    connection.request("GET", "/login?login=in")
    answer = connection.getresponse()
    answer.read()
    cookie = answer.headers["Set-Cookie"].split(";")[0]
    found: dict[str, list[tuple[float, float]]] = {name: [] for name in PAGES}
    for turn in range(rounds + 1):
        for name, path in PAGES.items():
            if len(found[name]) >= FEWEST and sum(wall for wall, _ in found[name]) > ENOUGH:
                continue
            started, worked = time.perf_counter(), time.process_time()
            connection.request("GET", path, headers={"Cookie": cookie, "Authorization": f"Bearer {TOKEN}"})
            answer = connection.getresponse()
            answer.read()
            if answer.status != 200:
                raise SystemExit(f"{path} answered {answer.status}")
            if turn:
                found[name].append(((time.perf_counter() - started) * 1000, (time.process_time() - worked) * 1000))
    return found


def main() -> None:
    """Print the middle and the 95th percentile of each page, and how many no-op pages that is."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--orders", type=int, default=10_000)
    parser.add_argument("--rounds", type=int, default=40)
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        port = serve(folder, asked.orders)
        size = Path(folder, "bench.db").stat().st_size
        found = measure(port, asked.rounds)
    idle = statistics.median(wall for wall, _ in found["no-op"])
    print(f"{asked.orders:,} open backorders, {size / 2**20:.0f} MiB")
    for name, times in found.items():
        walls, works = zip(*times, strict=True)
        p95, middle = statistics.quantiles(walls, n=20)[-1], statistics.median(walls)
        work = statistics.median(works)
        print(
            f"{name:32} median {middle:6.1f} ms   p95 {p95:6.1f} ms   {middle / idle:5.1f} no-op pages   {work:6.1f} ms of work"
        )


if __name__ == "__main__":
    main()
