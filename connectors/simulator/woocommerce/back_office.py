"""What the people of a store do in its admin pages: the shelves, the orders, the parcels. Webhooks follow."""

from collections.abc import Mapping
from datetime import timedelta
from decimal import Decimal
from typing import Any

from connectors.simulator.woocommerce import fulfillments, metadata, products, refunds, statuses, stock
from connectors.simulator.woocommerce.rest import RestError
from connectors.simulator.woocommerce.rows import Line, Order, Product
from connectors.simulator.woocommerce.state import HOLD_STOCK_MINUTES, State

OrderId = int | str
Units = Mapping[int | str, int]


class BackOffice:
    """The merchant's side of a store. Unknown SKUs and ids raise LookupError."""

    state: State

    def add_product(
        self,
        sku: str,
        title: str,
        price: str | Decimal,
        stock: int | None = 0,
        *,
        backorders: str = "notify",
        manage_stock: bool = True,
        stock_status: str = "instock",
        virtual: bool = False,
        categories: tuple[str, ...] = (),
    ) -> int:
        """Put a product on sale and return its id. Without `manage_stock` only `stock_status` counts."""
        fields: dict[str, Any] = {
            "sku": sku,
            "name": title,
            "regular_price": str(price),
            "manage_stock": manage_stock,
            "stock_quantity": stock if manage_stock else None,
            "backorders": backorders,
            "stock_status": stock_status,
            "virtual": virtual,
        }
        return self._new(fields, None, categories)

    def add_variable_product(
        self,
        sku: str,
        title: str,
        price: str | Decimal,
        variations: Mapping[str, tuple[str, int | None]],
        *,
        attribute: str = "Size",
        backorders: str = "notify",
        parent_stock: int | None = None,
        categories: tuple[str, ...] = (),
    ) -> int:
        """Put a product with variations on sale and return the parent's id.

        `variations`: (SKU, stock) by option. With `parent_stock` the parent counts the units of all of them.
        """
        counted = parent_stock is not None
        parent = self._new(
            {
                "sku": sku,
                "name": title,
                "type": "variable",
                "regular_price": str(price),
                "manage_stock": counted,
                "stock_quantity": parent_stock,
                "backorders": backorders if counted else "no",
            },
            None,
            categories,
        )
        for option, (variation_sku, units) in variations.items():
            fields: dict[str, Any] = {
                "sku": variation_sku,
                "regular_price": str(price),
                "attributes": [{"name": attribute, "option": option}],
                "manage_stock": not counted,
                "stock_quantity": None if counted else units,
                "backorders": "no" if counted else backorders,
            }
            self._new(fields, parent)
        return parent

    def stock_of(self, sku: str) -> int | None:
        """The store's number of units of this SKU (orders taken out, may be negative); None when not counted."""
        with self.state.lock:
            holder = stock.keeper(self.state, self.state.by_sku(sku))
            return None if holder is None else holder.stock

    def restock(self, sku: str, units: int) -> int:
        """Add units that arrived (negative: take away) and return the new number."""
        with self.state.lock:
            return stock.change(self.state, self._keeper(sku), units)

    def set_stock(self, sku: str, units: int) -> None:
        """Set the number of units, as after counting the shelf."""
        with self.state.lock:
            holder = self._keeper(sku)
            stock.change(self.state, holder, units - (holder.stock or 0))

    def set_backorders(self, sku: str, backorders: str) -> None:
        """Sell it beyond its stock (`yes`, or `notify` to tell the customer) or not (`no`)."""
        with self.state.lock:
            holder = self._keeper(sku)
            products.write(self.state, holder, {"backorders": backorders})
            self.state.fire("product.updated", holder.id)

    def trash_product(self, sku: str) -> None:
        """Move a product to the trash."""
        with self.state.lock:
            products.trash(self.state, self.state.by_sku(sku))

    def untrash_product(self, sku: str) -> None:
        """Bring a product back from the trash."""
        with self.state.lock:
            products.untrash(self.state, self.state.by_sku(sku))

    def delete_product(self, sku: str) -> None:
        """Delete a product for good; no webhook tells."""
        with self.state.lock:
            products.remove(self.state, self.state.by_sku(sku))

    def order(self, order: OrderId) -> Order:
        """The order as the store keeps it."""
        found = self.state.orders.get(int(order))
        if found is None:
            raise LookupError(f"no order {order}")
        return found

    def line(self, order: OrderId, sku: str) -> int:
        """The id of the order's first line with this SKU."""
        with self.state.lock:
            product = self.state.by_sku(sku)
            for line in self.order(order).lines:
                if stock.product_of(self.state, line) is product:
                    return line.id
        raise LookupError(f"no line with SKU {sku!r} in order {order}")

    def set_status(self, order: OrderId, status: str) -> None:
        """Move an order to a status, as from the order list."""
        if status not in self.state.statuses():
            raise LookupError(f"no status {status!r}")
        with self.state.lock:
            row = self.order(order)
            statuses.enter(self.state, row, status)
            self.state.fire("order.updated", row.id)

    def complete(self, order: OrderId) -> None:
        """Mark an order as shipped whole."""
        self.set_status(order, "completed")

    def refund(
        self, order: OrderId, lines: Units, *, restock: bool = True, money: bool = True, reason: str = ""
    ) -> int:
        """Refund units by line id and return the refund's id. Without `money` only units come back."""
        with self.state.lock:
            row = self.order(order)
            rows = [self._refund_row(self._line(row, line), units, money=money) for line, units in lines.items()]
            return refunds.give(self.state, row, rows, reason=reason, restock=restock).id

    def edit_line(self, order: OrderId, line: int | str, units: int) -> None:
        """Change a line's quantity at its price; 0 removes it. Stock follows."""
        with self.state.lock:
            row = self.order(order)
            item = self._line(row, line)
            stock.follow_quantity(self.state, row, item, units)
            if units:
                item.subtotal = self.state.rounded(item.subtotal / item.quantity * units)
                item.total = self.state.rounded(item.total / item.quantity * units)
                item.quantity = units
            else:
                row.lines.remove(item)
            self._saved(row)

    def ship_part(self, order: OrderId, lines: Units) -> int:
        """Record a shipment of units by line id and return its id; the store needs the feature."""
        if not self.state.fulfillments_on:
            raise LookupError("this store has no fulfillments: make it with fulfillments=True")
        with self.state.lock:
            row = self.order(order)
            items = [{"item_id": self._line(row, line).id, "qty": units} for line, units in lines.items()]
            meta = [{"key": fulfillments.ITEMS, "value": items}]
            return fulfillments.record(self.state, row, meta, fulfilled=True).id

    def trash(self, order: OrderId) -> None:
        """Move an order to the trash; its stock stays taken."""
        with self.state.lock:
            statuses.trash(self.state, self.order(order))

    def untrash(self, order: OrderId) -> None:
        """Bring an order back from the trash; only legacy storage tells."""
        with self.state.lock:
            row = self.order(order)
            row.status, row.modified = row.before_trash, self.state.now()
            if self.state.legacy:
                self.state.fire("order.updated", row.id)

    def force_delete(self, order: OrderId) -> None:
        """Delete an order for good: no webhook, no stock."""
        with self.state.lock:
            del self.state.orders[self.order(order).id]

    def set_meta(self, order: OrderId, key: str, value: object) -> None:
        """Write a custom field of an order."""
        with self.state.lock:
            row = self.order(order)
            metadata.put(self.state, row.meta, key, value)
            self._saved(row)

    def remove_meta(self, order: OrderId, key: str) -> None:
        """Remove a custom field of an order."""
        with self.state.lock:
            row = self.order(order)
            metadata.drop(row.meta, key)
            self._saved(row)

    def cancel_unpaid(self) -> tuple[int, ...]:
        """What the store does by itself: cancel storefront orders unpaid for an hour. Returns their ids."""
        with self.state.lock:
            limit = self.state.now() - timedelta(minutes=HOLD_STOCK_MINUTES)
            late = [
                row.id
                for row in self.state.orders.values()
                if row.status == "pending" and row.created_via == "store-api" and row.modified <= limit
            ]
            for order in late:
                self.set_status(order, "cancelled")
            return tuple(late)

    def disable_webhooks(self) -> None:
        """Switch every webhook off, as seven failures in a row do."""
        with self.state.lock:
            for webhook in self.state.webhooks.values():
                webhook.status, webhook.modified = "disabled", self.state.now()

    def revoke_key(self, consumer_key: str) -> None:
        """Delete a REST key."""
        with self.state.lock:
            del self.state.keys[consumer_key]

    def demote_key(self, consumer_key: str) -> None:
        """Take the role from the user of a key: all of the user's keys are known, and may do nothing."""
        with self.state.lock:
            self.state.demoted.add(self.state.keys[consumer_key].user_id)

    def _new(self, fields: dict[str, Any], parent: int | None, categories: tuple[str, ...] = ()) -> int:
        with self.state.lock:
            above = self.state.products[parent] if parent else None
            try:
                row = products.make(self.state, fields, parent=above)
            except RestError as refused:
                raise LookupError(refused.message) from refused
            row.categories = categories
            self.state.fire("product.created", row.id)
            return row.id

    def _keeper(self, sku: str) -> Product:
        holder = stock.keeper(self.state, self.state.by_sku(sku))
        if holder is None:
            raise LookupError(f"nobody counts the units of {sku!r}")
        return holder

    def _line(self, order: Order, line: int | str) -> Line:
        for item in order.lines:
            if item.id == int(line):
                return item
        raise LookupError(f"no line {line} in order {order.id}")

    def _refund_row(self, line: Line, units: int, *, money: bool) -> dict[str, Any]:
        total = line.total / line.quantity * units if money else Decimal(0)
        return {"id": line.id, "quantity": units, "refund_total": str(self.state.rounded(total))}

    def _saved(self, order: Order) -> None:
        order.modified = self.state.now()
        self.state.fire("order.updated", order.id)
