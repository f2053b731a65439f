"""Webhook bodies that carry whole things, in the platform's shapes (REST-like, snake case)."""

from datetime import datetime
from decimal import Decimal

from connectors.simulator.shopify.rows import ONLY_VARIANT, Fulfilment, Line, Order, Refund, Variant
from connectors.simulator.shopify.state import Json, State, gid

NO_DECIMALS = frozenset({"BIF", "CLP", "DJF", "GNF", "JPY", "KMF", "KRW", "PYG", "RWF", "UGX", "VND", "XAF", "XOF"})
THREE_DECIMALS = frozenset({"BHD", "JOD", "KWD", "OMR", "TND"})


def instant(at: datetime | None) -> str | None:
    """Return an instant as webhooks write it, with an offset."""
    return None if at is None else at.isoformat(timespec="seconds")


def amount(value: Decimal, currency: str) -> str:
    """Return money as text with the currency's decimals."""
    digits = 0 if currency in NO_DECIMALS else 3 if currency in THREE_DECIMALS else 2
    return f"{value:.{digits}f}"


def money_set(value: Decimal, currency: str) -> Json:
    """Return money in the shop's and the customer's currency, which are one here."""
    money = {"amount": amount(value, currency), "currency_code": currency}
    return {"shop_money": money, "presentment_money": dict(money)}


def fulfillable(state: State, order: Order, line: Line) -> int:
    """Return the units that may be shipped now: held ones do not count (recorded)."""
    return sum(
        part.remaining
        for row in state.of_order(order)
        if row.status in {"OPEN", "IN_PROGRESS"}
        for part in row.lines
        if part.line == line.id
    )


def line(state: State, order: Order, row: Line) -> Json:
    """Return one order line."""
    shipped = "fulfilled" if row.fulfilled and not row.unfulfilled else "partial" if row.fulfilled else None
    return {
        "id": row.id,
        "admin_graphql_api_id": gid("LineItem", row.id),
        "attributed_staffs": [],
        "current_quantity": row.current,
        "fulfillable_quantity": fulfillable(state, order, row),
        "fulfillment_service": "manual",
        "fulfillment_status": shipped,
        "gift_card": row.gift_card,
        "grams": 0,
        "name": row.name,
        "price": amount(row.price, order.currency),
        "price_set": money_set(row.price, order.currency),
        "product_exists": row.product is not None,
        "product_id": row.product,
        "properties": [],
        "quantity": row.quantity,
        "requires_shipping": row.ships,
        "sales_line_item_group_id": None,
        "sku": row.sku,
        "taxable": True,
        "title": row.title,
        "total_discount": amount(Decimal(0), order.currency),
        "total_discount_set": money_set(Decimal(0), order.currency),
        "variant_id": row.variant,
        "variant_inventory_management": "shopify",
        "variant_title": row.variant_title,
        "vendor": None,
        "tax_lines": [],
        "duties": [],
        "discount_allocations": [],
    }


def customer(state: State, number: int | None) -> Json | None:
    """Return the customer; without the approval for personal data its fields are null."""
    if number is None:
        return None
    row, shown = state.customers[number], state.personal_data
    return {
        "id": row.id,
        "created_at": None,
        "updated_at": None,
        "first_name": row.name if shown else None,
        "last_name": None,
        "state": "disabled",
        "note": None,
        "verified_email": True,
        "email": row.email if shown else None,
        "phone": None,
        "tags": ", ".join(row.tags),
        "currency": state.currency,
        "admin_graphql_api_id": gid("Customer", row.id),
    }


def order(state: State, row: Order) -> Json:
    """Return a whole order, as orders/* carry it."""
    total = row.total()
    subtotal = sum((line.price * line.quantity for line in row.lines), Decimal(0))
    who = None if row.customer is None or not state.personal_data else state.customers[row.customer]
    shipped = sum(line.fulfilled for line in row.lines)
    whole = shipped and not sum(line.unfulfilled for line in row.lines)
    return {
        "id": row.id,
        "admin_graphql_api_id": gid("Order", row.id),
        "app_id": None,
        "cancel_reason": row.cancel_reason.lower() if row.cancel_reason else None,
        "cancelled_at": instant(row.cancelled_at),
        "closed_at": instant(row.closed_at),
        "confirmed": True,
        "contact_email": who.email if who else None,
        "created_at": instant(row.created_at),
        "currency": row.currency,
        "current_subtotal_price": amount(total, row.currency),
        "current_total_price": amount(total, row.currency),
        "current_total_price_set": money_set(total, row.currency),
        "customer_locale": who.locale if who else None,
        "discount_codes": [{"code": code, "amount": "0.00", "type": "percentage"} for code in row.codes],
        "email": who.email if who else None,
        "financial_status": row.financial.lower(),
        "fulfillment_status": "fulfilled" if whole else "partial" if shipped else None,
        "location_id": None,
        "name": row.name,
        "note": row.note,
        "note_attributes": [{"name": name, "value": value} for name, value in row.attributes],
        "number": row.number - 1000,
        "order_number": row.number,
        "phone": None,
        "presentment_currency": row.currency,
        "processed_at": instant(row.created_at),
        "source_name": "web",
        "subtotal_price": amount(subtotal, row.currency),
        "tags": ", ".join(row.tags),
        "test": False,
        "total_price": amount(subtotal, row.currency),
        "total_price_set": money_set(subtotal, row.currency),
        "updated_at": instant(row.updated_at),
        "user_id": None,
        "customer": customer(state, row.customer),
        "fulfillments": [fulfilment(state, parcel) for parcel in row.fulfilments],
        "line_items": [line(state, row, entry) for entry in row.lines],
        "refunds": [refund(state, entry) for entry in row.refunds],
        "shipping_address": {"country_code": row.country, "country": row.country, "province_code": None},
        "shipping_lines": [],
    }


