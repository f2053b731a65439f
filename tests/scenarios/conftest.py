"""A whole service over real HTTP against simulated shops, both platforms behind the same few words."""

import hashlib
import json
import secrets
import time
import zlib
from collections import Counter
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from urllib.parse import urlsplit

import pytest
import requests
from sqlalchemy import select

import app as composition
from connectors.database import codec
from connectors.database.tables import metadata
from connectors.mail import Memory
from connectors.simulator.serving import serve
from connectors.simulator.shopify import ShopifyShop
from connectors.simulator.shopify.fulfilment_orders import OURS
from connectors.simulator.woocommerce import WooCommerceStore, fulfillments
from core.policy.reading import merge
from tests.environments import set_up

PATIENCE = 60.0
"""Seconds in which the service must have answered a shop: on a busy machine its usual five may pass."""


class Service:
    """Backorder itself, served on loopback; its worker is stepped by the test."""

    def __init__(self, folder, **settings):
        own = {"BACKORDER_SHOPIFY_CLIENT_SECRET": "app-secret", "BACKORDER_SETTLE_SECONDS": "0"}
        environment = set_up(f"sqlite:///{folder}/books.db", **{**own, **settings})
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
    """A simulated Shopify shop."""

    platform = "shopify"
    item_reads = "nventoryItem"
    only_tells = ("tagsAdd", "tagsRemove", "metafield", "discountCode", "orderUpdate")
    refund_call, cancel_call = "refundCreate", "orderCancel"
    credentials = {"grant": "token", "access_token": "token"}  # noqa: RUF012  # never changed

    def __init__(self):
        self.shop = ShopifyShop(
            domain="north-store.myshopify.com",
            access_token="token",
            client_id="id",
            client_secret="app-secret",
            now=lambda: datetime.now(UTC),
        )
        self.shop.hooks.timeout = PATIENCE
        # The largest plan: these tests are about what is asked, not about how long the shop lets us wait.
        self.shop.bucket.set(10_000)
        self.server = serve(self.shop.wsgi)
        self.address = self.shop.domain
        self.settings = {"BACKORDER_SHOPIFY_ORIGIN": self.server.url + "/{shop}"}

    def cancel(self, order):
        self.shop.cancel(order)

    def unpaid(self, *lines, at=None):
        return self.shop.checkout(list(lines), paid=False, at=at)

    def pay(self, order):
        self.shop.pay(order)

    def refund(self, order, sku, units):
        self.shop.refund(order, {self.shop.line(order, sku): units})

    def refund_without_restock(self, order, sku, units):
        self.shop.refund(order, {self.shop.line(order, sku): units}, restock="no_restock")

    def edit(self, order, sku, units):
        self.shop.edit_line(order, self.shop.line(order, sku), units)

    def let_go(self, order):
        """A person takes our hold away."""
        self.shop.remove_hold(order)

    def forget_product(self, sku):
        self.shop.delete_product(sku)

    def ship_all(self, order):
        self.shop.fulfil(order)

    def held_outside(self, order):
        """Units under our hold per line, as the shop itself has them."""
        rows = self.shop.state.of_order(self.shop.state.order(order))
        held = [row for row in rows if row.alive and any(hold.app == OURS for hold in row.holds)]
        return dict(sum((Counter({str(part.line): part.remaining for part in row.lines}) for row in held), Counter()))

    def doubles(self, order):
        """Fulfilment orders that carry more than one hold of ours."""
        rows = self.shop.state.of_order(self.shop.state.order(order))
        return [row.id for row in rows if sum(hold.app == OURS for hold in row.holds) > 1]

    def tags_outside(self, order):
        return {tag for tag in self.shop.state.order(order).tags if tag.startswith("backorder-")}

    def shipped_outside(self, order):
        """Units in parcels per line, as the shop itself has them."""
        parcels = [row.units for row in self.shop.state.fulfilments.values() if row.order == int(order)]
        return {str(line): units for line, units in sum(map(Counter, parcels), Counter()).items()}

    def note(self, order, text):
        """A person writes a note on the order."""
        self.shop.state.order(order).note = text

    def notes(self, order):
        return [self.shop.state.order(order).note or ""]

    def tracking_outside(self, order):
        """Carrier, number and address of each parcel, as the shop itself has them."""
        parcels = [row.tracking for row in self.shop.state.fulfilments.values() if row.order == int(order)]
        return [(told["company"], told["number"], told["url"]) for told in parcels]

    def refunds_outside(self, order):
        """Units and money of each refund, as the shop itself has them."""
        made = self.shop.state.order(order).refunds
        return [(sum(units for _, units, _ in row.rows), f"{row.amount:.2f}") for row in made]

    def codes_outside(self):
        return list(self.shop.state.discounts)

    def deliver_to(self, url):
        """Let the shop send its webhooks to another address."""
        for row in self.shop.state.subscriptions.values():
            row.uri = url + urlsplit(row.uri).path


