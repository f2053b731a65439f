"""Wrong guesses are counted by client, right ones are free, and large forms are refused."""

import pytest

from core.errors import ConfigurationError
from core.settings import Settings, read
from tests.pages.builders import csrf_of

TRIES = 60


@pytest.fixture
def browser(app, keep, make):
    keep(make.shop())
    return app.test_client()


@pytest.mark.parametrize("path", ["/login?login=wrong", "/?login=wrong", "/o/forged", "/o/{}/answer", "/o/{}/withdraw"])
def test_after_many_wrong_links_there_is_a_pause(browser, path):
    method = "POST" if path.endswith("answer") else "GET"
    # Each another one, as who guesses tries them: how often one link is opened is counted apart.
    path = path if "{}" in path else f"{path}{{}}"
    answers = {browser.open(path.format(number), method=method).status_code for number in range(TRIES)}
    assert answers <= {403, 404}
    refused = browser.get(path.replace("/answer", "").format("next"))
    assert refused.status_code == 429
    assert 1 <= int(refused.headers["Retry-After"]) <= 60
    assert "Set-Cookie" not in refused.headers
    assert "<h1>Too many " in refused.text


def test_a_right_link_does_not_count_and_other_pages_go_on(browser, link_for):
    for _ in range(TRIES - 1):
        browser.get("/login?login=wrong")
    assert browser.get(f"/login?login={link_for()}").status_code == 303
    assert browser.get("/login?login=wrong").status_code == 403
    assert browser.get(f"/login?login={link_for(token='late')}").status_code == 429
    assert browser.get("/").status_code == 200
    assert browser.get("/healthz").status_code == 200


def test_each_client_counts_for_itself(browser):
    for _ in range(TRIES + 1):
        browser.get("/login?login=wrong")
    assert browser.get("/login?login=wrong").status_code == 429
    assert browser.get("/login?login=wrong", environ_base={"REMOTE_ADDR": "192.0.2.7"}).status_code == 403


def test_a_client_cannot_name_itself_anew(browser):
    codes = [
        browser.get("/login?login=x", headers={"X-Forwarded-For": f"192.0.2.{n}"}).status_code for n in range(TRIES + 1)
    ]
    assert codes[-1] == 429


def test_behind_a_trusted_proxy_the_client_is_who_it_names(app_of, keep, make):
    keep(make.shop())
    browser = app_of(settings=Settings(secret_key="k", proxies="1")).test_client()
    named = [{"X-Forwarded-For": f"198.51.100.1, 192.0.2.{n}"} for n in range(TRIES + 1)]
    assert {browser.get("/login?login=x", headers=headers).status_code for headers in named} == {403}


def test_behind_a_trusted_proxy_the_way_is_believed_but_no_name_that_the_client_sends_along(
    app_of, keep, make, link_for
):
    keep(make.shop())
    app = app_of(settings=Settings(secret_key="k", proxies="1"))
    app.config["TRUSTED_HOSTS"] = ["localhost"]
    browser, told = app.test_client(), {"X-Forwarded-Host": "evil.example.com", "X-Forwarded-Prefix": "/evil"}
    browser.get(f"/login?login={link_for()}")
    page = browser.get("/connect", headers=told)
    assert page.status_code == 200
    assert "evil" not in page.text
    sent = {"csrf_token": csrf_of(page.text), "name": "x", "q": "y"}
    # Over https a form's Referer is looked at as well: only the proxy knows that it came so.
    codes = [
        browser.post("/views", data=sent, headers={"X-Forwarded-Proto": way, "Referer": "http://evil.example.com/"}).status_code
        for way in ("http", "https")
    ]  # fmt: skip
    assert codes == [303, 400]


@pytest.mark.parametrize("proxies", ["-1", "10", "one", "", "\u0665"])
def test_a_number_of_proxies_that_is_none_is_refused(proxies):
    if proxies:
        with pytest.raises(ConfigurationError, match="BACKORDER_PROXIES"):
            read({"BACKORDER_PROXIES": proxies}, {}, str)
    else:
        assert read({"BACKORDER_PROXIES": proxies}, {}, str).proxies_in_front == 0


def test_a_form_that_is_too_large_is_refused(client, send):
    assert client.post("/policy", data={"csrf_token": "x" * 300_000}).status_code == 413
