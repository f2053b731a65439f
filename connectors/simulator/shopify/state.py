"""A simulated shop's rows, its lock, and the book-keeping of what an action changed and who must hear of it."""

import random
import threading
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from connectors.simulator.shopify.gift_rows import CreditAccount, Discount, GiftCard
from connectors.simulator.shopify.rows import (
    Customer,
    Fulfilment,
    FulfilmentOrder,
    Level,
    Line,
    Order,
    Place,
    Shipment,
    Subscription,
    Transfer,
    Variant,
)

FIRST_ID = 1001
APP_ID = 4242

Json = dict[str, Any]


@dataclass(slots=True, kw_only=True)
class Edit:
    """An order edit that is under way: new quantity and whether to restock, per line, and lines that are added."""

    id: int
    order: int
    quantities: dict[int, tuple[int, bool]] = field(default_factory=dict)
    added: list[Line] = field(default_factory=list)


Tell = Callable[[str, Json, str], None]


def gid(kind: str, number: object) -> str:
    """Return the API's global id."""
    return f"gid://shopify/{kind}/{number}"


class State:
    """Everything that the shop knows. Change it inside `action()` only, read it under `lock`.

    Ids are small and start alike in every shop, so that ids of two shops collide: they must never be mixed up.
    """

    def __init__(self, *, now: Callable[[], datetime], currency: str, seed: int, tell: Tell) -> None:
        self.lock = threading.RLock()
        self._clock = now
        self.currency = currency
        self.random = random.Random(seed)  # noqa: S311  # reproducible ids, no secrets
        self.places: dict[int, Place] = {}
        self.variants: dict[int, Variant] = {}
        self.by_sku: dict[str, Variant] = {}
        self.by_item: dict[int, Variant] = {}
        self.levels: dict[int, dict[int, Level]] = {}
        self.customers: dict[int, Customer] = {}
        self.orders: dict[int, Order] = {}
        self.fulfilment_orders: dict[int, FulfilmentOrder] = {}
        self.fulfilments: dict[int, Fulfilment] = {}
        self.transfers: dict[int, Transfer] = {}
        self.shipments: dict[int, Shipment] = {}
        self.discounts: dict[str, Discount] = {}
        self.subscriptions: dict[int, Subscription] = {}
        self.addresses: dict[str, Subscription] = {}
        self.edits: dict[int, Edit] = {}
        self.refund_keys: dict[str, tuple[str, int | None]] = {}
        self.credit_accounts: dict[int, CreditAccount] = {}
        self.gift_cards: dict[str, GiftCard] = {}
        self.definitions: dict[tuple[str, str, str], int] = {}
        self.bulk: dict[int, Any] = {}
        self.bulk_slow = False
        self.address = ""
        self.execute: Callable[[str], Json] = lambda text: {"errors": [{"message": f"nobody executes {text[:20]}"}]}
        self.personal_data = True
        self._tell = tell
        self._ids: dict[str, int] = {}
        self._depth = 0
        self._news: list[tuple[str, Callable[[], Json]]] = []
        self._touched: dict[int, Order] = {}
        self._moved: dict[tuple[int, int], Level] = {}
        self.describe_order: Callable[[Order], Json] = lambda order: {"id": order.id}
        self.describe_level: Callable[[Level], Json] = lambda level: {"inventory_item_id": level.item}

    def now(self) -> datetime:
        """Return the shop's time, to the second: finer is not told."""
        return self._clock().replace(microsecond=0)

    def new_id(self, kind: str) -> int:
        """Return the next id of a kind of row."""
        self._ids[kind] = self._ids.get(kind, FIRST_ID - 1) + 1
        return self._ids[kind]

    def new_uuid(self) -> str:
        """Return a reproducible UUID."""
        with self.lock:
            return str(uuid.UUID(int=self.random.getrandbits(128), version=4))

    @contextmanager
    def action(self) -> Iterator[None]:
        """One thing that happens: at its end the subscribers of everything that it changed are told, once."""
        with self.lock:
            self._depth += 1
            try:
                yield
            finally:
                self._depth -= 1
                if self._depth == 0:
                    self._spread()

    def news(self, topic: str, build: Callable[[], Json]) -> None:
        """Tell the subscribers of `topic` when the action ends; the body is built then."""
        self._news.append((topic, build))

    def touch(self, order: Order) -> None:
        """Note that the order changed: it gets a new updated_at and its subscribers hear of it."""
        order.updated_at = self.now()
        self._touched[order.id] = order

    def moved(self, level: Level) -> None:
        """Note that units for sale changed at a place."""
        level.updated_at = self.now()
        self._moved[level.item, level.place] = level

    def _spread(self) -> None:
        news, touched, moved = self._news, self._touched, self._moved
        self._news, self._touched, self._moved = [], {}, {}
        event = self.new_uuid()
        for topic, build in news:
            self._tell(topic, build(), event)
        for order in touched.values():
            self._tell("orders/updated", self.describe_order(order), event)
        for level in moved.values():
            self._tell("inventory_levels/update", self.describe_level(level), event)

    def order(self, order: int | str) -> Order:
        """Return one order by its bare id. Raises KeyError."""
        return self.orders[int(order)]

    def of_order(self, order: Order) -> list[FulfilmentOrder]:
        """Return the order's fulfilment orders, oldest first."""
        return [self.fulfilment_orders[row] for row in order.fulfilment_orders]

    def level(self, item: int, place: int) -> Level:
        """Return the stock of an item at a place; it is stocked there from now on."""
        places = self.levels.setdefault(item, {})
        if place not in places:
            places[place] = Level(item=item, place=place, updated_at=self.now())
        return places[place]

    def levels_of(self, item: int) -> list[Level]:
        """Return the item's stock, by place."""
        return [level for _, level in sorted(self.levels.get(item, {}).items())]
