"""How fast the engine is, as ratios within one run: `PYTHONPATH=. python tests/benchmarks/bench_engine.py [LINES]`.

The whole command against reading and writing the same document as JSON, memory by open line, and one event against a
full plan. What one event costs a shop, its books included, `bench_event.py` measures.
"""

import gc
import json
import random
import resource
import sys
import time
from collections import defaultdict
from dataclasses import replace

from core import plan_file
from core.engine.collector import at_rest
from core.engine.planner import plan

LINES = 1_000_000
LINES_PER_ITEM = 20
EVENTS = 200


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


class Kept:
    """The facts by item, as the books find them by their indexes."""

    def __init__(self, facts) -> None:
        self.facts = facts
        self.orders, self.stock, self.incoming = defaultdict(list), defaultdict(list), defaultdict(list)
        for number, order in enumerate(facts.orders):
            for sku in {line.sku for line in order.lines}:
                self.orders[sku].append(number)
        for kind, rows in ((self.stock, facts.stock), (self.incoming, facts.incoming)):
            for row in rows:
                kind[row.sku].append(row)

    def event(self, sku, on_hand):
        """A count of one item: plan what it can change, and beside it who shares these orders' other items."""
        (before,) = self.stock[sku]
        self.stock[sku] = [replace(before, on_hand=on_hand)]
        touched = self.orders[sku]
        items = {line.sku for number in touched for line in self.facts.orders[number].lines}
        wanted = set(touched)
        reached = sorted({number for item in items for number in self.orders[item]})
        made = plan(
            replace(
                self.facts, orders=tuple(self._taking_part(number, wanted, items) for number in reached),
                stock=tuple(row for item in items for row in self.stock[item]),
                incoming=tuple(row for item in items for row in self.incoming[item]),
            )
        )  # fmt: skip
        return {number: order for number, order in zip(reached, made.orders, strict=True) if number in wanted}

    def _taking_part(self, number, wanted, items):
        """A touched order is planned whole; of one beside it the lines that it shares take part."""
        order = self.facts.orders[number]
        if number in wanted:
            return order
        return replace(order, lines=tuple(line for line in order.lines if line.sku in items))


def events(facts, made):
    """The seconds of the middle one of many events, after one that changes nothing and must plan what stands."""
    kept, pick = Kept(facts), random.Random(2)
    first = facts.stock[0]
    assert all(made.orders[number] == order for number, order in kept.event(first.sku, first.on_hand).items())
    counted = [(row.sku, pick.randint(0, 40)) for row in pick.sample(facts.stock, EVENTS)]
    return sorted(seconds(kept.event, *one)[0] for one in counted)[EVENTS // 2]


def main():
    lines = int(sys.argv[1]) if len(sys.argv) > 1 else LINES
    given = document(lines)
    text = json.dumps(given)
    del given
    reading, tree = seconds(json.loads, text)
    writing, _ = seconds(json.dumps, tree)
    del tree
    base = reading + writing
    command, _ = seconds(lambda: len(plan_file.run(text, lines=False, explain=False)[0]))
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024 / lines
    with at_rest():  # as the command does
        parsing, facts = seconds(plan_file.parse, text)
        planning, made = seconds(plan, facts)
    items = len({row.sku for row in facts.stock})
    gc.freeze()  # what stands is not searched between two events
    event = events(facts, made)
    del made, facts
    rows = [
        ("JSON read and written again", base), ("the command: read, checked, planned, written", command),
        ("facts read by rows", parsing), ("plan of facts", planning),
    ]  # fmt: skip
    print(f"{lines} open lines over {items} items")
    for name, spent in rows:
        print(f"{name:45} {spent:9.3f} s {spent / base:7.2f} x JSON")
    print(f"{'one event':45} {event:9.6f} s {planning / event:7.0f} x faster than a full plan")
    print(f"{'memory of the command at most':45} {memory:9.0f} bytes an open line")


if __name__ == "__main__":
    main()
