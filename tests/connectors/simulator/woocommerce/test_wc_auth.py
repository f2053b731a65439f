"""Letting an application in: the page, the keys posted to it, and the way back."""

import json
import re
from html import unescape
from urllib.parse import parse_qs, urlsplit

import pytest
import requests
from woocommerce import API

BACK = "http://127.0.0.1:9/back?shop=1"


@pytest.fixture
def store(make_store):
    return make_store(name="Shop <7>", http_callbacks=True)


@pytest.fixture
def ask(api, receiver):
    """The consent page for these changes of a good request."""

    def asked(**changed):
        query = {
            "app_name": "Backorder",
            "scope": "read_write",
            "user_id": "state-1",
            "return_url": BACK,
            "callback_url": f"{receiver.url}/callback",
            **changed,
        }
        query = {name: value for name, value in query.items() if value is not None}
        return requests.get(f"{api.url}/wc-auth/v1/authorize", params=query, timeout=60)

    return asked


def link(page, kind):
    return unescape(re.search(rf'wc-auth-{kind}" href="([^"]+)"', page.text).group(1))


def test_approving_posts_working_keys_and_sends_the_browser_back(ask, api, receiver, store):
    page = ask()
    assert (page.status_code, "Shop &lt;7&gt;" in page.text) == (200, True)
    answer = requests.get(link(page, "approve"), allow_redirects=False, timeout=60)
    path, headers, body = receiver.posts[0]
    given = json.loads(body)
    assert (path, headers["CONTENT_TYPE"]) == ("/callback", "application/json;charset=UTF-8")
    assert headers["USER_AGENT"] == f"WordPress/6.9.1; {store.state.home}"
    assert list(given) == ["key_id", "user_id", "consumer_key", "consumer_secret", "key_permissions"]
    assert (given["user_id"], given["key_permissions"]) == ("state-1", "read_write")
    query = parse_qs(urlsplit(answer.headers["Location"]).query)
    assert (answer.status_code, query) == (302, {"shop": ["1"], "success": ["1"], "user_id": ["state-1"]})
    client = API(api.url, given["consumer_key"], given["consumer_secret"], version="wc/v3", timeout=60)
    assert client.get("orders").status_code == 200


def test_denying_sends_the_browser_back_without_keys(ask, receiver, store):
    where = link(ask(), "deny")
    assert parse_qs(urlsplit(where).query)["success"] == ["0"]
    assert (receiver.posts, len(store.state.keys)) == ([], 1)


@pytest.mark.parametrize("status", [202, 500, 404])
def test_an_answer_other_than_200_takes_the_key_back(ask, receiver, store, status):
    receiver.status = status
    answer = requests.get(link(ask(), "approve"), allow_redirects=False, timeout=60)
    assert (answer.status_code, "An error occurred" in answer.text, len(store.state.keys)) == (401, True, 1)


def test_a_receiver_that_is_not_there_takes_the_key_back(ask, store):
    answer = requests.get(link(ask(callback_url="http://127.0.0.1:9/x"), "approve"), timeout=60)
    assert (answer.status_code, len(store.state.keys)) == (401, 1)


def test_an_approval_works_once(ask, receiver):
    where = link(ask(), "approve")
    assert requests.get(where, allow_redirects=False, timeout=60).status_code == 302
    assert requests.get(where, allow_redirects=False, timeout=60).status_code == 401
    assert len(receiver.posts) == 1


@pytest.mark.parametrize("name", ["app_name", "scope", "user_id", "return_url", "callback_url"])
def test_every_parameter_is_required(ask, name):
    page = ask(**{name: None})
    assert (page.status_code, f"Missing parameter {name}" in page.text) == (401, True)


def test_an_unknown_scope_is_refused(ask):
    assert ask(scope="everything").status_code == 401


def test_a_real_store_posts_keys_over_https_only(make_store, opened, receiver):
    url = opened(make_store()).url
    query = {"app_name": "a", "scope": "read", "user_id": "1", "return_url": BACK}
    for callback, status in (
        (f"{receiver.url}/x", 401),
        ("https://service.example/x", 200),
        ("service.example/x", 200),
    ):
        page = requests.get(f"{url}/wc-auth/v1/authorize", params={**query, "callback_url": callback}, timeout=60)
        assert (callback, page.status_code) == (callback, status)
