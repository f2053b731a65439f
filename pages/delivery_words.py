"""What a shop told us, in words: the topics of its deliveries, whichever platform names them so."""

HEARD: dict[str, str] = {
    "orders/create": "Told of the new order",
    "orders/updated": "Told that the order changed",
    "orders/edited": "Told that the order was edited",
    "orders/cancelled": "Told that the order was cancelled",
    "orders/delete": "Told that the order was deleted",
    "refunds/create": "Told of money given back",
    "fulfillments/create": "Told of a shipment",
    "fulfillments/update": "Told of news of a shipment",
    "fulfillment_orders/placed_on_hold": "Told that units are on hold",
    "fulfillment_orders/hold_released": "Told that a hold ended",
    "fulfillment_orders/split": "Told that what is to ship was split",
    "fulfillment_orders/merged": "Told that what is to ship was joined",
    "fulfillment_orders/moved": "Told that units ship from another place",
    "fulfillment_orders/cancelled": "Told that units are no longer to ship",
    "fulfillment_orders/order_routing_complete": "Told from where the order ships",
    "fulfillment_orders/scheduled_fulfillment_order_ready": "Told that the day has come to ship",
    "fulfillment_orders/rescheduled": "Told of another day to ship",
    "fulfillment_orders/progress_reported": "Told how far packing is",
    "fulfillment_orders/manually_reported_progress_stopped": "Told that packing stopped",
    "fulfillment_holds/added": "Told that units are on hold",
    "fulfillment_holds/released": "Told that a hold ended",
    "order.created": "Told of the new order",
    "order.updated": "Told that the order changed",
    "order.deleted": "Told that the order was deleted",
    "order.restored": "Told that the order is back from the bin",
}


def heard(topic: str) -> str:
    """Return what a delivery of this topic told; one that we have no words for is told under its own name."""
    return HEARD.get(topic) or f"Told of a change ({topic})"
