"""The webhook doors of a real app over real books: who gets in, how much, and what a ping is."""

import base64
import http.client
import io
from contextlib import closing
from datetime import datetime, timedelta
from urllib.parse import urlsplit

import pytest

from connectors.simulator.serving import serve
from tests.webhooks.conftest import (
    BODY,
    CREATED,
    GOOD,
    MEGABYTE,
    NOW,
    OTHER,
    PLATFORMS,
    SECRETS,
    SIGNATURE,
    TOPIC,
    signed,
)
from webhooks.doors import PRIVACY

# --- signatures --------------------------------------------------------------------------------------------------


SIGNED = [
    ("good", lambda p: {}, 200),
    ("the old secret while rotating", lambda p: {"secret": SECRETS[p][1]}, 200),
    ("a wrong secret", lambda p: {"secret": "guessed"}, 401),
    ("an empty secret", lambda p: {"headers": {SIGNATURE[p]: signed(BODY, "")}}, 401),
    ("both secrets as one", lambda p: {"secret": ",".join(SECRETS[p])}, 401),
    ("a body changed by one byte", lambda p: {"body": BODY[:-2] + b"2}", "headers": {SIGNATURE[p]: GOOD[p]}}, 401),
    ("a body with a byte more", lambda p: {"body": BODY + b"\n", "headers": {SIGNATURE[p]: GOOD[p]}}, 401),
    ("no body", lambda p: {"body": b"", "headers": {SIGNATURE[p]: GOOD[p]}}, 401),
    ("missing", lambda p: {"headers": {SIGNATURE[p]: None}}, 401),
    ("empty", lambda p: {"headers": {SIGNATURE[p]: ""}}, 401),
    ("not ASCII", lambda p: {"headers": {SIGNATURE[p]: "\xe9\xff"}}, 401),
    ("in hexadecimal", lambda p: {"headers": {SIGNATURE[p]: base64.b64decode(GOOD[p]).hex()}}, 401),
    ("in lower case", lambda p: {"headers": {SIGNATURE[p]: GOOD[p].lower()}}, 401),
    ("without its padding", lambda p: {"headers": {SIGNATURE[p]: GOOD[p].rstrip("=")}}, 401),
    ("twice", lambda p: {"headers": {SIGNATURE[p]: f"{GOOD[p]},{GOOD[p]}"}}, 401),
    ("under the other platform's header", lambda p: {"headers": {SIGNATURE[p]: None, SIGNATURE[OTHER[p]]: GOOD[p]}}, 401),
    ("for an unknown shop", lambda p: {"to": {"shopify": "oak.myshopify.com", "woocommerce": "oak"}[p]}, 401),
    ("for a shop of the other platform", lambda p: {"to": {"shopify": "moss.example.com", "woocommerce": "fern"}[p]}, 401),
    ("for a shop with an endless name", lambda p: {"to": "x" * 5000}, 401),
]  # fmt: skip


@PLATFORMS
@pytest.mark.parametrize(("how", "status"), [row[1:] for row in SIGNED], ids=[row[0] for row in SIGNED])
def test_a_delivery_is_let_in_by_its_signature_alone(service, platform, how, status):
    answer = service.send(platform, **{"body": BODY} | how(platform))
    assert answer.status_code == status
    assert len(service.written()) == (status == 200)


def test_a_shopify_delivery_without_a_shop_belongs_to_nobody(service):
    assert service.send("shopify", BODY, headers={"X-Shopify-Shop-Domain": None}).status_code == 401
    assert service.send("shopify", BODY, headers={"X-Shopify-Shop-Domain": ""}).status_code == 401
    assert service.written() == []


def test_one_stores_secret_does_not_open_anothers_door(service):
    assert service.send("woocommerce", BODY, to="reed").status_code == 401
    assert service.send("woocommerce", BODY, to="reed", secret="reed-secret").status_code == 200
    assert service.written() == [("reed", "order.created")]


@pytest.mark.parametrize("ending", ["\n", "\r\n", " ", "\x00"])
@PLATFORMS
def test_a_signature_with_something_behind_it_is_none(service, platform, ending):
    """No HTTP client sends such a header and the test client refuses to: it is put into the request as a server would."""
    name = f"HTTP_{SIGNATURE[platform].upper().replace('-', '_')}"
    answer = service.send(
        platform, BODY, headers={SIGNATURE[platform]: None}, environ_overrides={name: GOOD[platform] + ending}
    )
    assert answer.status_code == 401
    assert service.written() == []


