"""Which events fire, what they carry, how they are signed, and how a webhook dies."""

import json
import threading
import time

import pytest
import requests

from connectors.simulator.hooks import signature

TOPICS = (
    "order.created",
    "order.updated",
    "order.deleted",
    "product.created",
    "product.updated",
    "product.deleted",
    "coupon.deleted",
    "customer.updated",
)


def test_creation_pings_with_an_unsigned_form_before_it_answers(subscribe, receiver):
    hook = subscribe("order.updated")[0]
    (path, headers, body), *rest = receiver.posts
    assert (path, body, rest) == ("/hook", f"webhook_id={hook['id']}".encode(), [])
    assert headers["CONTENT_TYPE"] == "application/x-www-form-urlencoded"
    assert [name for name in headers if name.startswith("X_WC")] == []


def test_a_receiver_can_ask_the_store_while_it_is_being_pinged(api, receiver, subscribe):
    receiver.hold.clear()
    seen = []
    thread = threading.Thread(target=lambda: seen.extend(subscribe("order.updated")))
    thread.start()
    assert api.get("orders").status_code == 200
    receiver.hold.set()
    thread.join(60)
    assert [hook["status"] for hook in seen] == ["active"]


def test_a_ping_that_fails_changes_nothing(api):
    hook = api.post("webhooks", {"topic": "order.updated", "delivery_url": "http://127.0.0.1:9/hook"})
    assert (hook.status_code, hook.json()["status"]) == (201, "active")


def test_a_delivery_is_signed_over_its_raw_escaped_body(subscribe, store, receiver):
    subscribe("order.created")
    order = store.checkout([("MUG", 1)])
    store.hooks.flush()
    _, headers, body = receiver.posts[-1]
    assert headers["X_WC_WEBHOOK_SIGNATURE"] == signature("secret", body)
    assert b'"customer_user_agent":"Mozilla\\/5.0"' in body
    assert headers["X_WC_WEBHOOK_SOURCE"] == f"{store.state.home}/"
    named = [headers[f"X_WC_WEBHOOK_{name}"] for name in ("TOPIC", "RESOURCE", "EVENT", "ID")]
    assert named == ["order.created", "order", "created", "1"]
    assert (headers["CONTENT_TYPE"], json.loads(body)["id"]) == ("application/json", order)
    assert headers["USER_AGENT"].startswith("WooCommerce/10.5.0 Hookshot")


def test_secrets_are_never_shown_and_random_when_not_given(api, store, receiver):
    hook = api.post("webhooks", {"topic": "order.updated", "delivery_url": receiver.url}).json()
    assert "secret" not in hook
    assert len(store.state.webhooks[hook["id"]].secret) == 50
    assert "secret" not in api.get(f"webhooks/{hook['id']}").text


def test_the_payload_is_built_when_delivered_and_duplicates_are_one(subscribe, store, receiver, heard):
    subscribe("order.created", "order.updated")
    order = []

    def act():
        order.append(store.checkout([("MUG", 1)], status="pending"))
        for status in ("processing", "on-hold", "completed"):
            store.set_status(order[0], status)

    assert heard(act) == [("order.created", order[0]), ("order.updated", order[0])]
    assert {body["status"] for body in receiver.bodies()} == {"completed"}


def test_deliveries_of_one_second_share_their_delivery_id(make_store, opened, receiver):
    store = make_store(wall=lambda: 1_795_000_000.4)
    store.add_product("MUG", "Mug", "10.00", 30)
    api = opened(store)
    store.wsgi.wall = time.time
    api.post("webhooks", {"topic": "order.created", "delivery_url": receiver.url, "secret": "s"})
    orders = {store.checkout([("MUG", 1)]) for _ in range(3)}
    store.hooks.flush()
    deliveries = [headers["X_WC_WEBHOOK_DELIVERY_ID"] for _, headers, body in receiver.posts if body[:1] == b"{"]
    assert (len(deliveries), len(set(deliveries)), len(deliveries[0])) == (3, 1, 32)
    assert {body["id"] for body in receiver.bodies()} == orders


