"""Terminals, checkouts and shops for the commands."""

from datetime import UTC, datetime

import pytest
import structlog

import app as composition
from connectors.simulator.serving import serve
from connectors.simulator.shopify import ShopifyShop
from tests.environments import set_up
from tests.pages.commands.terminal import ROOT, Terminal


@pytest.fixture
def terminal_of(tmp_path):
    """Make a terminal over an app with these settings; no setting is taken from the machine."""
    opened = []

    def make(**settings):
        made = composition.create_app(settings, instance=str(tmp_path / "instance"))
        opened.append(made)
        return Terminal(made)

    yield make
    structlog.reset_defaults()  # commands point the log at a standard error that is gone
    for made in opened:
        if "backorder" in made.extensions:
            made.extensions["backorder"].books.close()


@pytest.fixture
def terminal(terminal_of, sqlite_url):
    return terminal_of(BACKORDER_DATABASE_URL=sqlite_url, BACKORDER_BASE_URL="https://backorder.example.com")


@pytest.fixture
def checkout(tmp_path):
    """A checkout of the code with no instance folder and no backorder.toml of its own yet."""
    folder = tmp_path / "checkout"
    folder.mkdir()
    for name in ("app.py", "plugging.py", "core", "connectors", "webhooks", "pages", "worker", "templates"):
        (folder / name).symlink_to(ROOT / name)
    return folder


@pytest.fixture
def shop():
    """A simulated Shopify shop, served."""
    made = ShopifyShop(
        domain="north-store.myshopify.com", access_token="token", client_id="id", client_secret="app-secret",
        now=lambda: datetime.now(UTC),
    )  # fmt: skip
    server = serve(made.wsgi)
    made.origin = server.url
    yield made
    made.hooks.close()
    server.close()


@pytest.fixture
def service(terminal_of, sqlite_url):
    """Make a terminal whose app is served, so that a store can reach it."""
    servers = []

    def make(**settings):
        opened = terminal_of(**set_up(sqlite_url, **settings))
        server = serve(opened.app)
        servers.append(server)
        opened.app.config["BACKORDER_ENVIRONMENT"]["BACKORDER_BASE_URL"] = opened.url = server.url
        opened.app.extensions["furnish"]()
        return opened

    yield make
    for server in servers:
        server.close()


@pytest.fixture
def shopify(service, shop):
    return service(
        BACKORDER_SHOPIFY_ORIGIN=shop.origin + "/{shop}", BACKORDER_SHOPIFY_CLIENT_SECRET="app-secret",
        BACKORDER_SHOPIFY_CLIENT_ID="id",
    )  # fmt: skip


@pytest.fixture
def connected(shopify, shop):
    """A terminal whose Shopify shop is connected and has sold 8 mugs of 5."""
    shop.add_product("MUG", "Enamel mug", "12.50", 5)
    shop.checkout([("MUG", 8)], customer="Customer 12")
    shopify.last_line("connect", "shopify", shop.domain, "--token", "token")
    return shopify