@PLATFORMS
def test_without_a_secret_nothing_is_signed(service_of, platform):
    bare = service_of(BACKORDER_SHOPIFY_CLIENT_SECRET="")
    with bare.books.write() as unit:
        unit.shops.put_credentials("moss", {"consumer_key": "ck", "consumer_secret": "cs"})
    assert bare.send(platform, BODY, headers={SIGNATURE[platform]: signed(BODY, "")}).status_code == 401
    assert bare.written() == []


@PLATFORMS
def test_a_disconnected_shop_gets_nothing_written_down(service, platform):
    key = {"shopify": "fern", "woocommerce": "moss"}[platform]
    service.put_shop(key, state="uninstalled", subscribed_at=None)
    with service.books.write() as unit:
        unit.shops.put_credentials(key, {})
    assert service.send(platform, BODY).status_code == {"shopify": 410, "woocommerce": 401}[platform]
    assert service.written() == []


def test_a_shop_that_was_disconnected_here_may_still_demand_that_its_people_are_forgotten(service):
    service.put_shop("fern", state="uninstalled", subscribed_at=None)
    for topic in PRIVACY:
        assert service.send("shopify", BODY, topic=topic).status_code == 200
    assert sorted(service.written()) == [("fern", topic) for topic in sorted(PRIVACY)]


def test_the_header_names_of_newer_events_are_taken_too(service):
    body = b'{"id": 1001}'
    newer = {
        "Shopify-Hmac-Sha256": signed(body, "app-secret"), "Shopify-Topic": "orders/create",
        "Shopify-Shop-Domain": "fern.myshopify.com", "Shopify-Webhook-Id": "9", "Shopify-API-Version": "2027-01",
    }  # fmt: skip
    assert service.client.post("/webhooks/shopify", data=body, headers=newer).status_code == 200
    assert service.written() == [("fern", "orders/create")]


@pytest.mark.parametrize(
    ("topic", "triggered", "kept"),
    [
        ("app/uninstalled", NOW - timedelta(hours=4), False),
        ("shop/redact", NOW - timedelta(hours=49), False),
        ("app/uninstalled", NOW, True),
        ("app/uninstalled", NOW + timedelta(hours=1), True),
        ("customers/redact", NOW - timedelta(hours=4), True),
        ("app/uninstalled", None, True),
        ("app/uninstalled", "soon", True),
        ("app/uninstalled", "2020-01-01", True),
    ],
)
def test_the_farewell_of_a_shop_that_came_back_since_is_none(service, topic, triggered, kept):
    told = triggered.isoformat() if isinstance(triggered, datetime) else triggered
    answer = service.send("shopify", BODY, topic=topic, headers={"X-Shopify-Triggered-At": told})
    assert answer.status_code == 200
    assert service.written() == ([("fern", topic)] if kept else [])


def test_a_shop_that_removed_us_is_answered_and_ignored(service):
    service.put_shop("fern", state="uninstalled")
    with service.books.write() as unit:
        unit.shops.put_credentials("fern", {})
    assert service.send("shopify", BODY).status_code == 200
    told = service.work()
    assert [entry for entry in told if "exc_info" in entry] == []
    assert service.orders("fern") == ()


@PLATFORMS
@pytest.mark.parametrize("method", ["GET", "HEAD", "PUT", "DELETE", "PATCH"])
def test_a_door_only_takes_posts(service, platform, method):
    path = {"shopify": "/webhooks/shopify", "woocommerce": "/webhooks/woocommerce/moss"}[platform]
    headers = {SIGNATURE[platform]: GOOD[platform], "X-Shopify-Shop-Domain": "fern.myshopify.com"}
    assert service.client.open(path, method=method, data=BODY, headers=headers).status_code in {400, 405}
    assert service.written() == []


@pytest.mark.parametrize(
    "path", ["", "/", "/woocommerce", "/woocommerce/", "/woocommerce/moss/", "/woocommerce/moss%2F..", "/magento"]
)
def test_there_are_two_doors_only(service, path):
    headers = {SIGNATURE["woocommerce"]: GOOD["woocommerce"]}
    assert service.client.post(f"/webhooks{path}", data=BODY, headers=headers).status_code in {400, 404}
    assert service.written() == []


@pytest.mark.parametrize("name", ["a%00b", "%00", "%ED%A0%80", "'", "%25"])
def test_a_strange_shop_is_an_unknown_one_in_every_database(service_of, any_url, name):
    assert service_of(any_url).client.post(f"/webhooks/woocommerce/{name}", data=BODY).status_code == 401


