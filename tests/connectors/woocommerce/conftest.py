"""One made-up store behind `responses`, and payloads as a real one sent them."""

import copy
import json
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