def test_updated_often_overtakes_created(subscribe, store):
    subscribe("order.created", "order.updated")
    store.hooks.flush()
    store.hooks.pause()
    fired = []
    store.state.fire = lambda topic, row: fired.append(topic) if topic.startswith("order") else None
    for _ in range(40):
        store.checkout([("LAMP", 1)])
    first = fired[::2]
    assert 20 < first.count("order.updated") < 40
    store.hooks.resume()


def orders_events(store, do):
    """Events of one thing done to a fresh order of two mugs."""
    order = store.checkout([("MUG", 2)])
    return order, lambda: do(store, order)


EVENTS = [
    (lambda s, o: s.set_status(o, "cancelled"), ["order.updated", "product.updated"]),
    (lambda s, o: s.set_status(o, "failed"), ["order.updated"]),
    (lambda s, o: s.complete(o), ["order.updated"]),
    (lambda s, o: s.refund(o, {s.line(o, "MUG"): 1}), ["order.updated", "product.updated"]),
    (lambda s, o: s.refund(o, {s.line(o, "MUG"): 1}, restock=False), ["order.updated"]),
    (lambda s, o: s.edit_line(o, s.line(o, "MUG"), 1), ["order.updated", "product.updated"]),
    (lambda s, o: s.set_meta(o, "a", "b"), ["order.updated"]),
    (lambda s, o: s.remove_meta(o, "a"), ["order.updated"]),
    (lambda s, o: s.trash(o), ["order.deleted"]),
    (lambda s, o: s.force_delete(o), []),
    (lambda s, o: s.restock("MUG", 1), ["product.updated"]),
    (lambda s, o: s.set_stock("HAT-1", 1), ["product.updated"]),
    (lambda s, o: s.trash_product("LAMP"), ["coupon.deleted", "product.deleted"]),
    (lambda s, o: s.delete_product("LAMP"), []),
    (lambda s, o: s.open_checkout([("MUG", 1)]), ["order.updated"]),
]


@pytest.mark.parametrize(("do", "topics"), EVENTS)
def test_what_people_do_fires_what_was_recorded(subscribe, store, heard, do, topics):
    subscribe(*TOPICS)
    _, act = orders_events(store, do)
    assert [topic for topic, _ in heard(act)] == topics


REST_EVENTS = [
    (lambda a, o, m: a.put(f"orders/{o}", {}), ["order.updated"]),
    (lambda a, o, m: a.put(f"orders/{o}", {"meta_data": [{"key": "a", "value": 1}]}), ["order.updated"]),
    (lambda a, o, m: a.post(f"orders/{o}/notes", {"note": "x", "customer_note": True}), []),
    (lambda a, o, m: a.delete(f"orders/{o}"), ["order.deleted"]),
    (lambda a, o, m: a.delete(f"orders/{o}", params={"force": "true"}), []),
    (lambda a, o, m: a.put(f"products/{m}", {}), ["product.updated"]),
    (lambda a, o, m: a.delete(f"products/{m}"), ["coupon.deleted", "product.deleted"]),
    (lambda a, o, m: a.delete(f"products/{m}", params={"force": "true"}), []),
    (lambda a, o, m: a.post("products/batch", {"update": [{"id": m, "stock_quantity": 1}]}), ["product.updated"]),
    (lambda a, o, m: a.post("orders", {"status": "pending"}), ["order.created"]),
]


@pytest.mark.parametrize(("do", "topics"), REST_EVENTS)
def test_rest_calls_fire_what_was_recorded(subscribe, store, api, heard, do, topics):
    subscribe(*TOPICS)
    mug = store.state.by_sku("MUG").id
    order = store.checkout([("MUG", 2)])
    assert [topic for topic, _ in heard(lambda: do(api, order, mug))] == topics


def test_a_trashed_coupon_is_told_as_a_product(subscribe, store, api, heard):
    subscribe(*TOPICS)
    coupon = api.post("coupons", {"code": "sorry"}).json()["id"]
    expected = [("coupon.deleted", coupon), ("product.deleted", coupon)]
    assert heard(lambda: api.delete(f"coupons/{coupon}")) == expected


