"""The people of both simulated shops: customers who buy and cancel, staff who pack, suppliers who deliver or do not.

Both sides behind the same few words, so that the story need not know which platform it plays on.
"""

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from connectors.simulator.journal import Entry
from connectors.simulator.script import Product, Side
from connectors.simulator.shopify import ShopifyShop
from connectors.simulator.woocommerce import WooCommerceStore, fulfillments, stock
from connectors.simulator.woocommerce.rows import Order
from core.errors import Misuse
from core.facts import Incoming

EnterSupply = Callable[[Side, Incoming], None]
OUR_MARKS = "_backorder_"
SECONDS_TO_TELL = 0.5
FREE = frozenset({"OPEN", "IN_PROGRESS"})


@dataclass(slots=True, kw_only=True)
class Shipment:
    """Supply on its way. `name` is what people call it, `reference` the shop's own id."""

    name: str
    sku: str
    units: int
    due: datetime
    received: bool = False
    reference: str = ""

    def incoming(self) -> Incoming:
        """Return it as the merchant would enter it."""
        received = self.units if self.received else 0
        return Incoming(
            id=self.name, sku=self.sku, location="", ordered=self.units, received=received, eta=self.due.date()
        )


class People(Protocol):
    """Everybody around one shop. Orders are the shop's ids, as texts."""

    side: Side
    shop: str

    def stock(self, product: Product) -> None:
        """Put a product on sale."""

    def buy(self, lines: Sequence[tuple[str, int]], customer: int, country: str) -> str:
        """Let a customer order (SKU, units) lines; return the order."""

    def cancel(self, order: str) -> bool:
        """Let the customer step back; False when it is too late."""

    def ship(self, order: str) -> bool:
        """Pack what nobody keeps back, when all of that is there; False when nothing was packed."""

    def is_done(self, order: str) -> bool:
        """Whether nothing of the order is left to ship."""

    def name(self, order: str) -> str:
        """Return what people call the order."""

    def on_hand(self, sku: str) -> int:
        """Return the units that are physically there."""

    def free(self, sku: str) -> int:
        """Return the units on hand less those that are sold; below 0 somebody waits."""

    def expect(self, sku: str, units: int, due: datetime, number: int) -> Shipment:
        """Order supply; `number` counts the shop's shipments."""

    def receive(self, shipment: Shipment) -> None:
        """Take a shipment in."""

    def postpone(self, shipment: Shipment) -> None:
        """Tell that a shipment comes on its new date."""

    def writes(self) -> tuple[Entry, ...]:
        """Return the calls that changed something in the shop, oldest first."""

    def forget(self) -> None:
        """Throw away the copies of webhooks that were sent, which nobody reads in the demo."""


class ShopifyPeople:
    """The people of the simulated Shopify shop."""

    side: Side = "shopify"

    def __init__(self, shop: ShopifyShop) -> None:
        self._shop = shop
        self.shop = shop.name

    def stock(self, product: Product) -> None:
        """Put a product on sale."""
        self._shop.add_product(
            product.sku, product.title, product.price, product.on_hand,
            kind=product.kind, options=dict(product.options), beside=product.beside,
        )  # fmt: skip

    def buy(self, lines: Sequence[tuple[str, int]], customer: int, country: str) -> str:
        """Order and pay."""
        return self._shop.checkout(lines, customer=f"customer{customer}@example.com", country=country)

    def cancel(self, order: str) -> bool:
        """Cancel the order, unless something of it has left."""
        try:
            self._shop.cancel(order)
        except Misuse:
            return False
        return True

    def ship(self, order: str) -> bool:
        """Pack what no hold keeps back, when all of it is on the shelf."""
        with self._shop.state.lock:
            row = self._shop.state.orders[int(order)]
            free: Counter[str] = Counter()
            for part in self._shop.state.of_order(row):
                if part.status in FREE:
                    for line in part.lines:
                        free[row.line(line.line).sku or ""] += line.remaining
            free += Counter()
            if not free or any(units > self.on_hand(sku) for sku, units in free.items()):
                return False
            self._shop.fulfil(order)
            return True

    def is_done(self, order: str) -> bool:
        """Whether no fulfilment order has units left."""
        with self._shop.state.lock:
            parts = self._shop.state.of_order(self._shop.state.orders[int(order)])
            return not any(part.alive and part.remaining for part in parts)

    def name(self, order: str) -> str:
        """Return the order's name, such as #1001."""
        row = self._shop.state.orders.get(int(order))
        return row.name if row else f"order {order}"

    def on_hand(self, sku: str) -> int:
        """Return the shop's `on_hand`."""
        return self._shop.on_hand(sku)

    def free(self, sku: str) -> int:
        """Return the shop's `available`."""
        return self._shop.available(sku)

    def expect(self, sku: str, units: int, due: datetime, number: int) -> Shipment:  # noqa: ARG002  # the shop numbers
        """Make a transfer that is on its way."""
        transfer = self._shop.add_transfer(sku, units, due)
        name = f"shipment-{self._shop.state.transfers[int(transfer)].shipment}"
        return Shipment(name=name, sku=sku, units=units, due=due, reference=transfer)

    def receive(self, shipment: Shipment) -> None:
        """Receive the transfer."""
        self._shop.receive_transfer(shipment.reference)

    def postpone(self, shipment: Shipment) -> None:
        """Change the transfer's date."""
        self._shop.late_transfer(shipment.reference, shipment.due)

    def writes(self) -> tuple[Entry, ...]:
        """Return the mutations."""
        return self._shop.journal.writes()

    def forget(self) -> None:
        """Throw away the copies of webhooks sent."""
        self._shop.hooks.clear()