class WooCommerce:
    """A simulated WooCommerce store."""

    platform = "woocommerce"
    item_reads = "products"
    only_tells = ("coupons",)  # a hold is metadata and its note here: both or neither
    refund_call = cancel_call = "refunds"
    credentials = {"consumer_key": "ck", "consumer_secret": "cs"}  # noqa: RUF012  # never changed
    settings = {}  # noqa: RUF012  # never changed

    def __init__(self):
        self.shop = WooCommerceStore(
            consumer_key="ck", consumer_secret="cs", now=lambda: datetime.now(UTC), fulfillments=True,
            webhook_timeout=PATIENCE,
        )  # fmt: skip
        self.server = self.shop.open()
        self.address = self.server.url

    def cancel(self, order):
        self.shop.set_status(order, "cancelled")

    def unpaid(self, *lines, at=None):
        return str(self.shop.checkout(list(lines), status="pending", at=at))

    def pay(self, order):
        self.shop.set_status(order, "processing")

    def refund(self, order, sku, units):
        self.shop.refund(order, {self.shop.line(order, sku): units})

    def refund_without_restock(self, order, sku, units):
        self.shop.refund(order, {self.shop.line(order, sku): units}, restock=False)

    def edit(self, order, sku, units):
        self.shop.edit_line(order, self.shop.line(order, sku), units)

    def let_go(self, order):
        """A person takes our word away."""
        self.shop.remove_meta(order, "_backorder_waiting")

    def forget_product(self, sku):
        self.shop.delete_product(sku)

    def ship_all(self, order):
        self.shop.complete(order)

    def held_outside(self, order):
        """Units that our metadata says to wait, per line, as the store itself has them."""
        meta = {entry.key: entry.value for entry in self.shop.order(order).meta}
        return json.loads(meta.get("_backorder_waiting") or "{}")

    def ready_outside(self, order):
        """Units that our metadata calls ready, per line, as the store itself has them."""
        meta = {entry.key: entry.value for entry in self.shop.order(order).meta}
        return json.loads(meta.get("_backorder_ready") or "{}")

    def doubles(self, order):
        """Notes that say the same twice."""
        said = Counter(note.text for note in self.shop.order(order).notes)
        return [text for text, times in said.items() if times > 1]

    def tags_outside(self, order):
        meta = {entry.key: entry.value for entry in self.shop.order(order).meta}
        return {tag for tag in (meta.get("_backorder_tags") or "").split(", ") if tag}

    def shipped_outside(self, order):
        """Units in parcels per line, as the store itself has them."""
        parcels = [fulfillments.items(row) for row in self.shop.order(order).fulfillments if row.fulfilled]
        return {str(line): units for line, units in sum(parcels, Counter()).items()}

    def tracking_outside(self, order):
        """Carrier, number and address of each parcel, as the store itself has them."""
        parcels = [{meta.key: meta.value for meta in row.meta} for row in self.shop.order(order).fulfillments]
        return [(m["_shipping_provider"], m["_tracking_number"], m["_tracking_url"]) for m in parcels]

    def note(self, order, text):
        """A person writes a note on the order."""
        self.shop.state.note(self.shop.order(order), text, author="admin")

    def notes(self, order):
        return [note.text for note in self.shop.order(order).notes]

    def refunds_outside(self, order):
        """Units and money of each refund, as the store itself has them."""
        made = self.shop.order(order).refunds
        return [(-sum(line.quantity for line in row.lines), f"{row.amount:.2f}") for row in made]

    def codes_outside(self):
        return [coupon.code for coupon in self.shop.state.coupons.values()]

    def deliver_to(self, url):
        """Let the store send its webhooks to another address."""
        for row in self.shop.state.webhooks.values():
            row.url = url + urlsplit(row.url).path


def readable(value):
    try:
        return codec.unpack(value).decode() if isinstance(value, bytes) else str(value)
    except (ValueError, zlib.error):
        return repr(value)


