"""What the merchant's people do: receive, pick, ship, refund, hold, edit, and bring in goods that come late."""

from collections.abc import Mapping
from datetime import datetime
from functools import partial

from connectors.simulator.shopify import fulfilment_orders, inventory, mutations, orders, payloads, thin_payloads
from connectors.simulator.shopify.incoming import Incoming
from connectors.simulator.shopify.rows import FulfilmentOrder, Hold
from connectors.simulator.shopify.storefront import Ref, Restock
from core.errors import Misuse

STRANGER = "another app"


class Merchant(Incoming):
    """The merchant's side of a shop."""

    # Stock and products

    def restock(self, sku: str, units: int, *, location: Ref | None = None) -> None:
        """Receive units into stock (negative: lose them)."""
        with self.state.action():
            level = self.state.level(self._variant(sku).item, self._place(location))
            inventory.change_on_hand(self.state, level, units)

    def on_hand(self, sku: str, *, location: Ref | None = None) -> int:
        """Return the units that are physically there."""
        with self.state.lock:
            return self.state.level(self._variant(sku).item, self._place(location)).on_hand

    def available(self, sku: str, *, location: Ref | None = None) -> int:
        """Return the units that can still be sold."""
        with self.state.lock:
            return self.state.level(self._variant(sku).item, self._place(location)).available

    def set_policy(self, sku: str, policy: str) -> None:
        """Sell it beyond its stock (`continue`) or not (`deny`)."""
        with self.state.action():
            row = self._variant(sku)
            row.policy, row.updated_at = policy.upper(), self.state.now()
            self.state.news("products/update", lambda: payloads.product(self.state, row))

    def delete_product(self, sku: str) -> None:
        """Delete a product; the lines of its orders stay, without it."""
        state = self.state
        with state.action():
            row = self._variant(sku)
            for one in [one for one in state.variants.values() if one.product == row.product and not one.deleted]:
                one.deleted = True
                del state.by_sku[one.sku or ""]
                state.news("inventory_items/delete", partial(dict, id=one.item))
            state.news("products/delete", lambda: {"id": row.product})

    # Orders

    def refund(self, order: Ref, units: Mapping[Ref, int], *, restock: Restock = "cancel") -> None:
        """Refund units per line. `cancel` and `return` put them back into stock, `no_restock` gives them up."""
        rows = [(int(line), count, restock.upper()) for line, count in units.items()]
        with self.state.action():
            orders.refund(self.state, self._order_row(order), rows)

    def edit_line(self, order: Ref, line: Ref, quantity: int, *, restock: bool = True) -> None:
        """Change how many units of a line are wanted, not below what is shipped."""
        with self.state.action():
            orders.edit_quantity(self.state, self._order_row(order), int(line), quantity, restock=restock)

    def fulfil(self, order: Ref, units: Mapping[Ref, int] | None = None, *, tracking: str | None = None) -> str:
        """Ship what is open and not held: `units` per line, or all of it, and return the last parcel's id.

        One parcel per location. Raises Misuse when less is open.
        """
        with self.state.action():
            open_rows = [row for row in self._fulfilment_orders(order) if row.status in {"OPEN", "IN_PROGRESS"}]
            left = None if units is None else {int(line): count for line, count in units.items()}
            parts = [(row, lines) for row in open_rows if (lines := _take(row, left))]
            if not parts or (left and any(left.values())):
                raise Misuse(f"order {order}: not so many units are open and free to ship")
            parcels = [
                orders.fulfil(self.state, [part for part in parts if part[0].place == place], {"number": tracking})
                for place in sorted({row.place for row, _ in parts})
            ]
            return str(parcels[-1].id)

    def cancel_parcel(self, parcel: Ref) -> None:
        """Undo a parcel: its units wait again."""
        with self.state.action():
            orders.cancel_fulfilment(self.state, self.state.fulfilments[int(parcel)])

    def start_picking(self, order: Ref) -> None:
        """Begin to pick everything that is open: it is IN_PROGRESS from now on."""
        with self.state.action():
            for row in self._fulfilment_orders(order):
                if row.status == "OPEN":
                    fulfilment_orders.start(self.state, row)

    def stop_picking(self, order: Ref) -> None:
        """Put what is being picked back to open."""
        with self.state.action():
            for row in self._fulfilment_orders(order):
                if row.status == "IN_PROGRESS":
                    row.status, row.updated_at = "OPEN", self.state.now()
                    self.state.touch(self._order_row(order))

    def remove_hold(self, order: Ref) -> None:
        """Let a person release every hold on the order, whoever placed it."""
        with self.state.action():
            for row in self._fulfilment_orders(order):
                if row.holds:
                    mutations.release(self.state, row, None)

    def foreign_hold(self, order: Ref, *, reason: str = "OTHER", handle: str = "foreign") -> None:
        """Let another app hold everything of the order that is not shipped."""
        with self.state.action():
            for row in self._fulfilment_orders(order):
                if row.alive:
                    self._hold(row, reason, handle)

    def _hold(self, row: FulfilmentOrder, reason: str, handle: str) -> None:
        first = not row.holds
        placed = Hold(app=STRANGER, handle=handle, reason=reason, notes=None)
        fulfilment_orders.hold(self.state, row, placed, [])
        if first:
            self.state.news(
                "fulfillment_orders/placed_on_hold", lambda: thin_payloads.placed_on_hold(row, placed, None)
            )
        self.state.news("fulfillment_holds/added", lambda: thin_payloads.hold(row, placed))

    def release_foreign_hold(self, order: Ref) -> None:
        """Let the other app release its holds."""
        with self.state.action():
            for row in self._fulfilment_orders(order):
                if theirs := {held.id for held in row.holds if held.app == STRANGER}:
                    mutations.release(self.state, row, theirs)

    def merge(self, order: Ref) -> None:
        """Make one of the order's open fulfilment orders at each location; the first takes over the others."""
        with self.state.action():
            open_rows = [row for row in self._fulfilment_orders(order) if row.status == "OPEN"]
            for place, ships in sorted({(row.place, row.ships) for row in open_rows}):
                rows = [row for row in open_rows if (row.place, row.ships) == (place, ships)]
                fulfilment_orders.check_merge(rows)
                fulfilment_orders.merge(self.state, rows)
                body = thin_payloads.merged(rows)
                self.state.news("fulfillment_orders/merged", lambda body=body: body)  # type: ignore[misc]  # binds the loop's value

    def move(self, order: Ref, location: Ref, units: Mapping[Ref, int] | None = None) -> None:
        """Ship what is open or held, or `units` per line of it, from another location."""
        left = None if units is None else {int(line): count for line, count in units.items()}
        with self.state.action():
            for row in self._fulfilment_orders(order):
                if row.alive and row.place != int(location) and (lines := _take(row, left)):
                    source = row.place
                    made = fulfilment_orders.move(self.state, row, int(location), lines)
                    body = thin_payloads.moved(row, made, source)
                    self.state.news("fulfillment_orders/moved", lambda body=body: body)  # type: ignore[misc]  # binds the loop's value

    def tag(self, order: Ref, *tags: str) -> None:
        """Put the merchant's own tags on the order."""
        with self.state.action():
            row = self._order_row(order)
            row.tags = [*row.tags, *(tag for tag in tags if tag not in row.tags)]
            self.state.touch(row)

    def untag(self, order: Ref, *tags: str) -> None:
        """Take tags off the order."""
        with self.state.action():
            row = self._order_row(order)
            row.tags = [tag for tag in row.tags if tag not in tags]
            self.state.touch(row)

    def archive(self, order: Ref, at: datetime | None = None) -> None:
        """Close the order."""
        with self.state.action():
            row = self._order_row(order)
            row.closed_at = at or self.state.now()
            self.state.touch(row)

    def delete(self, order: Ref) -> None:
        """Delete a cancelled or finished order for good. Raises Misuse while it is open."""
        with self.state.action():
            row = self._order_row(order)
            if row.cancelled_at is None and row.closed_at is None:
                raise Misuse(f"order {order} must be cancelled or closed before it can be deleted")
            del self.state.orders[row.id]
            for number in row.fulfilment_orders:
                del self.state.fulfilment_orders[number]
            self.state.news("orders/delete", lambda: {"id": row.id})

    def _fulfilment_orders(self, order: Ref) -> list[FulfilmentOrder]:
        return self.state.of_order(self._order_row(order))


def _take(row: FulfilmentOrder, left: dict[int, int] | None) -> list[tuple[int, int]]:
    """Return (its line, units) of a fulfilment order towards what is `left` to ship per line, which shrinks."""
    taken = []
    for part in row.lines:
        count = part.remaining if left is None else min(part.remaining, left.get(part.line, 0))
        if count:
            taken.append((part.id, count))
            if left is not None:
                left[part.line] -= count
    return taken
