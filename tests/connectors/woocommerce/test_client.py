"""One request: its proof, its answer, and every way in which it can go wrong."""

import base64
import hashlib
import hmac
import json
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from urllib.parse import parse_qsl, quote, urlsplit

import pytest
import requests

from connectors.woocommerce.refusals import retry_after
from core.errors import (
    CredentialsRevoked,
    NotFound,
    OutcomeUnknown,
    PayloadChanged,
    RateLimited,
    Rejected,
    Unavailable,
)

HTTP = "http://127.0.0.1:9100"
HTML = "<!doctype html><html><title>Hello</title></html>"


def error(code, message="No.", status=400):
    return {"code": code, "message": message, "data": {"status": status}}


# -- proof ---------------------------------------------------------------------------------------------------------


def test_over_https_the_key_travels_in_the_basic_header_only(store, shop):
    store.answers("orders/7", {"id": 7})
    shop._client.get_object("orders/7")
    request = store.mock.calls[0].request
    assert request.headers["Authorization"] == "Basic " + base64.b64encode(b"ck_12ab:cs_34cd").decode()
    assert "oauth" not in request.url
    assert "ck_12ab" not in request.url


def php_signature(method, url, secret):
    """The signature as WooCommerce computes it: sorted, encoded twice, HMAC-SHA256 with `secret&`."""
    parts = urlsplit(url)
    params = {k: v for k, v in parse_qsl(parts.query) if k != "oauth_signature"}
    pairs = [f"{quote(k, safe='')}={quote(v, safe='')}" for k, v in sorted(params.items())]
    base = f"{parts.scheme}://{parts.netloc}{parts.path}"
    text = "&".join(
        (method, quote(base, safe=""), "%26".join(p.replace("%", "%25").replace("=", "%3D") for p in pairs))
    )
    return base64.b64encode(hmac.new(f"{secret}&".encode(), text.encode(), hashlib.sha256).digest()).decode()


@pytest.mark.parametrize(
    ("method", "params"),
    [
        ("GET", {}),
        ("GET", {"status": "any", "modified_after": "2026-11-23T06:39:43", "dates_are_gmt": "true", "per_page": 100}),
        ("GET", {"code": "sorry-a b+c", "include": "1,2,3"}),
        ("POST", {}),
        ("DELETE", {"force": "true"}),
    ],
)
def test_over_http_every_request_is_signed_as_the_store_checks_it(store_at, connect, method, params):
    store = store_at(HTTP)
    client = connect(origin=HTTP, allow_private=True)._client
    store.answers("orders", {"id": 1}, method=method)
    if method == "GET":
        client.get("orders", **params)
    elif method == "POST":
        client.post("orders", {"a": 1})
    else:
        client.delete("orders")
    request = store.mock.calls[0].request
    sent = dict(parse_qsl(urlsplit(request.url).query))
    assert "Authorization" not in request.headers
    assert sent["oauth_consumer_key"] == "ck_12ab"
    assert sent["oauth_signature_method"] == "HMAC-SHA256"
    assert abs(int(sent["oauth_timestamp"]) - datetime.now(UTC).timestamp()) < 60
    assert sent["oauth_signature"] == php_signature(method, request.url, "cs_34cd")
    assert {k: str(v) for k, v in params.items()}.items() <= sent.items()


def test_no_nonce_is_used_twice(store_at, connect, monkeypatch):
    # The library's own are made of eight digits.
    monkeypatch.setattr("woocommerce.oauth.randint", lambda *_: 7)
    store = store_at(HTTP)
    client = connect(origin=HTTP, allow_private=True)._client
    store.answers("orders", [])
    for _ in range(50):
        client.get("orders")
    assert len({query["oauth_nonce"] for query in store.queries}) == 50


def test_the_index_is_asked_for_without_a_key(store, shop):
    store.mock.add("GET", "https://store.example.com/wp-json/", json={"name": "Store"})
    shop._client.index()
    assert "Authorization" not in store.mock.calls[0].request.headers


# -- paging --------------------------------------------------------------------------------------------------------


def test_pages_are_asked_for_by_number_and_links_are_not_followed(store, shop):
    link = {"Link": '<https://store.example.com/elsewhere?oauth_consumer_key=ck>; rel="next"'}
    store.answers("webhooks", [{"id": n} for n in range(100)], query={"per_page": "100", "page": "1"}, headers=link)
    store.answers("webhooks", [{"id": 100}], query={"per_page": "100", "page": "2"}, headers=link)
    assert sum(len(page) for page in shop._client.pages("webhooks")) == 101


def test_a_full_last_page_is_followed_by_an_empty_one(store, shop):
    store.answers("webhooks", [{"id": n} for n in range(100)], query={"per_page": "100", "page": "1"})
    store.answers("webhooks", [], query={"per_page": "100", "page": "2"})
    assert len(list(shop._client.pages("webhooks"))) == 1


@pytest.mark.parametrize("body", [{"id": 1}, [1], "x", [[]], 5])
def test_a_list_of_something_else_is_a_changed_payload(store, shop, body):
    store.answers("webhooks", body)
    with pytest.raises(PayloadChanged):
        list(shop._client.pages("webhooks"))


