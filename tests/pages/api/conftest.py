"""The API alone over the real books, two shops with colliding ids, and a caller with each shop's token."""

import hashlib
import json
import re
from datetime import date

import jsonschema
import pytest
from flask import Flask

from pages import api, health
from pages.api.openapi import description


def december(day: int) -> date:
    return date(2026, 12, day)


TOKENS = {"fern": "fern-token-0123456789", "moss": "moss-token-0123456789"}


@pytest.fixture
def small_app_of(house_of):
    """Make an app with the API and the health pages over a House with these parts."""

    def make(**parts) -> Flask:
        app = Flask("small")
        app.extensions["backorder"] = house_of(**parts)
        api.register(app)
        health.register(app)
        return app

    return make


@pytest.fixture
def small_app(small_app_of):
    return small_app_of()


@pytest.fixture
def tokens(books, make):
    """Each shop's token, known to the books."""
    with books.write() as unit:
        for shop, token in TOKENS.items():
            digest = hashlib.sha256(token.encode()).hexdigest()
            unit.access.add_token(shop=shop, token_hash=digest, at=make.now)
    return TOKENS


@pytest.fixture
def two_shops(keep, make):
    """Both shops with the same order, item and supply ids, but other numbers."""
    for shop, platform, units in (("fern", "shopify", 5), ("moss", "woocommerce", 9)):
        keep(make.shop(shop, platform), shop=shop)
        keep(
            make.item("mug", (units, 2), title="Mug"), make.item("a/b c", (1, 0)), make.item("Käse", (0, 0)),
            make.supply("PO-1", "mug", 10, december(1), latest=december(3), shop=shop),
            make.supply("T-9", "mug", 4, december(9), shop=shop, source="platform"),
            make.order("1001", make.line("a", "mug", 8, on_hand=min(units, 8), waits=(("PO-1", 8 - units, december(3)),) if units < 8 else ()), shop=shop, days=10, promised=december(3)),
            make.order("1002", make.line("a", "mug", 2, waits=(("PO-1", 2, december(3)),)), shop=shop, days=2),
            make.order("990", make.line("a", "mug", 2, shipped=2), shop=shop, status="closed", days=30),
            shop=shop,
        )  # fmt: skip


@pytest.fixture
def ask(small_app, two_shops, tokens):
    """Ask the API as one of the shops; every answer is held to the description of its route."""
    browser = small_app.test_client()

    def call(method: str, path: str, body=None, *, shop: str = "fern", status: int = 200, **more):
        headers = {"Authorization": f"Bearer {TOKENS[shop]}"} | more.pop("headers", {})
        url = f"/api/v1{path}"
        given = {"json": body} if body is not None else {}
        answer = browser.open(url, method=method, headers=headers, **given, **more)
        assert answer.status_code == status, answer.get_data(as_text=True)
        hold_to_description(small_app, method, url, answer, body)
        return answer.json if answer.data else answer

    return call


def hold_to_description(app, method, url, answer, given=None):
    """Fail unless the answer's status and body are described for its route, and what was given is as it was taken."""
    adapter = app.url_map.bind("localhost")
    path = url.partition("?")[0]
    endpoint, _ = adapter.match(path, method=method)
    operations = (o for methods in description()["paths"].values() for o in methods.values())
    operation = next(o for o in operations if endpoint == f"api.{o['operationId']}")
    if given is not None and "requestBody" in operation and answer.status_code in {200, 201, 202, 422}:
        taken = answer.status_code != 422
        asked = operation["requestBody"]["content"]["application/json"]["schema"]
        # Half a surrogate pair is no text that a schema could speak of.
        assert is_as(asked, given) == taken or re.search(r"\\ud[89a-f]", json.dumps(given)), given
    said = operation["responses"][str(answer.status_code)]
    if "content" not in said:
        assert not answer.data
        return
    ((kind, content),) = said["content"].items()
    assert answer.mimetype == kind
    assert is_as(content["schema"], answer.json), answer.json


def is_as(schema, document):
    """Whether the document is as the schema says."""
    whole = {**schema, "components": description()["components"]}
    checker = jsonschema.Draft202012Validator.FORMAT_CHECKER
    return jsonschema.Draft202012Validator(whole, format_checker=checker).is_valid(document)
