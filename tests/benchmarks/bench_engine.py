"""How fast the engine is, as ratios within one run: `PYTHONPATH=. python tests/benchmarks/bench_engine.py [LINES]`.

A full plan against reading and writing the same document as JSON, and memory by open line. What one event costs a
shop, `bench_event.py` measures.
"""

import gc
import json
import random
import resource
import sys
import time

from core import plan_file
from core.collector import at_rest
from core.planner import plan

LINES = 1_000_000
LINES_PER_ITEM = 20


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
    items = len({row.sku for row in facts.stock})
    del made, facts
    rows = [
        ("JSON read and written again", base, 1.0), ("plan file read and checked", parsing, parsing / base),
        ("full plan", planning, planning / base), ("plan written", rendering, rendering / base),
    ]  # fmt: skip
    print(f"{lines} open lines over {items} items")
    for name, spent, ratio in rows:
        print(f"{name:30} {spent:9.3f} s {ratio:7.2f} x JSON")
    print(f"{'memory at most':30} {memory:9.0f} bytes an open line, text, facts and plan together")


if __name__ == "__main__":
    main()