class WooCommercePeople:
    """The people of the simulated WooCommerce store. Supply is typed into our page: the store has no place for it."""

    side: Side = "woocommerce"

    def __init__(self, store: WooCommerceStore, enter_supply: EnterSupply) -> None:
        self._store = store
        self._enter_supply = enter_supply
        self.shop = store.state.name

    def stock(self, product: Product) -> None:
        """Put a product on sale."""
        self._store.add_product(product.sku, product.title, product.price, product.on_hand, categories=(product.kind,))

    def buy(self, lines: Sequence[tuple[str, int]], customer: int, country: str) -> str:
        """Order and pay."""
        return str(self._store.checkout(list(lines), customer=f"Customer {customer}", country=country))

    def cancel(self, order: str) -> bool:
        """Cancel the order while it is in processing and nothing of it has left."""
        with self._store.state.lock:
            row = self._store.order(order)
            if row.status != "processing" or row.fulfillments:
                return False
            self._store.set_status(order, "cancelled")
            return True

    def ship(self, order: str) -> bool:
        """Complete an order that carries no mark of ours, when all of it is there; of others the service records parts.

        An order of which every part is recorded is completed too, which packs nothing.
        """
        with self._store.state.lock:
            row = self._store.order(order)
            units = self._unshipped(row)
            if row.status != "processing" or any(meta.key.startswith(OUR_MARKS) for meta in row.meta if units):
                return False
            if any(count > self.on_hand(sku) for sku, count in units.items()):
                return False
            self._store.complete(order)
            return bool(units)

    def is_done(self, order: str) -> bool:
        """Whether the order is no longer in processing."""
        return self._store.order(order).status != "processing"

    def name(self, order: str) -> str:
        """Return the order's number with its sign, such as #17."""
        return f"#{order}"

    def on_hand(self, sku: str) -> int:
        """Return the store's number and what it has taken out for orders that have not left."""
        with self._store.state.lock:
            open_rows = [row for row in self._store.state.orders.values() if row.status == "processing"]
            return self.free(sku) + sum(self._unshipped(row)[sku] for row in open_rows)

    def free(self, sku: str) -> int:
        """Return the store's stock number."""
        return self._store.stock_of(sku) or 0

    def expect(self, sku: str, units: int, due: datetime, number: int) -> Shipment:
        """Type a purchase order into our page."""
        shipment = Shipment(name=f"PO-{100 + number}", sku=sku, units=units, due=due)
        self._enter_supply(self.side, shipment.incoming())
        return shipment

    def receive(self, shipment: Shipment) -> None:
        """Add to the stock, and tick the purchase order off once the store has told of that, as a person would."""
        self._store.restock(shipment.sku, shipment.units)
        self._store.hooks.flush(SECONDS_TO_TELL)
        self._enter_supply(self.side, shipment.incoming())

    def postpone(self, shipment: Shipment) -> None:
        """Correct the purchase order's date."""
        self._enter_supply(self.side, shipment.incoming())

    def writes(self) -> tuple[Entry, ...]:
        """Return the requests that wrote."""
        return self._store.journal.writes()

    def forget(self) -> None:
        """Throw away the copies of webhooks sent."""
        self._store.hooks.clear()

    def _unshipped(self, row: Order) -> Counter[str]:
        """Return units by SKU that no shipment of the order covers."""
        shipped: Counter[int] = Counter()
        for parcel in row.fulfillments:
            shipped += fulfillments.items(parcel) if parcel.fulfilled else Counter()
        left: Counter[str] = Counter()
        for line in row.lines:
            product = stock.product_of(self._store.state, line)
            if product is not None:
                left[product.sku] += line.quantity - shipped[line.id]
        return +left
