"""How fast the engine is, as ratios within one run: `PYTHONPATH=. python tests/benchmarks/bench_engine.py [LINES]`.

A full plan against reading and writing the same document as JSON, one event against a full plan, memory by open line.
"""

import gc
import json
import random
import resource
import sys
import time
from dataclasses import replace

from core import plan_file
from core.collector import at_rest
from core.ledger import NOW, Lot
from core.planner import plan
from core.standing_queue import StandingQueue

LINES = 1_000_000
LINES_PER_ITEM = 20
EVENTS = 2_000


def document(lines):
    """Orders of one to four lines, stock for about half of the demand, up to two deliveries by item."""
    pick = random.Random(1)
    items = max(4, lines // LINES_PER_ITEM)
    orders = []
    demand = [0] * items
    left = lines
    while left:
        rows = []
        for item in pick.sample(range(items), min(left, pick.choice((1, 1, 2, 3, 4)))):
            rows.append({"id": str(len(rows)), "sku": f"sku-{item}", "ordered": pick.randint(1, 3)})
            demand[item] += rows[-1]["ordered"]
        left -= len(rows)
        at = f"2026-11-{pick.randint(1, 22):02}T{pick.randint(0, 23):02}:{pick.randint(0, 59):02}:00Z"
        orders.append({"id": f"order-{len(orders)}", "placed_at": at, "lines": rows})
    stock = [{"sku": f"sku-{item}", "on_hand": int(units * pick.random())} for item, units in enumerate(demand)]
    incoming = [
        {"id": f"PO-{item}-{n}", "sku": f"sku-{item}", "ordered": pick.randint(1, 20), "eta": f"2026-12-{pick.randint(1, 28):02}"}
        for item in range(items) for n in range(pick.randint(0, 2))
    ]  # fmt: skip
    return {"as_of": "2026-11-23T09:00:00Z", "orders": orders, "stock": stock, "incoming": incoming}


def seconds(work, *given):
    gc.collect()
    start = time.process_time()
    done = work(*given)
    return time.process_time() - start, done


def standing(facts):
    """Every item's queue, as a running service would keep them."""
    lots, lines = {}, {}
    for row in facts.stock:
        lots.setdefault(row.sku, []).append(Lot("on_hand", row.location, NOW, row.on_hand, is_stock=True))
    for row in sorted(facts.incoming, key=lambda row: row.eta):
        days = 1 + (row.eta - facts.as_of.date()).days
        lots.setdefault(row.sku, []).append(Lot(row.id, row.location, days, row.remaining, is_stock=False))
    for order in facts.orders:
        for line in order.lines:
            lines.setdefault(line.sku, []).append(((order.placed_at, order.id, line.id), line.open))
    return {sku: (StandingQueue(found, lines.get(sku, ())), found) for sku, found in lots.items()}


def happen(queues, facts):
    """Receipts and changed orders, one after the other; every line touched is told its new share."""
    pick = random.Random(2)
    skus = sorted(queues)
    for number in range(EVENTS):
        order = facts.orders[pick.randrange(len(facts.orders))]
        if number % 2:
            queue, lots = queues[skus[pick.randrange(len(skus))]]
            touched = queue.restock([replace(lots[0], left=lots[0].left + 1), *lots[1:]])
        else:
            queue, _ = queues[order.lines[0].sku]
            touched = queue.put((order.placed_at, order.id, order.lines[0].id), pick.randint(1, 5))
        for key in touched:
            queue.share_of(key)


def main():
    lines = int(sys.argv[1]) if len(sys.argv) > 1 else LINES
    given = document(lines)
    text = json.dumps(given)
    del given
    reading, tree = seconds(json.loads, text)
    writing, _ = seconds(json.dumps, tree)
    del tree
    base = reading + writing
    with at_rest():  # as the command does
        parsing, facts = seconds(plan_file.parse, text)
        planning, made = seconds(plan, facts)
        rendering, _ = seconds(plan_file.render, made, facts)
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024 / lines
    del made
    queues = standing(facts)
    event = seconds(happen, queues, facts)[0] / EVENTS
    rows = [
        ("JSON read and written again", base, 1.0), ("plan file read and checked", parsing, parsing / base),
        ("full plan", planning, planning / base), ("plan written", rendering, rendering / base),
    ]  # fmt: skip
    print(f"{lines} open lines over {len(queues)} items")
    for name, spent, ratio in rows:
        print(f"{name:30} {spent:9.3f} s {ratio:7.2f} x JSON")
    print(f"{'one event':30} {event * 1e6:9.1f} us {planning / event:9.0f} x faster than a full plan")
    print(f"{'memory at most':30} {memory:9.0f} bytes an open line, text, facts and plan together")


if __name__ == "__main__":
    main()
