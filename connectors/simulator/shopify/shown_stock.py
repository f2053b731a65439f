"""Items, stock, places and incoming supply as the API shows them: one table of fields per type."""

from collections.abc import Iterator
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any, Protocol

from connectors.simulator.shopify import inventory, metafields
from connectors.simulator.shopify.connections import connection
from connectors.simulator.shopify.rows import ONLY_VARIANT, Level, Place, Shipment, Transfer, Variant
from connectors.simulator.shopify.state import Json, State, gid


class Numbered(Protocol):
    """Anything with an id."""

    id: int


def by_id(row: Numbered) -> tuple[int]:
    """Return the key of a list that is sorted by id."""
    return (row.id,)


def instant(at: datetime | None) -> str | None:
    """Return an instant as the API writes it: UTC, whole seconds, Z."""
    return None if at is None else f"{at.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}"


def amount(value: Decimal, currency: str) -> Json:
    """Return a MoneyV2. Amounts come without trailing zeros but with one decimal, as recorded: 20.0, 19.99."""
    text = format(value.normalize(), "f")
    return {"amount": text if "." in text else f"{text}.0", "currencyCode": currency}


def place(row: Place) -> Json:
    """Return a Location."""
    return {
        "__typename": "Location",
        "id": gid("Location", row.id),
        "legacyResourceId": str(row.id),
        "name": row.name,
        "isActive": row.active,
        "fulfillsOnlineOrders": row.active and row.ships_online,
        "shipsInventory": row.active,
        "isFulfillmentService": False,
    }


def variant(state: State, row: Variant) -> Json:
    """Return a ProductVariant."""
    available = sum(level.available for level in state.levels_of(row.item))
    return {
        "__typename": "ProductVariant",
        "id": gid("ProductVariant", row.id),
        "legacyResourceId": str(row.id),
        "sku": row.sku,
        "barcode": None,
        "title": row.own_title or ONLY_VARIANT,
        "displayName": f"{row.title} - {row.own_title or ONLY_VARIANT}",
        "price": f"{row.price:.2f}",
        "inventoryPolicy": row.policy,
        "inventoryQuantity": available,
        "sellableOnlineQuantity": available,
        "availableForSale": row.policy == "CONTINUE" or available > 0 or not row.tracked,
        "createdAt": instant(row.created_at),
        "updatedAt": instant(row.updated_at),
        "position": 1,
        "selectedOptions": [{"name": name, "value": value} for name, value in _options(row).items()],
        "inventoryItem": lambda _: item(state, row),
        "product": lambda _: _product(row),
        "metafields": lambda args: metafields.of(state, row, args),
    }


def _product(row: Variant) -> Json:
    return {
        "__typename": "Product",
        "id": gid("Product", row.product),
        "legacyResourceId": str(row.product),
        "title": row.title,
        "handle": f"product-{row.product}",
        "status": "ACTIVE",
        "vendor": "",
        "productType": row.type,
        "category": _category(row.category),
        "tags": [],
        "createdAt": instant(row.created_at),
        "updatedAt": instant(row.updated_at),
    }


def _options(row: Variant) -> dict[str, str]:
    return row.options or {"Title": ONLY_VARIANT}


def _category(path: str | None) -> Json | None:
    if path is None:
        return None
    return {"__typename": "TaxonomyCategory", "fullName": path, "name": path.split(" > ")[-1]}


def item(state: State, row: Variant) -> Json:
    """Return an InventoryItem."""
    return {
        "__typename": "InventoryItem",
        "id": gid("InventoryItem", row.item),
        "legacyResourceId": str(row.item),
        "sku": row.sku,
        "tracked": row.tracked,
        "requiresShipping": row.ships,
        "createdAt": instant(row.created_at),
        "updatedAt": instant(row.updated_at),
        "inventoryLevels": lambda args: connection(
            state.levels_of(row.item), args, lambda entry: level(state, entry), lambda entry: (entry.place,)
        ),
        "variants": lambda args: connection([row], args, lambda entry: variant(state, entry), by_id),
    }


