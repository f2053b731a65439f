"""A token opens exactly its shop, and nothing opens without one."""

import hashlib

import pytest
from limits import RateLimitItemPerMinute

from pages.api import VIEWS, limiting

BAD_HEADERS = [
    None, "", "Bearer", "Bearer ", "Bearer unknown-token", "Basic ZmVybjp4", "fern-token-0123456789",
    "Bearer fern-token-0123456789 x", "Bearer f\u00e9rn", "Bearer \u00ff\u00fe", "Bearer " + "x" * 5000, "Bearer fern-token-012345678",
    "Bearer FERN-TOKEN-0123456789", "Bearer *", "Bearer '; DROP TABLE shops; --",
]  # fmt: skip
PATHS = {"<order>": "1001", "<rest_of_path:sku>": "mug", "<rest_of_path:supply>": "PO-1", "<webhook>": "1"}
ROUTES = [(method, rule) for method, rule, view in VIEWS if view.__name__ != "show_description"]


def filled(rule: str, **ids: str) -> str:
    for placeholder, known in (PATHS | ids).items():
        rule = rule.replace(placeholder, known)
    return f"/api/v1{rule}"


@pytest.mark.parametrize("header", BAD_HEADERS)
def test_a_missing_unknown_or_malformed_token_is_401(small_app, two_shops, tokens, header):
    headers = {} if header is None else {"Authorization": header}
    answer = small_app.test_client().get("/api/v1/orders", headers=headers)
    assert answer.status_code == 401
    assert answer.mimetype == "application/problem+json"
    assert answer.headers["WWW-Authenticate"].startswith('Bearer realm="Backorder"')
    assert ("invalid_token" in answer.headers["WWW-Authenticate"]) == (header is not None)


@pytest.mark.parametrize(("method", "rule"), ROUTES)
def test_no_route_opens_without_a_token(small_app, two_shops, method, rule):
    answer = small_app.test_client().open(filled(rule), method=method, json={})
    assert answer.status_code == 401


def test_the_description_needs_no_token(small_app):
    assert small_app.test_client().get("/api/v1/openapi.json").json["openapi"] == "3.1.0"


@pytest.mark.parametrize("scheme", ["Bearer", "bearer", "BEARER"])
def test_the_scheme_is_read_in_any_case(small_app, two_shops, tokens, scheme):
    headers = {"Authorization": f"{scheme} {tokens['fern']}"}
    assert small_app.test_client().get("/api/v1/policy", headers=headers).status_code == 200


def test_colliding_ids_show_each_shop_its_own(ask):
    assert ask("GET", "/items/mug")["on_hand"] == 7
    assert ask("GET", "/items/mug", shop="moss")["on_hand"] == 11
    assert ask("GET", "/orders/1001")["decision"] == "ship_part"
    assert ask("GET", "/orders/1001", shop="moss")["decision"] == "ship_all"


FOREIGN = [
    ("GET", "/orders/7777"), ("POST", "/orders/7777/actions"), ("POST", "/orders/7777/choices"), ("GET", "/orders/7777/impact"), ("GET", "/orders/7777/evidence"), ("GET", "/items/secret"), ("PUT", "/items/secret"), ("GET", "/incoming/PO-77"),
    ("PUT", "/incoming/PO-77"), ("DELETE", "/incoming/PO-77"), ("GET", "/reorder/secret"), ("PUT", "/reorder/secret"),
    ("POST", "/webhooks/1/actions"), ("GET", "/webhooks/1/sent"), ("DELETE", "/webhooks/1"),
]  # fmt: skip


@pytest.mark.parametrize(("method", "path"), FOREIGN)
def test_what_another_shop_has_is_404_and_stays_untouched(ask, keep, make, books, method, path):
    keep(
        make.order("7777", make.line("a", "secret", 2)), make.item("secret", (1, 0)),
        make.supply("PO-77", "secret", 5, None), shop="fern",
    )  # fmt: skip
    with books.write() as unit:
        assert unit.hooks.add("fern", "https://tools.example.com", ["order.ready"], "whsec_x", at=make.now).id == 1
    body = {"do": "hold"} if method == "POST" else {"received": 1} if method == "PUT" else None
    before = everything(books)
    ask(method, path, body, shop="moss", status=404)
    assert everything(books) == before


