"""The demo's story: plays the script on two simulated shops, and what the visitor's buttons make happen."""

import threading
from collections import deque
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta

import structlog

from connectors.simulator.demo_clock import DemoClock
from connectors.simulator.script import SHELVES, Event, Product, Side
from connectors.simulator.shopify import ShopifyShop
from connectors.simulator.woocommerce import WooCommerceStore
from core.errors import Misuse
from core.facts import Incoming
from core.house import Call

EnterSupply = Callable[[Side, Incoming], None]
NAMES: dict[Side, str] = {"shopify": "Shopify", "woocommerce": "WooCommerce"}
TICK = 0.25
log = structlog.get_logger(__name__)


class Shipment:
    """Supply on its way to one side."""

    def __init__(self, *, side: Side, name: str, sku: str, units: int, due: datetime) -> None:
        self.side = side
        self.name = name
        self.sku = sku
        self.units = units
        self.due = due
        self.received = False
        self.reference = ""

    def incoming(self) -> Incoming:
        """Return it as the merchant would enter it."""
        received = self.units if self.received else 0
        return Incoming(
            id=self.name, sku=self.sku, location="", ordered=self.units, received=received, eta=self.due.date()
        )


class DemoStory:
    """Implements `core.house.Story`. `enter_supply` is the merchant typing a purchase order into our page."""

    def __init__(
        self,
        *,
        clock: DemoClock,
        shopify: ShopifyShop,
        woocommerce: WooCommerceStore,
        events: Sequence[Event],
        enter_supply: EnterSupply,
    ) -> None:
        self.clock = clock
        self.shopify = shopify
        self.woocommerce = woocommerce
        self._enter_supply = enter_supply
        self._coming = deque(events)
        self._told: deque[str] = deque(maxlen=60)
        self._shipments: list[Shipment] = []
        self._orders: dict[Side, list[str]] = {"shopify": [], "woocommerce": []}
        self._lock = threading.RLock()
        self._stop = threading.Event()

    def stock_the_shelves(self) -> None:
        """Put the products on sale."""
        for product in SHELVES["shopify"]:
            self.shopify.add_product(product.sku, product.title, product.price, product.on_hand)
        for product in SHELVES["woocommerce"]:
            self.woocommerce.add_product(product.sku, product.title, product.price, product.on_hand)

    def start(self) -> None:
        """Play on a thread of its own."""
        threading.Thread(target=self._play, name="story", daemon=True).start()

    def stop(self) -> None:
        """End the story."""
        self._stop.set()

    def headline(self) -> str:
        """Say which day it is and what happened last."""
        with self._lock:
            last = self._told[0] if self._told else "The shops have just opened."
        return f"Day {self.clock.day()}: {last}"

    def events(self) -> Sequence[str]:
        """Return the story so far, newest first."""
        with self._lock:
            return tuple(self._told)

    def calls(self) -> Sequence[Call]:
        """Return the writes that the shops received, newest first."""
        sides = (("shopify", self.shopify.journal), ("woocommerce", self.woocommerce.journal))
        calls = [
            Call(at=e.at, platform=side, what=e.name, detail=e.detail, order=e.order, status=e.status)  # type: ignore[arg-type]  # the two platforms
            for side, journal in sides
            for e in journal.writes()[-40:]
        ]
        return tuple(sorted(calls, key=lambda call: call.at, reverse=True))

    def advance(self, days: int) -> datetime:
        """Move time forward and play what falls into it."""
        now = self.clock.advance(days)
        self.catch_up()
        return now

    def make_late(self) -> str:
        """Make the next shipment nine days late."""
        with self._lock:
            coming = sorted((s for s in self._shipments if not s.received), key=lambda s: s.due)
            if not coming:
                return "No shipment is on its way that could be late."
            return self._tell(self._slip(coming[0], 9))

    def sell_out(self) -> str:
        """Let a large customer take more than there is of the first item that is still in stock."""
        with self._lock:
            for side, products in SHELVES.items():
                for product in products:
                    units = self._on_hand(side, product)
                    if units > 0:
                        order = self._checkout(side, ((product.sku, units + 4),), 99, "DE")
                        return self._tell(
                            f"Order {order}: one customer takes {units + 4} of {product.title}, {units} are there."
                        )
        return self._tell("Everything is sold out already.")

    def cancel_order(self) -> str:
        """Let the customer of the oldest order that can still be cancelled step back."""
        with self._lock:
            for side in ("shopify", "woocommerce"):
                while self._orders[side]:
                    order = self._orders[side].pop(0)
                    if self._cancel(side, order):
                        return self._tell(f"The customer of order {order} cancelled it.")
        return self._tell("No order is left that could be cancelled.")

    def catch_up(self) -> None:
        """Play everything that is due."""
        with self._lock:
            now = self.clock.now()
            while self._coming and self.clock.start + self._coming[0].after <= now:
                self._happen(self._coming.popleft())
            for shipment in self._shipments:
                if not shipment.received and shipment.due <= now:
                    self._receive(shipment)

    def _play(self) -> None:
        while not self._stop.wait(TICK):
            try:
                self.catch_up()
            except Exception:
                # The story is a show: one scene that fails must not end it, but it must be seen in the log.
                log.exception("a scene of the demo failed")

    def _happen(self, event: Event) -> None:
        if event.kind == "order":
            order = self._checkout(event.side, event.lines, event.customer, event.country)
            wanted = ", ".join(f"{units} {sku}" for sku, units in event.lines)
            self._tell(f"{NAMES[event.side]} order {order}: {wanted}.")
        elif event.kind == "shipment":
            self._announce(event)
        elif event.kind == "slip":
            for shipment in [s for s in self._shipments if s.side == event.side and not s.received]:
                self._tell(self._slip(shipment, event.days))
        elif event.kind == "warehouse":
            self._pack(event.side)

    def _announce(self, event: Event) -> None:
        sku, units = event.lines[0]
        due = self.clock.start + event.after + timedelta(days=event.days)
        shipment = Shipment(side=event.side, name=event.name, sku=sku, units=units, due=due)
        if event.side == "shopify":
            shipment.reference = str(self.shopify.add_transfer(sku, units, due))
        else:
            self._enter_supply(event.side, shipment.incoming())
        self._shipments.append(shipment)
        self._tell(f"{units} {sku} are on their way ({event.name}), due {due:%d %b}.")

    def _receive(self, shipment: Shipment) -> None:
        shipment.received = True
        if shipment.side == "shopify":
            self.shopify.receive_transfer(shipment.reference)
        else:
            self.woocommerce.restock(shipment.sku, shipment.units)
            self._enter_supply(shipment.side, shipment.incoming())
        self._tell(f"{shipment.name} arrived: {shipment.units} {shipment.sku}.")

    def _slip(self, shipment: Shipment, days: int) -> str:
        shipment.due += timedelta(days=days)
        if shipment.side == "shopify":
            self.shopify.late_transfer(shipment.reference, shipment.due)
        else:
            self._enter_supply(shipment.side, shipment.incoming())
        return f"{shipment.name} slips {days} days: {shipment.units} {shipment.sku} now due {shipment.due:%d %b}."

    def _pack(self, side: Side) -> None:
        """The warehouse ships what no hold keeps back."""
        if side != "shopify":
            return
        shipped = [order for order in self._orders["shopify"] if self._ship(order)]
        if shipped:
            self._tell(f"The Shopify warehouse shipped {len(shipped)} parcel{'s' if len(shipped) > 1 else ''}.")

    def _ship(self, order: str) -> bool:
        try:
            self.shopify.fulfil(order)
        except (Misuse, LookupError):
            # Nothing of it is free: held, shipped or cancelled.
            return False
        return True

    def _checkout(self, side: Side, lines: Sequence[tuple[str, int]], customer: int, country: str) -> str:
        shop = self.shopify if side == "shopify" else self.woocommerce
        order = str(shop.checkout(list(lines), customer=f"Customer {customer}", country=country))
        self._orders[side].append(order)
        return order

    def _cancel(self, side: Side, order: str) -> bool:
        try:
            if side == "shopify":
                self.shopify.cancel(order)
            else:
                self.woocommerce.set_status(order, "cancelled")
        except (Misuse, LookupError):
            return False
        return True

    def _on_hand(self, side: Side, product: Product) -> int:
        units = self.shopify.available(product.sku) if side == "shopify" else self.woocommerce.stock_of(product.sku)
        return units or 0

    def _tell(self, sentence: str) -> str:
        self._told.appendleft(sentence)
        return sentence
