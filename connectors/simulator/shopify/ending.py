"""Writes that end what will not ship: cancellations, refunds with a key, ship-by deadlines."""

import json
from decimal import Decimal

from connectors.simulator.shopify import giving, orders
from connectors.simulator.shopify.graphql_errors import Refused, bad_request
from connectors.simulator.shopify.queries import number
from connectors.simulator.shopify.rows import Order
from connectors.simulator.shopify.search import moment
from connectors.simulator.shopify.state import Json, State, gid

IDEMPOTENT = "@idempotent"
NEEDS_KEY = "The @idempotent directive is required for this mutation but was not provided."


def cancel(state: State, args: Json) -> Json:
    """Cancel an order. The job that the platform makes of it is done at once. Raises Refused."""
    row = state.orders.get(number(args["orderId"], "Order") or 0)
    if row is None:
        raise Refused("Order does not exist", field=("orderId",), code="NOT_FOUND")
    method = args.get("refundMethod") or {}
    credited = "storeCreditRefund" in method
    if credited and row.customer is None:
        raise Refused("Customer is missing", field=("refundMethod",), code="STORE_CREDIT_REFUND_MISSING_CUSTOMER")
    refunded = credited or bool(method.get("originalPaymentMethodsRefund"))
    worth = sum((line.price * line.unfulfilled for line in row.lines), Decimal(0))
    paid = row.financial in {"PAID", "PARTIALLY_REFUNDED"}
    orders.cancel(state, row, reason=args["reason"], restock=args["restock"], refunded=refunded)
    if credited and paid:
        _credit(state, row, worth)
    return {"job": {"id": gid("Job", state.new_uuid()), "done": True}}


def refund(state: State, args: Json) -> Json:
    """Refund under a key: the same call again gets the same refund. Raises Refused."""
    key, wanted = args.get(IDEMPOTENT), args["input"]
    if not key:
        raise bad_request(NEEDS_KEY)
    said = json.dumps(wanted, sort_keys=True, default=str)
    if (known := state.refund_keys.get(key)) is not None:
        if known[0] != said:
            raise Refused("IDEMPOTENCY_KEY_PARAMETER_MISMATCH: the key was used with other parameters.")
        if known[1] is None:
            raise Refused("IDEMPOTENCY_PREVIOUS_ATTEMPT_FAILED: use another key.")
        return {"refund": {"id": gid("Refund", known[1])}}
    # A call that is refused below has spent its key.
    state.refund_keys[key] = (said, None)
    order = _order(state, wanted["orderId"], "Order does not exist")
    if wanted.get("currency") != order.currency:
        # The platform insists only where the customer paid in another currency than the shop's.
        raise Refused("Currency must be the order's presentment currency.", field=("currency",))
    rows = [_refunded(order, entry) for entry in wanted.get("refundLineItems") or ()]
    credit = sum((_credited(order, entry) for entry in wanted.get("refundMethods") or ()), Decimal(0))
    paid = sum((Decimal(str(entry["amount"])) for entry in wanted.get("transactions") or ()), credit)
    made = orders.refund(state, order, rows, amount=paid, note=wanted.get("note"))
    state.refund_keys[key] = (said, made.id)
    if credit:
        _credit(state, order, credit)
    return {"refund": {"id": gid("Refund", made.id)}}


def _credited(order: Order, entry: Json) -> Decimal:
    money = entry["storeCreditRefund"]["amount"]
    if order.customer is None:
        raise Refused("Store credit needs a customer.", field=("refundMethods",))
    if money["currencyCode"] != order.currency:
        raise Refused("The currency does not match the order's.", field=("refundMethods",))
    return Decimal(str(money["amount"]))


def _credit(state: State, order: Order, amount: Decimal) -> None:
    if order.customer is not None:
        giving.give(state, giving.account_of(state, order.customer), amount, event="ORDER_REFUND")


def _refunded(order: Order, entry: Json) -> tuple[int, int, str]:
    line, kind = number(entry["lineItemId"], "LineItem") or 0, entry.get("restockType") or "NO_RESTOCK"
    if kind == "CANCEL" and not entry.get("locationId"):
        raise Refused("Location must be present when restocking.", field=("refundLineItems",))
    if kind == "CANCEL" and entry["quantity"] > order.line(line).unfulfilled:
        raise Refused("Quantity cannot refund more items than are unfulfilled", field=("refundLineItems",))
    return line, int(entry["quantity"]), str(kind)


def set_deadline(state: State, args: Json) -> Json:
    """Set by when fulfilment orders must ship. Raises Refused where one is not there."""
    rows = [state.fulfilment_orders.get(number(one, "FulfillmentOrder") or 0) for one in args["fulfillmentOrderIds"]]
    if None in rows:
        raise Refused("Fulfillment orders could not be found.", code="FULFILLMENT_ORDERS_NOT_FOUND")
    for row in rows:
        if row is not None:
            row.fulfil_by = moment(str(args["fulfillmentDeadline"]))
            state.touch(state.orders[row.order])
    return {"success": True}


def deactivate(state: State, args: Json) -> Json:
    """End a discount code."""
    for row in state.discounts.values():
        if gid("DiscountCodeNode", row.id) == args["id"]:
            row.active = False
            return {"codeDiscountNode": {"id": args["id"]}}
    raise Refused("Code discount does not exist.", field=("id",), code="INVALID")


def _order(state: State, global_id: str, missing: str) -> Order:
    row = state.orders.get(number(global_id, "Order") or 0)
    if row is None:
        raise Refused(missing, field=("id",))
    return row