def test_an_object_that_is_a_list_is_a_changed_payload(store, shop):
    store.answers("orders/1", [])
    with pytest.raises(PayloadChanged):
        shop._client.get_object("orders/1")


# -- answers -------------------------------------------------------------------------------------------------------

KEY = "woocommerce_rest_authentication_error"
# status, body, headers, error of a read, error of a write, words of the sentence
ANSWERS = [
    (401, error(KEY, "Consumer key is invalid.", 401), {}, CredentialsRevoked, CredentialsRevoked, "key"),
    (401, error(KEY, "Der Schlüssel ist ungültig.", 401), {}, CredentialsRevoked, CredentialsRevoked, "ungültig"),
    (401, error(KEY, "Invalid signature - provided signature does not match.", 401), {}, CredentialsRevoked, CredentialsRevoked, "secret"),
    (401, error(KEY, "Invalid timestamp.", 401), {}, CredentialsRevoked, CredentialsRevoked, "15 minutes"),
    (401, error(KEY, "Ungültige Zeit.", 401), {"Date": "Mon, 23 Nov 2020 06:35:42 GMT"}, CredentialsRevoked, CredentialsRevoked, "15 minutes"),
    (401, error(KEY, "Invalid nonce - nonce has already been used.", 401), {}, Unavailable, Unavailable, "before"),
    (401, error("woocommerce_rest_cannot_view", "Sorry.", 401), {}, CredentialsRevoked, CredentialsRevoked, "Authorization header"),
    (403, error("woocommerce_rest_cannot_view", "Sorry.", 403), {}, CredentialsRevoked, CredentialsRevoked, "shop manager"),
    (403, error("woocommerce_rest_cannot_create", "Sorry.", 403), {}, CredentialsRevoked, CredentialsRevoked, "shop manager"),
    (401, error("rest_not_logged_in", "Log in.", 401), {}, CredentialsRevoked, CredentialsRevoked, "plugin"),
    (403, error("some_plugin_says_no", "Go away.", 403), {}, CredentialsRevoked, CredentialsRevoked, "some_plugin_says_no"),
    (401, HTML, {"WWW-Authenticate": "Basic"}, CredentialsRevoked, CredentialsRevoked, "password page"),
    (403, HTML, {}, Unavailable, Unavailable, "firewall"),
    (404, error("woocommerce_rest_shop_order_invalid_id", "Invalid ID.", 404), {}, NotFound, NotFound, "Invalid ID"),
    (404, error("rest_no_route", "No route.", 404), {}, Unavailable, Unavailable, "WooCommerce active"),
    (404, HTML, {}, Unavailable, Unavailable, "Permalinks"),
    (400, error("rest_invalid_param", "Invalid parameter(s): status"), {}, Rejected, Rejected, "Invalid parameter(s): status"),
    (413, error("woocommerce_rest_request_entity_too_large", "Too many."), {}, Rejected, Rejected, "Too many"),
    (400, HTML, {}, Rejected, Rejected, "status 400"),
    (429, "{}", {"Retry-After": "120"}, RateLimited, RateLimited, "pause"),
    (503, HTML, {"Retry-After": "600"}, Unavailable, OutcomeUnknown, "503"),
    (500, error("internal_server_error", "<p>Critical &amp; sad.</p>", 500), {"Retry-After": "5"}, Unavailable, OutcomeUnknown, "Critical & sad."),
    (502, HTML, {"Retry-After": "5"}, Unavailable, OutcomeUnknown, "502"),
    (408, HTML, {"Retry-After": "5"}, Unavailable, OutcomeUnknown, "408"),
    (301, "", {"Location": "https://www.store.example.net/wp-json/"}, Unavailable, Unavailable, "https://www.store.example.net"),
    (302, "", {"Location": "https://u:secret@store.example.com/wp-login.php?x=1"}, Unavailable, Unavailable, "login page"),
    (307, "", {"Location": "/wp-json/x"}, Unavailable, Unavailable, "another address"),
    (200, HTML, {}, Unavailable, OutcomeUnknown, "no data"),
    (200, '{"id": 7, "status": "proc', {}, Unavailable, OutcomeUnknown, "no data"),
    (200, '<br/><b>Notice</b>: x {"id": 7}', {}, Unavailable, OutcomeUnknown, "no data"),
    (200, "", {}, Unavailable, OutcomeUnknown, "no data"),
    (200, "[" * 100_000, {}, Unavailable, OutcomeUnknown, "no data"),
    (200, b'{"id": "\xff"}', {}, Unavailable, OutcomeUnknown, "no data"),
    (204, "", {}, Unavailable, OutcomeUnknown, "no data"),
]  # fmt: skip


def raw_of(body):
    return json.dumps(body) if isinstance(body, dict) else body


def check(caught, kind, words):
    said = str(caught.value)
    assert type(caught.value).__mro__.index(kind) <= 1
    assert isinstance(caught.value, kind)
    assert words in said
    assert "\n" not in said
    assert not any(secret in said for secret in ("ck_12ab", "cs_34cd", "oauth", "u:secret"))


