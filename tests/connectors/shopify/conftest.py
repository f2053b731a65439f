"""A Shopify shop at the socket: answers by the document's name, in order, and says what it was asked."""

import json
import re
from collections import defaultdict, deque
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from types import SimpleNamespace

import graphql
import pytest
import responses

from connectors.shopify import bulk, client, pacing
from connectors.shopify.connector import open_shop

ORIGIN = "https://fern.myshopify.com"
DOMAIN = "fern.myshopify.com"
URL = f"{ORIGIN}/admin/api/2026-10/graphql.json"
TOKEN_URL = f"{ORIGIN}/admin/oauth/access_token"
NOW = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)
SCHEMAS = Path(__file__).parents[3] / "connectors" / "simulator" / "schema"
PLAIN = {"access_token": "shpat_canary_token", "grant": "token"}


@cache
def schema(version="2026-10"):
    return graphql.build_schema((SCHEMAS / f"admin_{version}.graphql").read_text("utf-8"))


@cache
def complaints(text):
    return tuple(str(problem) for problem in graphql.validate(schema(), graphql.parse(text)))


class ScriptedShop:
    """Answers each operation from its own queue: data, an exception, or (status, headers, text)."""

    def __init__(self):
        self.calls = []
        self.queues = defaultdict(deque)
        self.always = {}
        self.tokens = []

    def answer(self, operation, *answers, errors=None):
        beside = {"errors": errors} if errors else {}
        self.queues[operation].extend({"data": told, **beside} for told in answers)
        return self

    def answer_raw(self, operation, *answers):
        self.queues[operation].extend(answers)
        return self

    def serve(self, operation, function):
        self.always[operation] = function

    def asked(self, operation):
        return [variables for name, variables in self.calls if name == operation]

    def operations(self):
        return [name for name, _ in self.calls]

    def handle(self, request):
        body = json.loads(request.body)
        assert complaints(body["query"]) == ()
        operation = re.match(r"\s*(?:query|mutation) (\w+)", body["query"])[1]
        check_variables(body)
        self.tokens.append(request.headers["X-Shopify-Access-Token"])
        self.calls.append((operation, body["variables"]))
        if operation in self.always:
            told = {"data": self.always[operation](body["variables"])}
        else:
            assert self.queues[operation], f"{operation} was not expected: {body['variables']}"
            told = self.queues[operation].popleft()
        if isinstance(told, Exception):
            raise told
        if isinstance(told, tuple):
            return told
        return 200, {"Content-Type": "application/json", "X-Shopify-API-Version": "2026-10"}, json.dumps(told)


def check_variables(body):
    """The variables fit the document: names, types, enum values and input fields."""
    document = graphql.parse(body["query"])
    definition = next(node for node in document.definitions if isinstance(node, graphql.OperationDefinitionNode))
    wanted = definition.variable_definitions or ()
    values = graphql.execution.values.get_variable_values(schema(), wanted, body["variables"])
    assert not isinstance(values, list), values
    declared = {node.variable.name.value for node in wanted}
    assert set(body["variables"]) <= declared, set(body["variables"]) - declared


class Time:
    """Seconds that pass only while somebody sleeps."""

    def __init__(self):
        self.now = 1000.0
        self.slept = 0.0

    def read(self):
        return self.now

    def sleep(self, seconds):
        self.now += seconds
        self.slept += seconds


@pytest.fixture(autouse=True)
def time_passes(monkeypatch):
    """Nobody waits for a call limit or a pause here; each test has call limits of its own."""
    passing = Time()
    monkeypatch.setattr(pacing, "monotonic", passing.read)
    monkeypatch.setattr(pacing, "sleep", passing.sleep)
    monkeypatch.setattr(client, "time", SimpleNamespace(sleep=passing.sleep))
    monkeypatch.setattr(bulk, "time", SimpleNamespace(sleep=passing.sleep))
    pacing.forget()
    return passing


@pytest.fixture
def shop():
    """The scripted shop; at the end every scripted answer must have been asked for."""
    scripted = ScriptedShop()
    with responses.RequestsMock(assert_all_requests_are_fired=False) as http:
        http.add_callback(responses.POST, URL, scripted.handle)
        scripted.http = http
        yield scripted
    left = {name: list(queue) for name, queue in scripted.queues.items() if queue}
    assert not left, left


