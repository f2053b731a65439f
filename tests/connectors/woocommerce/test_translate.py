"""What a delivery tells us to read again."""

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from connectors.woocommerce.translate import translate
from core.errors import PayloadChanged
from core.planning.hints import ItemHint, OrderHint
from tests.draws import examples

CAPTURED = Path(__file__).parent / "captured"
HINTS = {
    "order.created-backordered-checkout": (OrderHint(platform_id="34"),),
    "order.created-backordered-translated-key": (OrderHint(platform_id="73"),),
    "order.created-of-a-deleted-order": (),
    "order.updated-of-a-deleted-order": (),
    "order.updated-author-lost-permission": (),
    "order.deleted": (OrderHint(platform_id="38"),),
    "order.updated-after-checkout": (OrderHint(platform_id="34"),),
    "order.updated-after-fulfillment": (OrderHint(platform_id="68"),),
    "order.updated-after-partial-refund": (OrderHint(platform_id="50"),),
    "product.deleted": (ItemHint(platform_id="60"),),
    "product.deleted-caused-by-a-coupon": (ItemHint(platform_id="70"),),
    "product.updated-variation-stock-change-by-order": (ItemHint(platform_id="24"),),
    "ping": (),
}


@pytest.mark.parametrize(("name", "hints"), HINTS.items())
def test_captured_deliveries_name_what_to_read(name, hints):
    topic = name.split("-")[0] if name != "ping" else "order.created"
    assert translate(topic, (CAPTURED / f"{name}.body").read_bytes()) == hints


@pytest.mark.parametrize("path", sorted(CAPTURED.glob("*.body")), ids=lambda path: path.stem)
def test_every_captured_delivery_is_understood(path):
    topic = path.stem.split("-")[0]
    hints = translate(topic, path.read_bytes())
    kind = OrderHint if topic.startswith("order") else ItemHint
    assert all(type(hint) is kind for hint in hints)


@pytest.mark.parametrize(
    ("topic", "body", "hints"),
    [
        ("order.restored", {"id": 5}, (OrderHint(platform_id="5"),)),
        ("order.updated", {"id": 5, "status": "checkout-draft"}, ()),
        ("order.created", {"id": 5, "status": "auto-draft"}, ()),
        ("order.updated", {"id": 5, "status": "some-plugin"}, (OrderHint(platform_id="5"),)),
        ("order.updated", {"id": "5"}, (OrderHint(platform_id="5"),)),
        ("product.restored", {"id": 9}, (ItemHint(platform_id="9"),)),
        ("product.updated", {"id": 27, "parent_id": 26, "manage_stock": "parent"}, (ItemHint(platform_id="27"), ItemHint(platform_id="26"))),
        ("product.updated", {"id": 27, "parent_id": 26, "manage_stock": True}, (ItemHint(platform_id="27"),)),
        ("action.woocommerce_order_status_completed", {"action": "woocommerce_order_status_completed", "arg": 34}, (OrderHint(platform_id="34"),)),
        ("action.woocommerce_low_stock", {"action": "woocommerce_low_stock", "arg": "12"}, (ItemHint(platform_id="12"),)),
        ("action.woocommerce_product_set_stock", {"action": "woocommerce_product_set_stock", "arg": {}}, ()),
        ("action.woocommerce_add_to_cart", {"action": "woocommerce_add_to_cart", "arg": 3}, ()),
        ("action.woocommerce_order_x", {"action": "woocommerce_order_x", "arg": 0}, ()),
        ("action.woocommerce_order_x", {"action": "woocommerce_order_x", "arg": True}, ()),
        ("coupon.deleted", {"id": 70}, ()),
        ("customer.updated", {"id": 70}, ()),
        ("", {"id": 70}, ()),
    ],
)  # fmt: skip
def test_topics_lead_to_hints(topic, body, hints):
    assert translate(topic, json.dumps(body).encode()) == hints


@pytest.mark.parametrize(
    "body",
    [
        b"", b"null", b"[]", b"5", b'"x"', b"{", b"{}", b'{"id": null}', b'{"id": 0}', b'{"id": -1}', b'{"id": 1.5}', b'{"id": true}',
        b'{"id": false}', b'{"id": []}', b'{"id": {}}', b'{"id": "x"}', b'{"id": "1; DROP"}', b'{"id": 9223372036854775808}',
        b'{"id": 1e400}', b'{"id": "' + b"9" * 5000 + b'"}', b'{"id": ' + b"9" * 5000 + b"}", b"[" * 200_000, b'{"a":' * 200_000,
        b'{"id": "\xff"}', b'{"id": "\\ud800"}', b'{"id": "\\u0000"}', b"\x00", b"<html>", '{"id": "٣"}'.encode(),
    ],
)  # fmt: skip
def test_a_body_that_cannot_be_read_is_a_changed_payload(body):
    for topic in ("order.updated", "product.updated"):
        with pytest.raises(PayloadChanged):
            translate(topic, body)


def test_an_action_without_its_name_is_a_changed_payload():
    with pytest.raises(PayloadChanged):
        translate("action.x", b'{"arg": 1}')


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=8,
)


@examples(150)
@given(
    st.sampled_from(["order.updated", "product.updated", "action.order"]),
    st.fixed_dictionaries(
        {"id": JSON, "status": JSON, "parent_id": JSON, "manage_stock": JSON, "action": JSON, "arg": JSON, "x": JSON}
    ),
)
def test_no_field_of_any_kind_breaks_the_reading(topic, record):
    try:
        hints = translate(topic, json.dumps(record).encode("utf-8", "surrogatepass"))
    except PayloadChanged:
        return
    assert all(hint.platform_id.isdigit() and 0 < int(hint.platform_id) < 2**63 for hint in hints)
