"""What comes twice is stored once, and nobody outside speaks in our own name."""

import pytest

from tests.webhooks.conftest import BODY, DELIVERY, PLATFORMS, TOPIC


@PLATFORMS
def test_a_delivery_that_comes_twice_is_answered_twice_and_stored_once(service, platform):
    assert [service.send(platform, BODY).status_code for _ in range(3)] == [200, 200, 200]
    assert len(service.written()) == 1


@PLATFORMS
def test_two_bodies_under_one_delivery_id_are_both_stored(service, platform):
    for body in (BODY, b'{"id": 1002}'):
        assert service.send(platform, body).status_code == 200
    assert len(service.written()) == 2


@PLATFORMS
def test_one_body_under_two_topics_or_delivery_ids_is_stored_for_each(service, platform):
    topics = {"shopify": ("orders/create", "orders/updated"), "woocommerce": ("order.created", "order.updated")}
    for topic in topics[platform]:
        for delivery in ("1", "2"):
            assert service.send(platform, BODY, topic=topic, delivery=delivery).status_code == 200
    assert len(service.written()) == 4


def test_the_same_delivery_for_two_shops_is_stored_for_each(service):
    for to in ("fern.myshopify.com", "birch.myshopify.com"):
        assert service.send("shopify", BODY, to=to).status_code == 200
    assert [key for key, _ in service.written()] == ["fern", "birch"]


@PLATFORMS
@pytest.mark.parametrize("topic", ["backorder/sync", "backorder/replan", "backorder/read-order"])
def test_nobody_outside_can_wake_us_in_our_own_name(service, platform, topic):
    assert service.send(platform, b"{}", topic=topic).status_code == 200
    assert service.written() == []


@PLATFORMS
@pytest.mark.parametrize(
    "headers",
    [{"topic": "x" * 5000}, {"topic": "\xe9\xff"}, {"delivery": "\xe9" * 5000}, {"delivery": None}, {"topic": ""}],
)
def test_strange_headers_on_a_signed_body_are_taken(service, platform, headers):
    given = {TOPIC[platform] if key == "topic" else DELIVERY[platform]: value for key, value in headers.items()}
    assert service.send(platform, BODY, headers=given).status_code == 200
    assert len(service.written()) == 1
