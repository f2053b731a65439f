"""A furnished app with shops on each platform, and what a platform sends to it."""

import base64
import hashlib
import hmac
import sqlite3
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime

import pytest
import structlog
from structlog.testing import capture_logs

import app as composition
from core.records import Shop
from tests.environments import set_up

NOW = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
SECRETS = {"shopify": ("app-secret", "app-secret-before"), "woocommerce": ("store-secret", "store-secret-before")}
SIGNATURE = {"shopify": "X-Shopify-Hmac-Sha256", "woocommerce": "X-WC-Webhook-Signature"}
TOPIC = {"shopify": "X-Shopify-Topic", "woocommerce": "X-WC-Webhook-Topic"}
DELIVERY = {"shopify": "X-Shopify-Webhook-Id", "woocommerce": "X-WC-Webhook-Delivery-ID"}
CREATED = {"shopify": "orders/create", "woocommerce": "order.created"}
MEGABYTE = 1024 * 1024
TOPICS = {
    "shopify": [
        "orders/create", "orders/edited", "orders/delete", "refunds/create", "fulfillments/update", "products/update",
        "fulfillment_orders/placed_on_hold", "inventory_levels/update", "inventory_items/update", "customers/redact",
        "customers/data_request", "app/uninstalled", "shop/redact",
    ],
    "woocommerce": ["order.created", "order.updated", "order.deleted", "order.restored", "product.updated", "action.thing"],
}  # fmt: skip
PLATFORMS = pytest.mark.parametrize("platform", ["shopify", "woocommerce"])


def signed(body, secret):
    return base64.b64encode(hmac.new(secret.encode(), body, hashlib.sha256).digest()).decode()


BODY = b'{"id": 1001}'
GOOD = {"shopify": signed(BODY, "app-secret"), "woocommerce": signed(BODY, "store-secret")}
FAR = {"shopify": "birch.myshopify.com", "woocommerce": "reed"}
OTHER = {"shopify": "woocommerce", "woocommerce": "shopify"}


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
        self.books.empty_letterbox()
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


def facts_of(service, key):
    """What is known of the shop, deliveries aside."""
    with service.books.read() as unit:
        return unit.shops.get(key), unit.shops.credentials(key), service.orders(key), unit.items.all(key)


@pytest.fixture
def service_of(sqlite_url, tmp_path):
    """Make a service over these books; its worker is stepped by the test."""
    opened = []

    def make(url=sqlite_url, **settings):
        environment = set_up(url, **{"BACKORDER_SHOPIFY_CLIENT_SECRET": ",".join(SECRETS["shopify"]), **settings})
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
