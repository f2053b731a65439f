"""A simulated shop behind a real port, a client that asks it, and somebody who receives its webhooks."""

import json
from datetime import UTC, datetime, timedelta

import pytest
import requests

from connectors.simulator.serving import serve
from connectors.simulator.shopify import ShopifyShop

DOMAIN = "shop-one.myshopify.com"
TOKEN = "shpat_given"
SECRET = "hush"


class Clock:
    def __init__(self):
        self.at = datetime(2026, 11, 2, 9, 0, tzinfo=UTC)

    def __call__(self):
        return self.at

    def forward(self, **by):
        self.at += timedelta(**by)


class Client:
    """Asks the shop as the service does: over HTTP, with a token."""

    def __init__(self, url, session):
        self.url, self.session, self.token = url, session, TOKEN

    def post(self, query, variables=None, *, version="2026-10", token=None, timeout=60, **more):
        return self.session.post(
            f"{self.url}/{DOMAIN}/admin/api/{version}/graphql.json",
            json={"query": query, "variables": variables or {}, **more},
            headers={"X-Shopify-Access-Token": token or self.token},
            timeout=timeout,
        )

    def ask(self, document, /, **variables):
        return self.post(document, variables).json()

    def data(self, document, /, **variables):
        answer = self.ask(document, **variables)
        assert "errors" not in answer, answer["errors"]
        return answer["data"]

    def oauth(self, **asked):
        url = f"{self.url}/{DOMAIN}/admin/oauth/access_token"
        asked = {"client_id": "app", "client_secret": SECRET, **asked}
        return self.session.post(url, json=asked, timeout=60)

    # What the service asks for, in short

    def fulfilment_orders(self, order):
        found = self.data(FULFILMENT_ORDERS, id=f"gid://shopify/Order/{order}")["order"]["fulfillmentOrders"]["nodes"]
        return [shape(node) for node in found]

    def hold(self, row, lines=(), handle="backorder-1"):
        hold = {"reason": "INVENTORY_OUT_OF_STOCK", "handle": handle}
        if lines:
            hold["fulfillmentOrderLineItems"] = [{"id": part(line), "quantity": units} for line, units in lines]
        return self.ask(HOLD, id=fo(row), hold=hold)

    def release(self, row, holds=None):
        ids = None if holds is None else [f"gid://shopify/FulfillmentHold/{hold}" for hold in holds]
        return self.ask(RELEASE, id=fo(row), holds=ids)

    def split(self, *parts):
        splits = [
            {
                "fulfillmentOrderId": fo(row),
                "fulfillmentOrderLineItems": [{"id": part(line), "quantity": units} for line, units in lines],
            }
            for row, lines in parts
        ]
        return self.ask(SPLIT, splits=splits)

    def fulfil(self, *parts):
        rows = [
            {"fulfillmentOrderId": fo(row)}
            | (
                {"fulfillmentOrderLineItems": [{"id": part(line), "quantity": units} for line, units in lines]}
                if lines
                else {}
            )
            for row, lines in parts
        ]
        return self.ask(FULFIL, parcel={"lineItemsByFulfillmentOrder": rows})


def fo(number):
    return f"gid://shopify/FulfillmentOrder/{number}"


def part(number):
    return f"gid://shopify/FulfillmentOrderLineItem/{number}"


def bare(gid):
    return int(gid.rsplit("/", 1)[1])


def shape(node):
    """(id, status, [(line of it, total, remaining)]) of a fulfilment order."""
    lines = [
        (bare(line["id"]), line["totalQuantity"], line["remainingQuantity"]) for line in node["lineItems"]["nodes"]
    ]
    return bare(node["id"]), node["status"], lines


FO_FIELDS = """id status supportedActions { action } fulfillmentHolds { id handle heldByRequestingApp }
    lineItems(first: 50) { nodes { id totalQuantity remainingQuantity lineItem { id } } }"""
FULFILMENT_ORDERS = (
    "query($id: ID!) { order(id: $id) { fulfillmentOrders(first: 50) { nodes { %s } } } }" % FO_FIELDS  # braces
)
HOLD = """mutation Hold($id: ID!, $hold: FulfillmentOrderHoldInput!) {
  fulfillmentOrderHold(id: $id, fulfillmentHold: $hold) {
    fulfillmentHold { id handle } fulfillmentOrder { %s } remainingFulfillmentOrder { %s }
    userErrors { code field message } } }""" % (FO_FIELDS, FO_FIELDS)  # braces
RELEASE = (
    """mutation Release($id: ID!, $holds: [ID!]) { fulfillmentOrderReleaseHold(id: $id, holdIds: $holds) {
    fulfillmentOrder { %s } userErrors { code field message } } }"""
    % FO_FIELDS  # braces
)  # braces
SPLIT = """mutation Split($splits: [FulfillmentOrderSplitInput!]!) {
  fulfillmentOrderSplit(fulfillmentOrderSplits: $splits) {
    fulfillmentOrderSplits { fulfillmentOrder { %s } remainingFulfillmentOrder { %s } }
    userErrors { code field message } } }""" % (FO_FIELDS, FO_FIELDS)  # braces
FULFIL = """mutation Fulfil($parcel: FulfillmentInput!) { fulfillmentCreate(fulfillment: $parcel) {
    fulfillment { id status totalQuantity } userErrors { field message } } }"""


class Receiver:
    """A webhook endpoint that keeps what comes. `failing` is how many times it answers 500 first."""

    def __init__(self):
        self.got, self.failing = [], 0

    def app(self, environ, start_response):
        body = environ["wsgi.input"].read(int(environ.get("CONTENT_LENGTH") or 0))
        headers = {name[5:].replace("_", "-"): value for name, value in environ.items() if name.startswith("HTTP_")}
        self.got.append((headers, body))
        self.failing -= 1
        start_response("500 Broken" if self.failing >= 0 else "200 OK", [("Content-Length", "0")])
        return []

    def topics(self):
        return [headers["X-SHOPIFY-TOPIC"] for headers, _ in self.got]

    def body(self, topic):
        return next(json.loads(body) for headers, body in self.got if headers["X-SHOPIFY-TOPIC"] == topic)


@pytest.fixture
def clock():
    return Clock()


@pytest.fixture
def shop(clock):
    shop = ShopifyShop(domain=DOMAIN, access_token=TOKEN, client_id="app", client_secret=SECRET, now=clock)
    yield shop
    shop.close()


@pytest.fixture
def api(shop):
    with serve(shop.wsgi) as server, requests.Session() as session:
        session.trust_env = False
        yield Client(server.url, session)


@pytest.fixture
def receiver():
    receiver = Receiver()
    with serve(receiver.app) as server:
        receiver.url = f"{server.url}/webhooks/shopify"
        yield receiver


@pytest.fixture
def subscribe(api, receiver):
    """Subscribe the receiver to topics, over the API."""

    def subscribe(*topics):
        for topic in topics:
            told = api.data(
                """mutation($topic: WebhookSubscriptionTopic!, $sub: WebhookSubscriptionInput!) {
                webhookSubscriptionCreate(topic: $topic, webhookSubscription: $sub) {
                webhookSubscription { id topic uri } userErrors { field message } } }""",
                topic=topic.upper().replace("/", "_"),
                sub={"uri": receiver.url, "format": "JSON"},
            )
            assert told["webhookSubscriptionCreate"]["userErrors"] == []

    return subscribe
