"""The root of every read: which rows a query may start from."""

from collections.abc import Callable, Mapping
from typing import Any

from connectors.simulator.shopify import bulk, orders, shown_gifts, shown_orders, shown_stock
from connectors.simulator.shopify.connections import connection
from connectors.simulator.shopify.gift_rows import Discount
from connectors.simulator.shopify.graphql_errors import bad_request
from connectors.simulator.shopify.rows import Order, Subscription, Transfer, Variant
from connectors.simulator.shopify.search import predicate
from connectors.simulator.shopify.shown_stock import by_id, instant
from connectors.simulator.shopify.state import APP_ID, Json, State, gid

SHOP_ID = 548380009
SORTED_BY: Mapping[str, Callable[[Order], tuple[Any, ...]]] = {
    "UPDATED_AT": lambda row: (instant(row.updated_at), row.id),
    "CREATED_AT": lambda row: (instant(row.created_at), row.id),
    "PROCESSED_AT": lambda row: (instant(row.created_at), row.id),
    "ID": by_id,
}
DISPLAY_WORDS = {"PARTIALLY_FULFILLED": "partial"}


def number(global_id: str, kind: str) -> int | None:
    """Return the bare id of a global id of this kind; None for another kind. Raises GraphQLError for what is none."""
    head, _, tail = global_id.partition("?")[0].rpartition("/")
    if not head.startswith("gid://shopify/") or not tail.isascii() or not tail.isdigit():
        raise bad_request(f"Invalid global id '{global_id}'")
    return int(tail) if head == f"gid://shopify/{kind}" else None


def root(state: State, shop: Json, scopes: list[str]) -> Json:
    """Return the fields of the query root. `shop` are those of the Shop."""
    return {
        "__typename": "QueryRoot",
        "shop": lambda _: shop,
        "currentAppInstallation": lambda _: _installation(scopes),
        "locations": lambda args: _locations(state, args),
        "order": lambda args: _one(state, args, "Order", state.orders, shown_orders.order),
        "orders": lambda args: _orders(state, args),
        "fulfillmentOrder": lambda args: _one(
            state, args, "FulfillmentOrder", state.fulfilment_orders, shown_orders.fulfilment_order
        ),
        "fulfillmentOrders": lambda args: _fulfilment_orders(state, args),
        "bulkOperation": lambda args: _one(state, args, "BulkOperation", state.bulk, bulk.shown),
        "bulkOperations": lambda args: connection(
            state.bulk.values(), args, lambda row: bulk.shown(state, row), lambda row: (row.id,)
        ),
        "productVariants": lambda args: _variants(state, args),
        "inventoryItem": lambda args: _one(state, args, "InventoryItem", _items(state), shown_stock.item),
        "inventoryTransfer": lambda args: _one(state, args, "InventoryTransfer", state.transfers, shown_stock.transfer),
        "inventoryTransfers": lambda args: _transfers(state, args),
        "inventoryShipment": lambda args: _one(state, args, "InventoryShipment", state.shipments, shown_stock.shipment),
        "customer": lambda args: _one(state, args, "Customer", state.customers, shown_orders.customer),
        "storeCreditAccount": lambda args: _one(
            state, args, "StoreCreditAccount", state.credit_accounts, shown_gifts.account
        ),
        "giftCards": lambda args: shown_gifts.cards(state, args),
        "codeDiscountNodeByCode": lambda args: _discount(state, args["code"]),
        "webhookSubscriptions": lambda args: _subscriptions(state, args),
    }


def _one(state: State, args: Json, kind: str, rows: Mapping[int, Any], show: Callable[[State, Any], Json]) -> Any:  # noqa: ANN401  # JSON
    row = rows.get(number(args["id"], kind) or 0)
    return None if row is None else show(state, row)


def _installation(scopes: list[str]) -> Json:
    granted = [{"handle": scope, "description": scope.replace("_", " ")} for scope in scopes]
    return {"id": gid("AppInstallation", APP_ID), "accessScopes": granted}


def _items(state: State) -> dict[int, Variant]:
    return {item: row for item, row in state.by_item.items() if not row.deleted}