def level(state: State, row: Level) -> Json:
    """Return an InventoryLevel."""
    return {
        "__typename": "InventoryLevel",
        "id": f"{gid('InventoryLevel', row.place)}?inventory_item_id={row.item}",
        "isActive": state.places[row.place].active,
        "updatedAt": instant(row.updated_at),
        "location": place(state.places[row.place]),
        "quantities": lambda args: list(_quantities(state, row, args["names"])),
    }


def _quantities(state: State, row: Level, names: list[str]) -> Iterator[Json]:
    for name in names:
        yield {
            "__typename": "InventoryQuantity",
            "id": f"{gid('InventoryQuantity', row.place)}?inventory_item_id={row.item}&name={name}",
            "name": name,
            "quantity": inventory.quantity(state, row, name),
            "updatedAt": instant(row.updated_at),
        }


def transfer(state: State, row: Transfer) -> Json:
    """Return an InventoryTransfer with its one line."""
    shipment_row = state.shipments.get(row.shipment) if row.shipment is not None else None
    destination = state.places[row.place]
    return {
        "__typename": "InventoryTransfer",
        "id": gid("InventoryTransfer", row.id),
        "name": f"#T{row.id}",
        "referenceName": None,
        "status": row.status,
        "tags": [],
        "note": None,
        "dateCreated": instant(row.created_at),
        "totalQuantity": row.quantity,
        "receivedQuantity": shipment_row.received if shipment_row else 0,
        "destination": {
            "name": destination.name,
            "location": place(destination),
            "snapshottedAt": instant(row.created_at),
        },
        "lineItems": lambda args: connection([row], args, lambda entry: _transfer_line(state, entry), by_id),
        "shipments": lambda args: connection(
            [shipment_row] if shipment_row else [], args, lambda entry: shipment(state, entry), by_id
        ),
    }


def _transfer_line(state: State, row: Transfer) -> Json:
    variant_row = state.by_item[row.item]
    return {
        "__typename": "InventoryTransferLineItem",
        "id": gid("InventoryTransferLineItem", row.line),
        "title": variant_row.title,
        "totalQuantity": row.quantity,
        "shippedQuantity": row.quantity if row.shipment is not None else 0,
        "shippableQuantity": 0 if row.shipment is not None else row.quantity,
        "processableQuantity": 0,
        "pickedForShipmentQuantity": 0,
        "inventoryItem": item(state, variant_row),
    }


def shipment(state: State, row: Shipment) -> Json:
    """Return an InventoryShipment with its one line; `tracking.arrivesAt` is the only expected date there is."""
    return {
        "__typename": "InventoryShipment",
        "id": gid("InventoryShipment", row.id),
        "name": f"#T{row.transfer}-S1",
        "status": row.status,
        "dateCreated": instant(row.created_at),
        "dateShipped": instant(row.created_at),
        "dateReceived": instant(row.received_at),
        "lineItemTotalQuantity": row.quantity,
        "totalAcceptedQuantity": row.received,
        "totalReceivedQuantity": row.received,
        "totalRejectedQuantity": row.rejected,
        "tracking": _tracking(row),
        "lineItems": lambda args: connection([row], args, lambda entry: _shipment_line(state, entry), by_id),
    }


def _tracking(row: Shipment) -> Json | None:
    if row.arrives_at is None:
        return None
    return {
        "arrivesAt": instant(row.arrives_at),
        "company": "Sea freight",
        "trackingNumber": f"SIM{row.id}",
        "trackingUrl": None,
    }


def _shipment_line(state: State, row: Shipment) -> Any:  # noqa: ANN401  # JSON
    return {
        "__typename": "InventoryShipmentLineItem",
        "id": gid("InventoryShipmentLineItem", row.line),
        "quantity": row.quantity,
        "acceptedQuantity": row.received,
        "rejectedQuantity": row.rejected,
        "unreceivedQuantity": max(0, row.quantity - row.received - row.rejected),
        "inventoryItem": item(state, state.by_item[state.transfers[row.transfer].item]),
    }
