"""A delivery names what to read again. Whatever its body holds, it is never believed and never a crash."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from connectors.shopify import translate as module
from connectors.shopify.subscriptions import TOPICS as SUBSCRIBED
from connectors.shopify.subscriptions import WITH_SCOPE
from connectors.shopify.translate import translate
from core.errors import Misaddressed, PayloadChanged
from core.planning.hints import (
    CustomerDataRequest,
    FulfilmentHint,
    ItemHint,
    OrderHint,
    ReadyHint,
    RedactCustomer,
    RedactShop,
    ShopHint,
    SupplyHint,
    SyncHint,
    Uninstalled,
)
from tests.draws import examples

DOMAIN = "fern.myshopify.com"
BIG = 820982911946154508
ORDER = {"id": BIG, "admin_graphql_api_id": f"gid://shopify/Order/{BIG}", "updated_at": "2026-11-01T00:00:00Z"}
FO = {"id": "gid://shopify/FulfillmentOrder/7", "status": "open"}
PERSON = {"id": 191167, "email": "customer12@example.com", "phone": "555"}

# (topic, body, hints)
TABLE = [
    *[(f"orders/{word}", ORDER, (OrderHint(platform_id=str(BIG)),))
      for word in ("create", "updated", "cancelled", "paid", "fulfilled", "partially_fulfilled")],
    ("orders/delete", {"id": 5}, (OrderHint(platform_id="5"),)),
    ("orders/updated", {"admin_graphql_api_id": "gid://shopify/Order/6"}, (OrderHint(platform_id="6"),)),
    ("orders/edited", {"order_edit": {"id": 1, "order_id": 5}}, (OrderHint(platform_id="5"),)),
    ("refunds/create", {"id": 1, "order_id": 5}, (OrderHint(platform_id="5"),)),
    ("fulfillments/create", {"id": 1, "order_id": 5}, (OrderHint(platform_id="5"),)),
    ("fulfillments/update", {"id": 1, "order_id": 5}, (OrderHint(platform_id="5"),)),
    *[(f"fulfillment_orders/{word}", {"fulfillment_order": FO}, (FulfilmentHint(platform_id="7"),))
      for word in ("placed_on_hold", "hold_released", "cancelled", "rescheduled", "order_routing_complete",
                   "scheduled_fulfillment_order_ready")],
    ("fulfillment_orders/split", {"split_line_items": [{"id": "gid://shopify/FulfillmentOrderLineItem/1"}], "fulfillment_order": FO},
     (FulfilmentHint(platform_id="7"),)),
    ("fulfillment_orders/merged", {"merge_intents": [{"fulfillment_order_id": 1}], "fulfillment_order_merges": {"fulfillment_order": FO}},
     (FulfilmentHint(platform_id="7"),)),
    ("fulfillment_orders/moved", {"original_fulfillment_order": FO, "moved_fulfillment_order": {"id": "gid://shopify/FulfillmentOrder/8"}},
     (FulfilmentHint(platform_id="7"),)),
    ("fulfillment_holds/added", {"fulfillment_order": {"id": FO["id"]}, "fulfillment_hold": {"id": "gid://shopify/FulfillmentHold/1"}},
     (FulfilmentHint(platform_id="7"),)),
    ("inventory_levels/update", {"inventory_item_id": BIG, "location_id": 5, "available": -3}, (ItemHint(platform_id=str(BIG)),)),
    ("inventory_levels/disconnect", {"inventory_item_id": 9, "location_id": 5}, (ItemHint(platform_id="9"),)),
    ("inventory_items/update", {"id": 9, "sku": "x"}, (ItemHint(platform_id="9"),)),
    ("inventory_items/delete", {"id": 9}, (ItemHint(platform_id="9"),)),
    ("products/update", {"id": 1, "variants": [{"id": 2, "inventory_item_id": 9}, {"id": 3, "inventory_item_id": 10},
                                               {"id": 4, "inventory_item_id": 9}, {"id": 5, "inventory_item_id": None}]},
     (ItemHint(platform_id="9"), ItemHint(platform_id="10"))),
    ("variants/out_of_stock", {"id": 2, "inventory_item_id": 9}, (ItemHint(platform_id="9"),)),
    ("inventory_transfers/ready_to_ship", {"id": "gid://shopify/InventoryTransfer/1"}, (SupplyHint(),)),
    ("inventory_shipments/update_tracking", {"shipment_id": "gid://shopify/InventoryShipment/1"}, (SupplyHint(),)),
    ("locations/update", {"id": 5}, (ShopHint(),)),
    ("shop/update", {"id": 1, "myshopify_domain": DOMAIN}, (ShopHint(),)),
    ("app/scopes_update", {"id": 1, "current": []}, (ShopHint(), SyncHint())),
    ("app/uninstalled", {"id": 1, "myshopify_domain": "Fern.myshopify.com"}, (Uninstalled(),)),
    ("shop/redact", {"shop_id": 1, "shop_domain": DOMAIN}, (RedactShop(),)),
    ("customers/redact", {"shop_domain": DOMAIN, "customer": PERSON, "orders_to_redact": [5, 6]},
     (RedactCustomer(customer="191167", email="customer12@example.com", orders=("5", "6")),)),
    ("customers/redact", {"shop_domain": DOMAIN, "customer": {"id": 1, "email": None}},
     (RedactCustomer(customer="1", email=None, orders=()),)),
    ("customers/data_request", {"shop_domain": DOMAIN, "customer": PERSON, "orders_requested": [5]},
     (CustomerDataRequest(customer="191167", email="customer12@example.com", orders=("5",)),)),
    ("customers/update", {"id": 1}, ()),
    ("bulk_operations/finish", {"status": "completed"}, (ReadyHint(),)),
    ("products/delete", {"id": 1}, ()),
    ("carts/create", {}, ()),
    ("something/new", {}, ()),
    ("", {}, ()),
]  # fmt: skip


@pytest.mark.parametrize(("topic", "body", "hints"), TABLE, ids=[row[0] for row in TABLE])
def test_a_topic_says_what_to_read(topic, body, hints):
    assert translate(topic, json.dumps(body).encode(), domain=DOMAIN) == hints


@pytest.mark.parametrize("topic", [*SUBSCRIBED, *WITH_SCOPE])
def test_every_topic_that_we_subscribe_to_is_understood(topic):
    assert topic in module.TOPICS or f"{topic.split('/')[0]}/*" in module.TOPICS


OTHERS = ["moss.myshopify.com", "fern.myshopify.com.evil.com", "", None, 5, ["fern.myshopify.com"]]


@pytest.mark.parametrize("named", OTHERS, ids=str)
@pytest.mark.parametrize(
    ("topic", "key"),
    [
        ("app/uninstalled", "myshopify_domain"),
        ("shop/redact", "shop_domain"),
        ("customers/redact", "shop_domain"),
        ("customers/data_request", "shop_domain"),
    ],
)
def test_a_body_of_another_shop_is_refused(topic, key, named):
    body = {key: named, "customer": PERSON, "orders_to_redact": [5]}
    with pytest.raises(Misaddressed if isinstance(named, str) else PayloadChanged):
        translate(topic, json.dumps(body).encode(), domain=DOMAIN)


def test_an_orders_body_under_the_uninstall_topic_uninstalls_nothing():
    with pytest.raises(PayloadChanged):
        translate("app/uninstalled", json.dumps(ORDER).encode(), domain=DOMAIN)


HOSTILE = [
    b"", b"null", b"[]", b"[1]", b"1", b'"text"', b"{", b"\xff\xfe", b"{}", b'{"id": null}', b'{"id": true}', b'{"id": 1.5}',
    b'{"id": -1}', b'{"id": 0}', b'{"id": "x"}', b'{"id": "1\\u0000"}', b'{"id": "\\ud800"}', b'{"id": []}', b'{"id": {}}',
    b'{"id": 9223372036854775808}', b'{"id": "9223372036854775808"}', b'{"id": ' + b"9" * 5000 + b"}",
    b"[" * 200_000, b'{"a":' * 200_000, b'{"id": "gid://shopify/Order/"}', b'{"id": "gid://shopify/Order/1\\n"}',
    b'{"id": "\xd9\xa1"}',
]  # fmt: skip


@pytest.mark.parametrize("body", HOSTILE, ids=lambda body: repr(body[:24]))
@pytest.mark.parametrize(
    "topic",
    [
        "orders/create",
        "refunds/create",
        "orders/edited",
        "fulfillment_orders/split",
        "inventory_levels/update",
        "products/update",
    ],
)
def test_a_body_that_cannot_be_read_is_said_to_be_so(topic, body):
    with pytest.raises(PayloadChanged) as raised:
        translate(topic, body, domain=DOMAIN)
    assert "\n" not in str(raised.value)


@pytest.mark.parametrize("variants", [{}, "x", [1], [{"inventory_item_id": "x"}], None])
def test_odd_variants_are_said_to_be_so(variants):
    with pytest.raises(PayloadChanged):
        translate("products/update", json.dumps({"id": 1, "variants": variants}).encode(), domain=DOMAIN)


@pytest.mark.parametrize("orders", [{}, "x", [None], ["x"], 5])
def test_odd_order_lists_are_said_to_be_so(orders):
    body = {"shop_domain": DOMAIN, "customer": PERSON, "orders_to_redact": orders}
    with pytest.raises(PayloadChanged):
        translate("customers/redact", json.dumps(body).encode(), domain=DOMAIN)


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=8),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(
                ["id", "order_id", "order_edit", "fulfillment_order", "variants", "inventory_item_id", "customer"]
            ),
            inner,
            max_size=3,
        )
    ),
    max_leaves=10,
)


@examples(200)
@given(st.sampled_from(sorted(module.TOPICS)), JSON)
def test_no_body_crashes_the_translation(topic, document):
    topic = topic.replace("*", "create")
    try:
        hints = translate(topic, json.dumps(document).encode(), domain=DOMAIN)
    except PayloadChanged:
        return
    assert isinstance(document, dict)
    assert all(getattr(hint, "platform_id", "1").isascii() for hint in hints)


def test_the_connector_translates_for_its_own_shop(connector):
    assert connector.translate("shop/redact", b'{"shop_domain": "fern.myshopify.com"}') == (RedactShop(),)
    with pytest.raises(PayloadChanged):
        connector.translate("shop/redact", b'{"shop_domain": "moss.myshopify.com"}')
