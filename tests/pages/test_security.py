"""Tokens against forged posts, headers, cookies, and error pages that give nothing away."""

import re
from datetime import UTC, datetime, timedelta

import pytest
import time_machine

from core.errors import Unavailable
from core.settings import Settings

# The API has no cookies, a customer's signed link is the proof, and a store's keys come with a secret of one use.
APART = ("/api/", "/o/", "/woocommerce/callback", "/webhooks/", "/unsubscribe/")
NAMES = {"shop": "fern", "order": "1001", "sku": "camp-mug"}


def guarded_posts(app):
    """The addresses that take posts from signed-in people, with names of the test's shop filled in."""
    for rule in app.url_map.iter_rules():
        if "POST" in rule.methods and not rule.rule.startswith(APART):
            yield re.sub(r"<(?:\w+:)?(\w+)>", lambda found: NAMES.get(found[1], "1"), rule.rule)


@pytest.mark.parametrize("token", [None, "", "forged"])
def test_a_post_without_the_pages_token_changes_nothing(app, client, books, token):
    before, paths = _everything(books), list(guarded_posts(app))
    assert {"/policy", "/incoming/fern/row", "/orders/fern/1001/choose"} <= set(paths)
    for path in paths:
        data = {"csrf_token": token} if token is not None else {}
        answer = client.post(path, data=data, headers={"Referer": "http://evil.example.com"})
        assert (path, answer.status_code) == (path, 400)
        assert "reload the page" in answer.text
        assert path == "/demo/clock" or client.post(path, json=data).status_code == 400
    assert _everything(books) == before


@pytest.mark.parametrize(
    ("referer", "status"),
    [
        (None, 400),
        ("https://localhost/tools", 303),
        ("https://localhost.evil.example.com/", 400),
        ("https://[::1", 400),
    ],
)
def test_over_https_a_form_says_that_it_stood_on_a_page_of_ours(client, referer, status):
    token = re.search(r'name="csrf_token" value="([^"]+)"', client.get("/connect").text)[1]
    headers = {"Referer": referer} if referer else {}
    sent = {"csrf_token": token, "name": "x", "q": "y"}
    assert client.post("/views", base_url="https://localhost", data=sent, headers=headers).status_code == status


def test_a_page_that_was_left_open_over_night_still_takes_its_form(client):
    token = re.search(r'name="csrf_token" value="([^"]+)"', client.get("/connect").text)[1]
    with time_machine.travel(datetime.now(UTC) + timedelta(hours=20)):
        assert client.post("/views", data={"csrf_token": token, "name": "x", "q": "y"}).status_code == 303


@pytest.mark.parametrize(("site", "kept"), [("same-origin", True), ("cross-site", False), (None, False)])
def test_what_was_typed_after_the_session_had_ended_can_be_copied_and_no_other_site_writes_on_our_pages(
    app, site, kept
):
    headers = {"Sec-Fetch-Site": site} if site else {}
    answer = app.test_client().post("/orders/fern/1001/note", data={"text": "Rang her <twice>"}, headers=headers)
    assert answer.status_code == 400
    assert ("<pre>Rang her &lt;twice&gt;</pre>" in answer.text) == kept


def _everything(books):
    with books.read() as unit:
        return unit.audit.page("fern").items, unit.supply.all("fern"), unit.shops.get("fern")


@pytest.mark.parametrize("path", ["/", "/orders", "/login", "/nowhere", "/o/forged", "/assets/backorder.css"])
def test_every_answer_carries_the_protecting_headers(client, path):
    answer = client.get(path)
    answer.close()
    headers = answer.headers
    policy = dict(part.partition(" ")[::2] for part in headers["Content-Security-Policy"].split("; "))
    assert policy == {
        "default-src": "'none'", "style-src": "'self'", "img-src": "'self' data:", "script-src": "'self'",
        "connect-src": "'self'", "form-action": "'self'", "frame-ancestors": "'none'", "base-uri": "'none'",
    }  # fmt: skip
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Cross-Origin-Opener-Policy"] == "same-origin"
    assert headers["X-Frame-Options"] == "DENY"
    assert headers["Referrer-Policy"] == "same-origin"
    assert headers["X-Robots-Tag"] == "noindex, nofollow"
    assert "Strict-Transport-Security" not in headers


