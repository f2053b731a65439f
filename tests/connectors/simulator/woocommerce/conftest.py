"""A store on a real local port, its client, a receiver of webhooks, and answers recorded from a real store."""

import json
import threading
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from woocommerce import API

from connectors.simulator.serving import serve
from connectors.simulator.woocommerce import WooCommerceStore

KEY, SECRET = "ck_example", "cs_example"
START = datetime(2026, 11, 23, 6, 30, tzinfo=UTC)


class Clock:
    """The store's time; it moves only when told."""

    def __init__(self):
        self.at = START

    def __call__(self):
        return self.at

    def advance(self, **delta):
        self.at += timedelta(**delta)


class Receiver:
    """A server that keeps what it was sent and answers with `status`; `hold` makes it wait."""

    def __init__(self):
        self.posts = []
        self.status = 200
        self.headers = []
        self.hold = threading.Event()
        self.hold.set()
        self._server = serve(self._answer, threads=2)
        self.url = self._server.url

    def _answer(self, environ, start_response):
        body = environ["wsgi.input"].read()
        headers = {name[5:]: value for name, value in environ.items() if name.startswith("HTTP_")}
        headers["CONTENT_TYPE"] = environ.get("CONTENT_TYPE", "")
        self.posts.append((environ["PATH_INFO"], headers, body))
        self.hold.wait(60)
        start_response(f"{self.status} Answer", [*self.headers, ("Content-Length", "0")])
        return [b""]

    def bodies(self):
        """Every delivery's JSON, pings left out."""
        return [json.loads(body) for _, _, body in self.posts if body.startswith(b"{")]

    def topics(self):
        return [headers["X_WC_WEBHOOK_TOPIC"] for _, headers, _ in self.posts if "X_WC_WEBHOOK_TOPIC" in headers]

    def close(self):
        self.hold.set()
        self._server.close()


@pytest.fixture
def clock():
    return Clock()


@pytest.fixture
def make_store(clock):
    stores = []

    def make(**settings):
        patient = {"webhook_timeout": 60.0, **settings}
        store = WooCommerceStore(consumer_key=KEY, consumer_secret=SECRET, now=clock, **patient)
        stores.append(store)
        return store

    yield make
    for store in stores:
        store.hooks.close()


@pytest.fixture
def opened():
    """Serve a store and return the client for it."""
    servers = []

    def open_store(store):
        servers.append(store.open(threads=4))
        return API(servers[-1].url, KEY, SECRET, version="wc/v3", timeout=60)

    yield open_store
    for server in servers:
        server.close()


@pytest.fixture
def store(make_store):
    """A store with mugs (3, shoppers are told of backorders), a guide (5, no backorders) and shirts."""
    store = make_store()
    store.add_product("MUG", "Mug", "10.00", 3)
    store.add_product("GUIDE", "Field Guide", "18.00", 5, backorders="no")
    store.add_product("LAMP", "Desk Lamp", "25.50", 2, backorders="yes")
    store.add_variable_product("SHIRT", "Shirt", "30.00", {"S": ("SHIRT-S", 4), "M": ("SHIRT-M", 1)})
    store.add_variable_product("HAT", "Hat", "30.00", {"One": ("HAT-1", None)}, parent_stock=2)
    return store


@pytest.fixture
def api(store, opened):
    return opened(store)


@pytest.fixture
def receiver():
    receiver = Receiver()
    yield receiver
    receiver.close()


@pytest.fixture
def captured():
    folder = Path(__file__).parent / "captured"
    return lambda name: json.loads((folder / f"{name}.json").read_text())


@pytest.fixture
def subscribe(api, receiver):
    def to(*topics, **more):
        return [
            api.post(
                "webhooks", {"topic": t, "delivery_url": f"{receiver.url}/hook", "secret": "secret", **more}
            ).json()
            for t in topics
        ]

    return to


@pytest.fixture
def heard(store, receiver):
    """What was delivered after `act`: (topic, id) pairs, sorted."""

    def after(act):
        store.hooks.flush()
        receiver.posts.clear()
        store.hooks.pause()
        act()
        store.hooks.resume()
        assert store.hooks.flush()
        ids = [body.get("id") for body in receiver.bodies()]
        return sorted(zip(receiver.topics(), ids, strict=True))

    return after
