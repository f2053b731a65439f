"""Our webhooks: exactly those we need, each once, all active."""

import pytest

from connectors.woocommerce.subscriptions import OPTIONAL, TOPICS, name_of
from core.errors import CredentialsRevoked, Rejected

URL = "https://backorder.example.com/webhooks/woocommerce/store"


def hook(number, topic, status="active", url=URL):
    return {"id": number, "name": name_of(topic, URL), "topic": topic, "status": status, "delivery_url": url}


def all_hooks(**changes):
    return [hook(n, topic, **changes.get(topic.replace(".", "_"), {})) for n, topic in enumerate(TOPICS, 1)]


def mended(url=URL):
    return {"status": "active", "delivery_url": url, "secret": "s3cret"}


def body(topic):
    return {"name": name_of(topic, URL), "topic": topic, "delivery_url": URL, "secret": "s3cret", "status": "active"}


def test_a_new_store_gets_every_webhook_with_our_secret(store, shop, captured):
    store.answers("webhooks", [])
    for topic in TOPICS:
        store.answers("webhooks", captured("webhook-created.json"), method="POST", status=201, sent=body(topic))
    said = shop.subscribe(URL, "s3cret")
    assert len(said) == len(TOPICS)
    assert all("missing" in line for line in said)


def test_webhooks_that_are_right_are_left_alone(store, shop):
    store.answers("webhooks", [*all_hooks(), hook(90, "coupon.created", url="https://other.example.com/hook")])
    assert shop.subscribe(URL, "s3cret") == ()
    assert store.writes == []


@pytest.mark.parametrize("status", ["disabled", "paused"])
def test_a_webhook_that_the_store_turned_off_is_active_again(store, shop, status):
    store.answers("webhooks", all_hooks(order_updated={"status": status}))
    store.answers("webhooks/2", hook(2, "order.updated"), method="PUT", sent=mended())
    assert shop.subscribe(URL, "s3cret") == (f"The webhook for order.updated was {status}: it is active again.",)


def test_doubles_go_and_the_oldest_active_one_stays(store, shop):
    hooks = [*all_hooks(order_updated={"status": "disabled"}), hook(30, "order.updated"), hook(20, "order.updated")]
    store.answers("webhooks", hooks)
    for number in (30, 2):
        store.answers(f"webhooks/{number}", {}, method="DELETE", query={"force": "true"})
    assert len(shop.subscribe(URL, "s3cret")) == 2


def test_a_webhook_of_ours_with_a_topic_that_we_do_not_read_goes(store, shop):
    store.answers("webhooks", [*all_hooks(), hook(50, "coupon.updated")])
    store.answers("webhooks/50", {}, method="DELETE")
    assert shop.subscribe(URL, "s3cret") == ("The webhook for coupon.updated was not needed: removed.",)


def test_ours_are_found_on_every_page(store, shop):
    others = [hook(n, "coupon.created", url="https://other.example.com") for n in range(100, 200)]
    store.answers("webhooks", others, query={"per_page": "100", "page": "1"})
    store.answers("webhooks", all_hooks(), query={"per_page": "100", "page": "2"})
    assert shop.subscribe(URL, "s3cret") == ()


def test_a_store_that_does_not_know_restored_ones_is_fine(store, shop, captured):
    store.answers("webhooks", [h for h in all_hooks() if h["topic"] not in OPTIONAL])
    store.answers("webhooks", captured("webhook-bad-topic.json"), method="POST", status=400)
    assert shop.subscribe(URL, "s3cret") == ()
    assert len(store.writes) == 2


def test_a_refusal_of_one_that_we_need_is_said(store, shop, captured):
    store.answers("webhooks", [h for h in all_hooks() if h["topic"] != "order.updated"])
    store.answers("webhooks", captured("webhook-bad-topic.json"), method="POST", status=400)
    with pytest.raises(Rejected, match="topic"):
        shop.subscribe(URL, "s3cret")


def test_a_key_that_may_only_read_is_found_out_by_the_first_webhook(store, shop):
    store.answers("webhooks", [h for h in all_hooks() if h["topic"] not in OPTIONAL])
    refused = {
        "code": "woocommerce_rest_authentication_error",
        "message": "The API key provided does not have write permissions.",
    }
    store.answers("webhooks", refused, method="POST", status=401)
    with pytest.raises(CredentialsRevoked, match="Read/Write"):
        shop.subscribe(URL, "s3cret")


def test_a_webhook_that_was_pointed_elsewhere_delivers_here_again(store, shop):
    store.answers("webhooks", all_hooks(order_updated={"url": "https://elsewhere.example.com/x"}))
    store.answers("webhooks/2", hook(2, "order.updated"), method="PUT", sent=mended())
    assert shop.subscribe(URL, "s3cret") == (
        "The webhook for order.updated delivered elsewhere: it delivers here again.",
    )


def test_of_two_the_one_that_works_stays_and_the_one_that_was_pointed_elsewhere_goes(store, shop):
    hooks = all_hooks(order_updated={"url": "https://elsewhere.example.com/x"})
    store.answers("webhooks", [*hooks, hook(30, "order.updated")])
    store.answers("webhooks/2", {}, method="DELETE")
    assert len(shop.subscribe(URL, "s3cret")) == 1


def test_the_webhooks_of_another_installation_are_nobodys_business_here(store, shop):
    other = "https://staging.example.com/webhooks/woocommerce/store"
    theirs = {"id": 70, "name": name_of("order.updated", other), "topic": "order.updated", "status": "disabled"}
    store.answers("webhooks", [*all_hooks(), theirs | {"delivery_url": other}])
    assert shop.subscribe(URL, "s3cret") == ()


def test_leaving_removes_ours_wherever_they_deliver_and_nobody_elses(store, shop, captured):
    mine = [hook(1, "order.updated"), hook(2, "product.deleted", url="https://old.example.com/x")]
    mine.append({"id": 3, "name": "renamed", "topic": "order.created", "status": "active", "delivery_url": URL})
    store.answers(
        "webhooks",
        [*mine, captured("webhook-created.json"), {"id": 7, "name": "Backorder: mine"}, {"id": 8, "name": []}],
    )
    store.answers("webhooks/1", {}, method="DELETE", query={"force": "true"})
    store.answers("webhooks/3", {}, method="DELETE", query={"force": "true"})
    store.answers(
        "webhooks/2",
        {"code": "woocommerce_rest_shop_webhook_invalid_id", "message": "gone"},
        method="DELETE",
        status=404,
    )
    shop.unsubscribe(URL)
    assert len(store.writes) == 3
