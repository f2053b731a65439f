"""Orders as the API shows them: one table of fields per type. What is callable takes the field's arguments."""

from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import Any

from connectors.simulator.shopify import metafields, orders, shown_gifts, shown_stock
from connectors.simulator.shopify.connections import connection
from connectors.simulator.shopify.fulfilment_orders import OURS, supported_actions
from connectors.simulator.shopify.rows import Customer, FoLine, Fulfilment, FulfilmentOrder, Hold, Line, Order
from connectors.simulator.shopify.search import predicate
from connectors.simulator.shopify.shown_stock import amount, by_id, instant
from connectors.simulator.shopify.state import Json, State, gid

REASONS = {
    "INVENTORY_OUT_OF_STOCK": "Inventory out of stock",
    "UNKNOWN_DELIVERY_DATE": "Unknown delivery date",
    "AWAITING_PAYMENT": "Awaiting payment",
    "HIGH_RISK_OF_FRAUD": "High risk of fraud",
    "INCORRECT_ADDRESS": "Incorrect address",
    "AWAITING_RETURN_ITEMS": "Exchange items awaiting return delivery",
    "OTHER": "Other",
}


def money(value: Decimal, currency: str) -> Json:
    """Return a MoneyBag."""
    return {"shopMoney": amount(value, currency)}


def both(value: Decimal, currency: str) -> Json:
    """Return a MoneyBag of a shop whose customers pay in its own currency."""
    return {**money(value, currency), "presentmentMoney": amount(value, currency)}


def order(state: State, row: Order) -> Json:
    """Return an Order."""
    buyer = None if row.customer is None else state.customers[row.customer]
    return {
        "__typename": "Order",
        "id": gid("Order", row.id),
        "legacyResourceId": str(row.id),
        "name": row.name,
        "number": row.number,
        "createdAt": instant(row.created_at),
        "processedAt": instant(row.created_at),
        "updatedAt": instant(row.updated_at),
        "cancelledAt": instant(row.cancelled_at),
        "cancelReason": row.cancel_reason,
        "closed": row.closed_at is not None,
        "closedAt": instant(row.closed_at),
        "test": False,
        "tags": sorted(row.tags),
        "note": row.note,
        "discountCodes": list(row.codes),
        "customerAcceptsMarketing": bool(buyer and buyer.agreed),
        "email": buyer.email if buyer and state.personal_data else None,
        "phone": None,
        "customerLocale": buyer.locale if buyer else None,
        "currencyCode": row.currency,
        "presentmentCurrencyCode": row.currency,
        "sourceName": "web",
        "displayFinancialStatus": row.financial,
        "displayFulfillmentStatus": orders.display_fulfilment(state, row),
        "returnStatus": "NO_RETURN",
        "fullyPaid": row.financial == "PAID",
        "unpaid": row.financial in {"PENDING", "AUTHORIZED"},
        "confirmed": True,
        "edited": any(line.removed for line in row.lines),
        "currentSubtotalLineItemsQuantity": sum(line.current for line in row.lines),
        "subtotalLineItemsQuantity": sum(line.quantity for line in row.lines),
        "requiresShipping": any(line.ships for line in row.lines),
        "customer": customer(state, buyer) if buyer else None,
        "shippingAddress": _address(row.country, buyer if state.personal_data else None),
        "lineItems": lambda args: connection(row.lines, args, lambda entry: line(state, row, entry), by_id),
        "fulfillmentOrders": lambda args: _fulfilment_orders(state, row, args),
        "fulfillments": lambda args: [
            fulfilment(state, parcel) for parcel in row.fulfilments[: args.get("first") or None]
        ],
        "metafields": lambda args: metafields.of(state, row, args),
        "refunds": lambda _: [{"id": gid("Refund", made.id), "note": made.note} for made in row.refunds],
        "suggestedRefund": lambda args: _suggested(row, args),
        "netPaymentSet": both(row.net_paid, row.currency),
        "currentTotalPriceSet": both(row.total(), row.currency),
    }


def _suggested(row: Order, args: Json) -> Json:
    """Return what a refund of these lines, or of everything, would give back: nothing of what was not paid."""
    lines = args.get("refundLineItems") or ()
    worth = sum((row.line(int(e["lineItemId"].rpartition("/")[2])).price * e["quantity"] for e in lines), Decimal(0))
    worth = row.net_paid if args.get("suggestFullRefund") else worth
    transaction = {
        "gateway": "bogus",
        "kind": "SUGGESTED_REFUND",
        "amountSet": both(worth, row.currency),
        "parentTransaction": {"id": gid("OrderTransaction", row.id)},
    }
    paid = row.financial in {"PAID", "PARTIALLY_REFUNDED"} and worth
    return {"suggestedTransactions": [transaction] if paid else []}


def _address(country: str, customer: Customer | None) -> Json:
    """Return where the order goes: to the customer's own door, which is all that is told of the street."""
    door = f"Door {customer.id}" if customer else None
    return {
        "__typename": "MailingAddress", "countryCodeV2": country, "address1": door, "address2": None, "zip": None,
        "city": None,
    }  # fmt: skip


