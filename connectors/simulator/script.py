"""What happens in the demo, drawn from a seed: the same seed, the same story, event by event."""

import random
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Literal

Side = Literal["shopify", "woocommerce"]
Kind = Literal["order", "shipment", "arrival", "slip", "warehouse"]
STORIES = ("everyday", "late-container", "flash-sale")
DAYS = 60
COUNTRIES = ("DE", "FR", "US", "GB", "JP")


@dataclass(frozen=True, slots=True, kw_only=True)
class Product:
    """One thing on the simulated shelves."""

    sku: str
    title: str
    price: str
    on_hand: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """One thing that happens `after` the start, on one side. `lines` are (SKU, units)."""

    after: timedelta
    side: Side
    kind: Kind
    lines: tuple[tuple[str, int], ...] = ()
    customer: int = 0
    country: str = "DE"
    name: str = ""
    days: int = 0


SHELVES: dict[Side, tuple[Product, ...]] = {
    "shopify": (
        Product(sku="MUG", title="Enamel mug", price="12.50", on_hand=5),
        Product(sku="KETTLE", title="Camp kettle", price="39.00", on_hand=9),
        Product(sku="LANTERN", title="Storm lantern", price="54.90", on_hand=4),
        Product(sku="BLANKET", title="Wool blanket", price="89.00", on_hand=7),
        Product(sku="STOVE", title="Folding stove", price="64.00", on_hand=6),
    ),
    "woocommerce": (
        Product(sku="TEAPOT", title="Stoneware teapot", price="42.00", on_hand=5),
        Product(sku="BOWL", title="Breakfast bowl", price="14.00", on_hand=10),
        Product(sku="PLATE", title="Dinner plate", price="18.50", on_hand=8),
        Product(sku="VASE", title="Tall vase", price="58.00", on_hand=3),
        Product(sku="JUG", title="Milk jug", price="23.00", on_hand=6),
    ),
}


@dataclass(slots=True)
class _Customers:
    """Numbers customers through the whole story."""

    last: int = 10
    rng: random.Random = field(default_factory=random.Random)

    def next(self) -> int:
        self.last += 1
        return self.last


def script(seed: int, story: str) -> tuple[Event, ...]:
    """Return the story's events in order of time."""
    rng = random.Random(f"{seed}:{story}")  # noqa: S311  # a story, no secret
    customers = _Customers(rng=rng)
    events = [event for side in SHELVES for event in (*_opening(side, customers), *_days(side, story, customers))]
    return tuple(sorted(events, key=lambda event: (event.after, event.side, event.kind, event.customer)))


def _opening(side: Side, customers: _Customers) -> Iterator[Event]:
    """The first seconds: supply is on its way, and the first customer wants more than there is."""
    for number, product in enumerate(SHELVES[side][:3], 1):
        units = product.on_hand * 2 + customers.rng.randrange(4)
        yield Event(
            after=timedelta(), side=side, kind="shipment", lines=((product.sku, units),),
            name=f"{'PO' if side == 'woocommerce' else 'T'}-{100 + number}", days=5 + 4 * number,
        )  # fmt: skip
    first = SHELVES[side][0]
    for number in range(5):
        lines = ((first.sku, 8),) if number == 0 else _basket(side, customers.rng)
        yield _order(side, timedelta(hours=2 + number), lines, customers)


def _days(side: Side, story: str, customers: _Customers) -> Iterator[Event]:
    rng = customers.rng
    for day in range(1, DAYS):
        busy = 3 if story == "flash-sale" and day in {3, 4} else 1
        for _ in range(rng.randint(1, 3) * busy):
            yield _order(side, timedelta(days=day, hours=rng.uniform(1, 20)), _basket(side, rng), customers)
        yield Event(after=timedelta(days=day, hours=16), side=side, kind="warehouse")
        if day % 6 == 0:
            product = rng.choice(SHELVES[side])
            yield Event(
                after=timedelta(days=day), side=side, kind="shipment", lines=((product.sku, rng.randint(8, 20)),),
                name=f"{'PO' if side == 'woocommerce' else 'T'}-{200 + day}", days=rng.randint(7, 14),
            )  # fmt: skip
    if story == "late-container":
        yield Event(after=timedelta(days=4), side=side, kind="slip", days=9)


def _order(side: Side, after: timedelta, lines: tuple[tuple[str, int], ...], customers: _Customers) -> Event:
    return Event(
        after=after, side=side, kind="order", lines=lines, customer=customers.next(),
        country=customers.rng.choice(COUNTRIES),
    )  # fmt: skip


def _basket(side: Side, rng: random.Random) -> tuple[tuple[str, int], ...]:
    chosen = rng.sample(SHELVES[side], k=rng.choice((1, 1, 2)))
    return tuple((product.sku, rng.choice((1, 1, 2, 3))) for product in chosen)
