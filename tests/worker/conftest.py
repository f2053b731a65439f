"""The whole service on loopback against a simulated WooCommerce store; the worker is stepped by the test."""

from datetime import UTC, datetime

import pytest

import app as composition
from connectors.simulator.serving import serve
from connectors.simulator.woocommerce import WooCommerceStore
from tests.environments import set_up


class Shopkeeper:
    """A connected store and the service. `rest` lets everything arrive and be done."""

    def __init__(self, folder, database_url, **settings):
        self.store = WooCommerceStore(
            consumer_key="ck", consumer_secret="cs", now=lambda: datetime.now(UTC), http_callbacks=True,
            webhook_timeout=60.0, **settings,
        )  # fmt: skip
        self._front = self.store.open()
        self.address = self._front.url
        environment = set_up(database_url, BACKORDER_SETTLE_SECONDS="0")
        made = composition.create_app(environment, instance=str(folder))
        self._door = serve(made)
        self.url = self._door.url
        made.config["BACKORDER_ENVIRONMENT"] = {**environment, "BACKORDER_BASE_URL": self.url}
        self.app = made
        self.house = made.extensions["furnish"]()
        self.hands = made.extensions["hands"]()

    def connect(self, mode="act"):
        keys = {"consumer_key": "ck", "consumer_secret": "cs"}
        self.shop = self.house.desk.connect("woocommerce", self.address, keys, mode=mode)
        self.rest()
        return self.shop

    def rest(self):
        for _ in range(3):
            self.store.hooks.flush()
            self.hands.run_until_idle()

    def queue(self, topic):
        with self.house.books.write() as unit:
            unit.inbox.add(shop=self.shop.id, topic=topic, key=topic, body=b"{}", at=datetime.now(UTC))
        self.rest()

    def order(self, order):
        with self.house.books.read() as unit:
            return unit.orders.get(self.shop.id, str(order))

    def credentials(self):
        with self.house.books.read() as unit:
            return unit.shops.credentials(self.shop.id)

    def writes(self):
        return [entry for entry in self.store.journal.writes() if "ebhook" not in entry.name]

    def close(self):
        self.store.hooks.close()
        self._front.close()
        self._door.close()
        self.house.books.close()


@pytest.fixture
def keeper_of(tmp_path, sqlite_url):
    """Make a store with these settings, and the service."""
    made = []

    def make(**settings):
        made.append(Shopkeeper(tmp_path, sqlite_url, **settings))
        return made[-1]

    yield make
    for one in made:
        one.close()


@pytest.fixture
def keeper(keeper_of):
    """A connected store in act mode that sells mugs, 5 of them on hand."""
    one = keeper_of()
    one.store.add_product("MUG", "Enamel mug", "12.50", 5)
    one.connect()
    return one
