"""The webhook doors of a real app over real books: who gets in, what is written down, and what the worker makes of it."""

import base64
import hashlib
import hmac
import http.client
import io
import json
import sqlite3
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from urllib.parse import urlsplit

import pytest
import structlog
from cryptography.fernet import Fernet
from structlog.testing import capture_logs

import app as composition
from connectors.simulator.serving import serve
from connectors.simulator.shopify import ShopifyShop
from core.merge import without_time
from core.records import Shop

NOW = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
SECRETS = {"shopify": ("app-secret", "app-secret-before"), "woocommerce": ("store-secret", "store-secret-before")}
SIGNATURE = {"shopify": "X-Shopify-Hmac-Sha256", "woocommerce": "X-WC-Webhook-Signature"}
TOPIC = {"shopify": "X-Shopify-Topic", "woocommerce": "X-WC-Webhook-Topic"}
DELIVERY = {"shopify": "X-Shopify-Webhook-Id", "woocommerce": "X-WC-Webhook-Delivery-ID"}
CREATED = {"shopify": "orders/create", "woocommerce": "order.created"}
MEGABYTE = 1024 * 1024
PLATFORMS = pytest.mark.parametrize("platform", ["shopify", "woocommerce"])


def signed(body, secret):
    return base64.b64encode(hmac.new(secret.encode(), body, hashlib.sha256).digest()).decode()


def shop(key, platform, **fields):
    domain = f"{key}.myshopify.com" if platform == "shopify" else f"{key}.example.com"
    given = {"currency": "EUR", "timezone": "UTC", "connected_at": NOW, "subscribed_at": NOW}
    return Shop(id=key, platform=platform, domain=domain, origin=f"https://{domain}", name=key, **given | fields)


class Service:
    """A furnished app with two shops on each platform, and words for what a platform sends to it."""

    def __init__(self, made, house):
        self.app, self.house, self.books = made, house, house.books
        self.client = made.test_client()
        with self.books.write() as unit:
            for key in ("fern", "birch"):
                unit.shops.add(shop(key, "shopify"), {"access_token": "t"})
            for key in ("moss", "reed"):
                unit.shops.add(shop(key, "woocommerce"), {"webhook_secret": f"{key}-secret"})
            secret, before = SECRETS["woocommerce"]
            keys = {
                "consumer_key": "ck",
                "consumer_secret": "cs",
                "webhook_secret": secret,
                "previous_webhook_secret": before,
            }
            unit.shops.put_credentials("moss", keys)

    def send(self, platform, body, *, to=None, secret=None, topic=None, delivery="1", headers=None, **how):
        """Post a delivery as the platform does; `to` is the shop, a header that is None is left out."""
        path = "/webhooks/shopify" if platform == "shopify" else f"/webhooks/woocommerce/{to or 'moss'}"
        given = {
            SIGNATURE[platform]: signed(body, secret or SECRETS[platform][0]),
            TOPIC[platform]: topic or CREATED[platform],
            DELIVERY[platform]: delivery,
        }
        if platform == "shopify":
            given["X-Shopify-Shop-Domain"] = to or "fern.myshopify.com"
        given |= headers or {}
        return self.client.post(path, data=body, headers={k: v for k, v in given.items() if v is not None}, **how)

    def written(self):
        """What was written down, as (shop, topic), oldest first."""
        with closing(sqlite3.connect(self.house.settings.database_url.removeprefix("sqlite:///"))) as opened:
            return opened.execute("SELECT shop, topic FROM deliveries ORDER BY id").fetchall()

    def work(self):
        """Take in everything that is due; return what the log said of it."""
        with capture_logs() as told:
            self.app.extensions["hands"]().run_until_idle()
        return told

    def buried(self, key):
        with self.books.read() as unit:
            return unit.inbox.dead(key)

    def orders(self, key):
        with self.books.read() as unit:
            return unit.orders.page(key, state=None, cursor=None, limit=50).items

    def put_shop(self, key, **fields):
        with self.books.write() as unit:
            unit.shops.save(replace(unit.shops.get(key), **fields))


@pytest.fixture
def service_of(sqlite_url, tmp_path):
    """Make a service over these books; its worker is stepped by the test."""
    opened = []

    def make(url=sqlite_url, **settings):
        environment = {
            "BACKORDER_DATABASE_URL": url,
            "BACKORDER_SECRET_KEY": "a-secret-for-tests",
            "BACKORDER_ENCRYPTION_KEYS": Fernet.generate_key().decode(),
            "BACKORDER_SHOPIFY_CLIENT_SECRET": ",".join(SECRETS["shopify"]),
            "BACKORDER_LOG_LEVEL": "ERROR",
            **settings,
        }
        made = composition.create_app(environment, instance=str(tmp_path))
        house = made.extensions["furnish"]()
        opened.append(house)
        return Service(made, house)

    yield make
    for house in opened:
        house.books.close()
    structlog.reset_defaults()


@pytest.fixture
def service(service_of):
    return service_of()


# --- signatures --------------------------------------------------------------------------------------------------

BODY = b'{"id": 1001}'
GOOD = {"shopify": signed(BODY, "app-secret"), "woocommerce": signed(BODY, "store-secret")}
FAR = {"shopify": "birch.myshopify.com", "woocommerce": "reed"}
OTHER = {"shopify": "woocommerce", "woocommerce": "shopify"}

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
    assert service.send(platform, BODY).status_code in {401, 404, 410}
    assert service.written() == []


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
    assert service.client.post("/webhooks/woocommerce/oak", data=body, **given).status_code == 401
    assert service.client.post("/webhooks/shopify", data=body, **given).status_code == 401
    assert service.written() == []