@pytest.fixture
def connect():
    """Make a connector to the scripted shop."""

    def make(credentials=PLAIN, keep=lambda renewed: None, now=lambda: NOW, **more):
        return open_shop(
            domain=DOMAIN, origin=ORIGIN, api_version="2026-10", credentials=credentials, keep=keep, now=now, **more
        )

    return make


@pytest.fixture
def connector(connect, shop):
    return connect()


def page(*nodes, more=None):
    return {"nodes": list(nodes), "pageInfo": {"hasNextPage": more is not None, "endCursor": more}}


def gid(kind, number):
    return f"gid://shopify/{kind}/{number}"


def line_node(number, quantity, *, unfulfilled=None, current=None, **changes):
    unfulfilled = quantity if unfulfilled is None else unfulfilled
    return {
        "id": gid("LineItem", number),
        "name": f"Mug {number} - Blue",
        "title": f"Mug {number}",
        "variantTitle": "Blue",
        "sku": f"MUG-{number}",
        "quantity": quantity,
        "currentQuantity": quantity if current is None else current,
        "unfulfilledQuantity": unfulfilled,
        "requiresShipping": True,
        "isGiftCard": False,
        "discountedUnitPriceAfterAllDiscountsSet": {"shopMoney": {"amount": "12.50", "currencyCode": "EUR"}},
        "variant": {
            "id": gid("ProductVariant", 500 + number),
            "inventoryItem": {"id": gid("InventoryItem", 900 + number)},
        },
        **changes,
    }


def fo_line_node(number, line, remaining, total=None):
    return {
        "id": gid("FulfillmentOrderLineItem", number),
        "totalQuantity": remaining if total is None else total,
        "remainingQuantity": remaining,
        "inventoryItemId": gid("InventoryItem", 900 + line),
        "lineItem": {"id": gid("LineItem", line)},
    }


def hold_node(number, *, ours=True, handle="backorder-hold-1", reason="INVENTORY_OUT_OF_STOCK"):
    return {"id": gid("FulfillmentHold", number), "handle": handle, "reason": reason, "heldByRequestingApp": ours}


def fo_node(number, *lines, status="OPEN", holds=(), location=5, actions=("CREATE_FULFILLMENT", "HOLD", "SPLIT")):
    return {
        "id": gid("FulfillmentOrder", number),
        "status": status,
        "assignedLocation": {"location": {"id": gid("Location", location)} if location else None},
        "supportedActions": [{"action": action} for action in actions],
        "fulfillmentHolds": list(holds),
        "lineItems": page(*lines),
    }


def parcel_node(number, units, status="SUCCESS"):
    lines = [
        {
            "id": gid("FulfillmentLineItem", 10 * number + n),
            "quantity": count,
            "lineItem": {"id": gid("LineItem", line)},
        }
        for n, (line, count) in enumerate(units.items())
    ]
    return {"id": gid("Fulfillment", number), "status": status, "fulfillmentLineItems": {"nodes": lines}}


def order_node(number=1, *, lines=(), fulfilment_orders=(), parcels=(), **changes):
    return {
        "id": gid("Order", number),
        "name": f"#{1000 + number}",
        "createdAt": "2026-11-20T09:00:00Z",
        "processedAt": "2026-11-20T08:59:00Z",
        "updatedAt": "2026-11-21T10:00:00Z",
        "cancelledAt": None,
        "closedAt": None,
        "tags": ["wholesale", "backorder-waiting"],
        "note": None,
        "email": "customer12@example.com",
        "customerLocale": "de",
        "currencyCode": "EUR",
        "displayFinancialStatus": "PAID",
        "customer": {
            "id": gid("Customer", 12),
            "firstName": "Customer",
            "lastName": "12",
            "defaultEmailAddress": {"emailAddress": "customer12@example.com"},
        },
        "shippingAddress": {"countryCodeV2": "DE"},
        "lineItems": page(*lines),
        "fulfillmentOrders": page(*fulfilment_orders),
        "fulfillments": list(parcels),
        **changes,
    }


@pytest.fixture
def node():
    """The builders of answers, by name."""

    class Builders:
        order = staticmethod(order_node)
        line = staticmethod(line_node)
        fulfilment_order = staticmethod(fo_node)
        fo_line = staticmethod(fo_line_node)
        hold = staticmethod(hold_node)
        parcel = staticmethod(parcel_node)
        page = staticmethod(page)
        gid = staticmethod(gid)

    return Builders
