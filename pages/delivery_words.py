"""What a shop told us, in words: the topics of its deliveries, whichever platform names them so."""

from pages.languages import _, later

HEARD: dict[str, str] = {
    "orders/create": later("Told of the new order"),
    "orders/updated": later("Told that the order changed"),
    "orders/edited": later("Told that the order was edited"),
    "orders/cancelled": later("Told that the order was cancelled"),
    "orders/delete": later("Told that the order was deleted"),
    "refunds/create": later("Told of money given back"),
    "fulfillments/create": later("Told of a shipment"),
    "fulfillments/update": later("Told of news of a shipment"),
    "fulfillment_orders/placed_on_hold": later("Told that units are on hold"),
    "fulfillment_orders/hold_released": later("Told that a hold ended"),
    "fulfillment_orders/split": later("Told that what is to ship was split"),
    "fulfillment_orders/merged": later("Told that what is to ship was joined"),
    "fulfillment_orders/moved": later("Told that units ship from another place"),
    "fulfillment_orders/cancelled": later("Told that units are no longer to ship"),
    "fulfillment_orders/order_routing_complete": later("Told from where the order ships"),
    "fulfillment_orders/scheduled_fulfillment_order_ready": later("Told that the day has come to ship"),
    "fulfillment_orders/rescheduled": later("Told of another day to ship"),
    "fulfillment_orders/progress_reported": later("Told how far packing is"),
    "fulfillment_orders/manually_reported_progress_stopped": later("Told that packing stopped"),
    "fulfillment_holds/added": later("Told that units are on hold"),
    "fulfillment_holds/released": later("Told that a hold ended"),
    "order.created": later("Told of the new order"),
    "order.updated": later("Told that the order changed"),
    "order.deleted": later("Told that the order was deleted"),
    "order.restored": later("Told that the order is back from the bin"),
}


def heard(topic: str) -> str:
    """Return what a delivery of this topic told; one that we have no words for is told under its own name."""
    return _(HEARD[topic]) if topic in HEARD else _("Told of a change (%(topic)s)", topic=topic)
