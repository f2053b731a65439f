"""What shoppers do: open the checkout, place an order. Only here is stock enforced and backordering noted."""

import random
from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal

from connectors.simulator.woocommerce import coupons, metadata, order_lines, orders, statuses, stock
from connectors.simulator.woocommerce.rest import RestError
from connectors.simulator.woocommerce.rows import Customer, Order, Product, ShippingLine
from connectors.simulator.woocommerce.state import State

Wanted = Sequence[tuple[str, int]]
PAYMENTS = {
    "bacs": "Direct bank transfer",
    "cheque": "Check payments",
    "cod": "Cash on delivery",
    "card": "Credit or debit card",
}
UPDATED_FIRST = 0.75
"""How often `order.updated` overtakes `order.created`."""


class Storefront:
    """The shoppers' side of a store."""

    state: State

    def add_customer(self, name: str, email: str, *, country: str = "US") -> int:
        """Register a customer and return the id."""
        with self.state.lock:
            row = Customer(
                id=self.state.new_id("user") + 1,
                email=email,
                address=_person(name, email, country),
                created=self.state.now(),
                modified=self.state.now(),
            )
            self.state.customers[row.id] = row
            return row.id

    def open_checkout(self, lines: Wanted, *, customer: str | int = "Customer 1", country: str = "US") -> int:
        """A shopper looks at the checkout and leaves: a draft order, and `order.updated` for it. Returns its id."""
        with self.state.lock:
            order = self._draft(lines, customer, None, country)
            self.state.fire("order.updated", order.id)
            return order.id

    def checkout(
        self,
        lines: Wanted,
        *,
        customer: str | int = "Customer 1",
        email: str | None = None,
        country: str = "US",
        status: str = "processing",
        payment: str = "card",
        coupon: str | None = None,
        note: str = "",
        at: datetime | None = None,
    ) -> int:
        """A shopper orders (SKU, units) and pays so that the order ends in `status`. Returns its id.

        `customer` is a guest's name or a registered customer's id; `at` dates the order back. Raises RestError 400
        where the storefront refuses: more than there is of a product without backorders, or a bad coupon.
        """
        with self.state.lock:
            _in_stock(self.state, lines)
            order = self._draft(lines, customer, email, country)
            order.payment_method, order.payment_title = payment, PAYMENTS.get(payment, payment)
            order.customer_note = note
            try:
                coupons.apply(self.state, order, [coupon] if coupon else [])
            except RestError:
                del self.state.orders[order.id]
                raise
            self._place(order, status, at)
            return order.id

    def _place(self, order: Order, status: str, at: datetime | None) -> None:
        statuses.enter(self.state, order, status)
        if at is not None:
            order.created = order.modified = at.astimezone(self.state.now().tzinfo).replace(microsecond=0)
            order.paid = order.paid and order.created
            order.completed = order.completed and order.created
        events = ["order.created", "order.updated"]
        if self.state.random.random() < UPDATED_FIRST:
            events.reverse()
        for event in events:
            self.state.fire(event, order.id)

    def _draft(self, lines: Wanted, customer: str | int, email: str | None, country: str) -> Order:
        state = self.state
        products = [(state.by_sku(sku), units) for sku, units in lines]
        known = state.customers.get(customer) if isinstance(customer, int) else None
        if isinstance(customer, int) and known is None:
            raise LookupError(f"no customer with id {customer}")
        order = orders.make(state, created_via="store-api", status="checkout-draft")
        who = known.address if known else _person(str(customer), email, country)
        order.customer_id = known.id if known else 0
        order.billing, order.shipping = orders.address(who, "email", "phone"), orders.address(who, "phone")
        order.customer_ip, order.user_agent = "127.0.0.1", "Mozilla/5.0"
        order.cart_hash = random.Random(order.id).randbytes(16).hex()  # noqa: S311  # a stand-in, no secret
        metadata.put(state, order.meta, "is_vat_exempt", "no")
        for product, units in products:
            order.lines.append(line := order_lines.for_product(state, product, units))
            if waiting := _backordered(state, product, units):
                metadata.put(state, line.meta, state.backordered_key, str(waiting))
        order.shipping_lines.append(_flat_rate(state, order))
        return order


def _backordered(state: State, product: Product, units: int) -> int:
    """Units that stock does not cover now, where the shopper is told so; silent backorders leave no mark."""
    holder = stock.keeper(state, product)
    if holder is None or holder.backorders != "notify":
        return 0
    return max(0, units - max(0, holder.stock or 0))


def _in_stock(state: State, lines: Wanted) -> None:
    for sku, units in lines:
        product = state.by_sku(sku)
        holder = stock.keeper(state, product)
        out = product.stock_status == "outofstock" if holder is None else units > (holder.stock or 0)
        if out and (holder is None or holder.backorders == "no"):
            words = f"There is not enough stock of {product.name}."
            raise RestError(400, "woocommerce_rest_product_partially_out_of_stock", words)


def _flat_rate(state: State, order: Order) -> ShippingLine:
    line = ShippingLine(
        id=state.new_id("line"), title="Flat rate", method="flat_rate", total=Decimal("5.00"), instance="1"
    )
    packed = ", ".join(f"{item.name} &times; {item.quantity}" for item in order.lines)
    metadata.put(state, line.meta, "Items", packed)
    return line


def _person(name: str, email: str | None, country: str) -> dict[str, str]:
    first, _, last = name.partition(" ")
    mail = email or f"{''.join(name.lower().split())}@example.com"
    return {
        "first_name": first,
        "last_name": last,
        "address_1": "1 Example Street",
        "city": "Example",
        "postcode": "10001",
        "country": country,
        "email": mail,
    }
