"""Which shop, and with which key: addresses people type, and keys that expire."""

import json
import threading
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta

import pytest
import requests
import responses

from connectors import shopify
from connectors.shopify.access import RENEWALS, App
from core.actions import Tag
from core.errors import CredentialsRevoked, Misuse, RateLimited, Unavailable

NOW = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)
FROM_NOW = {"soon": timedelta(seconds=30), "later": timedelta(minutes=30), "past": timedelta(hours=-1)}


@pytest.mark.parametrize(
    ("typed", "domain"),
    [
        ("fern", "fern.myshopify.com"),
        ("fern.myshopify.com", "fern.myshopify.com"),
        ("  Fern.MyShopify.com ", "fern.myshopify.com"),
        ("https://fern.myshopify.com", "fern.myshopify.com"),
        ("https://fern.myshopify.com/admin/apps?x=1", "fern.myshopify.com"),
        ("http://fern.myshopify.com/", "fern.myshopify.com"),
        ("fern-2.myshopify.com/admin", "fern-2.myshopify.com"),
    ],
)
def test_a_shop_is_known_by_name_domain_or_address(typed, domain):
    assert shopify.shop_domain(typed) == domain


@pytest.mark.parametrize(
    "typed",
    [
        "",
        " ",
        ".myshopify.com",
        "-fern",
        "fern.example.com",
        "fern.myshopify.com.example.com",
        "fern.myshopify.com\n",
        "fern.myshopify.com\nx",
        "fern@evil.com",
        "fern:80",
        "https://evil.com/fern.myshopify.com",
        "ftp://fern.myshopify.com",
        "javascript://fern",
        "fern myshopify",
        "fërn",
        "fern..myshopify.com",
        "a" * 101,
        "https://user:pw@fern.myshopify.com",
    ],
)
def test_anything_else_is_no_shop(typed):
    with pytest.raises(Misuse):
        shopify.shop_domain(typed)


@pytest.mark.parametrize(
    ("origin", "fine"),
    [
        ("https://fern.myshopify.com", True),
        ("http://127.0.0.1:9100/fern.myshopify.com", True),
        ("http://localhost:9100", True),
        ("http://[::1]:9100", True),
        ("http://fern.myshopify.com", False),
        ("http://127.0.0.1.example.com", False),
        ("ftp://127.0.0.1", False),
        ("https://user@fern.myshopify.com", False),
        ("", False),
    ],
)
def test_plain_http_reaches_this_machine_only(origin, fine):
    def make():
        return shopify.open(
            domain="fern.myshopify.com", origin=origin, api_version="2026-10", credentials={"access_token": "x"},
            keep=lambda renewed: None, now=lambda: None,
        )  # fmt: skip

    if fine:
        assert make().platform == "shopify"
    else:
        with pytest.raises(Misuse):
            make()


def credentials(grant, expires, now, **more):
    return {
        "access_token": f"old-{grant}-{expires}",
        "expires_at": (now + FROM_NOW[expires]).isoformat(),
        "grant": grant,
        "client_id": "app",
        "client_secret": "app-canary-secret",
        "refresh_token": "refresh-1",
        "refresh_expires_at": (now + timedelta(days=80)).isoformat(),
        **more,
    }


@pytest.fixture
def tokens(shop):
    """Script the token endpoint: returns the list of what it was asked."""
    asked = []

    def script(*answers):
        queue = list(answers)

        def handle(request):
            asked.append(json.loads(request.body))
            told = queue.pop(0)
            if isinstance(told, Exception):
                raise told
            status, body = told
            return status, {}, body if isinstance(body, str) else json.dumps(body)

        shop.http.add_callback(responses.POST, "https://fern.myshopify.com/admin/oauth/access_token", handle)
        return asked

    return script


PAIR = {"access_token": "new", "expires_in": 3600, "refresh_token": "refresh-2", "refresh_token_expires_in": 7776000}


def lookup(shop, node):
    shop.answer(
        "OrderOfFulfilment",
        {"fulfillmentOrder": {"id": node.gid("FulfillmentOrder", 7), "orderId": node.gid("Order", 3)}},
    )


