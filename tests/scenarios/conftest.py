"""A whole service over real HTTP against simulated shops, both platforms behind the same few words."""

import hashlib
import json
import secrets
from datetime import UTC, datetime

import pytest
import requests
from cryptography.fernet import Fernet

import app as composition
from connectors.simulator.serving import serve
from connectors.simulator.shopify import ShopifyShop
from connectors.simulator.woocommerce import WooCommerceStore
from core.shop_policy import merge


class Service:
    """Backorder itself, served on loopback; its worker is stepped by the test."""

    def __init__(self, folder, **settings):
        environment = {
            "BACKORDER_DATABASE_URL": f"sqlite:///{folder}/books.db",
            "BACKORDER_SECRET_KEY": "a-secret-for-tests",
            "BACKORDER_ENCRYPTION_KEYS": Fernet.generate_key().decode(),
            "BACKORDER_ALLOW_PRIVATE_STORES": "1",
            "BACKORDER_SHOPIFY_CLIENT_SECRET": "app-secret",
            "BACKORDER_SETTLE_SECONDS": "0",
            "BACKORDER_LOG_LEVEL": "ERROR",
            **settings,
        }
        self.app = composition.create_app(environment, instance=str(folder))
        self.server = serve(self.app)
        environment["BACKORDER_BASE_URL"] = self.server.url
        self.app.config["BACKORDER_ENVIRONMENT"] = environment
        self.house = self.app.extensions["furnish"]()
        self.hands = self.app.extensions["hands"]()

    def close(self):
        self.server.close()
        self.house.books.close()


class Shopify:
    """A simulated Shopify shop, connected."""

    platform = "shopify"

    def __init__(self, folder, mode="act"):
        self.shop = ShopifyShop(
            domain="north-store.myshopify.com",
            access_token="token",
            client_id="id",
            client_secret="app-secret",
            now=lambda: datetime.now(UTC),
        )
        self.server = serve(self.shop.wsgi)
        self.service = Service(folder, BACKORDER_SHOPIFY_ORIGIN=self.server.url + "/{shop}")
        credentials = {"grant": "token", "access_token": "token"}
        self.record = self.service.house.desk.connect("shopify", self.shop.domain, credentials, mode=mode)

    def held(self, order):
        return sum(self.service_order(order)["held"].values())

    def marks(self, order):
        return set(self.service_order(order)["tags"])

    def cancel(self, order):
        self.shop.cancel(order)

    def ship(self, order, units):
        self.shop.fulfil(order, {self.shop.line(order, "MUG"): units})


class WooCommerce:
    """A simulated WooCommerce store, connected."""

    platform = "woocommerce"

    def __init__(self, folder, mode="act"):
        self.shop = WooCommerceStore(
            consumer_key="ck", consumer_secret="cs", now=lambda: datetime.now(UTC), fulfillments=True
        )
        self.server = self.shop.open()
        self.service = Service(folder)
        credentials = {"consumer_key": "ck", "consumer_secret": "cs"}
        self.record = self.service.house.desk.connect("woocommerce", self.server.url, credentials, mode=mode)

    def cancel(self, order):
        self.shop.set_status(order, "cancelled")

    def ship(self, order, units):
        self.shop.ship_part(order, {self.shop.line(order, "MUG"): units})


class Words:
    """What tests say, the same for both platforms."""

    def checkout(self, *lines, **more):
        return str(self.shop.checkout(list(lines), customer="Customer 12", **more))

    def settle(self):
        """Let every webhook arrive, every action be done, and every echo die away."""
        for _ in range(40):
            self.shop.hooks.flush()
            self.service.hands.run_until_idle()
            self.shop.hooks.flush()
            with self.service.house.books.read() as unit:
                if unit.inbox.next_due() is None and unit.outbox.next_due() is None:
                    return
        raise AssertionError("the service does not come to rest")

    def token(self):
        token = secrets.token_urlsafe()
        digest = hashlib.sha256(token.encode()).hexdigest()
        with self.service.house.books.write() as unit:
            unit.access.add_token(shop=self.record.id, token_hash=digest, at=datetime.now(UTC))
        return token

    def order(self, order):
        """The order as the JSON API shows it."""
        headers = {"Authorization": f"Bearer {self.token()}"}
        answer = requests.get(f"{self.service.server.url}/api/v1/orders/{order}", headers=headers, timeout=10)
        assert answer.status_code == 200, answer.text
        return answer.json()

    def enter_supply(self, name, sku, units, eta):
        document = {"id": name, "sku": sku, "ordered": units, "eta": eta.isoformat()}
        headers = {"Authorization": f"Bearer {self.token()}"}
        address = f"{self.service.server.url}/api/v1/incoming"
        answer = requests.post(address, json=document, headers=headers, timeout=10)
        assert answer.status_code == 201, answer.text

    def set_policy(self, **changes):
        from dataclasses import replace

        with self.service.house.books.write() as unit:
            shop = unit.shops.get(self.record.id)
            unit.shops.save(replace(shop, policy=merge(shop.policy, changes)))
            unit.inbox.add(
                shop=shop.id, topic="backorder/replan", key="replan", body=json.dumps({}).encode(), at=datetime.now(UTC)
            )

    def writes(self):
        """Calls that changed something at the shop, subscriptions aside."""
        return [entry for entry in self.shop.journal.writes() if "ebhook" not in entry.name]

    def close(self):
        self.service.close()
        self.shop.hooks.close()
        self.server.close()


class ShopifySide(Shopify, Words):
    pass


class WooCommerceSide(WooCommerce, Words):
    pass


@pytest.fixture(params=[ShopifySide, WooCommerceSide], ids=["shopify", "woocommerce"])
def open_side(request, tmp_path):
    """A function that opens a connected shop."""
    opened = []

    def opener(**how):
        side = request.param(tmp_path, **how)
        opened.append(side)
        return side

    yield opener
    for side in opened:
        side.close()


@pytest.fixture
def side(open_side):
    """A connected shop in act mode that sells mugs, 5 of them on hand."""
    side = open_side()
    side.shop.add_product("MUG", "Enamel mug", "12.50", 5)
    side.settle()
    return side
