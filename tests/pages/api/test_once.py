"""The Idempotency-Key: the same request twice is done once and answered alike; what was refused may be asked again."""

import hashlib
import json
from datetime import UTC, datetime

import pytest

from connectors.database import open_books
from connectors.database.replies import ReplyTable
from core.ports.replies import LEASE, Asked
from pages.api.openapi import KEY, description

ACTIONS = "/orders/1001/actions"
NEW = {"sku": "mug", "ordered": 5}


@pytest.fixture
def post(small_app, two_shops, tokens):
    """Post as one of the shops with a key; returns the whole answer."""
    caller = small_app.test_client()

    def posting(path, body, key="key-1", *, shop="fern"):
        headers = {"Authorization": f"Bearer {tokens[shop]}", "Idempotency-Key": key}
        return caller.post(f"/api/v1{path}", json=body, headers=headers)

    return posting


def seen(answer):
    return answer.status_code, answer.data, answer.headers.get("Location"), answer.mimetype


@pytest.mark.parametrize(("path", "body"), [(ACTIONS, {"do": "hold"}), ("/incoming", NEW)])
def test_the_same_request_twice_is_answered_alike_and_done_once(post, books, path, body):
    first, second = post(path, body), post(path, body)
    assert first.status_code < 300
    assert seen(first) == seen(second)
    assert [a.headers.get("Idempotency-Replayed") for a in (first, second)] == [None, "true"]
    with books.read() as unit:
        assert len(unit.audit.page("fern").items) == 1
        assert len(unit.supply.all("fern")) == (3 if path == "/incoming" else 2)


def test_the_answer_is_kept_with_the_change_itself(
    post, small_app_of, two_shops, tokens, books, sqlite_url, encryption_key
):
    def power_cut(queues):
        raise SystemExit

    dying = open_books(sqlite_url, encryption_keys=encryption_key, ring=power_cut)
    caller = small_app_of(books=dying).test_client()
    headers = {"Authorization": f"Bearer {tokens['fern']}", "Idempotency-Key": "key-1"}
    with pytest.raises(SystemExit):
        caller.post("/api/v1/incoming", json=NEW, headers=headers)
    dying.close()
    answer = post("/incoming", NEW)
    assert (answer.status_code, answer.json["ordered"], answer.headers["Idempotency-Replayed"]) == (201, 5, "true")
    with books.read() as unit:
        assert len(unit.supply.all("fern")) == 3


def test_another_body_under_the_same_key_is_422_and_names_the_header(post):
    post(ACTIONS, {"do": "hold"})
    answer = post(ACTIONS, {"do": "release"})
    assert (answer.status_code, answer.mimetype, answer.json["key"]) == (
        422,
        "application/problem+json",
        "Idempotency-Key",
    )


def test_a_request_that_is_still_worked_on_is_409(post, tokens, books):
    body = json.dumps({"do": "hold"}).encode()
    asked = Asked(
        shop="fern", token=hashlib.sha256(tokens["fern"].encode()).hexdigest(), route=f"POST /api/v1{ACTIONS}", key="key-1",
        fingerprint=hashlib.sha256(body).hexdigest(), until=datetime.now(UTC) + LEASE,
    )  # fmt: skip
    with books.write() as unit:
        unit.replies.claim(asked, now=datetime.now(UTC))
    answer = post(ACTIONS, {"do": "hold"})
    assert (answer.status_code, answer.headers["Retry-After"]) == (409, "1")


def test_who_was_overtaken_by_another_try_changes_nothing(post, books, monkeypatch):
    monkeypatch.setattr(ReplyTable, "keep", lambda *_, **__: False)
    answer = post("/incoming", NEW)
    assert (answer.status_code, "was faster" in answer.json["detail"]) == (409, True)
    with books.read() as unit:
        assert len(unit.supply.all("fern")) == 2


def test_what_was_refused_changed_nothing_and_is_tried_anew(post):
    assert post(ACTIONS, {"do": "release"}).status_code == 409
    assert post(ACTIONS, {"do": "nonsense"}).status_code == 422
    assert post(ACTIONS, {"do": "x" * 1_000_000}).status_code == 413
    assert post(ACTIONS, {"do": "hold"}).status_code == 202


def test_a_key_belongs_to_its_token_and_its_place(post):
    assert post("/incoming", NEW).status_code == 201
    other = post("/incoming", NEW, shop="moss")
    assert (other.status_code, other.headers.get("Idempotency-Replayed")) == (201, None)
    assert post(ACTIONS, {"do": "hold"}).status_code == 202


def test_a_key_in_quotes_is_the_same_key(post):
    assert seen(post("/incoming", NEW, '"key-1"')) == seen(post("/incoming", NEW, "key-1"))


@pytest.mark.parametrize("key", ["", "  ", '"', '""', "two words", "x" * 256, "é", '"a', "a\\b"])
def test_what_is_no_key_is_400_and_nothing_is_done(post, books, key):
    answer = post("/incoming", NEW, key)
    assert (answer.status_code, answer.mimetype) == (400, "application/problem+json")
    with books.read() as unit:
        assert len(unit.supply.all("fern")) == 2


def test_an_answer_forgotten_with_its_customer_is_said_to_be(post, books):
    post(ACTIONS, {"do": "hold"})
    with books.write() as unit:
        unit.orders.redact("fern", ["1001"], None, None)
    answer = post(ACTIONS, {"do": "hold"})
    assert answer.status_code == 409
    assert "forgotten" in answer.json["detail"]


def test_every_post_that_changes_something_takes_a_key():
    posts = {path: methods["post"] for path, methods in description()["paths"].items() if "post" in methods}
    keyed = {path for path, operation in posts.items() if KEY in operation.get("parameters", [])}
    assert posts.keys() - keyed == {"/policy/preview", "/what-if"}
