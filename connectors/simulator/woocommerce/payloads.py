"""Orders, refunds and notes as JSON, and how the platform writes JSON, money, dates and links."""

import json
from datetime import datetime
from decimal import Decimal

from connectors.simulator.woocommerce import metadata, stock
from connectors.simulator.woocommerce.rows import CouponLine, Json, Line, Note, Order, Refund, ShippingLine
from connectors.simulator.woocommerce.state import State

ALL = ["GET", "POST", "PUT", "PATCH", "DELETE"]
READ_DELETE = ["GET", "DELETE"]
EDITABLE = frozenset({"pending", "on-hold", "auto-draft"})
UNPAID = frozenset({"pending", "failed"})
SYMBOLS = {"USD": "$", "EUR": "€", "GBP": "£", "JPY": "¥"}


def encoded(body: Json) -> bytes:
    """JSON as PHP writes it: slashes and everything beyond ASCII escaped. Signatures cover these bytes."""
    return json.dumps(body, separators=(",", ":")).replace("/", "\\/").encode()


def money(state: State, amount: Decimal) -> str:
    """An amount as text in the store's number of decimals."""
    return str(state.rounded(amount))


def number(amount: Decimal) -> int | float:
    """An amount as a JSON number: the one place where the API gives no text."""
    return int(amount) if amount == amount.to_integral_value() else float(amount)


def local(state: State, moment: datetime | None) -> str | None:
    """An instant in the store's own time, without a zone."""
    return None if moment is None else moment.astimezone(state.zone).replace(tzinfo=None).isoformat()


def gmt(moment: datetime | None) -> str | None:
    """An instant in UTC, without a zone."""
    return None if moment is None else moment.replace(tzinfo=None).isoformat()


def rest_url(state: State, path: str) -> str:
    """The address of something below `wc/v3`."""
    return f"{state.home}/wp-json/wc/v3/{path}"


def links(state: State, collection: str, row_id: int | str, allow: list[str] = ALL, **more: str) -> dict[str, Json]:
    """The `_links` of one row; `more` are further relations by path."""
    own = {"href": rest_url(state, f"{collection}/{row_id}"), "targetHints": {"allow": allow}}
    shown: dict[str, Json] = {"self": [own], "collection": [{"href": rest_url(state, collection)}]}
    shown.update({name: [{"href": rest_url(state, path)}] for name, path in more.items()})
    return shown


def order(state: State, row: Order) -> dict[str, Json]:
    """One order, whole."""
    return {
        **_order_head(state, row),
        "meta_data": metadata.shown(row.meta),
        "line_items": [line(state, item) for item in row.lines],
        "tax_lines": [],
        "shipping_lines": [_shipping(state, item) for item in row.shipping_lines],
        "fee_lines": [],
        "coupon_lines": [_coupon(state, item) for item in row.coupon_lines],
        "refunds": [
            {"id": refund.id, "reason": refund.reason, "total": money(state, -refund.amount)}
            for refund in reversed(row.refunds)
        ],
        "payment_url": f"{state.home}/checkout/order-pay/{row.id}/?pay_for_order=true&key={row.key}",
        "is_editable": row.status in EDITABLE,
        "needs_payment": row.status in UNPAID and row.total > 0,
        "needs_processing": needs_processing(state, row),
        "date_created_gmt": gmt(row.created),
        "date_modified_gmt": gmt(row.modified),
        "date_completed_gmt": gmt(row.completed),
        "date_paid_gmt": gmt(row.paid),
        "currency_symbol": SYMBOLS.get(row.currency, row.currency),
        "_links": _order_links(state, row),
    }


def _order_head(state: State, row: Order) -> dict[str, Json]:
    zero = money(state, Decimal(0))
    return {
        "id": row.id,
        "parent_id": 0,
        "status": row.status,
        "currency": row.currency,
        "version": state.version,
        "prices_include_tax": False,
        "date_created": local(state, row.created),
        "date_modified": local(state, row.modified),
        "discount_total": money(state, row.discount),
        "discount_tax": zero,
        "shipping_total": money(state, row.shipping_total),
        "shipping_tax": zero,
        "cart_tax": zero,
        "total": money(state, row.total),
        "total_tax": zero,
        "customer_id": row.customer_id,
        "order_key": row.key,
        "billing": dict(row.billing),
        "shipping": dict(row.shipping),
        "payment_method": row.payment_method,
        "payment_method_title": row.payment_title,
        "transaction_id": row.transaction_id,
        "customer_ip_address": row.customer_ip,
        "customer_user_agent": row.user_agent,
        "created_via": row.created_via,
        "customer_note": row.customer_note,
        "date_completed": local(state, row.completed),
        "date_paid": local(state, row.paid),
        "cart_hash": row.cart_hash,
        "number": str(row.id),
    }