def test_pages_are_not_kept_by_browsers_but_assets_are(client):
    assert client.get("/").headers["Cache-Control"] == "no-store"
    asset = client.get("/assets/backorder.css")
    asset.close()
    assert "max-age=31536000" in asset.headers["Cache-Control"]


def test_over_https_the_cookie_belongs_to_this_host_alone(app_of, keep, make, link_for):
    keep(make.shop())
    app = app_of(settings=Settings(secret_key="k", base_url="https://backorder.example.com"))
    browser = app.test_client()
    answer = browser.get(f"/login?login={link_for()}", base_url="https://backorder.example.com")
    cookie = answer.headers["Set-Cookie"]
    assert cookie.startswith("__Host-backorder=")
    assert {"Secure", "HttpOnly", "Path=/", "SameSite=Lax"} <= set(cookie.split("; "))
    assert "Domain" not in cookie
    assert answer.headers["Strict-Transport-Security"].startswith("max-age=")


def test_over_plain_http_the_cookie_still_hides_from_scripts(app, keep, make, link_for):
    keep(make.shop())
    browser = app.test_client()
    cookie = browser.get(f"/login?login={link_for()}").headers["Set-Cookie"]
    assert cookie.startswith("backorder=")
    assert {"HttpOnly", "SameSite=Lax"} <= set(cookie.split("; "))
    assert "Secure" not in cookie
    assert ["Set-Cookie" in browser.get("/").headers for _ in range(2)] == [True, False]


def test_nobody_gets_a_cookie_before_signing_in(app):
    browser = app.test_client()
    assert all("Set-Cookie" not in browser.get(path).headers for path in ("/", "/login", "/nowhere", "/o/forged"))


@pytest.mark.parametrize(
    "host", ["evil.example.com", "127.0.0.1, evil.example.com", "a b", "shop.example.com@evil.example.com", "[::1"]
)
def test_under_a_name_that_is_not_ours_every_address_is_a_plain_refusal(app, host):
    app.config["TRUSTED_HOSTS"] = ["127.0.0.1"]
    for path in ("/", "/nowhere", "/o/forged", "/api/v1/orders", "/healthz", "/assets/backorder.css"):
        for method in ("GET", "POST", "FOO"):
            answer = app.test_client().open(path, method=method, headers={"Host": host})
            assert (path, method, answer.status_code) == (path, method, 400)
            assert answer.headers["X-Content-Type-Options"] == "nosniff"
            assert host not in answer.text


def test_a_page_that_is_not_there_says_what_to_do(client):
    page = client.get("/nowhere")
    assert page.status_code == 404
    assert "To the board" in page.text


def test_a_wrong_method_is_named_with_the_right_ones(client):
    answer = client.get("/logout")
    assert answer.status_code == 405
    assert set(answer.headers["Allow"].split(", ")) == {"POST", "OPTIONS"}


def test_a_failure_shows_no_traceback(app_of, keep, make, link_for):
    keep(make.shop())

    def broken():
        raise ZeroDivisionError("a secret detail")

    app = app_of(desk=None)
    app.add_url_rule("/broken", view_func=broken)
    app.config["PROPAGATE_EXCEPTIONS"] = False
    page = app.test_client().get("/broken")
    assert page.status_code == 500
    assert "Something went wrong" in page.text
    assert "Traceback" not in page.text
    assert "secret detail" not in page.text


def test_a_database_that_does_not_answer_is_told_in_one_sentence(app):
    def away():
        raise Unavailable("the database does not answer")

    app.add_url_rule("/away", view_func=away)
    page = app.test_client().get("/away")
    assert page.status_code == 503
    assert "The database does not answer. Nothing was changed" in page.text


@pytest.mark.parametrize("path", ["/orders", "/items", "/activity", "/outbox"])
def test_a_cursor_that_is_not_ours_is_refused_with_a_sentence(client, path):
    page = client.get(f"{path}?cursor=garbage")
    assert page.status_code == 400
    assert "begin again" in page.text


@pytest.mark.parametrize("path", ["/orders?state=nonsense", "/policy/nothing"])
def test_what_does_not_exist_is_a_404(client, path):
    assert client.get(path).status_code == 404