class Words:
    """What tests say, the same for both platforms."""

    service = None

    def connect(self, house, mode="act"):
        self.house = house
        self.record = house.desk.connect(self.platform, self.address, self.credentials, mode=mode)

    def checkout(self, *lines, **more):
        return str(self.shop.checkout(list(lines), customer="Customer 12", **more))

    def settle(self):
        """Let every webhook arrive, every action be done, and every echo die away; what was put off is waited for."""
        deadline = time.monotonic() + 600
        while time.monotonic() < deadline:
            self.shop.hooks.flush()
            self.service.hands.run_until_idle()
            self.shop.hooks.flush()
            with self.house.books.read() as unit:
                due = [at for at in (unit.inbox.next_due(), unit.outbox.next_due()) if at is not None]
            # The end of an offer, or of the time to change one's mind, is far away: nobody waits for that here.
            if not due or min(due) > datetime.now(UTC) + timedelta(minutes=10):
                return
            time.sleep(min(1.0, max(0.0, (min(due) - datetime.now(UTC)).total_seconds())))
        raise AssertionError("the service does not come to rest")

    def settle_until(self, so):
        """Let webhooks arrive and due actions be tried until it is so; what was put off further is not waited for."""
        deadline = time.monotonic() + 600
        while not so():
            assert time.monotonic() < deadline, "the service does not come to this"
            self.shop.hooks.flush()
            self.service.hands.run_until_idle()

    def token(self):
        token = secrets.token_urlsafe()
        digest = hashlib.sha256(token.encode()).hexdigest()
        with self.house.books.write() as unit:
            unit.access.add_token(shop=self.record.id, token_hash=digest, at=datetime.now(UTC))
        return token

    def api(self, method, path, document=None):
        headers = {"Authorization": f"Bearer {self.token()}"}
        return requests.request(
            method, f"{self.service.server.url}/api/v1/{path}", json=document, headers=headers, timeout=60
        )

    def order(self, order):
        """The order as the JSON API shows it."""
        answer = self.api("GET", f"orders/{order}")
        assert answer.status_code == 200, answer.text
        return answer.json()

    def page(self, order):
        """The order's page as the merchant reads it."""
        return self.read(f"orders/{self.record.id}/{order}")

    def read(self, *paths):
        """Pages as the merchant reads them, one after the other as one text."""
        session, link = requests.Session(), secrets.token_urlsafe()
        digest = hashlib.sha256(link.encode()).hexdigest()
        with self.house.books.write() as unit:
            unit.access.add_link(
                shop=self.record.id, link_hash=digest, expires_at=datetime.now(UTC) + timedelta(minutes=5)
            )
        base = self.service.server.url
        signed_in = session.get(f"{base}/login?login={link}", timeout=60)
        assert signed_in.ok, signed_in.text
        return "".join(session.get(f"{base}/{path}", timeout=60).text for path in paths)

    def ask(self, order, do):
        """What a person asks for the order."""
        return self.api("POST", f"orders/{order}/actions", {"do": do})

    def put_policy(self, changes):
        answer = self.api("PUT", "policy", changes)
        assert answer.status_code == 200, answer.text

    def enter_supply(self, name, sku, units, eta):
        document = {"id": name, "sku": sku, "ordered": units, "eta": eta.isoformat()}
        answer = self.api("POST", "incoming", document)
        assert answer.status_code == 201, answer.text

    def everything_stored(self):
        """All rows of all tables as one text, deliveries unpacked."""
        # Through the service's own library: a second SQLite in one process would break the first one's locks.
        with self.house.books._door.reading.connect() as connection:
            rows = [row for table in metadata.sorted_tables for row in connection.execute(select(table))]
        return "\n".join(readable(value) for row in rows for value in row)

    def set_policy(self, **changes):
        with self.house.books.write() as unit:
            shop = unit.shops.get(self.record.id)
            unit.shops.save(replace(shop, policy=merge(shop.policy, changes)))
            unit.inbox.add(
                shop=shop.id, topic="backorder/replan", key="replan", body=json.dumps({}).encode(), at=datetime.now(UTC)
            )

    def writes(self):
        """Calls that changed something at the shop, subscriptions aside."""
        return [entry for entry in self.shop.journal.writes() if "ebhook" not in entry.name]

    def close(self):
        if self.service:
            self.service.close()
        self.shop.hooks.close()
        self.server.close()


class ShopifySide(Shopify, Words):
    pass


class WooCommerceSide(WooCommerce, Words):
    pass


SIDES = {"shopify": ShopifySide, "woocommerce": WooCommerceSide}


@pytest.fixture(params=SIDES)
def open_side(request, tmp_path, sqlite_url, one_day):
    """A function that opens a connected shop."""
    opened = []

    def opener(**how):
        side = SIDES[request.param]()
        opened.append(side)
        side.service = Service(tmp_path, BACKORDER_DATABASE_URL=sqlite_url, **side.settings)
        side.connect(side.service.house, **how)
        return side

    yield opener
    for side in opened:
        side.close()


@pytest.fixture
def both_sides():
    """A shop of each platform, not connected yet."""
    sides = (ShopifySide(), WooCommerceSide())
    yield sides
    for side in sides:
        side.close()


@pytest.fixture
def side(open_side):
    """A connected shop in act mode that sells mugs, 5 of them on hand."""
    side = open_side()
    side.shop.add_product("MUG", "Enamel mug", "12.50", 5)
    side.settle()
    return side


@pytest.fixture
def post(side):
    """The shop's mails in a list; business time can be moved."""
    made = Memory()
    house = side.service.house
    real, moved = house.now, [timedelta()]
    office = replace(house.post, transport=made, sender="orders@shop.example.com")
    object.__setattr__(house, "post", office)
    object.__setattr__(house, "now", lambda: real() + moved[0])

    def later(**how):
        moved[0] += timedelta(**how)
        side.set_policy()
        side.settle()

    return made, later