def everything(books):
    with books.read() as unit:
        return [
            (
                unit.orders.open_all(s),
                unit.items.all(s),
                unit.supply.all(s),
                unit.audit.page(s).items,
                unit.hooks.all(s),
            )
            for s in ("fern", "moss")
        ]


def test_every_route_with_an_id_is_in_the_table_of_foreign_ids():
    with_ids = {(method, rule) for method, rule in ROUTES if "<" in rule}
    known = {
        (method, rule)
        for method, path in FOREIGN
        for _, rule in with_ids
        if rule.split("<")[0] == path[: len(rule.split("<")[0])]
        and rule.partition(">")[2]
        == path[len(rule.split("<")[0]) :].partition("/")[1] + path[len(rule.split("<")[0]) :].partition("/")[2]
    }
    assert with_ids <= known


def test_a_token_of_an_erased_shop_is_401(small_app, ask, books, tokens):
    with books.write() as unit:
        unit.shops.erase("moss")
    headers = {"Authorization": f"Bearer {tokens['moss']}"}
    assert small_app.test_client().get("/api/v1/orders", headers=headers).status_code == 401


def test_answers_are_not_kept_by_anyone_on_the_way(small_app, two_shops, tokens):
    headers = {"Authorization": f"Bearer {tokens['fern']}"}
    assert small_app.test_client().get("/api/v1/policy", headers=headers).headers["Cache-Control"] == "no-store"


CHANGING = [
    (method, rule) for method, rule in ROUTES if method != "GET" and rule not in {"/policy/preview", "/what-if"}
]


@pytest.fixture
def reading(books, make):
    """The headers of a caller whose token is for reading only."""
    with books.write() as unit:
        digest = hashlib.sha256(b"reader").hexdigest()
        unit.access.add_token(shop="fern", token_hash=digest, at=make.now, scope="read")
    return {"Authorization": "Bearer reader"}


@pytest.mark.parametrize(("method", "rule"), CHANGING)
def test_a_token_for_reading_changes_nothing(small_app, two_shops, reading, method, rule):
    answer = small_app.test_client().open(filled(rule), method=method, json={}, headers=reading)
    assert (answer.status_code, answer.mimetype) == (403, "application/problem+json")
    assert "insufficient_scope" in answer.headers["WWW-Authenticate"]


def test_a_token_for_reading_reads_and_asks_what_would_be(small_app, two_shops, reading):
    caller = small_app.test_client()
    assert caller.get("/api/v1/orders", headers=reading).status_code == 200
    assert caller.post("/api/v1/policy/preview", json={}, headers=reading).status_code == 200


def test_a_nul_in_the_address_is_a_404_before_anything_is_looked_up(small_app, two_shops):
    assert small_app.test_client().get("/api/v1/orders/1%002").status_code == 404


def test_a_token_that_asks_too_often_waits_and_others_do_not(small_app, two_shops, tokens, monkeypatch):
    assert RateLimitItemPerMinute(600) == limiting.OFTEN
    monkeypatch.setattr(limiting, "OFTEN", RateLimitItemPerMinute(2))
    caller = small_app.test_client()
    answers = [caller.get("/api/v1/policy", headers={"Authorization": f"Bearer {tokens['fern']}"}) for _ in range(3)]
    assert [answer.status_code for answer in answers] == [200, 200, 429]
    assert answers[2].mimetype == "application/problem+json"
    assert 1 <= int(answers[2].headers["Retry-After"]) <= 60
    assert caller.get("/api/v1/policy", headers={"Authorization": f"Bearer {tokens['moss']}"}).status_code == 200