def _locations(state: State, args: Json) -> Json:
    rows = [row for row in state.places.values() if row.active or args.get("includeInactive")]
    return connection(rows, args, shown_stock.place, lambda row: (row.name, row.id))


def _orders(state: State, args: Json) -> Json:
    sort = args.get("sortKey", "PROCESSED_AT")
    if sort not in SORTED_BY:
        raise bad_request(f"The simulator cannot sort orders by {sort}")
    wanted = predicate(args.get("query"), _order_search(state))
    rows = [row for row in state.orders.values() if wanted(row)]
    return connection(rows, args, lambda row: shown_orders.order(state, row), SORTED_BY[sort])


def _fulfilment_orders(state: State, args: Json) -> Json:
    rows = [row for row in state.fulfilment_orders.values() if row.alive or args.get("includeClosed")]
    return connection(rows, args, lambda row: shown_orders.fulfilment_order(state, row), by_id)


def _order_search(state: State) -> Mapping[str, Callable[[Order], Any]]:
    return {
        "id": lambda row: row.id,
        "name": lambda row: row.name,
        "updated_at": lambda row: row.updated_at,
        "created_at": lambda row: row.created_at,
        "processed_at": lambda row: row.created_at,
        "status": _statuses,
        "financial_status": lambda row: row.financial,
        "fulfillment_status": lambda row: _fulfilment_word(state, row),
        "tag": lambda row: row.tags,
        "sku": lambda row: [line.sku for line in row.lines if line.sku],
    }


def _statuses(row: Order) -> list[str]:
    words = ["any"] + (["cancelled"] if row.cancelled_at else [])
    if row.closed_at:
        return [*words, "closed"]
    return [*words, "not_closed"] + ([] if row.cancelled_at else ["open"])


def _fulfilment_word(state: State, row: Order) -> str:
    display = orders.display_fulfilment(state, row)
    return DISPLAY_WORDS.get(display, display.lower())


def _variants(state: State, args: Json) -> Json:
    search: Mapping[str, Callable[[Variant], Any]] = {
        "id": lambda row: row.id,
        "sku": lambda row: row.sku,
        "product_id": lambda row: row.product,
        "updated_at": lambda row: row.updated_at,
    }
    wanted = predicate(args.get("query"), search)
    rows = [row for row in state.variants.values() if not row.deleted and wanted(row)]
    return connection(rows, args, lambda row: shown_stock.variant(state, row), by_id)


def _transfers(state: State, args: Json) -> Json:
    search: Mapping[str, Callable[[Transfer], Any]] = {"id": lambda row: row.id, "status": lambda row: row.status}
    wanted = predicate(args.get("query"), search)
    rows = [row for row in state.transfers.values() if wanted(row)]
    return connection(rows, args, lambda row: shown_stock.transfer(state, row), by_id)


def discount(row: Discount) -> Json:
    """Return a DiscountCodeNode."""
    kind = "DiscountCodeFreeShipping" if row.percent is None and row.amount is None else "DiscountCodeBasic"
    shown = {"__typename": kind, "status": "ACTIVE" if row.active else "EXPIRED", "asyncUsageCount": row.used}
    return {"__typename": "DiscountCodeNode", "id": gid("DiscountCodeNode", row.id), "codeDiscount": shown}


def _discount(state: State, code: str) -> Json | None:
    row = state.discounts.get(code.casefold())
    return None if row is None else discount(row)


def subscription(row: Subscription) -> Json:
    """Return a WebhookSubscription."""
    return {
        "__typename": "WebhookSubscription",
        "id": gid("WebhookSubscription", row.id),
        "legacyResourceId": str(row.id),
        "topic": row.topic,
        "uri": row.uri,
        "name": row.name,
        "format": "JSON",
        "filter": "",
        "includeFields": row.include_fields,
        "metafieldNamespaces": [],
        "createdAt": instant(row.created_at),
        "updatedAt": instant(row.updated_at),
    }


def _subscriptions(state: State, args: Json) -> Json:
    topics, uri = args.get("topics"), args.get("uri")
    rows = [
        row
        for row in state.subscriptions.values()
        if (not topics or row.topic in topics) and (uri is None or row.uri == uri)
    ]
    return connection(rows, args, subscription, by_id)
