"""Orders over REST. The store enforces no stock here, and every successful PUT echoes as `order.updated`."""

import hashlib
from collections import Counter
from typing import Any

from connectors.simulator.woocommerce import coupons, metadata, order_lines, payloads, rest, statuses
from connectors.simulator.woocommerce.rest import Answer, Call, RestError
from connectors.simulator.woocommerce.rows import Order
from connectors.simulator.woocommerce.state import State

ADDRESS = ("first_name", "last_name", "company", "address_1", "address_2", "city", "state", "postcode", "country")
HIDDEN = frozenset({"trash", "auto-draft"})
PLAIN = {
    "customer_note": "customer_note",
    "payment_method": "payment_method",
    "payment_method_title": "payment_title",
    "transaction_id": "transaction_id",
    "currency": "currency",
}


def make(state: State, *, created_via: str, status: str = "pending") -> Order:
    """Add an empty order."""
    now, post = state.now(), state.new_id("post")
    digest = hashlib.sha256(f"{state.seed}/{post}".encode()).hexdigest()
    order = Order(
        id=post,
        status=status,
        created=now,
        modified=now,
        key=f"wc_order_{digest[:13]}",
        currency=state.currency,
        billing=address({}, "email", "phone"),
        shipping=address({}, "phone"),
        created_via=created_via,
    )
    state.orders[post] = order
    return order


def address(fields: dict[str, Any], *more: str) -> dict[str, str]:
    """An address with every key that the platform shows."""
    return {name: str(fields.get(name) or "") for name in (*ADDRESS, *more)}


def listed(state: State, call: Call) -> Answer:
    """A page of orders. `status=any` leaves out the trash, and statuses that the store no longer knows."""
    wanted = call.query.get("status", "any").split(",")
    for at, status in enumerate(wanted):
        rest.one_of(f"status[{at}]", status, ("any", "trash", *state.statuses()))
    shown = set(state.statuses()) - HIDDEN if "any" in wanted else set(wanted)
    rows = [order for order in state.orders.values() if order.status in shown]
    if "customer" in call.query:
        rows = [order for order in rows if order.customer_id == call.whole("customer", 0)]
    if "product" in call.query:
        product = call.whole("product", 0)
        rows = [order for order in rows if any(product in {x.product_id, x.variation_id} for x in order.lines)]
    rows = rest.between(state, call, rows, ("modified_after", "modified_before"), "modified")
    rows = rest.between(state, call, rows, ("after", "before"), "created")
    rows = rest.ordered(call, rest.chosen(call, rows))
    return rest.page(state, call, rows, lambda order: payloads.order(state, order))


def get(state: State, call: Call, order_id: int) -> Answer:  # noqa: ARG001  # one shape for all routes
    """One order, also from the trash and in a status that the store no longer knows."""
    return Answer(payloads.order(state, found(state, order_id)))


def create(state: State, call: Call) -> Answer:
    """Add an order. One whose coupon is refused stays behind as a checkout draft, and is told about."""
    status = str(call.body.get("status") or "pending")
    rest.one_of("status", status, state.statuses())
    order = make(state, created_via="rest-api")
    try:
        _write(state, order, call.body)
        coupons.apply(state, order, [str(row.get("code", "")) for row in call.body.get("coupon_lines") or []])
    except RestError as refused:
        order.status = "checkout-draft"
        refused.data["new_draft_order_id"] = order.id
        state.fire("order.created", order.id)
        raise
    state.fire("order.created", order.id)
    _advance(state, order, status, call.body)
    if order.status != "pending":
        state.fire("order.updated", order.id)
    where = payloads.rest_url(state, f"orders/{order.id}")
    return Answer(payloads.order(state, order), 201, {"Location": where})


def update(state: State, call: Call, order_id: int) -> Answer:
    """Change an order: lines first, the status last. Bringing one back from the trash fires nothing (HPOS)."""
    order = found(state, order_id)
    status = str(call.body.get("status") or order.status)
    if "status" in call.body:
        rest.one_of("status", status, state.statuses())
    trashed = order.status == "trash"
    _write(state, order, call.body)
    _advance(state, order, status, call.body)
    order.modified = state.now()
    if state.legacy or not trashed:
        state.fire("order.updated", order.id)
    return Answer(payloads.order(state, order))


def delete(state: State, call: Call, order_id: int) -> Answer:
    """Trash an order, or delete it for good with `force`, which no webhook tells. Stock stays as it is."""
    order = found(state, order_id)
    shown = payloads.order(state, order)
    if call.flag("force"):
        del state.orders[order.id]
    elif order.status == "trash":
        raise RestError(410, "woocommerce_rest_already_trashed", "The shop_order has already been deleted.")
    else:
        statuses.trash(state, order)
    return Answer(shown)


def many(state: State, call: Call) -> Answer:
    """`orders/batch`."""
    return rest.batch(
        call,
        create=lambda one: create(state, one),
        update=lambda one, row_id: update(state, one, row_id),
        delete=lambda one, row_id: delete(state, one, row_id),
    )


def status_names(state: State, call: Call) -> Answer:  # noqa: ARG001  # one shape for all routes
    """Every status with its name."""
    return Answer([{"slug": status, "name": statuses.name_of(status)} for status in state.statuses()])


def status_totals(state: State, call: Call) -> Answer:  # noqa: ARG001  # one shape for all routes
    """How many orders there are in each status that people can see."""
    counts = Counter(order.status for order in state.orders.values())
    rows = [status for status in state.statuses() if status != "auto-draft"]
    return Answer([{"slug": row, "name": statuses.name_of(row), "total": counts[row]} for row in rows])


def found(state: State, order_id: int) -> Order:
    """The order, or the refusal that the platform words for an unknown id."""
    order = state.orders.get(order_id)
    if order is None:
        raise RestError(404, "woocommerce_rest_shop_order_invalid_id", "Invalid ID.")
    return order


def _write(state: State, order: Order, body: dict[str, Any]) -> None:
    for name, field_name in PLAIN.items():
        if name in body:
            setattr(order, field_name, str(body[name] or ""))
    if "customer_id" in body:
        order.customer_id = int(body["customer_id"] or 0)
    if body.get("billing"):
        order.billing = address({**order.billing, **body["billing"]}, "email", "phone")
    if body.get("shipping"):
        order.shipping = address({**order.shipping, **body["shipping"]}, "phone")
    order_lines.write(state, order, body.get("line_items") or [])
    order_lines.write_shipping(state, order, [row for row in body.get("shipping_lines") or [] if not row.get("id")])
    metadata.merge(state, order.meta, body.get("meta_data") or [])


def _advance(state: State, order: Order, status: str, body: dict[str, Any]) -> None:
    statuses.enter(state, order, status)
    if body.get("set_paid") is True and order.paid is None:
        statuses.pay(state, order, str(body.get("transaction_id") or ""))
