"""Webhook bodies that carry ids and little more: the app has to fetch the rest."""

from connectors.simulator.shopify.payloads import instant
from connectors.simulator.shopify.rows import FulfilmentOrder, Hold, Level, Shipment, Transfer
from connectors.simulator.shopify.state import APP_ID, Json, State, gid


def level(row: Level) -> Json:
    """Return what inventory_levels/update carries: `available` only."""
    return {
        "inventory_item_id": row.item,
        "location_id": row.place,
        "available": row.available,
        "updated_at": instant(row.updated_at),
        "admin_graphql_api_id": f"gid://shopify/InventoryLevel/{row.place}?inventory_item_id={row.item}",
    }


def _hold(row: Hold) -> Json:
    return {
        "id": gid("FulfillmentHold", row.id),
        "reason": row.reason.lower(),
        "reason_notes": row.notes,
        "held_by_requesting_app": row.app == "ours",
        "handle": row.handle,
        "held_by_app": {"id": gid("App", APP_ID if row.app == "ours" else APP_ID + 1)},
    }


def fulfilment_order(row: FulfilmentOrder, key: str = "fulfillment_order") -> Json:
    """Return id and status of a fulfilment order: fetch the rest."""
    return {key: {"id": gid("FulfillmentOrder", row.id), "status": row.status.lower()}}


def placed_on_hold(row: FulfilmentOrder, placed: Hold, sibling: FulfilmentOrder | None) -> Json:
    """Return what fulfillment_orders/placed_on_hold carries."""
    body = fulfilment_order(row)
    body["fulfillment_order"]["fulfillment_holds"] = [_hold(held) for held in row.holds]
    rest = (
        fulfilment_order(sibling, "remaining_fulfillment_order") if sibling else {"remaining_fulfillment_order": None}
    )
    held = [{"id": gid("FulfillmentOrderLineItem", part.id), "quantity": part.remaining} for part in row.lines]
    return {**body, **rest, "held_fulfillment_order_line_items": held, "created_fulfillment_hold": _hold(placed)}


def hold(row: FulfilmentOrder, placed: Hold) -> Json:
    """Return what fulfillment_holds/added and released carry."""
    return {"fulfillment_order": {"id": gid("FulfillmentOrder", row.id)}, "fulfillment_hold": _hold(placed)}


def transfer(state: State, row: Transfer) -> Json:
    """Return what inventory_transfers/* carry."""
    return {
        "id": gid("InventoryTransfer", row.id),
        "happened_at": instant(state.now()),
        "origin": None,
        "destination": {"id": gid("Location", row.place)},
        "status": row.status,
        "line_items": [{"id": gid("InventoryTransferLineItem", row.line), "quantity": row.quantity}],
    }


def tracking(row: Shipment) -> Json:
    """Return a shipment's tracking: the only expected date that the platform has."""
    return {
        "arrives_at": instant(row.arrives_at),
        "tracking_number": f"SIM{row.id}",
        "tracking_url": None,
        "company": "Sea freight",
    }


def shipment(state: State, row: Shipment, **more: object) -> Json:
    """Return what inventory_shipments/* carry, with what is special to the topic."""
    return {
        "id": gid("InventoryShipment", row.id),
        "status": row.status,
        "happened_at": instant(state.now()),
        **more,
    }


def split(row: FulfilmentOrder, made: FulfilmentOrder) -> Json:
    """Return what fulfillment_orders/split carries."""
    parts = [{"id": gid("FulfillmentOrderLineItem", part.id), "quantity": part.remaining} for part in made.lines]
    return {
        "split_line_items": parts,
        **fulfilment_order(row),
        **fulfilment_order(made, "remaining_fulfillment_order"),
        "replacement_fulfillment_order": None,
    }


def merged(rows: list[FulfilmentOrder]) -> Json:
    """Return what fulfillment_orders/merged carries."""
    intents = [{"fulfillment_order_id": gid("FulfillmentOrder", row.id)} for row in rows]
    return {"merge_intents": intents, "fulfillment_order_merges": fulfilment_order(rows[0])}


def moved(row: FulfilmentOrder, made: FulfilmentOrder, source: int) -> Json:
    """Return what fulfillment_orders/moved carries."""
    return {
        **fulfilment_order(row, "original_fulfillment_order"),
        **fulfilment_order(made, "moved_fulfillment_order"),
        "destination_location_id": gid("Location", made.place),
        "fulfillment_order_line_items_requested": [],
        "source_location": {"id": gid("Location", source)},
    }
