"""What one event costs a shop with many open orders: `PYTHONPATH=. python tests/benchmarks/bench_event.py [LINES]`.

The way of the worker, within one transaction on SQLite: news of an item's stock is stored, then planned as far as it
reaches, against planning all open orders of the shop. Orders of one or two lines, twenty lines an item.
"""

import random
import sys
import tempfile
import time

from connectors.database import migrate, open_books
from core.planning import replanning
from tests.conftest import ENCRYPTION_KEY
from tests.core.shop_builders import Kept, item, line, order, supply

LINES = 20_000
LINES_PER_ITEM = 20
EVENTS = 30
BATCH = 2_000


def rows(lines):
    """Orders, then items with stock for about half of the demand, then a delivery for every other item."""
    pick = random.Random(1)
    demand = [0] * max(4, lines // LINES_PER_ITEM)
    left, number = lines, 0
    while left > 0:
        wanted = {sku: pick.randint(1, 3) for sku in pick.sample(range(len(demand)), min(left, pick.randint(1, 2)))}
        for sku, units in wanted.items():
            demand[sku] += units
        yield order(number, *(line(f"s{sku}", n, id=f"s{sku}") for sku, n in wanted.items()), days=pick.randint(1, 20))
        left, number = left - len(wanted), number + 1
    for sku, units in enumerate(demand):
        yield item(f"s{sku}", int(units * pick.random()))
        if sku % 2:
            yield supply(f"PO-{sku}", f"s{sku}", pick.randint(1, 20), pick.randint(2, 30))


def replanned(shop, *news, items):
    """Take in the news and plan; return the seconds of the processor."""
    with shop.books.write() as unit:
        known = unit.shops.get("fern")
        start = time.process_time()
        for snapshot in news:
            unit.items.put("fern", snapshot)
        replanning.replan(unit, known, shop.means(), items=items)
        return time.process_time() - start


def main():
    lines = int(sys.argv[1]) if len(sys.argv) > 1 else LINES
    pick = random.Random(2)
    with tempfile.TemporaryDirectory() as folder:
        url = f"sqlite:///{folder}/books.db"
        migrate.upgrade(url)
        shop = Kept(open_books(url, encryption_keys=ENCRYPTION_KEY))
        made = list(rows(lines))
        for start in range(0, len(made), BATCH):
            shop.store(*made[start : start + BATCH])
        first, again = replanned(shop, items=None), replanned(shop, items=None)
        skus = [f"s{pick.randrange(lines // LINES_PER_ITEM)}" for _ in range(EVENTS)]
        spent = sorted(replanned(shop, item(sku, pick.randint(0, 40)), items={f"item-{sku}"}) for sku in skus)
        shop.books.close()
    middle = spent[EVENTS // 2]
    print(f"{lines} open lines over {lines // LINES_PER_ITEM} items")
    print(f"{'all orders, planned first':30} {first:9.3f} s")
    print(f"{'all orders, nothing new':30} {again:9.3f} s")
    print(f"{'one event':30} {middle:9.3f} s {again / middle:7.0f} x faster (at most {spent[-1]:.3f} s)")


if __name__ == "__main__":
    main()