def test_a_signed_form_is_read_as_the_bytes_that_were_signed(service):
    answer = service.send("woocommerce", b"a=1&b=%20", content_type="application/x-www-form-urlencoded")
    assert answer.status_code == 200
    assert service.written() == [("moss", "order.created")]


# --- once and twice ----------------------------------------------------------------------------------------------


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


# --- hostile bodies, properly signed -----------------------------------------------------------------------------

TOPICS = {
    "shopify": [
        "orders/create", "orders/edited", "orders/delete", "refunds/create", "fulfillments/update", "products/update",
        "fulfillment_orders/placed_on_hold", "inventory_levels/update", "inventory_items/update", "customers/redact",
        "customers/data_request", "app/uninstalled", "shop/redact",
    ],
    "woocommerce": ["order.created", "order.updated", "order.deleted", "order.restored", "product.updated", "action.thing"],
}  # fmt: skip
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


def facts_of(service, key):
    """What is known of the shop, deliveries aside."""
    with service.books.read() as unit:
        return unit.shops.get(key), unit.shops.credentials(key), service.orders(key), unit.items.all(key)


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


# --- a shop's name is not signed ---------------------------------------------------------------------------------


@pytest.fixture
def street(service_of):
    """Two simulated Shopify shops under one origin, connected; each has sold 8 mugs of 5."""
    made = {
        f"{key}.myshopify.com": ShopifyShop(
            domain=f"{key}.myshopify.com", access_token=f"token-{key}", client_id="id", client_secret="app-secret",
            now=lambda: datetime.now(UTC), seed=seed,
        )
        for seed, key in enumerate(("north", "south"))
    }  # fmt: skip

    def walk(environ, start_response):
        return made[environ["PATH_INFO"].split("/")[1]].wsgi(environ, start_response)

    with serve(walk) as origin:
        service = service_of(
            BACKORDER_SHOPIFY_ORIGIN=origin.url + "/{shop}", BACKORDER_BASE_URL="https://backorder.example.com"
        )
        service.shops = made
        for domain, one in made.items():
            # What the shops send by themselves is of no interest here, and nobody listens at that address.
            one.hooks.drop = 1.0
            one.add_product("MUG", "Enamel mug", "12.50", 5)
            one.checkout([("MUG", 8)], customer="Customer 12")
            token = {"grant": "token", "access_token": f"token-{domain.split('.')[0]}"}
            service.house.desk.connect("shopify", domain, token, mode="observe")
        service.work()
        yield service
        for one in made.values():
            one.hooks.close()


def known(service, key):
    found, credentials, orders, items = facts_of(service, key)
    told = [(without_time(record.snapshot), record.plan, record.promised_on, record.hands_off) for record in orders]
    with service.books.read() as unit:
        actions = [(row.kind, row.state) for record in orders for row in unit.outbox.of_order(key, record.id)]
    return (
        replace(found, synced_at=None),
        credentials,
        told,
        [replace(item.snapshot, read_at=NOW) for item in items],
        actions,
    )


def swapped(mine, theirs):
    """A body of the northern shop that names the southern one's order as well."""
    inner = dict.fromkeys(("id", "order_id", "inventory_item_id"), int(mine.id))
    shops = {"shop_domain": "north.myshopify.com", "myshopify_domain": "north.myshopify.com"}
    person = {"customer": {"id": 1, "email": theirs.snapshot.customer.email}, "orders_to_redact": [int(theirs.id)]}
    hold = {"fulfillment_order": {"id": f"gid://shopify/FulfillmentOrder/{mine.id}"}}
    return json.dumps(inner | shops | person | hold | {"variants": [inner], "order_edit": inner}).encode()


def test_a_body_of_one_shop_under_the_name_of_another_changes_nothing(street):
    (mine,), (theirs,) = street.orders("north"), street.orders("south")
    assert (mine.plan.decision, theirs.plan.decision) == ("ship_part", "ship_part")
    body, before = swapped(mine, theirs), known(street, "south")
    for topic in (*TOPICS["shopify"], "locations/update", "shop/update", "inventory_transfers/add_items"):
        assert street.send("shopify", body, to="south.myshopify.com", topic=topic).status_code == 200
        told = street.work()
        assert [entry for entry in told if "exc_info" in entry or "exception" in entry] == [], topic
        assert known(street, "south") == before, topic
    writes = street.shops["south.myshopify.com"].journal.writes()
    assert [entry for entry in writes if "ebhook" not in entry.name] == []
    with street.books.read() as unit:
        kept = {row.topic for row in unit.inbox.dead("south")}
    # What surely was not theirs is not kept for another try either.
    assert kept.isdisjoint({"app/uninstalled", "shop/redact", "customers/redact", "customers/data_request"})


@pytest.mark.parametrize(("topic", "left"), [("app/uninstalled", "uninstalled"), ("shop/redact", None)])
def test_the_same_body_under_its_own_name_is_obeyed(street, topic, left):
    body, before = swapped(*street.orders("north"), *street.orders("south")), known(street, "south")
    assert street.send("shopify", body, to="north.myshopify.com", topic=topic).status_code == 200
    street.work()
    with street.books.read() as unit:
        found = unit.shops.get("north")
    assert (found.state if found else None) == left
    assert known(street, "south") == before
