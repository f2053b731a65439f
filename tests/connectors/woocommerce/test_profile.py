"""Who a store is, and the plain sentence for whatever is in the way."""

from functools import partial

import pytest

from connectors import woocommerce
from connectors.woocommerce import SUPPORT
from core.capabilities import Capability
from core.errors import CredentialsRevoked, Misuse, PayloadChanged, Rejected, Unavailable
from core.snapshots import PlaceSnapshot

ROUTE = r"/wc/v3/orders/(?P<order_id>[\d]+)/fulfillments"
INDEX = {
    "name": "Camp Supplies", "timezone_string": "America/New_York", "gmt_offset": -5, "namespaces": ["wp/v2", "wc/v3"],
    "routes": {"/wc/v3/orders": {}, "/wc/v3/orders/(?P<id>[\\d]+)": {}},
}  # fmt: skip


def index_of(store, index=INDEX, **more):
    store.mock.add("GET", f"{store.origin}/wp-json/", json=index, **more)


@pytest.fixture
def healthy(store, captured):
    def make(index=INDEX, **broken):
        index_of(store, index)
        for path, body in (("orders", []), ("settings/general", captured("settings-general.json")), ("webhooks", [])):
            store.answers(path, **broken.get(path, {"body": body}))
            if path in broken:
                return

    return make


def test_a_store_says_who_it_is(healthy, shop, store):
    healthy()
    seen = shop.profile()
    assert (seen.name, seen.currency, seen.timezone, seen.domain) == (
        "Camp Supplies",
        "USD",
        "America/New_York",
        "store.example.com",
    )
    assert seen.locations == (PlaceSnapshot(id="store", name="Store"),)
    assert seen.features == frozenset()
    assert store.writes == [], "it is asked with every comparison, in observe mode too"


def test_the_fulfilment_feature_is_seen_by_its_route(healthy, shop):
    healthy(INDEX | {"routes": {ROUTE: {}}})
    assert shop.profile().features == {"fulfillments"}


@pytest.mark.parametrize(("status", "refused"), [(401, True), (500, False)])
def test_a_key_that_may_only_read_is_refused_while_connecting(healthy, store, status, refused):
    healthy()
    answer = {"code": "woocommerce_rest_authentication_error", "message": "Read only."}
    store.answers("webhooks/batch", answer, method="POST", status=status)
    proof = partial(
        woocommerce.approval.prove,
        store.origin,
        {"consumer_key": "ck_1", "consumer_secret": "cs_1"},
        allow_private=False,
    )
    if refused:
        with pytest.raises(CredentialsRevoked):
            proof()
    else:
        assert proof().currency == "USD", "a store that fails over it says nothing of the key"


def test_a_store_below_a_path_keeps_it(store_at, connect, captured):
    store = store_at("https://example.com/shop")
    index_of(store, {})
    for path, body in (("orders", []), ("settings/general", captured("settings-general.json")), ("webhooks", [])):
        store.answers(path, body)
    seen = connect(origin="https://example.com/shop/").profile()
    assert (seen.domain, seen.name, seen.timezone) == ("example.com/shop", "example.com", "UTC")


HTML = "<!doctype html><title>Hi</title>"


@pytest.mark.parametrize(
    ("answer", "kind", "words"),
    [
        ({"status": 404, "body": HTML}, Rejected, "Permalinks"),
        ({"status": 200, "body": HTML}, Rejected, "no data"),
        ({"status": 301, "body": "", "headers": {"Location": "https://www.store.example.com/wp-json/"}}, Rejected, "https://www.store.example.com: connect that"),
        ({"status": 302, "body": "", "headers": {"Location": "/wp-login.php"}}, Rejected, "login page"),
        ({"status": 401, "json": {"code": "rest_not_logged_in", "message": "x"}}, CredentialsRevoked, "plugin"),
        ({"status": 401, "body": HTML}, CredentialsRevoked, "password page"),
        ({"status": 403, "body": HTML}, Unavailable, "firewall"),
        ({"status": 404, "json": {"code": "rest_no_route", "message": "x"}}, Rejected, "WooCommerce active"),
        ({"status": 500, "body": HTML}, Unavailable, "500"),
        ({"status": 200, "json": []}, PayloadChanged, "wp-json"),
        ({"status": 200, "json": {"namespaces": ["wp/v2"]}}, Rejected, "not active"),
    ],
)  # fmt: skip
def test_what_is_in_the_way_is_said_plainly(store, shop, answer, kind, words):
    store.mock.add("GET", f"{store.origin}/wp-json/", **answer)
    with pytest.raises(kind, match=words):
        shop.profile()
    assert store.writes == []


@pytest.mark.parametrize(
    ("path", "status", "code", "words"),
    [
        ("orders", 401, "woocommerce_rest_authentication_error", "key"),
        ("orders", 401, "woocommerce_rest_cannot_view", "Authorization header"),
        ("orders", 403, "woocommerce_rest_cannot_view", "shop manager"),
        ("settings/general", 403, "woocommerce_rest_cannot_view", "shop manager"),
        ("webhooks", 403, "woocommerce_rest_cannot_view", "shop manager"),
    ],
)  # fmt: skip
def test_keys_are_proven_by_reading_all_that_we_need(healthy, shop, path, status, code, words):
    healthy(**{path: {"body": {"code": code, "message": "Sorry."}, "status": status}})
    with pytest.raises(CredentialsRevoked, match=words):
        shop.profile()


@pytest.mark.parametrize(
    "settings", [[], [{"id": "woocommerce_currency", "value": ""}], [{"id": "woocommerce_currency", "value": 5}]]
)
def test_a_store_without_a_currency_is_a_changed_payload(healthy, shop, settings):
    healthy(**{"settings/general": {"body": settings}})
    with pytest.raises(PayloadChanged):
        shop.profile()


def test_every_capability_has_its_level_and_its_words():
    assert set(SUPPORT) == set(Capability)
    assert all(support.how for support in SUPPORT.values())
    levels = {capability.value: support.level for capability, support in SUPPORT.items()}
    assert levels == {
        "tags": "said", "hold": "said", "partial_fulfilment": "full", "discount_code": "full", "free_shipping": "full",
        "store_credit": "none", "gift_card": "none", "note": "full", "customer_note": "full", "incoming_supply": "none", "locations": "none",
        "promise": "said", "deadline": "none", "line_removal": "full", "cancel": "full", "refund": "full",
        "backorders": "full", "substitution": "full", "second_freight": "none", "refund_to_credit": "none", "item_promise": "said",
    }  # fmt: skip


def test_a_store_without_the_feature_only_says_what_was_shipped(connect):
    assert connect(features={"fulfillments"}).support[Capability.PARTIAL_FULFILMENT].level == "full"
    assert connect().support[Capability.PARTIAL_FULFILMENT].level == "said"


def test_there_is_no_incoming_supply(shop):
    assert shop.incoming() is None
    assert shop.platform == "woocommerce"


def test_an_address_that_may_not_be_spoken_to_is_never_opened(connect):
    with pytest.raises(Misuse):
        connect(origin="http://store.example.com")
    with pytest.raises(Misuse):
        connect(origin="https://10.0.0.1")


def test_without_keys_no_store_is_opened():
    with pytest.raises(CredentialsRevoked):
        woocommerce.open(origin="https://store.example.com", credentials={}, allow_private=False, now=lambda: None)
