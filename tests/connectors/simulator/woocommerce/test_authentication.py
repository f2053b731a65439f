"""Who may ask, over http by signature, over https by the key, with the refusals as recorded."""

import time

import pytest
import requests
from werkzeug.test import Client
from woocommerce import API

from connectors.simulator.woocommerce import wc_auth
from connectors.simulator.woocommerce.authentication import signature

WRONG = "woocommerce_rest_authentication_error"
VIEW = "woocommerce_rest_cannot_view"


def outcome(answer):
    body = answer.json() if callable(answer.json) else answer.json
    return answer.status_code, body["code"], body["message"]


def signed(api, *, method="GET", path="/wp-json/wc/v3/orders", algorithm="HMAC-SHA256", **changed):
    parameters = {
        "oauth_consumer_key": "ck_example",
        "oauth_timestamp": str(int(time.time())),
        "oauth_nonce": "nonce-1",
        "oauth_signature_method": algorithm,
        **{name: str(value) for name, value in changed.items()},
    }
    secret = parameters.pop("secret", "cs_example")
    home = parameters.pop("home", api.url)
    made = signature(method, home + path, parameters, secret, algorithm if "MD5" not in algorithm else "HMAC-SHA1")
    return requests.request(method, api.url + path, params={**parameters, "oauth_signature": made}, timeout=60)


@pytest.mark.parametrize("algorithm", ["HMAC-SHA256", "HMAC-SHA1"])
def test_both_hashes_of_a_signature_are_taken(api, algorithm):
    assert signed(api, algorithm=algorithm).status_code == 200


def test_parameters_with_colons_commas_and_spaces_are_signed_too(api):
    params = {"status": "processing,on-hold", "modified_after": "2026-11-23T06:00:00", "orderby": "modified"}
    assert api.get("orders", params=params).status_code == 200
    assert api.get("coupons", params={"code": "a b&c=d"}).json() == []


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"oauth_consumer_key": "ck_other"}, "Consumer key is invalid."),
        ({"secret": "cs_other"}, "Invalid signature - provided signature does not match."),
        ({"home": "http://elsewhere.example"}, "Invalid signature - provided signature does not match."),
        ({"algorithm": "HMAC-MD5"}, "Invalid signature - signature method is invalid."),
        ({"oauth_timestamp": int(time.time()) - 100_000}, "Invalid timestamp."),
        ({"oauth_timestamp": int(time.time()) + 100_000}, "Invalid timestamp."),
        ({"oauth_timestamp": "soon"}, "Invalid timestamp."),
    ],
)
def test_a_wrong_signature_is_a_401_that_says_what_is_wrong(api, change, message):
    assert outcome(signed(api, **change)) == (401, WRONG, message)


def test_a_clock_that_is_off_by_less_than_a_quarter_of_an_hour_is_taken(api):
    assert signed(api, oauth_timestamp=int(time.time()) - 800).status_code == 200


def test_a_nonce_works_once(api):
    assert signed(api).status_code == 200
    assert outcome(signed(api)) == (401, WRONG, "Invalid nonce - nonce has already been used.")
    assert signed(api, oauth_nonce="nonce-2").status_code == 200


def test_missing_parts_of_a_signature_are_named(api):
    answer = requests.get(f"{api.url}/wp-json/wc/v3/orders?oauth_consumer_key=ck_example&oauth_nonce=1", timeout=60)
    words = "Missing OAuth parameters oauth_timestamp, oauth_signature, oauth_signature_method"
    assert outcome(answer) == (401, "woocommerce_rest_authentication_missing_parameter", words)


@pytest.mark.parametrize(
    ("method", "path", "code"),
    [
        ("GET", "orders", VIEW),
        ("GET", "orders/11", VIEW),
        ("POST", "orders", "woocommerce_rest_cannot_create"),
        ("PUT", "orders/11", "woocommerce_rest_cannot_edit"),
        ("DELETE", "orders/11", "woocommerce_rest_cannot_delete"),
        ("POST", "orders/batch", "woocommerce_rest_cannot_batch"),
    ],
)
def test_over_http_the_bare_key_does_not_count(api, method, path, code):
    url = f"{api.url}/wp-json/wc/v3/{path}"
    for more in ({"auth": ("ck_example", "cs_example")}, {"params": {"consumer_key": "ck_example"}}, {}):
        assert outcome(requests.request(method, url, timeout=60, **more))[:2] == (401, code)


@pytest.fixture
def https(store):
    """Requests as they come from a front server that speaks https."""
    client = Client(store.wsgi)
    headers = {"X-Forwarded-Proto": "https", "Host": "shop.example"}
    return lambda path="/wp-json/wc/v3/orders", **more: client.get(path, headers=headers, **more)


def test_over_https_the_key_counts_in_the_header_and_in_the_query(https):
    assert https(auth=("ck_example", "cs_example")).status_code == 200
    query = {"consumer_key": "ck_example", "consumer_secret": "cs_example"}
    assert https(query_string=query).status_code == 200


def test_over_https_a_wrong_secret_and_an_unknown_key_differ(https):
    assert outcome(https(auth=("ck_example", "cs_other"))) == (401, WRONG, "Consumer secret is invalid.")
    assert outcome(https(auth=("ck_other", "cs_example")))[:2] == (401, VIEW)


@pytest.mark.parametrize(
    ("permissions", "get", "post"), [("read", 200, 401), ("write", 401, 201), ("read_write", 200, 201)]
)
def test_a_key_does_what_its_scope_allows(api, store, permissions, get, post):
    key = wc_auth.add_key(store.state, permissions)
    client = API(api.url, key.consumer_key, key.consumer_secret, version="wc/v3", timeout=60)
    assert (client.get("orders").status_code, client.post("orders", {}).status_code) == (get, post)


def test_a_revoked_key_is_unknown_and_a_demoted_one_may_not(api, store):
    store.demote_key("ck_example")
    assert outcome(api.get("orders"))[:2] == (403, VIEW)
    store.revoke_key("ck_example")
    assert outcome(api.get("orders")) == (401, WRONG, "Consumer key is invalid.")


def test_the_index_is_open_and_names_zone_and_routes(make_store, opened):
    store = make_store(name="Shop 7", timezone="Europe/Berlin", fulfillments=True)
    url = opened(store).url
    for path in ("/wp-json", "/wp-json/"):
        index = requests.get(url + path, timeout=60).json()
        assert (index["name"], index["timezone_string"], index["gmt_offset"]) == ("Shop 7", "Europe/Berlin", 1)
        assert "wc/v3" in index["namespaces"]
        assert r"/wc/v3/orders/(?P<order_id>[\d]+)/fulfillments" in index["routes"]


@pytest.mark.parametrize(("zone", "offset"), [("+05:30", 5.5), ("-03:00", -3)])
def test_a_store_may_have_an_offset_instead_of_a_place(make_store, opened, zone, offset):
    index = requests.get(f"{opened(make_store(timezone=zone)).url}/wp-json/", timeout=60).json()
    assert (index["timezone_string"], index["gmt_offset"]) == ("", offset)


def test_options_tells_whether_a_route_is_there(api):
    assert api.options("orders/1/notes").json()["methods"] == ["GET", "POST"]
    assert api.options("orders/1/fulfillments").json() == []
