"""Goods on their way: transfers with one shipment each, that arrive, slip or are called off."""

from datetime import datetime

from connectors.simulator.shopify import inventory, payloads, thin_payloads
from connectors.simulator.shopify.rows import Shipment, Transfer
from connectors.simulator.shopify.state import gid
from connectors.simulator.shopify.storefront import Ref, Storefront
from core.errors import Misuse


class Incoming(Storefront):
    """The purchasing side of a shop."""

    def add_transfer(
        self, sku: str, units: int, arrives_at: datetime | None = None, *, location: Ref | None = None
    ) -> str:
        """Order goods to a location and ship them at once; `arrives_at` is all that the platform knows of when.

        Returns the transfer's id.
        """
        state = self.state
        with state.action():
            transfer = Transfer(
                id=state.new_id("InventoryTransfer"),
                line=state.new_id("InventoryTransferLineItem"),
                item=self._variant(sku).item,
                place=self._place(location),
                quantity=units,
                created_at=state.now(),
            )
            shipment = Shipment(
                id=state.new_id("InventoryShipment"),
                transfer=transfer.id,
                line=state.new_id("InventoryShipmentLineItem"),
                quantity=units,
                created_at=state.now(),
                arrives_at=arrives_at,
            )
            transfer.shipment = shipment.id
            state.transfers[transfer.id], state.shipments[shipment.id] = transfer, shipment
            more = {
                "tracking": thin_payloads.tracking(shipment),
                "line_items": [{"id": gid("InventoryShipmentLineItem", shipment.line), "quantity": units}],
            }
            state.news("inventory_transfers/ready_to_ship", lambda: thin_payloads.transfer(state, transfer))
            state.news("inventory_shipments/create", lambda: thin_payloads.shipment(state, shipment, **more))
            return str(transfer.id)

    def late_transfer(self, transfer: Ref, arrives_at: datetime | None) -> None:
        """Give the transfer's shipment another expected date (None: nobody knows)."""
        state = self.state
        with state.action():
            shipment = self._shipment(transfer)
            shipment.arrives_at = arrives_at
            state.news(
                "inventory_shipments/update_tracking",
                lambda: {
                    "shipment_id": gid("InventoryShipment", shipment.id),
                    "updated_tracking": thin_payloads.tracking(shipment),
                    "happened_at": payloads.instant(state.now()),
                },
            )

    def receive_transfer(self, transfer: Ref, units: int | None = None, *, rejected: int = 0) -> None:
        """Receive units (all that are missing when None) into stock; more than were ordered may come."""
        state = self.state
        with state.action():
            row, shipment = state.transfers[int(transfer)], self._shipment(transfer)
            before = (shipment.received, shipment.rejected)
            missing = max(0, shipment.quantity - shipment.received - shipment.rejected)
            count = missing - rejected if units is None else units
            shipment.received, shipment.rejected = before[0] + count, before[1] + rejected
            done = shipment.received + shipment.rejected >= shipment.quantity
            shipment.status = "RECEIVED" if done else "PARTIALLY_RECEIVED"
            shipment.received_at = state.now()
            inventory.change_on_hand(state, state.level(row.item, row.place), count)
            items = _received(shipment, before)
            state.news(
                "inventory_shipments/receive_items",
                lambda: thin_payloads.shipment(state, shipment, items_received=[items]),
            )
            if done:
                row.status = "TRANSFERRED"
                state.news("inventory_transfers/complete", lambda: thin_payloads.transfer(state, row))

    def cancel_transfer(self, transfer: Ref) -> None:
        """Call the goods off."""
        with self.state.action():
            row = self.state.transfers[int(transfer)]
            row.status = "CANCELED"
            self.state.news("inventory_transfers/cancel", lambda: thin_payloads.transfer(self.state, row))

    def _shipment(self, transfer: Ref) -> Shipment:
        row = self.state.transfers.get(int(transfer))
        if row is None or row.shipment is None:
            raise Misuse(f"the shop has no transfer {transfer} on its way")
        return self.state.shipments[row.shipment]


def _received(shipment: Shipment, before: tuple[int, int]) -> dict[str, object]:
    return {
        "id": gid("InventoryShipmentLineItem", shipment.line),
        "old_accepted_quantity": before[0],
        "old_rejected_quantity": before[1],
        "new_accepted_quantity": shipment.received,
        "new_rejected_quantity": shipment.rejected,
        "remaining_quantity_to_receive": max(0, shipment.quantity - shipment.received - shipment.rejected),
    }