def test_every_answer_of_a_door_carries_the_protecting_headers(service_of):
    service = service_of(BACKORDER_BASE_URL="https://backorder.example.com")
    for answer in (service.send("shopify", BODY), service.client.get("/webhooks/shopify")):
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        assert answer.headers["Cache-Control"] == "no-store"
        assert answer.headers["Strict-Transport-Security"] == "max-age=31536000"
        assert "default-src 'none'" in answer.headers["Content-Security-Policy"]
        assert "Set-Cookie" not in answer.headers


def test_a_door_is_found_under_the_hosts_of_this_service_only(service_of):
    service = service_of(BACKORDER_BASE_URL="https://backorder.example.com")
    assert service.send("shopify", BODY, base_url="https://backorder.example.com").status_code == 200
    assert service.send("shopify", BODY, base_url="https://evil.example.com").status_code == 400


# --- sizes -------------------------------------------------------------------------------------------------------


def of_size(size):
    return b'{"id": 1, "x": "' + b"x" * (size - 18) + b'"}'


@PLATFORMS
@pytest.mark.parametrize(
    ("size", "status"), [(5 * MEGABYTE, 200), (8 * MEGABYTE, 200), (8 * MEGABYTE + 1, 413), (12 * MEGABYTE, 413)]
)
@pytest.mark.parametrize("announced", [True, False], ids=["with its length", "without a length"])
def test_bodies_up_to_eight_megabytes_are_taken(service, platform, size, status, announced):
    body = of_size(size)
    assert len(body) == size
    how = {} if announced else {"environ_overrides": {"CONTENT_LENGTH": "", "wsgi.input_terminated": True}}
    assert service.send(platform, body, **how).status_code == status
    assert len(service.written()) == (status == 200)


@PLATFORMS
def test_a_length_that_is_a_lie_opens_nothing(service, platform):
    body = of_size(9 * MEGABYTE)
    short = {"CONTENT_LENGTH": "100", "wsgi.input": io.BytesIO(body)}
    assert service.send(platform, body, environ_overrides=short).status_code == 401
    assert service.written() == []


def pieces(body):
    for start in range(0, len(body), MEGABYTE):
        yield body[start : start + MEGABYTE]


@PLATFORMS
@pytest.mark.parametrize(("size", "status"), [(5 * MEGABYTE, 200), (9 * MEGABYTE, 413)])
def test_a_body_in_pieces_over_a_real_connection(service, platform, size, status):
    body = of_size(size)
    headers = {SIGNATURE[platform]: signed(body, SECRETS[platform][0]), TOPIC[platform]: CREATED[platform]}
    headers |= {"X-Shopify-Shop-Domain": "fern.myshopify.com", "Transfer-Encoding": "chunked"}
    path = {"shopify": "/webhooks/shopify", "woocommerce": "/webhooks/woocommerce/moss"}[platform]
    with serve(service.app) as server, closing(http.client.HTTPConnection(urlsplit(server.url).netloc)) as line:
        line.request("POST", path, pieces(body), headers, encode_chunked=True)
        assert line.getresponse().status == status
    assert len(service.written()) == (status == 200)


# --- pings -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("body", "status"),
    [
        (b"webhook_id=7", 200), (b"webhook_id=", 401), (b"webhook_id=7&x=1", 401), (b"webhook_id=7\n", 401),
        (b"webhook_id=x", 401), (b"webhook_id=" + b"7" * 21, 401), (b"", 401),
    ],
)  # fmt: skip
def test_the_ping_of_a_new_woocommerce_webhook_is_answered_and_nothing_stored(service, body, status):
    given = {"content_type": "application/x-www-form-urlencoded"}
    answer = service.client.post("/webhooks/woocommerce/moss", data=body, **given)
    assert answer.status_code == status
    # Who asks about a store that is not ours learns no more.
    other = service.client.post("/webhooks/woocommerce/oak", data=body, **given)
    assert (other.status_code, other.text) == (status, answer.text)
    assert service.client.post("/webhooks/shopify", data=body, **given).status_code == 401
    assert service.written() == []


def test_a_signed_form_is_read_as_the_bytes_that_were_signed(service):
    answer = service.send("woocommerce", b"a=1&b=%20", content_type="application/x-www-form-urlencoded")
    assert answer.status_code == 200
    assert service.written() == [("moss", "order.created")]