def test_an_expiring_key_is_renewed_and_kept_before_its_first_use(shop, connect, node, tokens):
    kept = []
    asked = tokens((200, PAIR))

    def answer(variables):
        assert kept, "used before it was kept"
        return {"fulfillmentOrder": {"id": node.gid("FulfillmentOrder", 7), "orderId": node.gid("Order", 3)}}

    shop.serve("OrderOfFulfilment", answer)
    now = NOW
    connector = connect(credentials("offline", "soon", now), keep=kept.append)
    assert connector.order_of_fulfilment("7") == "3"
    assert shop.tokens == ["new"]
    assert asked == [
        {
            "client_id": "app",
            "client_secret": "app-canary-secret",
            "grant_type": "refresh_token",
            "refresh_token": "refresh-1",
        }
    ]
    assert kept[0]["refresh_token"] == "refresh-2"
    assert kept[0]["expires_at"] == (now + timedelta(hours=1)).isoformat()
    assert kept[0]["refresh_expires_at"] == (now + timedelta(days=90)).isoformat()
    assert kept[0]["client_secret"] == "app-canary-secret"


def test_a_key_that_lasts_is_used_as_it_is(shop, connect, node):
    lookup(shop, node)
    connector = connect(credentials("offline", "later", NOW))
    connector.order_of_fulfilment("7")
    assert shop.tokens == ["old-offline-later"]


def test_client_credentials_are_fetched_anew(shop, connect, node, tokens):
    kept = []
    asked = tokens((200, {"access_token": "day-token", "expires_in": 86399, "scope": "read_orders"}))
    lookup(shop, node)
    connect(credentials("client_credentials", "past", NOW), keep=kept.append).order_of_fulfilment("7")
    assert asked == [{"client_id": "app", "client_secret": "app-canary-secret", "grant_type": "client_credentials"}]
    assert shop.tokens == ["day-token"]
    assert kept[0]["access_token"] == "day-token"


def test_a_key_refused_early_is_renewed_once(shop, connect, node, tokens):
    tokens((200, {**PAIR, "access_token": "after-401"}))
    shop.answer_raw("OrderOfFulfilment", (401, {}, '{"errors":"[API] Invalid API key or access token"}'))
    lookup(shop, node)
    connector = connect(credentials("offline", "later", NOW, access_token="refused-early"))
    assert connector.order_of_fulfilment("7") == "3"
    assert shop.tokens == ["refused-early", "after-401"]


def test_a_key_without_an_end_that_is_refused_means_connect_again(shop, connector):
    shop.answer_raw("OrderOfFulfilment", (401, {}, "{}"))
    with pytest.raises(CredentialsRevoked, match="connect the shop again"):
        connector.order_of_fulfilment("7")


@pytest.mark.parametrize("erased", [{}, {"access_token": ""}, {"webhook_secret": "x"}])
def test_erased_keys_mean_no_call_at_all(shop, connect, erased):
    with pytest.raises(CredentialsRevoked):
        connect(erased).order_of_fulfilment("7")
    assert shop.calls == []


@pytest.mark.parametrize(
    ("answer", "error"),
    [
        ((400, {"error": "invalid_grant"}), CredentialsRevoked),
        ((401, "no"), CredentialsRevoked),
        ((429, ""), RateLimited),
        ((500, "oops"), Unavailable),
        ((200, "<html>"), Unavailable),
        ((200, {"scope": "x"}), Unavailable),
        ((200, []), Unavailable),
        ((302, ""), Unavailable),
        (requests.ReadTimeout("slow"), Unavailable),
        (requests.ConnectionError("refused"), Unavailable),
    ],
)
def test_a_renewal_that_fails_says_what_that_means(shop, connect, tokens, answer, error):
    tokens(answer, answer, answer, answer)
    with pytest.raises(error) as raised:
        connect(credentials("offline", "past", NOW, access_token=f"failing-{answer}")).carry_out(tag())
    assert type(raised.value) is error
    assert "canary" not in str(raised.value)
    assert shop.calls == []


def tag():
    return Tag(order="1", tags=("backorder-waiting",))


