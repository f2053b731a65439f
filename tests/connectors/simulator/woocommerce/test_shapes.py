"""Answers have the keys, in the order, and the types that a real store was seen to give."""

import json

import pytest


def shape(value):
    if isinstance(value, dict):
        return {name: shape(part) for name, part in value.items()}
    if isinstance(value, list):
        return [shape(part) for part in value[:1]]
    return "number" if isinstance(value, int | float) and not isinstance(value, bool) else type(value).__name__


def differences(ours, theirs, where=""):
    """Where two shapes differ; null agrees with anything, an empty list with any list."""
    if "NoneType" in (ours, theirs):
        return []
    if isinstance(ours, dict) and isinstance(theirs, dict):
        if list(ours) != list(theirs):
            return [f"{where}: {list(ours)} is not {list(theirs)}"]
        return [line for name in ours for line in differences(ours[name], theirs[name], f"{where}.{name}")]
    if isinstance(ours, list) and isinstance(theirs, list):
        return differences(ours[0], theirs[0], f"{where}[]") if ours and theirs else []
    return [] if ours == theirs else [f"{where}: {ours} is not {theirs}"]


def assert_alike(ours, theirs):
    assert differences(shape(ours), shape(theirs)) == []


def created_order(api, product, **more):
    body = {"status": "processing", "line_items": [{"product_id": product, "quantity": 8}], **more}
    answer = api.post("orders", body)
    assert answer.status_code == 201, answer.text
    return answer.json()


def test_an_order_made_over_rest_looks_like_a_recorded_one(api, store, captured):
    customer = store.add_customer("Customer 12", "customer12@example.com")
    shipping = [{"method_id": "flat_rate", "method_title": "Flat rate", "total": "5.00"}]
    mug = store.state.by_sku("MUG").id
    assert_alike(
        created_order(api, mug, customer_id=customer, shipping_lines=shipping), captured("order-create-backordered")
    )


def test_an_order_from_the_checkout_looks_like_a_recorded_one(api, store, captured):
    order = store.checkout([("MUG", 6), ("SHIRT-M", 2)], customer="Customer 12")
    ours, theirs = api.get(f"orders/{order}").json(), captured("order-checkout-backordered")
    assert_alike(ours, theirs)
    assert [entry["key"] for entry in ours["line_items"][0]["meta_data"]] == ["Backordered", "_reduced_stock"]
    assert ours["created_via"] == theirs["created_via"]


def test_a_line_of_a_deleted_product_keeps_its_name_only(api, store, captured):
    store.add_product("TEMP", "Temp", "5.00", 10)
    order = store.checkout([("TEMP", 4)])
    store.delete_product("TEMP")
    ours, theirs = api.get(f"orders/{order}").json()["line_items"][0], captured("order-with-deleted-product")
    same = ("name", "product_id", "variation_id", "quantity", "total", "sku", "global_unique_id", "price", "image")
    assert {name: ours[name] for name in same} == {name: theirs["line_items"][0][name] for name in same}


def test_a_refund_looks_like_a_recorded_one(api, store, captured):
    order = store.checkout([("MUG", 8)], payment="cod")
    line = store.line(order, "MUG")
    body = {"api_refund": False, "line_items": [{"id": line, "quantity": 3, "refund_total": "30.00"}]}
    ours, theirs = api.post(f"orders/{order}/refunds", body).json(), captured("refund-partial-restock")
    assert_alike(ours, theirs)
    assert (ours["line_items"][0]["quantity"], ours["line_items"][0]["total"]) == (-3, "-30.00")
    seen = api.get(f"orders/{order}").json()
    assert_alike(seen["refunds"], captured("order-after-partial-refund")["refunds"])
    kept = [(entry["key"], entry["value"]) for entry in seen["line_items"][0]["meta_data"]]
    assert kept[-2:] == [("_reduced_stock", "5"), ("_restock_refunded_items", "3")]


def test_products_and_variations_look_like_recorded_ones(api, store, captured):
    state = store.state
    assert_alike(api.get(f"products/{state.by_sku('MUG').id}").json(), captured("product-simple"))
    shirt, hat = state.by_sku("SHIRT"), state.by_sku("HAT")
    assert_alike(api.get(f"products/{shirt.id}").json(), captured("product-variable"))
    assert_alike(api.get(f"products/{shirt.id}/variations/{shirt.variations[0]}").json(), captured("variation"))
    ours = api.get(f"products/{hat.id}/variations/{hat.variations[0]}").json()
    assert_alike(ours, captured("variation-parent-stock"))
    assert (ours["manage_stock"], ours["stock_quantity"], ours["backorders"]) == ("parent", 2, "notify")


def test_a_variation_asked_for_as_a_product_looks_like_a_recorded_delivery(api, store, captured):
    variation = store.state.by_sku("SHIRT-M").id
    assert_alike(api.get(f"products/{variation}").json(), captured("delivery-variation-updated"))


