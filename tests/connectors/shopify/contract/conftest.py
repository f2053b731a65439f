"""The connector against a whole simulated shop over real HTTP: what is asked is what stands there afterwards."""

from datetime import UTC, datetime

import pytest

from connectors.shopify.connector import open_shop
from connectors.simulator.serving import serve
from connectors.simulator.shopify import ShopifyShop


class Beside:
    """A shop with one order of five mugs (two there) and three lamps, and a connector to it."""

    def __init__(self, shop, url):
        self.shop = shop
        self.connector = open_shop(
            domain=shop.domain,
            origin=f"{url}/{shop.domain}",
            api_version="2026-10",
            credentials={"grant": "token", "access_token": "token"},
            keep=lambda renewed: None,
            now=lambda: datetime.now(UTC),
        )
        shop.add_product("MUG", "Enamel mug", "12.50", 2)
        shop.add_product("LAMP", "Lamp", "40", 10)
        self.order = shop.checkout([("MUG", 5), ("LAMP", 3)], customer="customer12@example.com")
        self.mug, self.lamp = shop.line(self.order, "MUG"), shop.line(self.order, "LAMP")

    @property
    def item(self):
        """The platform's id of the mug."""
        return str(self.shop.state.by_sku["MUG"].item)

    @property
    def row(self):
        return self.shop.state.order(self.order)

    def open(self):
        """Units that still wait, per line."""
        lines = self.connector.read_order(self.order).lines
        return {line.id: line.ordered - line.cancelled - line.refunded - line.shipped for line in lines}

    def writes(self):
        return [entry.name for entry in self.shop.journal.writes()]


@pytest.fixture
def beside():
    shop = ShopifyShop(
        domain="fern.myshopify.com",
        access_token="token",
        client_id="app",
        client_secret="secret",
        now=lambda: datetime.now(UTC),
    )
    shop.bucket.set(10_000)
    with serve(shop.wsgi) as server:
        yield Beside(shop, server.url)
    shop.close()
