"""Bodies that are signed as they should be and cannot be read: taken, buried, and no burden to the others."""

import json

import pytest

from tests.webhooks.conftest import CREATED, PLATFORMS, TOPICS, facts_of

NOT_TO_BE_READ = {
    "nested deeply": b"[" * 200_000,
    "nested deeply and whole": b"[" * 200_000 + b"]" * 200_000,
    "objects nested deeply": b'{"id":' * 200_000 + b"1" + b"}" * 200_000,
    "an id of 5,000 digits": b'{"id": ' + b"9" * 5000 + b"}",
    "bad UTF-8": b'{"id": "\xff\xfe"}',
    "bytes": bytes(range(256)),
    "a list": b"[]",
    "a list of objects": b'[{"id": 1}]',
    "null": b"null",
    "a number": b"1",
    "text": b'"1"',
    "not a number": b"NaN",
    "empty": b"",
    "a space": b" ",
    "NUL": b"\x00",
    "cut off": b'{"id": 1',
    "two": b'{"id": 1}{"id": 2}',
    "an empty object": b"{}",
}
NO_IDS = [
    2**63, 2**64, 10**30, 0, -1, 1.5, 1e300, True, [], {}, [1], "", "x", "1 ", "\u0000", "1\u0000", "\ud800", "\u0661",
    "9" * 19, "9" * 20, "9" * 4999, "gid://shopify/Order/9223372036854775808", "gid://shopify/Order/\u0000",
]  # fmt: skip


def naming(value):
    """A body that names this value in every place where a platform names an id."""
    inner = dict.fromkeys(("id", "admin_graphql_api_id", "order_id", "inventory_item_id", "arg"), value)
    person = {
        "customer": {"id": value, "email": "customer12@example.com"},
        "orders_to_redact": [value],
        "orders_requested": [value],
    }
    named = {"shop_domain": "fern.myshopify.com", "status": "processing", "action": "woocommerce_order"}
    return json.dumps(inner | person | named | {"variants": [inner], "order_edit": inner}).encode()


@PLATFORMS
@pytest.mark.parametrize("body", NOT_TO_BE_READ.values(), ids=NOT_TO_BE_READ)
def test_what_cannot_be_read_is_taken_and_buried_without_a_trace(service, platform, body):
    key = {"shopify": "fern", "woocommerce": "moss"}[platform]
    before = facts_of(service, key)
    for topic in TOPICS[platform]:
        assert service.send(platform, body, topic=topic).status_code == 200
    told = service.work()
    assert [entry for entry in told if "exc_info" in entry or "exception" in entry] == []
    assert sorted(delivery.topic for delivery in service.buried(key)) == sorted(TOPICS[platform])
    assert all(delivery.error for delivery in service.buried(key))
    assert facts_of(service, key) == before


@PLATFORMS
@pytest.mark.parametrize("value", NO_IDS, ids=lambda value: ascii(value)[:30])
def test_what_is_no_id_names_nothing(service, platform, value):
    key = {"shopify": "fern", "woocommerce": "moss"}[platform]
    before = facts_of(service, key)
    topics = [topic for topic in TOPICS[platform] if topic not in {"app/uninstalled", "shop/redact"}]
    for topic in topics:
        assert service.send(platform, naming(value), topic=topic).status_code == 200
    told = service.work()
    assert [entry for entry in told if "exc_info" in entry or "exception" in entry] == []
    buried = {delivery.topic for delivery in service.buried(key)}
    # A hook's argument that is no number, and a body without a variant of ours, are nobody's fault.
    assert set(topics) - buried <= {"action.thing", "products/update"}
    assert facts_of(service, key) == before


@PLATFORMS
def test_a_bad_delivery_keeps_no_good_one_back(service, platform):
    key = {"shopify": "fern", "woocommerce": "moss"}[platform]
    service.send(platform, b"[" * 200_000)
    service.send(platform, b"{}", topic="themes/publish" if platform == "shopify" else "coupon.updated")
    service.work()
    assert [delivery.topic for delivery in service.buried(key)] == [CREATED[platform]]
    with service.books.read() as unit:
        assert unit.inbox.next_due() is None
