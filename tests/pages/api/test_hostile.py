"""Whatever is sent, the answer is a problem document that names no traceback, and never a 5xx."""

import base64
import json

import pytest

from pages.api import VIEWS

WRITING = [
    ("POST", "/orders/1001/actions"),
    ("POST", "/incoming"),
    ("PUT", "/incoming/PO-1"),
    ("PUT", "/policy"),
    ("POST", "/policy/preview"),
]
BODIES = [
    b"", b"{", b"nope", b"\xff\xfe", b"\xed\xa0\x80", b'{"a": NaN}', b'{"a": Infinity}', b'{"a": 1, "a": 2}', b"{'a': 1}", b"\xef\xbb\xbf{}",
    b"[" * 200_000, b'{"a":' * 100_000, b'{"n": ' + b"9" * 5_000 + b"}", b'{"a": "unfinished',
]  # fmt: skip
SHAPES = [b"[]", b"null", b"5", b'"text"', b"true", b"[{}]", b"1e999"]
KEYS = [
    b'{"\\ud800": 1}', b'{"id": "\\u0000"}', b'{"do": "\\udfff", "note": "\\ud800"}', b'{"": {}}', b'{"a": 1e999}', b'{"ordered": -0}', b'{"a.b": []}',
    b'{"' + b"k" * 100_000 + b'": {"a": ["\\u0000"]}}', b'{"a": ' + b"[" * 900 + b"]" * 900 + b"}", b'{"ordered": 9223372036854775808}',
]  # fmt: skip


@pytest.fixture
def send(small_app, two_shops, tokens):
    """Send raw bytes as the shop's script would; the app answers errors as it does in production."""

    def call(method, path, data=None, *, kind="application/json", **headers):
        given = {"Authorization": f"Bearer {tokens['fern']}"} | headers
        answer = small_app.test_client().open(path, method=method, data=data, content_type=kind, headers=given)
        assert answer.status_code < 500, (path, data and data[:60], answer.get_data(as_text=True))
        if answer.status_code >= 400 and method != "HEAD":
            problem = answer.json
            assert answer.mimetype == "application/problem+json"
            assert problem["status"] == answer.status_code
            assert "Traceback" not in json.dumps(problem)
        return answer

    return call


@pytest.mark.parametrize(("method", "path"), WRITING)
def test_bad_json_is_400(send, method, path):
    for body in BODIES:
        assert send(method, f"/api/v1{path}", body).status_code == 400, body[:40]


@pytest.mark.parametrize(("method", "path"), WRITING)
def test_json_of_another_shape_is_422(send, method, path):
    for body in SHAPES:
        assert send(method, f"/api/v1{path}", body).json["key"] == "body"


@pytest.mark.parametrize(("method", "path"), WRITING)
def test_odd_keys_and_values_are_422_naming_them(send, method, path):
    for body in KEYS:
        answer = send(method, f"/api/v1{path}", body)
        if answer.status_code != 200:  # a harmless "ordered": -0 is the row's business only
            assert answer.status_code == 422, body[:40]
            assert len(answer.json["key"]) <= 100


@pytest.mark.parametrize(
    "kind", ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data; boundary=x", "", "\u00e9"]
)
def test_another_content_type_is_415(send, kind):
    assert send("PUT", "/api/v1/policy", b"{}", kind=kind).status_code == 415


@pytest.mark.parametrize(
    "kind", ["application/json; charset=utf-8", "application/merge-patch+json", "Application/JSON"]
)
def test_json_by_any_of_its_names_is_taken(send, kind):
    assert send("PUT", "/api/v1/policy", b"{}", kind=kind).status_code == 200


def test_a_body_over_a_megabyte_is_413(send):
    assert send("PUT", "/api/v1/policy", b" " * 1_000_001).status_code == 413
    assert send("PUT", "/api/v1/policy", b"{}" + b" " * 999_998).status_code == 200


IDS = ["9223372036854775808", "99999999999999999999999999", "-1", "0", "a" * 5000, "%00", "1%00", "%ff", "%ed%a0%80", "%f0%9f%a6%84", "..", "%2e%2e", "'%20OR%201=1--", "%0a", "{{7*7}}", "null"]  # fmt: skip


@pytest.mark.parametrize(("method", "rule"), [(method, rule) for method, rule, _ in VIEWS if "<" in rule])
def test_odd_ids_are_404(send, method, rule):
    body = b'{"do": "hold"}' if method == "POST" else b'{"received": 1}' if method == "PUT" else None
    for odd in IDS:
        path = f"/api/v1{rule.partition('<')[0]}{odd}{rule.partition('>')[2]}"
        assert send(method, path, body).status_code == 404, odd


QUERIES = [
    ("limit=0", "limit"), ("limit=251", "limit"), ("limit=-1", "limit"), ("limit=1.5", "limit"), ("limit=", "limit"), ("limit=x", "limit"),
    ("limit=99999999999999999999", "limit"), ("limit=%D9%A3", "limit"), ("limit=%00", "limit"), ("cursor=%00", "cursor"), ("cursor=%f0%9f%a6%84", "cursor"),
    ("cursor=nonsense", "cursor"), ("cursor=W10=", "cursor"), ("cursor=" + "A" * 9000, "cursor"), ("cursor=%ff", "cursor"), ("cursor=bnVsbA==", "cursor"),
    ("cursor=WyJhIiwiYiIsImMiLCJkIl0=", "cursor"), ("cursor=W1tbW10=", "cursor"), ("cursor=LTE=", "cursor"), ("cursor=-1", "cursor"),
]  # fmt: skip


