"""What customers do in the shop: order, pay, change their mind. Each tells the subscribers what the platform tells."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from decimal import Decimal
from typing import Literal

from connectors.simulator.shopify import discounts, fulfilment_orders, inventory, orders, payloads
from connectors.simulator.shopify.rows import Customer, Line, Order, Place, Variant
from connectors.simulator.shopify.state import State
from core.errors import Misuse

Restock = Literal["cancel", "return", "no_restock"]
Ref = str | int
FIRST_PLACE = "Main warehouse"


class Storefront:
    """The customers' side of a shop. Ids are bare, as texts; money is in the shop's currency."""

    def __init__(self, state: State) -> None:
        self.state = state
        self.add_location(FIRST_PLACE)

    def add_location(self, name: str, *, ships_online: bool = True) -> str:
        """Open a stock location and return its id; the first one, "Main warehouse", is there from the start."""
        with self.state.action():
            row = Place(id=self.state.new_id("Location"), name=name, ships_online=ships_online)
            self.state.places[row.id] = row
            return str(row.id)

    def checkout(
        self,
        lines: Sequence[tuple[str, int]],
        *,
        customer: str | None = None,
        country: str = "DE",
        tags: Iterable[str] = (),
        paid: bool = True,
        at: datetime | None = None,
        location: Ref | None = None,
        note: str | None = None,
        code: str | None = None,
    ) -> str:
        """Order (SKU, units) lines and return the order's id. `customer` is an e-mail address, `at` when (now if None).

        Raises Misuse for an unknown SKU, for more than there is where the item is not sold beyond its stock, and for a
        discount code that this customer cannot use.
        """
        state = self.state
        with state.action():
            place = self._place(location)
            wanted = [(self._variant(sku), units) for sku, units in lines]
            self._check_sellable(wanted)
            order = self._order(customer, country, [self._line(variant, units) for variant, units in wanted], at)
            order.tags, order.note = list(tags), note
            if code is not None:
                order.codes = [discounts.use(state, code, order.customer)]
            self._commit(order, place)
            state.news("orders/create", lambda: payloads.order(state, order))
            if paid:
                order.financial, order.received = "PAID", order.total()
                state.news("orders/paid", lambda: payloads.order(state, order))
            return str(order.id)

    def pay(self, order: Ref) -> None:
        """Pay an order that was placed with `paid=False`."""
        with self.state.action():
            orders.pay(self.state, self._order_row(order))

    def cancel(self, order: Ref, *, restock: bool = True, reason: str = "CUSTOMER", refund: bool = True) -> None:
        """Cancel an order. Raises Misuse when something of it has shipped or is being picked, or it is cancelled."""
        with self.state.action():
            orders.cancel(self.state, self._order_row(order), reason=reason, restock=restock, refunded=refund)

    def line(self, order: Ref, sku: str) -> str:
        """Return the id of the order's first line of this SKU."""
        for row in self._order_row(order).lines:
            if row.sku == sku:
                return str(row.id)
        raise Misuse(f"order {order} has no line of {sku}")

    def _place(self, location: Ref | None) -> int:
        return min(self.state.places) if location is None else int(location)

    def _variant(self, sku: str) -> Variant:
        if (row := self.state.by_sku.get(sku)) is None or row.deleted:
            raise Misuse(f"the shop sells no {sku}")
        return row

    def _order_row(self, order: Ref) -> Order:
        if (row := self.state.orders.get(int(order))) is None:
            raise Misuse(f"the shop has no order {order}")
        return row

    def _check_sellable(self, wanted: list[tuple[Variant, int]]) -> None:
        for variant, units in wanted:
            if units < 1:
                raise Misuse(f"{variant.sku}: at least one unit must be ordered")
            available = sum(level.available for level in self.state.levels_of(variant.item))
            if variant.tracked and variant.policy == "DENY" and available < units:
                raise Misuse(f"{variant.sku}: only {max(0, available)} left, and it is not sold beyond its stock")

    def _line(self, variant: Variant, units: int) -> Line:
        return Line(
            id=self.state.new_id("LineItem"),
            variant=variant.id,
            product=variant.product,
            item=variant.item,
            sku=variant.sku,
            title=variant.title,
            variant_title=variant.own_title,
            quantity=units,
            price=variant.price,
            ships=variant.ships,
            gift_card=variant.gift_card,
        )

    def _order(self, customer: str | None, country: str, lines: list[Line], at: datetime | None) -> Order:
        state = self.state
        placed_at = state.now() if at is None else at.replace(microsecond=0)
        row = Order(
            id=state.new_id("Order"),
            number=state.new_id("order number"),
            created_at=placed_at,
            updated_at=placed_at,
            currency=state.currency,
            customer=self._customer(customer),
            country=country,
            financial="PENDING",
            lines=lines,
        )
        state.orders[row.id] = row
        return row

    def _customer(self, email: str | None) -> int | None:
        if email is None:
            return None
        for row in self.state.customers.values():
            if row.email == email:
                return row.id
        number = self.state.new_id("Customer")
        self.state.customers[number] = Customer(id=number, name=f"Customer {number - 1000}", email=email)
        return number

    def _commit(self, order: Order, place: int) -> None:
        """Make the fulfilment orders: one for what is shipped, one for what is not."""
        for ships in (True, False):
            units = {line.id: line.quantity for line in order.lines if line.ships is ships}
            if units:
                fulfilment_orders.create(self.state, order, place, units, ships=ships)

    def add_product(
        self,
        sku: str,
        title: str,
        price: str | Decimal,
        on_hand: int,
        *,
        policy: str = "continue",
        tracked: bool = True,
        location: Ref | None = None,
        ships: bool = True,
        gift_card: bool = False,
        kind: str = "",
        category: str | None = None,
        options: Mapping[str, str] | None = None,
        beside: str | None = None,
    ) -> str:
        """Sell a new product, or a further variant `beside` another SKU, and return its inventory item's id."""
        state = self.state
        with state.action():
            if sku in state.by_sku:
                raise Misuse(f"{sku} is sold already")
            row = Variant(
                id=state.new_id("ProductVariant"),
                product=self._variant(beside).product if beside else state.new_id("Product"),
                item=state.new_id("InventoryItem"),
                sku=sku,
                title=title,
                price=Decimal(price),
                policy=policy.upper(),
                tracked=tracked,
                ships=ships,
                gift_card=gift_card,
                type=kind,
                category=category,
                options=dict(options or {}),
                created_at=state.now(),
                updated_at=state.now(),
            )
            state.variants[row.id] = state.by_sku[sku] = state.by_item[row.item] = row
            state.news("products/update" if beside else "products/create", lambda: payloads.product(state, row))
            state.news("inventory_items/create", lambda: payloads.item(row))
            inventory.change_on_hand(state, state.level(row.item, self._place(location)), on_hand)
            return str(row.item)