def needs_processing(state: State, row: Order) -> bool:
    """Whether anything of the order must be sent; virtual goods need no work."""
    products = [stock.product_of(state, item) for item in row.lines]
    return any(product is not None and not product.virtual for product in products)


def line(state: State, row: Line) -> dict[str, Json]:
    """One order line. A product that was deleted for good leaves id 0 and no SKU behind, a variation its parent's.

    The store checks both ids when it reads a line (WC_Order_Item_Product), each by itself.
    """
    product = stock.product_of(state, row)
    parent = state.products.get(product.parent_id) if product else None
    zero = money(state, Decimal(0))
    price = state.rounded(row.total / row.quantity) if row.quantity else Decimal(0)
    return {
        "id": row.id,
        "name": row.name,
        "product_id": row.product_id if row.product_id in state.products else 0,
        "variation_id": row.variation_id if row.variation_id in state.products else 0,
        "quantity": row.quantity,
        "tax_class": "",
        "subtotal": money(state, row.subtotal),
        "subtotal_tax": zero,
        "total": money(state, row.total),
        "total_tax": zero,
        "taxes": [],
        "meta_data": metadata.shown_on_line(row.meta),
        "sku": product.sku if product else None,
        "global_unique_id": "" if product else None,
        "price": number(price),
        "image": {"id": 0 if parent or not product else "", "src": ""},
        "parent_name": parent.name if parent else None,
    }


def _shipping(state: State, row: ShippingLine) -> dict[str, Json]:
    return {
        "id": row.id,
        "method_title": row.title,
        "method_id": row.method,
        "instance_id": row.instance,
        "total": money(state, row.total),
        "total_tax": money(state, Decimal(0)),
        "taxes": [],
        "tax_status": "taxable",
        "meta_data": metadata.shown_on_line(row.meta),
    }


def _coupon(state: State, row: CouponLine) -> dict[str, Json]:
    coupon = state.coupons.get(row.coupon_id)
    fields = coupon.fields if coupon else {}
    return {
        "id": row.id,
        "code": row.code,
        "discount": money(state, row.discount),
        "discount_tax": money(state, Decimal(0)),
        "meta_data": [],
        "discount_type": fields.get("discount_type", "fixed_cart"),
        "nominal_amount": number(Decimal(str(fields.get("amount", "0")))),
        "free_shipping": bool(fields.get("free_shipping", False)),
    }


def _order_links(state: State, row: Order) -> dict[str, Json]:
    shown = links(state, "orders", row.id)
    templates = rest_url(state, f"orders/{row.id}/actions/email_templates")
    shown["email_templates"] = [{"embeddable": True, "href": templates}]
    if row.customer_id:
        shown["customer"] = [{"href": rest_url(state, f"customers/{row.customer_id}")}]
    return shown


def refund(state: State, row: Order, given: Refund) -> dict[str, Json]:
    """One refund; its lines have negative quantities and point back in `_refunded_item_id`."""
    return {
        "id": given.id,
        "date_created": local(state, given.created),
        "date_created_gmt": gmt(given.created),
        "amount": money(state, given.amount),
        "reason": given.reason,
        "refunded_by": given.by,
        "refunded_payment": given.paid_back,
        "meta_data": metadata.shown(given.meta),
        "line_items": [line(state, item) for item in given.lines],
        "shipping_lines": [],
        "tax_lines": [],
        "fee_lines": [],
        "_links": links(state, f"orders/{row.id}/refunds", given.id, READ_DELETE, up=f"orders/{row.id}"),
    }


def note(state: State, row: Order, written: Note) -> dict[str, Json]:
    """One order note."""
    return {
        "id": written.id,
        "author": written.author,
        "date_created": local(state, written.created),
        "date_created_gmt": gmt(written.created),
        "note": written.text,
        "customer_note": written.to_customer,
        "_links": links(state, f"orders/{row.id}/notes", written.id, READ_DELETE, up=f"orders/{row.id}"),
    }