@pytest.mark.parametrize(
    "lacking", [{"client_secret": ""}, {"refresh_token": ""}, {"refresh_expires_at": "2026-11-01T00:00:00+00:00"}]
)
def test_without_what_a_renewal_needs_the_shop_must_be_connected_again(shop, connect, lacking):
    with pytest.raises(CredentialsRevoked):
        connect(credentials("offline", "past", NOW, access_token=f"l{lacking}", **lacking)).order_of_fulfilment("7")


def test_two_workers_renew_the_same_key_once(shop, connect, node, tokens):
    asked = tokens((200, {**PAIR, "access_token": "shared"}))
    shop.serve(
        "OrderOfFulfilment",
        lambda v: {"fulfillmentOrder": {"id": v["id"], "orderId": node.gid("Order", 3)}},
    )
    before = credentials("offline", "past", NOW, access_token="two-workers")
    threads = [threading.Thread(target=connect(before).order_of_fulfilment, args=("7",)) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(asked) == 1
    assert shop.tokens == ["shared", "shared"]


def test_a_pair_that_another_process_stored_is_taken_over(shop, connect, node, tokens):
    tokens((400, {"error": "invalid_grant"}))
    lookup(shop, node)
    stored = [{}, {}, {"access_token": "from-elsewhere", "expires_at": (NOW + timedelta(hours=1)).isoformat()}]
    connector = connect(
        credentials("offline", "past", NOW, access_token="raced"),
        reload=lambda: stored.pop(0) if len(stored) > 1 else stored[0],
    )
    connector.order_of_fulfilment("7")
    assert shop.tokens == ["from-elsewhere"]


def test_a_successor_is_known_only_for_the_token_it_replaced():
    RENEWALS.remember("https://x", "a", {"access_token": "b"})
    assert RENEWALS.successor("https://x", "a") == {"access_token": "b"}
    assert RENEWALS.successor("https://x", "c") is None
    assert RENEWALS.successor("https://y", "a") is None


def test_nobody_else_renews_while_one_does(shop, connect, node, tokens):
    tokens((200, {**PAIR, "access_token": "alone"}))
    lookup(shop, node)
    seen = []

    @contextmanager
    def alone():
        seen.append("in")
        yield
        seen.append("out")

    kept = credentials("offline", "past", NOW, access_token="guarded")
    connect(kept, alone=alone, keep=lambda renewed: seen.append("kept")).order_of_fulfilment("7")
    assert seen == ["in", "kept", "out"]


def test_a_pair_stored_while_we_waited_for_our_turn_is_taken_over_without_a_call(shop, connect, node):
    lookup(shop, node)
    stored = {}

    @contextmanager
    def alone():
        stored.update(access_token="theirs", expires_at=(NOW + timedelta(hours=1)).isoformat())
        yield

    connect(
        credentials("offline", "past", NOW, access_token="waited"), alone=alone, reload=lambda: stored
    ).order_of_fulfilment("7")
    assert shop.tokens == ["theirs"]


def test_while_a_secret_is_replaced_a_key_is_renewed_with_the_one_it_was_made_with(shop, connect, node, tokens):
    asked = tokens((401, {"error": "invalid_client"}), (200, {**PAIR, "access_token": "rotated"}))
    lookup(shop, node)
    before = credentials("offline", "past", NOW, access_token="old-secret")
    del before["client_secret"]
    connect(before, app=App(client_id="app", secrets=("new-secret", "old-secret"))).order_of_fulfilment("7")
    assert [call["client_secret"] for call in asked] == ["new-secret", "old-secret"]
    assert shop.tokens == ["rotated"]


def test_another_apps_secret_is_never_sent(shop, connect, tokens):
    asked = tokens((400, {"error": "invalid_client"}))
    before = credentials("offline", "past", NOW, access_token="foreign-app")
    with pytest.raises(CredentialsRevoked):
        connect(before, app=App(client_id="another app", secrets=("theirs",))).order_of_fulfilment("7")
    assert [call["client_secret"] for call in asked] == ["app-canary-secret"]


def test_a_key_does_not_show_itself(connect):
    connector = connect()
    assert "canary" not in repr(connector._client._access)
