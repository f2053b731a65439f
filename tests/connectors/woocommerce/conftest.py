"""One made-up store behind `responses`, and payloads as a real one sent them."""

import copy
import json
import re
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import parse_qsl, urlsplit

import pytest
import responses

from connectors import woocommerce

CAPTURED = Path(__file__).parent / "captured"
ORIGIN = "https://store.example.com"
NOW = datetime(2026, 11, 23, 12, 0, 0, tzinfo=UTC)
KEYS = {"consumer_key": "ck_12ab", "consumer_secret": "cs_34cd", "webhook_secret": "hook56"}


class Store:
    """A store of which every expected request is told beforehand; any other request fails the test."""

    def __init__(self, mock, origin=ORIGIN):
        self.mock, self.origin = mock, origin

    def url(self, path):
        return f"{self.origin}/wp-json/wc/v3/{path}"

    def answers(self, path, body=None, *, method="GET", status=200, query=None, sent=None, headers=None, raw=None):
        match = []
        if query is not None:
            match.append(responses.matchers.query_param_matcher(query))
        if sent is not None:
            match.append(responses.matchers.json_params_matcher(sent))
        content = raw if raw is not None else json.dumps(body)
        self.mock.add(
            method, self.url(path), body=content, status=status, match=match, headers=headers,
            content_type="application/json",
        )  # fmt: skip

    def fails(self, path, error, *, method="GET"):
        self.mock.add(method, self.url(path), body=error)

    @property
    def writes(self):
        return [call.request for call in self.mock.calls if call.request.method != "GET"]

    @property
    def sent(self):
        return [json.loads(request.body) for request in self.writes]

    @property
    def paths(self):
        return [urlsplit(call.request.url).path.removeprefix("/wp-json/wc/v3/") for call in self.mock.calls]

    @property
    def queries(self):
        return [dict(parse_qsl(urlsplit(call.request.url).query)) for call in self.mock.calls]


@pytest.fixture
def store():
    with responses.RequestsMock(assert_all_requests_are_fired=True) as mock:
        yield Store(mock)


@pytest.fixture
def store_at():
    """Several stores, or one at another origin."""
    with responses.RequestsMock(assert_all_requests_are_fired=True) as mock:
        yield lambda origin: Store(mock, origin)


@pytest.fixture
def captured():
    def load(name):
        raw = (CAPTURED / name).read_bytes()
        return json.loads(raw) if name.endswith(".json") else raw

    return load


@pytest.fixture
def connect():
    """A connector that does not sleep between the tries of a read."""

    def make(*, origin=ORIGIN, features=(), currency="USD", allow_private=False, now=lambda: NOW):
        made = woocommerce.open(
            origin=origin, credentials=KEYS, allow_private=allow_private, now=now,
            features=frozenset(features), currency=currency,
        )  # fmt: skip
        made.pauses = []
        made._client._pause = made.pauses.append
        return made

    return make


@pytest.fixture
def shop(connect):
    return connect()


@pytest.fixture
def order(captured):
    """A captured order with a few fields changed, and metadata of ours."""

    def make(name="order-create-backordered.json", meta=None, line_meta=None, **changes):
        made = copy.deepcopy(captured(name)) | changes
        made["meta_data"] = [*made["meta_data"], *({"id": 900, "key": k, "value": v} for k, v in (meta or {}).items())]
        for at, entries in (line_meta or {}).items():
            made["line_items"][at]["meta_data"] = [{"id": 1, "key": k, "value": v} for k, v in entries.items()]
        return made

    return make


class Desk:
    """One order of a store that remembers what is written to it. `faults` says what befalls the next writes."""

    def __init__(self, mock, order, *, fulfilments=None):
        self.order, self.notes, self.fulfilments, self.faults, self.log = order, [], fulfilments, [], []
        for method, path, serve in (
            ("GET", r"", lambda _: self.order),
            ("PUT", r"", self.put),
            ("GET", r"/notes", lambda _: self.notes),
            ("POST", r"/notes", self.add_note),
            ("GET", r"/fulfillments", lambda _: self.fulfilments),
            ("POST", r"/fulfillments", self.add_fulfilment),
        ):
            url = re.compile(rf"https://store\.example\.com/wp-json/wc/v3/orders/33{path}(\?.*)?$")
            mock.assert_all_requests_are_fired = False
            mock.add_callback(method, url, callback=lambda request, serve=serve: self.serve(request, serve))

    def serve(self, request, serve):
        writing = request.method != "GET"
        fault = self.faults.pop(0) if writing and self.faults else None
        if writing:
            self.log.append((request.method, request.url.rsplit("/", 1)[-1], json.loads(request.body)))
        if fault == "refused":
            return 502, {}, "<html>"
        answer = serve(json.loads(request.body) if writing else None)
        if answer is None:
            return 404, {}, json.dumps({"code": "rest_no_route", "message": "No route"})
        return (502, {}, "<html>") if fault == "lost" else (200, {}, json.dumps(answer))

    def put(self, body):
        assert set(body) == {"meta_data"}, "the status and the lines are left alone"
        for entry in body["meta_data"]:
            rows = [row for row in self.order["meta_data"] if row["key"] != entry["key"]]
            fresh = [] if entry["value"] is None else [{"id": 1000 + len(rows), **entry}]
            self.order["meta_data"] = rows + fresh
        return self.order

    def add_note(self, body):
        self.notes.append({"id": 100 + len(self.notes), **body})
        return self.notes[-1]

    def add_fulfilment(self, body):
        if self.fulfilments is None:
            return None
        self.fulfilments.append(
            {
                "id": 200 + len(self.fulfilments),
                "is_fulfilled": True,
                "meta_data": body["meta_data"],
                "notify": body["notify_customer"],
            }
        )
        return self.fulfilments[-1]

    @property
    def meta(self):
        return {row["key"]: row["value"] for row in self.order["meta_data"]}


@pytest.fixture
def desk(store, order):
    def make(status="processing", meta=None, fulfilments=None, **changes):
        return Desk(store.mock, order(status=status, meta=meta, **changes), fulfilments=fulfilments)

    return make