def test_notes_coupons_webhooks_and_customers_look_like_recorded_ones(api, store, captured, receiver):
    order = store.checkout([("MUG", 1)])
    assert_alike(api.post(f"orders/{order}/notes", {"note": "Expected soon"}).json(), captured("order-note-created"))
    coupon = {"code": "Sorry-1", "amount": "7.5", "meta_data": [{"key": "_example_order", "value": "34"}]}
    ours = api.post("coupons", {**coupon, "date_expires": "2027-01-31T00:00:00"}).json()
    assert_alike(ours, captured("coupon-created"))
    assert (ours["code"], ours["amount"], ours["date_expires_gmt"]) == ("sorry-1", "7.50", "2027-01-31T05:00:00")
    hook = {"topic": "coupon.updated", "delivery_url": receiver.url, "name": "fails"}
    ours = api.post("webhooks", hook).json()
    assert_alike(ours, captured("webhook-created"))
    assert ours["hooks"] == captured("webhook-created")["hooks"]
    customer = store.add_customer("Customer 12", "customer12@example.com")
    assert_alike(api.get(f"customers/{customer}").json(), captured("customer"))


def test_a_fulfillment_looks_like_a_recorded_one(make_store, opened, captured):
    store = make_store(fulfillments=True)
    api = opened(store)
    store.add_product("MUG", "Mug", "10.00", 3)
    order = store.checkout([("MUG", 2)])
    meta = [
        {"key": "_items", "value": [{"item_id": store.line(order, "MUG"), "qty": 1}]},
        {"key": "_tracking_number", "value": "1Z999AA10123456784"},
        {"key": "_shipping_provider", "value": "ups"},
        {"key": "_tracking_url", "value": "https://carrier.example/1"},
    ]
    answer = api.post(f"orders/{order}/fulfillments", {"status": "fulfilled", "meta_data": meta})
    ours, theirs = answer.json(), captured("fulfillment-create-partial")
    assert answer.status_code == 201
    assert sorted(ours) == sorted(theirs)
    assert [entry["key"] for entry in ours["meta_data"]] == [entry["key"] for entry in theirs["meta_data"]]
    assert {name: type(ours[name]) for name in ours} == {name: type(theirs[name]) for name in ours}
    seen = api.get(f"orders/{order}").json()
    assert {"key": "_fulfillment_status", "value": "partially_fulfilled"}.items() <= seen["meta_data"][-1].items()


@pytest.fixture
def recorded_on(api, store, captured):
    """A store with an order paid in cash and a coupon, as where the refusals were recorded."""
    api.post("coupons", {"code": "taken"})
    return api, store.checkout([("MUG", 1)], payment="cod"), captured


@pytest.mark.parametrize(
    ("call", "body", "status", "recorded"),
    [
        ("PUT orders/{order}", {"status": "no-such"}, 400, "order-bad-status"),
        ("GET orders/99999", None, 404, "order-not-found"),
        ("POST products/batch", {"update": [{"id": 1}] * 101}, 413, "batch-limit"),
        ("POST orders/{order}/refunds", {"amount": "1.00"}, 500, "refund-api-no-gateway"),
        ("POST orders/{order}/refunds", {"amount": "9999", "api_refund": False}, 500, "refund-too-much"),
        ("GET orders/{order}/fulfillments", None, 404, "fulfillments-feature-off"),
        ("POST webhooks", {"topic": "order.shipped"}, 400, "webhook-bad-topic"),
        ("POST webhooks", {"topic": "order.updated", "delivery_url": "ftp://x"}, 400, "webhook-bad-url"),
        ("POST coupons", {"code": "TAKEN"}, 400, "coupon-duplicate"),
    ],
)
def test_refusals_are_worded_as_recorded(recorded_on, call, body, status, recorded):
    api, order, captured = recorded_on
    method, path = call.format(order=order).split()
    answer = api.get(path) if method == "GET" else getattr(api, method.lower())(path, body)
    assert (answer.status_code, answer.json()) == (status, captured(recorded))


def test_a_duplicate_sku_names_its_owner(api, store, captured):
    answer = api.post("products", {"name": "Other", "sku": "MUG"})
    theirs = captured("product-duplicate-sku")
    assert answer.status_code == 400
    assert answer.json() == {**theirs, "data": {"status": 400, "resource_id": 11, "unique_sku": "MUG-1"}}


def test_an_empty_fulfillment_is_refused_with_code_0(make_store, opened, captured):
    store = make_store(fulfillments=True)
    api = opened(store)
    store.add_product("MUG", "Mug", "10.00", 3)
    order = store.checkout([("MUG", 2)])
    answer = api.post(f"orders/{order}/fulfillments", {"meta_data": [{"key": "_items", "value": []}]})
    assert (answer.status_code, answer.json()) == (400, captured("fulfillment-no-items"))


def test_json_is_escaped_as_php_does(store, api):
    store.state.backordered_key = "Lieferrückstand"
    order = store.checkout([("MUG", 5)])
    raw = api.get(f"orders/{order}").content
    assert b'"key":"Lieferr\\u00fcckstand","value":"2"' in raw
    assert b"http:\\/\\/127.0.0.1" in raw
    assert json.loads(raw)["line_items"][0]["price"] == 10