@pytest.mark.parametrize("row", ANSWERS)
def test_a_read_that_fails_says_why(store, shop, row):
    status, body, headers, kind, _, words = row
    store.answers("orders/7", status=status, raw=raw_of(body), headers=headers)
    with pytest.raises(kind) as caught:
        shop._client.get("orders/7")
    assert not isinstance(caught.value, OutcomeUnknown)
    check(caught, kind, words)


@pytest.mark.parametrize("row", ANSWERS)
def test_a_write_that_fails_says_whether_it_may_have_happened(store, shop, row):
    status, body, headers, _, kind, words = row
    store.answers("orders/7", method="PUT", status=status, raw=raw_of(body), headers=headers)
    with pytest.raises(kind) as caught:
        shop._client.put("orders/7", {})
    assert isinstance(caught.value, OutcomeUnknown) == (kind is OutcomeUnknown)
    check(caught, kind, words)
    assert len(store.mock.calls) == 1, "a write is sent once"


def test_a_key_that_may_only_read_is_told_apart_by_the_write(store, shop):
    store.answers(
        "orders/7", error(KEY, "The API key provided does not have write permissions."), method="PUT", status=401
    )
    with pytest.raises(CredentialsRevoked, match="Read/Write"):
        shop._client.put("orders/7", {})


@pytest.mark.parametrize("body", [[], 5, "x"])
def test_a_change_answered_by_something_else_than_an_object_may_have_happened(store, shop, body):
    store.answers("orders/7", body, method="PUT")
    with pytest.raises(OutcomeUnknown):
        shop._client.put("orders/7", {})


def test_a_byte_order_mark_before_the_data_is_read_over(store, shop):
    store.answers("orders/7", raw=b'\xef\xbb\xbf{"id": 7}')
    assert shop._client.get("orders/7") == {"id": 7}


# -- trying again --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("status", [500, 502, 503, 429])
def test_a_read_is_tried_three_times_and_no_more(store, shop, status):
    store.answers("orders/7", status=status, raw="{}")
    with pytest.raises(Unavailable):
        shop._client.get("orders/7")
    assert len(store.mock.calls) == 3
    assert shop.pauses == [0.3, 1.0]


def test_a_short_pause_that_the_store_asks_for_is_kept(store, shop):
    store.answers("orders/7", status=429, raw="{}", headers={"Retry-After": "1"})
    store.answers("orders/7", {"id": 7})
    shop._client.get("orders/7")
    assert shop.pauses == [1.0]


def test_no_cookie_of_a_store_is_kept(store, shop):
    for _ in range(2):
        store.answers("orders/7", {"id": 7}, headers={"Set-Cookie": "wordpress_logged_in=somebody; path=/"})
        shop._client.get("orders/7")
    assert [call.request.headers.get("Cookie") for call in store.mock.calls] == [None, None]


def test_a_read_that_works_the_second_time_is_a_read(store, shop):
    store.answers("orders/7", status=502, raw=HTML)
    store.answers("orders/7", {"id": 7})
    assert shop._client.get("orders/7") == {"id": 7}


@pytest.mark.parametrize("broken", [requests.ConnectionError("reset"), requests.exceptions.ChunkedEncodingError("cut")])
def test_a_broken_connection_is_tried_again_for_a_read_only(store, shop, broken):
    store.fails("orders/7", broken)
    store.answers("orders/7", {"id": 7})
    store.fails("orders/7", broken, method="PUT")
    assert shop._client.get("orders/7") == {"id": 7}
    with pytest.raises(OutcomeUnknown):
        shop._client.put("orders/7", {})
    assert len(store.writes) == 1


@pytest.mark.parametrize(("status", "seconds"), [(429, "30"), (503, "600")])
def test_a_longer_pause_is_left_to_the_caller(store, shop, status, seconds):
    store.answers("orders/7", status=status, raw="{}", headers={"Retry-After": seconds})
    with pytest.raises(Unavailable) as caught:
        shop._client.get("orders/7")
    assert caught.value.retry_after == float(seconds)
    assert shop.pauses == []


def test_a_slow_store_is_not_asked_again_at_once(store, shop):
    store.fails("orders/7", requests.ReadTimeout("slow"))
    with pytest.raises(Unavailable, match="too long"):
        shop._client.get("orders/7")
    assert len(store.mock.calls) == 1


@pytest.mark.parametrize(
    ("text", "seconds"),
    [("5", 5.0), ("0", 0.0), ("99999999", 3600.0), ("", None), ("soon", None), ("-5", None), ("1e9", None)],
)
def test_the_pause_is_read_with_care(text, seconds):
    assert retry_after({"Retry-After": text}, datetime.now(UTC)) == seconds


def test_the_pause_may_be_a_date():
    now = datetime(2026, 11, 23, 12, tzinfo=UTC)
    later, sooner = (
        format_datetime(now + timedelta(seconds=90), usegmt=True),
        format_datetime(now - timedelta(1), usegmt=True),
    )
    assert retry_after({"Retry-After": later}, now) == 90.0
    assert retry_after({"Retry-After": sooner}, now) == 0.0
