"""Facts in domain words: `facts(order(line("mug", 3)), stock("mug", 5))`."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

from core.engine.planner import plan
from core.facts import Component, Facts, Incoming, Item, Line, Location, Order, Policy, RingFence, Stock

NOON = datetime(2026, 11, 23, 9, tzinfo=UTC)
TODAY = NOON.date()


def day(text):
    return date.fromisoformat(text) if isinstance(text, str) else text


def line(sku, ordered, id=None, **totals):
    return Line(id=id or f"{sku}-line", sku=sku, ordered=ordered, **totals)


def order(*lines, id=None, hours_ago=1, promised=None, order_class="standard", **fields):
    """An order `hours_ago` old; without an id it is named by its age: the oldest sorts first."""
    return Order(
        id=id or f"order-{10_000 - hours_ago:05}", placed_at=NOON - timedelta(hours=hours_ago), lines=lines,
        location=fields.pop("location", "main"), promised_on=day(promised), order_class=order_class, **fields,
    )  # fmt: skip


def stock(sku, on_hand, location="main"):
    return Stock(sku=sku, location=location, on_hand=on_hand, observed_at=NOON)


def incoming(sku, ordered, eta, id=None, location="main", latest=None, **fields):
    return Incoming(
        id=id or f"PO-{sku}-{eta}", sku=sku, location=location, ordered=ordered, eta=day(eta), latest=day(latest), **fields
    )  # fmt: skip


def kit(sku, **units):
    return Item(sku=sku, components=tuple(Component(sku=part, units=n) for part, n in units.items()))


def item(sku, preorder_until=None, **fields):
    return Item(sku=sku, preorder_until=day(preorder_until), **fields)


def place(id, pool="all", rank=1):
    return Location(id=id, pool=pool, rank=rank)


def fence(order_class, sku, units, until=None):
    return RingFence(order_class=order_class, sku=sku, units=units, until=day(until))


def facts(*rows, locations=None, **policy):
    if "large_order_share" in policy:
        policy["large_order_share"] = Decimal(policy["large_order_share"])
    kinds = {Order: [], Stock: [], Incoming: [], Item: []}
    for row in rows:
        kinds[type(row)].append(row)
    return Facts(
        as_of=NOON, policy=Policy(**policy), locations=locations or (Location(id="main"),), orders=tuple(kinds[Order]),
        items=tuple(kinds[Item]), stock=tuple(kinds[Stock]), incoming=tuple(kinds[Incoming]),
    )  # fmt: skip


def planned(*rows, **options):
    return plan(facts(*rows, **options))


def lines_of(made):
    """The plan's lines by (order id, line id)."""
    return {(order.id, line.id): line for order in made.orders for line in order.lines}


def units_by_date(line):
    """Units of a line by the date they are there; None for those without one."""
    found = {}
    for allocated in line.allocations:
        on = allocated.on and allocated.on.isoformat()
        found[on] = found.get(on, 0) + allocated.units
    return found


def codes(made):
    return [(problem.code, problem.order, problem.line) for problem in made.exceptions]


def with_orders(given, orders):
    return replace(given, orders=tuple(orders))