def customer(state: State, row: Customer) -> Json:
    """Return a Customer."""
    shown = state.personal_data
    address = {"emailAddress": row.email, "marketingState": "NOT_SUBSCRIBED"}
    return {
        "__typename": "Customer",
        "id": gid("Customer", row.id),
        "legacyResourceId": str(row.id),
        "displayName": row.name if shown else "",
        "firstName": row.name if shown else None,
        "lastName": None,
        "locale": row.locale,
        "tags": sorted(row.tags),
        "defaultEmailAddress": address if shown else None,
        "storeCreditAccounts": lambda args: shown_gifts.accounts(state, row.id, args),
    }


def line(state: State, of: Order, row: Line) -> Json:
    """Return a LineItem."""
    variant = state.variants.get(row.variant) if row.variant is not None else None
    return {
        "__typename": "LineItem",
        "id": gid("LineItem", row.id),
        "name": row.name,
        "title": row.title,
        "variantTitle": row.variant_title,
        "sku": row.sku,
        "vendor": None,
        "quantity": row.quantity,
        "currentQuantity": row.current,
        "unfulfilledQuantity": row.unfulfilled,
        "nonFulfillableQuantity": row.removed,
        "refundableQuantity": row.current,
        "requiresShipping": row.ships,
        "isGiftCard": row.gift_card,
        "discountedUnitPriceAfterAllDiscountsSet": money(row.price, of.currency),
        "variant": shown_stock.variant(state, variant) if variant and not variant.deleted else None,
    }


FULFILMENT_ORDER_SEARCH: Mapping[str, Callable[[FulfilmentOrder], Any]] = {
    "status": lambda row: row.status,
    "id": lambda row: row.id,
    "assigned_location_id": lambda row: row.place,
    "updated_at": lambda row: row.updated_at,
}


def _fulfilment_orders(state: State, row: Order, args: Json) -> Json:
    wanted = predicate(args.get("query"), FULFILMENT_ORDER_SEARCH)
    rows = [entry for entry in state.of_order(row) if wanted(entry)]
    return connection(rows, args, lambda entry: fulfilment_order(state, entry), by_id)


def fulfilment_order(state: State, row: FulfilmentOrder) -> Json:
    """Return a FulfillmentOrder."""
    of = state.orders[row.order]
    return {
        "__typename": "FulfillmentOrder",
        "id": gid("FulfillmentOrder", row.id),
        "orderId": gid("Order", of.id),
        "orderName": of.name,
        "orderProcessedAt": instant(of.created_at),
        "status": row.status,
        "requestStatus": "UNSUBMITTED",
        "createdAt": instant(row.created_at),
        "updatedAt": instant(row.updated_at),
        "fulfillAt": instant(row.created_at),
        "fulfillBy": instant(row.fulfil_by),
        "assignedLocation": _assigned(state, row),
        "supportedActions": [{"action": action, "externalUrl": None} for action in supported_actions(state, row)],
        "fulfillmentHolds": [hold(entry) for entry in row.holds],
        "lineItems": lambda args: connection(row.lines, args, lambda entry: _part(state, of, entry), by_id),
    }


def _assigned(state: State, row: FulfilmentOrder) -> Json:
    place = state.places[row.place]
    return {"name": place.name, "countryCode": "DE", "location": shown_stock.place(place)}


def hold(row: Hold) -> Json:
    """Return a FulfillmentHold."""
    return {
        "__typename": "FulfillmentHold",
        "id": gid("FulfillmentHold", row.id),
        "handle": row.handle,
        "reason": row.reason,
        "reasonNotes": row.notes,
        "displayReason": REASONS.get(row.reason, row.reason),
        "heldByRequestingApp": row.app == OURS,
    }


def _part(state: State, of: Order, row: FoLine) -> Json:
    of_line = of.line(row.line)
    return {
        "__typename": "FulfillmentOrderLineItem",
        "id": gid("FulfillmentOrderLineItem", row.id),
        "totalQuantity": row.total,
        "remainingQuantity": row.remaining,
        "sku": of_line.sku,
        "productTitle": of_line.title,
        "requiresShipping": of_line.ships,
        "inventoryItemId": None if of_line.item is None else gid("InventoryItem", of_line.item),
        "lineItem": line(state, of, of_line),
    }


def fulfilment(state: State, row: Fulfilment) -> Json:
    """Return a Fulfillment."""
    of = state.orders[row.order]
    cancelled = row.status == "CANCELLED"
    return {
        "__typename": "Fulfillment",
        "id": gid("Fulfillment", row.id),
        "legacyResourceId": str(row.id),
        "name": row.name,
        "status": row.status,
        "displayStatus": "CANCELED" if cancelled else "FULFILLED",
        "createdAt": instant(row.created_at),
        "updatedAt": instant(row.updated_at),
        "totalQuantity": sum(row.units.values()),
        "fulfillmentLineItems": lambda args: connection(
            row.units.items(), args, lambda entry: _shipped(state, of, row, entry), lambda entry: (entry[0],)
        ),
    }


def _shipped(state: State, of: Order, row: Fulfilment, entry: tuple[int, int]) -> Json:
    number, units = entry
    return {
        "__typename": "FulfillmentLineItem",
        "id": gid("FulfillmentLineItem", f"{row.id}{number}"),
        "quantity": units,
        "lineItem": line(state, of, of.line(number)),
    }
