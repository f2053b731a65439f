"""What happens in the demo, drawn from a seed: the same seed, the same story, event by event."""

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Literal

Side = Literal["shopify", "woocommerce"]
Kind = Literal["order", "shipment", "slip", "warehouse"]
Wanted = tuple[tuple[str, int], ...]
STORIES = ("everyday", "late-container", "flash-sale")
DAYS = 365
DAYS_TO_PACK = 395
COUNTRIES = ("DE", "FR", "US", "GB", "JP")
FIRST_ORDER_UNITS = 8
FEW_UNITS = 4
WAREHOUSE_HOURS = (8, 16)
SLIP_DAYS = 9


@dataclass(frozen=True, slots=True, kw_only=True)
class Product:
    """One thing on the simulated shelves. `beside`: the SKU that it is another variant of."""

    sku: str
    title: str
    price: str
    on_hand: int
    kind: str
    options: tuple[tuple[str, str], ...] = ()
    beside: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """One thing that happens `after` the start, on one side. `lines` are (SKU, units); supply takes `days` to come."""

    after: timedelta
    side: Side
    kind: Kind
    lines: Wanted = ()
    country: str = "DE"
    days: int = 0


WHITE, BLUE = (("Colour", "White"),), (("Colour", "Blue"),)
SHELVES: dict[Side, tuple[Product, ...]] = {
    "shopify": (
        Product(sku="MUG", title="Enamel mug", price="12.50", on_hand=5, kind="Drinkware", options=WHITE),
        Product(sku="KETTLE", title="Camp kettle", price="39.00", on_hand=9, kind="Camp kitchen"),
        Product(sku="LANTERN", title="Storm lantern", price="54.90", on_hand=4, kind="Lighting"),
        Product(sku="BLANKET", title="Wool blanket", price="89.00", on_hand=7, kind="Bedding"),
        Product(sku="STOVE", title="Folding stove", price="64.00", on_hand=6, kind="Camp kitchen"),
    ),
    "woocommerce": (
        Product(sku="TEAPOT", title="Stoneware teapot", price="42.00", on_hand=5, kind="Teaware"),
        Product(sku="BOWL", title="Breakfast bowl", price="14.00", on_hand=10, kind="Tableware"),
        Product(sku="PLATE", title="Dinner plate", price="18.50", on_hand=8, kind="Tableware"),
        Product(sku="VASE", title="Tall vase", price="58.00", on_hand=3, kind="Vases"),
        Product(sku="JUG", title="Milk jug", price="23.00", on_hand=6, kind="Tableware"),
    ),
}
NEXT_TO_THEM: dict[Side, tuple[Product, ...]] = {
    "shopify": (
        Product(
            sku="MUG-BLUE", title="Enamel mug", price="12.50", on_hand=24, kind="Drinkware", options=BLUE, beside="MUG"
        ),
        Product(sku="CUP", title="Steel cup", price="11.00", on_hand=16, kind="Drinkware"),
    ),
    "woocommerce": (Product(sku="SAMOVAR", title="Glazed samovar", price="49.00", on_hand=12, kind="Teaware"),),
}
"""On the shelves as well, for whoever looks for a substitute: the story sells none of them."""
TITLES = {product.sku: product.title for products in SHELVES.values() for product in products}


def script(seed: int, story: str) -> tuple[Event, ...]:
    """Return the story's events in order of time."""
    rng = random.Random(f"{seed}:{story}")  # noqa: S311  # a story, no secret
    events = [event for side in SHELVES for event in _Side(side, story, rng).events()]
    return tuple(sorted(events, key=lambda event: (event.after, event.side)))


def in_words(lines: Sequence[tuple[str, int]]) -> str:
    """Return what is ordered or on its way, such as `3 x Enamel mug, 1 x Camp kettle`."""
    return ", ".join(f"{units} x {TITLES.get(sku, sku)}" for sku, units in lines)


class _Side:
    """One shop's part of the story. `left` counts units on hand and on the way less those sold, by SKU."""

    def __init__(self, side: Side, story: str, rng: random.Random) -> None:
        self.side = side
        self.story = story
        self.rng = rng
        self.left = {product.sku: product.on_hand for product in SHELVES[side]}

    def events(self) -> Iterator[Event]:
        """Yield everything that happens on this side, day by day."""
        yield from self._opening()
        for day in range(1, DAYS):
            yield from self._orders(day)
            yield from self._buying(day)
        for day in range(DAYS_TO_PACK):
            for hours in WAREHOUSE_HOURS:
                yield Event(after=timedelta(days=day, hours=hours), side=self.side, kind="warehouse")
        if self.story == "late-container":
            yield Event(after=timedelta(days=4), side=self.side, kind="slip", days=SLIP_DAYS)

    def _opening(self) -> Iterator[Event]:
        """Supply is on its way, and the first customer wants more than there is: both before time moves."""
        for number, product in enumerate(SHELVES[self.side][:3]):
            units = product.on_hand * 2 + self.rng.randrange(4)
            yield self._supply(timedelta(), product.sku, units, 9 + 4 * number)
        yield self._order(timedelta(), ((SHELVES[self.side][0].sku, FIRST_ORDER_UNITS),))
        for number in range(4):
            yield self._order(timedelta(hours=2 * number), self._basket())

    def _orders(self, day: int) -> Iterator[Event]:
        busy = 3 if self.story == "flash-sale" and day in {3, 4} else 1
        for _ in range(self.rng.randint(1, 3) * busy):
            yield self._order(timedelta(days=day, hours=self.rng.uniform(1, 20)), self._basket())

    def _buying(self, day: int) -> Iterator[Event]:
        """The merchant orders what is scarcest, enough for those who wait and some more."""
        sku = min(self.left, key=self.left.__getitem__)
        if self.left[sku] < FEW_UNITS:
            units = max(0, -self.left[sku]) + self.rng.randint(8, 16)
            yield self._supply(timedelta(days=day, hours=9), sku, units, self.rng.randint(4, 10))

    def _supply(self, after: timedelta, sku: str, units: int, days: int) -> Event:
        self.left[sku] += units
        return Event(after=after, side=self.side, kind="shipment", lines=((sku, units),), days=days)

    def _order(self, after: timedelta, lines: Wanted) -> Event:
        for sku, units in lines:
            self.left[sku] -= units
        return Event(after=after, side=self.side, kind="order", lines=lines, country=self.rng.choice(COUNTRIES))

    def _basket(self) -> Wanted:
        chosen = self.rng.sample(SHELVES[self.side], k=self.rng.choice((1, 1, 2)))
        return tuple((product.sku, self._units()) for product in chosen)

    def _units(self) -> int:
        """Return how many a customer takes of a thing: few, and now and then very many."""
        return self.rng.randint(6, 12) if self.rng.random() < 0.06 else self.rng.choice((1, 1, 2, 3))
