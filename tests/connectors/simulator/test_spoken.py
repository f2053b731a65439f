"""The shops' calls in words."""

import json
from datetime import UTC, datetime

import pytest

from connectors.simulator.journal import Entry
from connectors.simulator.spoken import in_words


def said(side, name, detail, *, order="7"):
    at = datetime(2026, 11, 23, tzinfo=UTC)
    text = detail if isinstance(detail, str) else json.dumps(detail)
    entry = Entry(at=at, name=name, order=order, detail=text, status=200, write=True)
    return in_words(side, entry, lambda known: f"#{known}")


HOLD = {"id": "gid://1", "hold": {"reason": "INVENTORY_OUT_OF_STOCK", "reasonNotes": 'Mug "tin": 1 can ship, 2 wait'}}


@pytest.mark.parametrize(
    ("name", "detail", "words"),
    [
        ("tagsAdd", {"id": "x", "tags": ["backorder-part-ready", "backorder-waiting"]},
         "Tag #7: backorder-part-ready, backorder-waiting"),
        ("tagsRemove", {"id": "x", "tags": ["backorder-waiting"]}, "Take tags off #7: backorder-waiting"),
        ("fulfillmentOrderHold", HOLD, "Hold what waits of #7"),
        ("fulfillmentOrderHold", json.dumps(HOLD)[:60], "Hold what waits of #7"),
        ("fulfillmentOrderSplit", {}, "Split #7 into what ships now and what waits"),
        ("fulfillmentOrderReleaseHold", {}, "Let go what was held of #7"),
        ("fulfillmentCreate", {}, "Record a parcel of #7"),
        ("orderUpdate", {}, "Write a note on #7"),
        ("webhookSubscriptionCreate", {}, "Ask to be told of changes"),
        ("somethingNew", {}, "somethingNew"),
    ],
)  # fmt: skip
def test_a_mutation_says_what_is_asked_of_which_order(name, detail, words):
    assert said("shopify", name, detail) == words


def test_a_codes_order_is_read_from_its_title():
    detail = {"input": {"title": "For the wait on order #1009", "code": "sorry-abc"}}
    for name in ("discountCodeBasicCreate", "discountCodeFreeShippingCreate"):
        assert said("shopify", name, detail, order=None) == "Make the code sorry-abc for the wait on #1009"
    coupon = {"code": "sorry-xyz", "description": "For the wait on order #25"}
    assert said("woocommerce", "POST /coupons", coupon, order=None) == "Make the code sorry-xyz for the wait on #25"
    assert said("woocommerce", "POST /coupons", {"code": "x"}, order=None).endswith("the wait on an order")


def meta(**values):
    return {"meta_data": [{"key": f"_backorder_{key}", "value": value} for key, value in values.items()]}


@pytest.mark.parametrize(
    ("name", "detail", "words"),
    [
        ("PUT /orders/25", meta(tags="backorder-no-date, backorder-waiting"), "Mark #25: backorder-no-date, backorder-waiting"),
        ("PUT /orders/25", meta(tags=None), "Take our marks off #25"),
        ("PUT /orders/25", meta(waiting='{"17":1}', ready='{"17":2,"18":1}', said="x"), "Write on #25: 1 unit must wait, 3 units can go"),
        ("PUT /orders/25", meta(waiting='{"17":2}', ready=None, said="x"), "Write on #25: 2 units must wait"),
        ("PUT /orders/25", meta(waiting=None, ready=None, said="x"), "Write on #25: nothing waits"),
        ("PUT /orders/25", '{"meta_data": [{"key": "_backorder_wai', "Write on #25"),
        ("POST /orders/25/notes", {"note": "Tall vase: 1 waits [backorder 2c27]", "customer_note": False}, "Note for the staff of #25"),
        ("POST /orders/25/notes", {"note": "Soon [backorder 2c27]", "customer_note": True}, "Note for the customer of #25"),
        ("POST /orders/25/fulfillments", {"meta_data": [{"key": "_items", "value": [{"item_id": 17, "qty": 2}, {"item_id": 18, "qty": 1}]}]}, "Record 3 units of #25 as shipped"),
        ("PUT /orders/25", meta(eta="2026-12-04"), "Show on #25 what waits and until when"),
        ("PUT /orders/25", meta(eta=None), "Show nothing on #25 any more"),
        ("PUT /orders/25", {"line_items": []}, "Change what #25 holds"),
        ("PUT /orders/25", {"status": "cancelled"}, "Cancel #25 for lack of stock"),
        ("DELETE /orders/25/notes/35", "", "Take a note off #25"),
        ("POST /orders/25/refunds", {"amount": "5"}, "Refund units of #25 that will not come"),
        ("DELETE /coupons/9", "", "End a code that nobody used"),
        ("PUT /products/3", meta(eta="2026-12-04"), "Let an item's page say when a next unit would leave"),
        ("PUT /products/3", {"backorders": "no"}, "Stop taking backorders on an item"),
        ("PUT /products/3/variations/4", {"backorders": "notify"}, "Take backorders on an item again"),
        ("POST /webhooks", {}, "Ask to be told of changes"),
        ("DELETE /webhooks/3", "", "Ask not to be told any more"),
        ("POST /products", {}, "POST /products"),
    ],
)  # fmt: skip
def test_a_request_says_what_is_asked_of_which_order(name, detail, words):
    assert said("woocommerce", name, detail, order=None) == words
