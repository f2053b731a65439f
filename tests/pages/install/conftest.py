"""The whole service beside a simulated shop whose admin installs it: real HTTP between the two."""

import re
from datetime import UTC, datetime, timedelta
from urllib.parse import parse_qs, urlsplit

import pytest
import requests
import structlog

import app as composition
from connectors.simulator.serving import serve
from connectors.simulator.shopify import ShopifyShop
from tests.environments import set_up

DOMAIN = "fern.myshopify.com"


class Clock:
    """Real time, moved by a test: keys and signatures age by it."""

    def __init__(self):
        self.ahead = timedelta(0)

    def __call__(self):
        return datetime.now(UTC) + self.ahead


class Place:
    """The service, the shop, and a browser with the service's cookies."""

    def __init__(self, made, house, shop, shop_url):
        self.app, self.house, self.books, self.shop, self.shop_url = made, house, house.books, shop, shop_url
        self.browser = made.test_client()

    def approve(self, answer):
        """Go where an answer of ours leads, agree there, and return the path of the way back."""
        assert answer.status_code == 302, answer.text
        back = requests.get(answer.location, allow_redirects=False, timeout=60)
        assert back.status_code == 302, back.text
        way = urlsplit(back.headers["Location"])
        return f"{way.path}?{way.query}"

    def record(self, shop="fern"):
        with self.books.read() as unit:
            return unit.shops.get(shop)

    def credentials(self, shop="fern"):
        with self.books.read() as unit:
            return unit.shops.credentials(shop)

    def work(self):
        self.app.extensions["hands"]().run_until_idle()

    def frame(self, path="/", *, proof=None, browser=None, method="get", locale=None, **more):
        """Ask for a page as a frame within the admin does."""
        proof = self.shop.proof() if proof is None else proof
        query = {"shop": DOMAIN, "host": "aG9zdA", "embedded": "1", **({"id_token": proof} if proof else {})}
        query |= {"locale": locale} if locale else {}
        headers = {"Sec-Fetch-Dest": "iframe"}
        ask = getattr(browser or self.app.test_client(), method)
        return ask(path, query_string=query, headers=headers, **more)


@pytest.fixture
def clock():
    return Clock()


@pytest.fixture
def place_of(sqlite_url, tmp_path, clock):
    """Make a service and a shop beside it; keyword arguments are settings."""
    opened = []

    def make(**settings):
        shop = ShopifyShop(
            domain=DOMAIN,
            access_token="never-given",
            client_id="app-id",
            client_secret="shpss_canary_secret_of_a_good_length",
            now=clock,
        )
        shop.bucket.set(10_000)
        server = serve(shop.wsgi)
        own = {
            "BACKORDER_BASE_URL": "https://backorder.example.com",
            "BACKORDER_SHOPIFY_CLIENT_ID": "app-id",
            "BACKORDER_SHOPIFY_CLIENT_SECRET": "shpss_canary_secret_of_a_good_length",
            "BACKORDER_SHOPIFY_ORIGIN": server.url + "/{shop}",
        }
        environment = set_up(sqlite_url, **{**own, **settings})
        made = composition.create_app(environment, instance=str(tmp_path))
        house = made.extensions["furnish"]()
        opened.append((shop, server, house))
        place = Place(made, house, shop, server.url)
        made.test_client_class = _client_of(environment["BACKORDER_BASE_URL"], made)
        place.browser = made.test_client()
        return place

    yield make
    for shop, server, house in opened:
        house.books.close()
        shop.close()
        server.close()
    structlog.reset_defaults()


def _client_of(base, made):
    from flask.testing import FlaskClient

    class Browser(FlaskClient):
        """Asks under the service's public address."""

        def open(self, *args, **kwargs):
            kwargs.setdefault("base_url", base)
            return super().open(*args, **kwargs)

    return Browser


@pytest.fixture
def place(place_of):
    return place_of()


@pytest.fixture
def query_of():
    """The parameters of an address."""

    def read(address):
        return {name: values[0] for name, values in parse_qs(urlsplit(address).query).items()}

    return read


@pytest.fixture
def links_of():
    """The addresses that a page leads to."""

    def read(page):
        return re.findall(r'\b(?:href|action)="([^"]*)"', page)

    return read
