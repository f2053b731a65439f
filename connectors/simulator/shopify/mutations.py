"""The root of every write. Each answers with a payload whose userErrors say what the platform refused."""

from collections.abc import Callable
from typing import Any

from connectors.simulator.shopify import (
    bulk,
    discounts,
    editing,
    ending,
    fulfilment_orders,
    giving,
    metafields,
    orders,
    payloads,
    shown_orders,
    shown_stock,
    subscriptions,
    thin_payloads,
)
from connectors.simulator.shopify.graphql_errors import Refused, invalid_id
from connectors.simulator.shopify.queries import discount, number, subscription
from connectors.simulator.shopify.rows import FulfilmentOrder, Hold, Order, Variant
from connectors.simulator.shopify.state import Json, State

Write = Callable[[State, Json], Json]


class Payload(dict[str, Any]):
    """A mutation's answer: fields that were not filled are null."""

    def __missing__(self, key: str) -> None:
        return None


def root(state: State) -> Json:
    """Return the fields of the mutation root."""
    return {"__typename": "Mutation", **{name: _guarded(state, write) for name, write in WRITES.items()}}


def _guarded(state: State, write: Write) -> Callable[[Json], Payload]:
    def guarded(args: Json) -> Payload:
        try:
            with state.action():
                return Payload(write(state, args), userErrors=[], orderCancelUserErrors=[])
        except Refused as problem:
            entries = [problem.entry()]
            return Payload(userErrors=entries, orderCancelUserErrors=entries)

    return guarded


def _fulfilment_order(state: State, global_id: str) -> FulfilmentOrder:
    row = state.fulfilment_orders.get(number(global_id, "FulfillmentOrder") or 0)
    if row is None:
        raise invalid_id(global_id)
    return row


def _pairs(lines: list[Json] | None) -> list[tuple[int, int]]:
    return [(number(row["id"], "FulfillmentOrderLineItem") or 0, row["quantity"]) for row in lines or ()]


def _hold(state: State, args: Json) -> Json:
    row, wanted = _fulfilment_order(state, args["id"]), args["fulfillmentHold"]
    first = not row.holds
    placed = Hold(
        app=fulfilment_orders.OURS,
        handle=wanted.get("handle") or "",
        reason=wanted["reason"],
        notes=wanted.get("reasonNotes"),
    )
    placed, sibling = fulfilment_orders.hold(state, row, placed, _pairs(wanted.get("fulfillmentOrderLineItems")))
    if first:
        state.news("fulfillment_orders/placed_on_hold", lambda: thin_payloads.placed_on_hold(row, placed, sibling))
    state.news("fulfillment_holds/added", lambda: thin_payloads.hold(row, placed))
    return {
        "fulfillmentHold": shown_orders.hold(placed),
        "fulfillmentOrder": shown_orders.fulfilment_order(state, row),
        "remainingFulfillmentOrder": shown_orders.fulfilment_order(state, sibling) if sibling else None,
    }


def _release(state: State, args: Json) -> Json:
    row = _fulfilment_order(state, args["id"])
    asked = args.get("holdIds")
    ids = None if asked is None else {number(entry, "FulfillmentHold") or 0 for entry in asked}
    release(state, row, ids)
    return {"fulfillmentOrder": shown_orders.fulfilment_order(state, row)}


def release(state: State, row: FulfilmentOrder, ids: set[int] | None) -> None:
    """Take holds away (all of them when None) and tell the subscribers."""
    gone = fulfilment_orders.release(state, row, ids)
    for held in gone:
        state.news("fulfillment_holds/released", lambda held=held: thin_payloads.hold(row, held))  # type: ignore[misc]  # a default binds the loop's value
    if gone and not row.holds:
        state.news("fulfillment_orders/hold_released", lambda: thin_payloads.fulfilment_order(row))


def _split(state: State, args: Json) -> Json:
    wanted = []
    for position, entry in enumerate(args["fulfillmentOrderSplits"]):
        row = state.fulfilment_orders.get(number(entry["fulfillmentOrderId"], "FulfillmentOrder") or 0)
        if row is None:
            raise Refused("Fulfillment order does not exist.", code="FULFILLMENT_ORDER_NOT_FOUND")
        lines = _pairs(entry["fulfillmentOrderLineItems"])
        fulfilment_orders.check_split(row, lines, position)
        wanted.append((row, lines))
    return {"fulfillmentOrderSplits": [_split_one(state, row, lines) for row, lines in wanted]}


def _split_one(state: State, row: FulfilmentOrder, lines: list[tuple[int, int]]) -> Json:
    made = fulfilment_orders.split(state, row, lines)
    state.news("fulfillment_orders/split", lambda: thin_payloads.split(row, made))
    return {
        "fulfillmentOrder": shown_orders.fulfilment_order(state, row),
        "remainingFulfillmentOrder": shown_orders.fulfilment_order(state, made),
        "replacementFulfillmentOrder": None,
    }


def _fulfil(state: State, args: Json) -> Json:
    wanted = args["fulfillment"]
    parts = []
    for entry in wanted["lineItemsByFulfillmentOrder"]:
        row = state.fulfilment_orders.get(number(entry["fulfillmentOrderId"], "FulfillmentOrder") or 0)
        if row is None:
            raise Refused("Fulfillment order does not exist.", field=("fulfillment",))
        parts.append((row, _pairs(entry.get("fulfillmentOrderLineItems"))))
    if not parts:
        raise Refused("At least one fulfillment order is required.", field=("fulfillment",))
    tracking = wanted.get("trackingInfo") or {}
    parcel = orders.fulfil(state, parts, {key: tracking.get(key) for key in ("company", "number", "url")})
    return {"fulfillment": shown_orders.fulfilment(state, parcel)}