FORGED = [
    [9223372036854775808], [-1], ["0001-01-01T00:00:00+23:59", "x"], ["9999-12-31T23:59:59-23:59", "x"], ["2026-01-01T00:00:00Z", "\0"], ["\0"],
    ["a", "b", "c", "d"], [[[]]], {}, [None], ["\ud800"], ["2026-01-01T00:00:00", "x"], [1.5], [True],
]  # fmt: skip


@pytest.mark.parametrize("path", ["/orders", "/items", "/incoming", "/activity", "/reorder", "/habits"])
def test_a_forged_cursor_is_404(send, path):
    for position in FORGED:
        cursor = base64.urlsafe_b64encode(json.dumps(position).encode()).decode().rstrip("=")
        answer = send("GET", f"/api/v1{path}?cursor={cursor}.c2lnbmVk")
        assert (answer.status_code, answer.json["key"]) == (404, "cursor"), position


def test_a_cursor_means_nothing_to_another_list(send, ask):
    cursor = ask("GET", "/orders?limit=1")["next"]
    assert send("GET", f"/api/v1/items?cursor={cursor}").json["key"] == "cursor"
    assert send("GET", f"/api/v1/orders?cursor={cursor[:-1]}").json["key"] == "cursor"


@pytest.mark.parametrize("path", ["/orders", "/items", "/incoming", "/activity", "/reorder", "/habits"])
def test_a_bad_limit_or_cursor_is_422_naming_it(send, path):
    for query, key in QUERIES:
        answer = send("GET", f"/api/v1{path}?{query}")
        assert (query, answer.status_code, answer.json.get("key")) == (query, 422, key)


@pytest.mark.parametrize("state", ["", "Open", "all", "open%00", "%ff"])
def test_an_unknown_state_is_422(send, state):
    assert send("GET", f"/api/v1/orders?state={state}").json["key"] == "state"


@pytest.mark.parametrize(
    "query", ["sate=open", "LIMIT=5", "=null", "cursor=&limit[]=1", "limit=5&shop=moss", "%f0%9f%a6%84"]
)
def test_a_query_that_nobody_describes_is_422(send, query):
    assert send("GET", f"/api/v1/orders?{query}").status_code == 422


def test_a_nul_in_a_filter_is_422(send):
    assert send("GET", "/api/v1/activity?order=1%00").json["key"] == "order"


@pytest.mark.parametrize(
    "path",
    [
        "/api",
        "/api/",
        "/api/v1",
        "/api/v1/",
        "/api/v2/orders",
        "/api/v1/nothing",
        "/api/v1/orders/1/2/3",
        "/api/v1/orders/",
    ],
)
@pytest.mark.parametrize("method", ["GET", "POST", "DELETE"])
def test_an_address_that_leads_nowhere_is_404(send, method, path):
    assert send(method, path).status_code == 404


@pytest.mark.parametrize(
    ("method", "path", "allowed"),
    [
        ("POST", "/orders", {"GET", "HEAD", "OPTIONS"}),
        ("GET", "/orders/1001/actions", {"POST", "OPTIONS"}),
        ("PATCH", "/policy", {"GET", "PUT", "HEAD", "OPTIONS"}),
        ("DELETE", "/incoming", {"GET", "POST", "HEAD", "OPTIONS"}),
        ("TRACE", "/incoming/PO-1", {"GET", "PUT", "DELETE", "HEAD", "OPTIONS"}),
    ],
)
def test_another_method_is_405_and_says_which_are_taken(send, method, path, allowed):
    answer = send(method, f"/api/v1{path}")
    assert answer.status_code == 405
    assert set(answer.headers["Allow"].split(", ")) == allowed


def test_head_and_options_are_answered(send, small_app, two_shops):
    head = send("HEAD", "/api/v1/orders")
    assert (head.status_code, head.data) == (200, b"")
    options = small_app.test_client().options("/api/v1/incoming")
    assert options.status_code == 200
    assert "POST" in options.headers["Allow"]


@pytest.mark.parametrize("name", ["X-Request-Id", "Accept", "Content-Language", "Cookie", "X-Forwarded-For"])
def test_headers_that_are_not_ascii_do_no_harm(send, name):
    assert send("GET", "/api/v1/policy", None, **{name: "\u00e9\u00ff"}).status_code == 200


def test_a_failure_of_ours_is_a_problem_without_a_word_about_it(small_app_of, books, two_shops, tokens, caplog):
    def now():
        raise RuntimeError("secret detail")

    answer = (
        small_app_of(now=now)
        .test_client()
        .get("/api/v1/reports/summary", headers={"Authorization": f"Bearer {tokens['fern']}"})
    )
    assert answer.status_code == 500
    assert answer.mimetype == "application/problem+json"
    assert "secret detail" not in answer.get_data(as_text=True)
    assert "secret detail" in caplog.text


def test_a_full_app_with_form_tokens_still_answers_scripts(app, two_shops, tokens):
    """The pages check form tokens on every post that they do not know: the API's answers come first."""
    headers = {"Authorization": f"Bearer {tokens['fern']}"}
    client = app.test_client()
    assert client.put("/api/v1/policy", json={"offers": {"percent": 20}}, headers=headers).status_code == 200
    for path, status in (("/api/v1/orders", 405), ("/api/v1/none", 404)):
        answer = client.post(path, json={}, headers=headers)
        assert (answer.status_code, answer.mimetype) == (status, "application/problem+json")
