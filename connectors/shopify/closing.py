"""Ending what will not ship: units taken off an order, an order cancelled, money given back.

Only on a person's word or by a rule that the merchant set. Each looks first, and each ends alike however often it is
asked: the edit sets absolute quantities, an order is cancelled once, a refund bears its key twice (for the platform,
which then knows a repeat, and in its note, where we look).
"""

import json
import time
import uuid
from collections.abc import Iterator
from decimal import Decimal

from connectors.shopify import fulfilment_orders
from connectors.shopify.answers import Json, Refused
from connectors.shopify.client import Client
from connectors.shopify.ids import bare, gid, reference
from connectors.shopify.marks import markers
from connectors.shopify.order_snapshot import totals
from connectors.shopify.orders import Orders
from core.actions import Cancel, Refund, Remove, Substitute
from core.errors import OutcomeUnknown, Rejected
from core.outcomes import Already, Done, Outcome
from core.sentences import sentence

REASON = "INVENTORY"
LONGEST_NOTE = 255
PAID_BACK: Json = {"originalPaymentMethodsRefund": True}
CREDITED: Json = {"storeCreditRefund": {}}
LOOKS, PAUSE = 5, 1.0
CANCELLED_BEFORE = "already been cancel"
FAILED_BEFORE = "IDEMPOTENCY_PREVIOUS_ATTEMPT_FAILED"
SAME_TIME = "IDEMPOTENCY_CONCURRENT_REQUEST"
TRIES = 3


def remove(client: Client, orders: Orders, wanted: Remove) -> Outcome:
    """Leave at most the wanted unshipped units on each line, by one edit of the order."""
    raw = orders.raw(wanted.order)
    quantities = _quantities(raw.lines, raw.shipped(), wanted.left)
    if not quantities:
        return Already()
    begun = client.write("edit_begin", "orderEditBegin", {"id": gid("Order", wanted.order)})["calculatedOrder"]
    drawn = {bare(node["id"]): node["id"] for node in begun["lineItems"]["nodes"]}
    for line, quantity in quantities.items():
        row = drawn.get(line, gid("CalculatedLineItem", line))
        change = {"id": begun["id"], "line": row, "quantity": quantity, "restock": wanted.restock}
        client.write("edit_quantity", "orderEditSetQuantity", change)
    # Nothing has happened yet: an edit that is not committed is forgotten.
    said = {"id": begun["id"], "notify": wanted.notify_customer, "note": wanted.note[:LONGEST_NOTE]}
    client.write("edit_commit", "orderEditCommit", said)
    return Done()


def cancel(client: Client, wanted: Cancel) -> Outcome:
    """Cancel the order for lack of stock and wait until it is."""
    if _is_cancelled(client, wanted.order):
        return Already()
    method = (CREDITED if wanted.to_credit else PAID_BACK) if wanted.refund else None
    asked = {"id": gid("Order", wanted.order), "reason": REASON, "restock": wanted.restock, "refundMethod": method}
    said = {"notify": wanted.notify_customer, "note": wanted.note[:LONGEST_NOTE]}
    try:
        client.write("cancel", "orderCancel", {**asked, **said})
    except Refused as problem:
        if CANCELLED_BEFORE in str(problem):
            return Already()
        raise
    for _ in range(LOOKS):
        if _is_cancelled(client, wanted.order):
            return Done()
        time.sleep(PAUSE)
    raise OutcomeUnknown(sentence("Shopify took the cancellation and has not carried it out yet"))


def refund(client: Client, wanted: Refund) -> Outcome:
    """Give the money of unshipped units back to where it came from, once."""
    order = gid("Order", wanted.order)
    rows = list(_refunded(client, order, wanted))
    found = client.order("refunds", wanted.order, items=rows)
    for node in found["refunds"]:
        if wanted.key in markers(node.get("note")):
            return Already(reference=reference(node))
    if sum(row["quantity"] for row in rows) < sum(wanted.units.values()):
        raise Rejected(sentence("not so many of these units still wait: look at the order and decide again"))
    note = f"{wanted.note[:LONGEST_NOTE]}\n[backorder:{wanted.key}]"
    # In the customer's currency, which the platform wants named wherever it is not the shop's.
    asked = {"orderId": order, "currency": found["presentmentCurrencyCode"], "note": note}
    asked |= {"notify": wanted.notify_customer, "refundLineItems": rows}
    payload = give_back(client, wanted, asked | _money(order, found["suggestedRefund"], to_credit=wanted.to_credit))
    return Done(reference=reference(payload.get("refund")))


def give_back(client: Client, wanted: Refund | Substitute, asked: Json) -> Json:
    """Send the refund under a key of this decision and these units.

    The key of a call that was refused is spent: the platform says so, and the next one is as good.
    """
    name = json.dumps(asked["refundLineItems"], sort_keys=True)
    for number in range(TRIES):
        key = str(uuid.uuid5(uuid.UUID(wanted.key), f"{number} {name}"))
        try:
            return client.write("refund", "refundCreate", {"input": asked, "key": key})
        except Refused as problem:
            if SAME_TIME in problem.codes:
                raise OutcomeUnknown("the same refund is under way") from None
            if FAILED_BEFORE not in problem.codes:
                raise
    raise Rejected(sentence("Shopify refused this refund several times: look at the order and decide again"))


def _quantities(lines: tuple[Json, ...], parcels: dict[str, int], left: dict[str, int]) -> dict[str, int]:
    """Return the new quantity of each line that has too many unshipped units, as the edit counts: shipped ones too."""
    found = {}
    for node in lines:
        line = bare(node["id"])
        waiting, _, _ = totals(node, parcels.get(line, 0))
        if line in left and waiting > left[line]:
            found[line] = int(node["currentQuantity"]) - (waiting - max(0, left[line]))
    return found


def _is_cancelled(client: Client, order: str) -> bool:
    return bool(client.order("cancelled", order)["cancelledAt"])


def _refunded(client: Client, order: str, wanted: Refund) -> Iterator[Json]:
    """Yield the units by line and location: what returns to stock returns where it would have shipped from."""
    left = dict(wanted.units)
    for row in fulfilment_orders.read_all(client, order):
        for line, waiting in row.units().items() if row.alive else ():
            units = min(waiting, left.get(line, 0))
            if units:
                left[line] -= units
                part: Json = {"lineItemId": gid("LineItem", line), "quantity": units, "restockType": "NO_RESTOCK"}
                if wanted.restock and row.location:
                    part |= {"restockType": "CANCEL", "locationId": gid("Location", row.location)}
                yield part


def _money(order: str, suggested: Json, *, to_credit: bool) -> Json:
    """Return how the money goes back: the way it came, or as store credit of the same amount."""
    paid = suggested["suggestedTransactions"]
    if not to_credit:
        return {"transactions": [returned_by(order, node) for node in paid]}
    amounts = [node["amountSet"]["presentmentMoney"] for node in paid]
    if not amounts:
        return {}
    whole = str(sum(Decimal(money["amount"]) for money in amounts))
    credit = {"amount": {"amount": whole, "currencyCode": amounts[0]["currencyCode"]}}
    return {"refundMethods": [{"storeCreditRefund": credit}]}


def returned_by(order: str, node: Json) -> Json:
    """Return the money of one payment going back the way it came."""
    amount = node["amountSet"]["presentmentMoney"]["amount"]
    parent = (node.get("parentTransaction") or {}).get("id")
    return {"orderId": order, "parentId": parent, "kind": "REFUND", "gateway": node["gateway"], "amount": amount}