def _order(state: State, global_id: str) -> Order:
    row = state.orders.get(number(global_id, "Order") or 0)
    if row is None:
        raise Refused("Order does not exist", field=("id",))
    return row


def _tags_add(state: State, args: Json) -> Json:
    row = _order(state, args["id"])
    known = {tag.casefold(): tag for tag in row.tags}
    for tag in filter(None, map(str.strip, args["tags"])):
        known.setdefault(tag.casefold(), tag)
    return _tagged(state, row, list(known.values()))


def _tags_remove(state: State, args: Json) -> Json:
    row = _order(state, args["id"])
    gone = {tag.strip().casefold() for tag in args["tags"]}
    return _tagged(state, row, [tag for tag in row.tags if tag.casefold() not in gone])


def _tagged(state: State, row: Order, tags: list[str]) -> Json:
    if tags != row.tags:
        row.tags = tags
        state.touch(row)
    return {"node": shown_orders.order(state, row)}


def _order_update(state: State, args: Json) -> Json:
    """Overwrite note, tags and attributes, those that are given."""
    wanted = args["input"]
    row = _order(state, wanted["id"])
    if "note" in wanted:
        row.note = wanted["note"]
    if "tags" in wanted:
        row.tags = list(wanted["tags"] or ())
    if "customAttributes" in wanted:
        row.attributes = [(entry["key"], entry["value"]) for entry in wanted["customAttributes"] or ()]
    state.touch(row)
    return {"order": shown_orders.order(state, row)}


def _basic(state: State, args: Json) -> Json:
    return {"codeDiscountNode": discount(discounts.basic(state, args["basicCodeDiscount"]))}


def _free_shipping(state: State, args: Json) -> Json:
    return {"codeDiscountNode": discount(discounts.free_shipping(state, args["freeShippingCodeDiscount"]))}


def _variants(state: State, args: Json) -> Json:
    """Set how variants of one product are sold. The one product that a variant has carries its id beside it."""
    product = number(args["productId"], "Product")
    rows = {row.id: row for row in state.by_item.values() if row.product == product and not row.deleted}
    if not rows:
        raise Refused("Product does not exist", field=("productId",), code="PRODUCT_DOES_NOT_EXIST")
    wanted = [(rows.get(number(entry["id"], "ProductVariant") or 0), entry) for entry in args["variants"]]
    if any(row is None for row, _ in wanted):
        raise Refused("Product variant does not exist", field=("variants",), code="PRODUCT_VARIANT_DOES_NOT_EXIST")
    changed = [_sold_as(state, row, entry.get("inventoryPolicy")) for row, entry in wanted if row is not None]
    return {"productVariants": [shown_stock.variant(state, row) for row in changed]}


def _sold_as(state: State, row: Variant, policy: str | None) -> Variant:
    if policy is not None and policy != row.policy:
        row.policy, row.updated_at = policy, state.now()
        state.news("products/update", lambda: payloads.product(state, row))
    return row


def _subscribe(state: State, args: Json) -> Json:
    made = subscriptions.create(state, args["topic"], args["webhookSubscription"])
    return {"webhookSubscription": subscription(made)}


def _unsubscribe(state: State, args: Json) -> Json:
    if state.subscriptions.pop(number(args["id"], "WebhookSubscription") or 0, None) is None:
        raise Refused("Webhook subscription does not exist", field=("id",))
    return {"deletedWebhookSubscriptionId": args["id"]}


WRITES: dict[str, Write] = {
    "fulfillmentOrderHold": _hold,
    "fulfillmentOrderReleaseHold": _release,
    "fulfillmentOrderSplit": _split,
    "fulfillmentCreate": _fulfil,
    "tagsAdd": _tags_add,
    "tagsRemove": _tags_remove,
    "orderUpdate": _order_update,
    "discountCodeBasicCreate": _basic,
    "discountCodeFreeShippingCreate": _free_shipping,
    "discountCodeDeactivate": ending.deactivate,
    "storeCreditAccountCredit": giving.credit,
    "storeCreditAccountDebit": giving.debit,
    "giftCardCreate": giving.create_card,
    "giftCardDeactivate": giving.end_card,
    "metafieldsSet": metafields.put,
    "metafieldsDelete": metafields.delete,
    "metafieldDefinitionCreate": metafields.define,
    "fulfillmentOrdersSetFulfillmentDeadline": ending.set_deadline,
    "orderEditBegin": editing.begin,
    "orderEditSetQuantity": editing.set_quantity,
    "orderEditAddVariant": editing.add_variant,
    "orderEditAddLineItemDiscount": editing.add_discount,
    "orderEditCommit": editing.commit,
    "orderCancel": ending.cancel,
    "refundCreate": ending.refund,
    "productVariantsBulkUpdate": _variants,
    "bulkOperationRunQuery": bulk.run,
    "webhookSubscriptionCreate": _subscribe,
    "webhookSubscriptionDelete": _unsubscribe,
}