@pytest.mark.parametrize(
    ("legacy", "trashed", "restored"),
    [
        (False, ["order.deleted"], []),
        (True, ["coupon.deleted", "order.deleted", "product.deleted"], ["order.updated"]),
    ],
)
def test_trash_and_back_differ_by_storage(make_store, opened, receiver, legacy, trashed, restored):
    store = make_store(legacy=legacy)
    store.add_product("MUG", "Mug", "10.00", 3)
    api = opened(store)
    order = store.checkout([("MUG", 1)])
    for topic in ("order.updated", "order.deleted", "product.deleted", "coupon.deleted"):
        api.post("webhooks", {"topic": topic, "delivery_url": receiver.url, "secret": "s"})
    api.delete(f"orders/{order}")
    store.hooks.flush()
    assert sorted(receiver.topics()) == trashed
    receiver.posts.clear()
    assert api.get(f"orders/{order}").json()["status"] == "trash"
    assert api.put(f"orders/{order}", {"status": "processing"}).json()["status"] == "processing"
    store.hooks.flush()
    assert receiver.topics() == restored
    store.trash(order)
    store.hooks.flush()
    receiver.posts.clear()
    store.untrash(order)
    store.hooks.flush()
    assert receiver.topics() == restored


def test_a_variation_is_told_as_itself_and_parent_stock_as_the_parent(subscribe, store, heard, receiver):
    subscribe("product.updated")
    shirt, hat = store.state.by_sku("SHIRT-M"), store.state.by_sku("HAT")
    told = heard(lambda: store.checkout([("SHIRT-M", 2), ("HAT-1", 1)]))
    assert told == [("product.updated", shirt.id), ("product.updated", hat.id)]
    seen = {body["id"]: (body["type"], body["parent_id"]) for body in receiver.bodies()}
    assert seen == {shirt.id: ("variation", shirt.parent_id), hat.id: ("variable", 0)}


def test_a_known_customers_order_updates_the_customer(subscribe, store, heard):
    subscribe("customer.updated")
    customer = store.add_customer("Customer 12", "customer12@example.com")
    assert heard(lambda: store.checkout([("MUG", 1)], customer=customer)) == [("customer.updated", customer)]


def test_an_order_gone_before_delivery_sends_a_signed_error(subscribe, store, heard, receiver, captured):
    subscribe("order.created", "order.updated")
    heard(lambda: store.force_delete(store.checkout([("MUG", 1)])))
    assert receiver.bodies() == [captured("delivery-of-a-deleted-order")] * 2
    _, headers, body = receiver.posts[-1]
    assert headers["X_WC_WEBHOOK_SIGNATURE"] == signature("secret", body)


def test_an_author_without_permission_sends_a_signed_error(subscribe, store, heard, receiver, captured):
    subscribe("order.created")
    store.demote_key("ck_example")
    heard(lambda: store.checkout([("MUG", 1)]))
    assert receiver.bodies() == [captured("delivery-author-lost-permission")]


def test_a_failed_coupon_leaves_a_draft_that_is_told_about(subscribe, api, heard, receiver):
    subscribe("order.created", "order.updated")
    answers = []
    told = heard(lambda: answers.append(api.post("orders", {"coupon_lines": [{"code": "none"}]})))
    assert (answers[0].status_code, answers[0].json()["code"]) == (400, "woocommerce_rest_invalid_coupon")
    assert told == [("order.created", answers[0].json()["data"]["new_draft_order_id"])]
    assert receiver.bodies()[0]["status"] == "checkout-draft"


def test_two_stores_do_not_share_anything(make_store, opened):
    first, second = make_store(), make_store()
    first.add_product("MUG", "Mug", "10.00", 3)
    assert opened(second).get("products").json() == []
    assert requests.get(f"{opened(first).url}/elsewhere", timeout=60).status_code == 404