def fulfilment(state: State, row: Fulfilment) -> Json:
    """Return one parcel."""
    order_row = state.orders[row.order]
    return {
        "id": row.id,
        "admin_graphql_api_id": gid("Fulfillment", row.id),
        "order_id": row.order,
        "name": row.name.replace("-F", "."),
        "status": row.status.lower(),
        "created_at": instant(row.created_at),
        "updated_at": instant(row.updated_at),
        "location_id": row.place,
        "service": "manual",
        "shipment_status": None,
        "tracking_company": row.tracking.get("company"),
        "tracking_number": row.tracking.get("number"),
        "tracking_numbers": [row.tracking["number"]] if row.tracking.get("number") else [],
        "tracking_url": row.tracking.get("url"),
        "tracking_urls": [row.tracking["url"]] if row.tracking.get("url") else [],
        "line_items": [
            line(state, order_row, order_row.line(number)) | {"quantity": units} for number, units in row.units.items()
        ],
    }


def refund(state: State, row: Refund) -> Json:
    """Return one refund."""
    order_row = state.orders[row.order]
    return {
        "id": row.id,
        "admin_graphql_api_id": gid("Refund", row.id),
        "order_id": row.order,
        "created_at": instant(row.created_at),
        "processed_at": instant(row.created_at),
        "note": row.note,
        "user_id": None,
        "restock": any(kind != "NO_RESTOCK" for _, _, kind in row.rows),
        "order_adjustments": [],
        "duties": [],
        "refund_line_items": [
            {
                "id": row.id * 100 + position,
                "line_item_id": number,
                "location_id": None,
                "quantity": units,
                "restock_type": kind.lower(),
                "subtotal": float(order_row.line(number).price * units),
                "line_item": line(state, order_row, order_row.line(number)),
            }
            for position, (number, units, kind) in enumerate(row.rows)
        ],
        "transactions": [],
    }


def edited(state: State, row: Order, deltas: dict[int, int]) -> Json:
    """Return what orders/edited carries: the change only, never the order."""
    return {
        "order_edit": {
            "id": state.new_id("OrderEdit"),
            "app_id": None,
            "created_at": instant(state.now()),
            "committed_at": instant(state.now()),
            "notify_customer": False,
            "order_id": row.id,
            "staff_note": "",
            "user_id": None,
            "line_items": {
                "additions": [{"id": number, "delta": by} for number, by in deltas.items() if by > 0],
                "removals": [{"id": number, "delta": -by} for number, by in deltas.items() if by < 0],
            },
            "discounts": {"line_item": {"additions": [], "removals": []}},
            "shipping_lines": {"additions": [], "removals": []},
        }
    }


def variant(row: Variant, available: int) -> Json:
    """Return one variant within its product."""
    return {
        "id": row.id,
        "admin_graphql_api_id": gid("ProductVariant", row.id),
        "product_id": row.product,
        "inventory_item_id": row.item,
        "sku": row.sku,
        "title": row.own_title or ONLY_VARIANT,
        "price": str(row.price),
        "inventory_policy": row.policy.lower(),
        "inventory_quantity": available,
        "old_inventory_quantity": available,
        "created_at": instant(row.created_at),
        "updated_at": instant(row.updated_at),
    }


def product(state: State, row: Variant) -> Json:
    """Return a product with its variants."""
    variants = [one for one in state.variants.values() if one.product == row.product and not one.deleted]
    return {
        "id": row.product,
        "admin_graphql_api_id": gid("Product", row.product),
        "title": row.title,
        "handle": f"product-{row.product}",
        "status": "active",
        "vendor": None,
        "product_type": row.type,
        "tags": "",
        "created_at": instant(row.created_at),
        "updated_at": instant(row.updated_at),
        "variants": [variant(one, sum(level.available for level in state.levels_of(one.item))) for one in variants],
        "variant_gids": [
            {"admin_graphql_api_id": gid("ProductVariant", one.id), "updated_at": instant(one.updated_at)}
            for one in variants
        ],
    }


def item(row: Variant) -> Json:
    """Return an inventory item."""
    return {
        "id": row.item,
        "admin_graphql_api_id": gid("InventoryItem", row.item),
        "sku": row.sku,
        "tracked": row.tracked,
        "requires_shipping": row.ships,
        "cost": None,
        "created_at": instant(row.created_at),
        "updated_at": instant(row.updated_at),
    }
