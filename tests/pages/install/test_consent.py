"""Installing by the consent page: bound to the browser that began, signed, fresh, for one shop, once."""

from datetime import UTC, datetime, timedelta
from urllib.parse import urlencode

import pytest
import time_machine

from connectors.shopify import scopes


def begin(place):
    return place.browser.get("/shopify/install?shop=fern.myshopify.com")


def test_the_merchant_is_sent_to_the_shops_own_consent_page(place, query_of):
    answer = begin(place)
    assert answer.location.startswith(f"{place.shop_url}/fern.myshopify.com/admin/oauth/authorize?")
    asked = query_of(answer.location)
    assert asked["client_id"] == "app-id"
    assert asked["redirect_uri"] == "https://backorder.example.com/shopify/callback"
    assert asked["scope"] == ",".join(scopes.asked_for())
    assert len(asked["state"]) >= 32
    cookie = answer.headers["Set-Cookie"]
    assert cookie.startswith("__Host-backorder-install=")
    assert all(word in cookie for word in ("Secure", "HttpOnly", "SameSite=Lax", "Max-Age=600"))
    assert asked["state"] not in cookie


def test_who_agrees_is_connected_signed_in_and_shown_the_board(place):
    answer = place.browser.get(place.approve(begin(place)))
    assert (answer.status_code, answer.location) == (303, "/")
    shop = place.record()
    assert (shop.state, shop.domain, shop.policy.mode) == ("connected", "fern.myshopify.com", "observe")
    kept = place.credentials()
    assert kept["grant"] == "offline"
    assert kept["refresh_token"]
    assert kept["expires_at"]
    assert kept["refresh_expires_at"]
    assert "client_secret" not in kept
    assert "is connected" in place.browser.get("/").text
    assert len(place.shop.state.subscriptions) > 20


def test_the_address_that_opens_the_app_from_the_admin_begins_it(place):
    link = place.shop.install_link()
    answer = place.browser.get(f"/?{link}")
    assert answer.location == f"/shopify/install?{link}"
    assert place.browser.get(answer.location).status_code == 302


BAD_BEGINNINGS = {
    "no shop": {},
    "an empty shop": {"shop": ""},
    "a foreign host": {"shop": "fern.example.com"},
    "a host behind the shop's": {"shop": "fern.myshopify.com.example.com"},
    "a line's end": {"shop": "fern.myshopify.com\n"},
    "a path": {"shop": "fern.myshopify.com/x"},
    "a port": {"shop": "fern.myshopify.com:80"},
    "somebody before it": {"shop": "x@fern.myshopify.com"},
    "a name with a blank": {"shop": "fe rn.myshopify.com"},
    "a hyphen first": {"shop": "-fern.myshopify.com"},
    "a letter that looks alike": {"shop": "f\u0435rn.myshopify.com"},
    "a wrong signature": {"shop": "fern.myshopify.com", "hmac": "00" * 32, "timestamp": "{now}"},
    "a signature that is no text": {"shop": "fern.myshopify.com", "hmac": "\xe9", "timestamp": "{now}"},
    "an empty signature": {"shop": "fern.myshopify.com", "hmac": "", "timestamp": "{now}"},
    "a time that is none": {"shop": "fern.myshopify.com", "timestamp": "soon"},
    "a time of another age": {"shop": "fern.myshopify.com", "timestamp": "12"},
}  # fmt: skip


def test_what_does_not_name_a_shop_well_leads_nowhere(place, clock):
    now = str(int(clock().timestamp()))
    let_in = []
    for name, query in BAD_BEGINNINGS.items():
        answer = place.browser.get("/shopify/install", query_string={k: v.format(now=now) for k, v in query.items()})
        if answer.status_code != 400 or "Set-Cookie" in answer.headers:
            let_in.append(name)
    assert let_in == []
    assert place.shop.journal.entries() == ()


@pytest.mark.parametrize("minutes", [11, -3, 60 * 24])
def test_a_signed_address_is_good_for_ten_minutes(place, clock, minutes):
    link = place.shop.install_link()
    way = place.approve(begin(place))
    clock.ahead = timedelta(minutes=minutes)
    place.house.entrances["shopify"]._now = clock
    assert place.browser.get(f"/shopify/install?{link}").status_code == 400
    assert place.browser.get(way).status_code == 400
    assert place.record() is None


def test_the_browser_that_began_is_remembered_for_ten_minutes(place):
    begun = begin(place)
    with time_machine.travel(datetime.now(UTC) + timedelta(minutes=11)):
        assert "too long ago" in place.browser.get(place.approve(begun)).text
    assert place.record() is None


def resigned(place, **fields):
    return "/shopify/callback?" + urlencode(place.shop.tokens.signed(fields))


def test_the_state_is_that_of_this_browser(place):
    way = place.approve(begin(place))
    assert place.app.test_client().get(way).status_code == 400
    other = place.app.test_client()
    other.get("/shopify/install?shop=fern.myshopify.com")
    assert other.get(way).status_code == 400
    assert place.record() is None
    assert place.browser.get(way).status_code == 303


def test_a_wrong_state_is_refused(place):
    begin(place)
    code = place.shop.tokens._new("code")
    for state in ("", "guessed", "\xe9", "x" * 5000):
        assert place.browser.get(resigned(place, shop="fern.myshopify.com", code=code, state=state)).status_code == 400


def test_an_installation_begun_for_one_shop_does_not_end_in_another(place, query_of):
    state = query_of(begin(place).location)["state"]
    answer = place.browser.get(resigned(place, shop="birch.myshopify.com", code="c", state=state))
    assert answer.status_code == 400
    assert place.record("birch") is None


def test_nothing_signed_may_be_changed(place):
    way = place.approve(begin(place))
    changed = [way.replace(f"{field}=", f"{field}=9", 1) for field in ("code", "state", "shop", "timestamp", "hmac")]
    for bad in (*changed, way + "&added=1"):
        assert place.browser.get(bad).status_code == 400
    assert place.record() is None


def test_a_way_back_without_a_signature_or_a_time_is_refused(place):
    way = place.approve(begin(place))
    for name in ("hmac", "timestamp"):
        parts = [part for part in way.split("?")[1].split("&") if not part.startswith(f"{name}=")]
        assert place.browser.get("/shopify/callback?" + "&".join(parts)).status_code == 400


def test_the_previous_secret_still_signs_while_it_is_replaced(place_of):
    place = place_of(
        BACKORDER_SHOPIFY_CLIENT_SECRET="shpss_fresh_secret_of_a_good_length,shpss_canary_secret_of_a_good_length"
    )
    assert place.browser.get(place.approve(begin(place))).status_code == 303
    place.shop.rotate_secret("shpss_fresh_secret_of_a_good_length")
    assert place.browser.get(place.approve(begin(place))).status_code == 303


def test_a_preview_of_the_way_back_spends_nothing(place):
    way = place.approve(begin(place))
    assert place.browser.head(way).status_code == 200
    assert place.record() is None
    assert place.browser.get(way).status_code == 303


def test_the_way_back_works_once(place):
    way = place.approve(begin(place))
    assert place.browser.get(way).status_code == 303
    assert place.browser.get(way).status_code == 400


def test_who_does_not_agree_is_told_so(place, query_of):
    state = query_of(begin(place).location)["state"]
    answer = place.browser.get(resigned(place, shop="fern.myshopify.com", state=state, error="access_denied"))
    assert answer.status_code == 400
    assert "nothing was connected" in answer.text


def test_a_code_that_the_shop_does_not_take_is_told_in_a_sentence(place, query_of):
    state = query_of(begin(place).location)["state"]
    answer = place.browser.get(resigned(place, shop="fern.myshopify.com", state=state, code="made-up"))
    assert answer.status_code == 502
    assert "install once more" in answer.text
    assert place.record() is None


def test_a_shop_that_does_not_answer_is_told_in_a_sentence(place):
    way = place.approve(begin(place))
    place.shop.faults.add("error", times=9)
    answer = place.browser.get(way)
    assert answer.status_code == 502
    assert "could not be connected" in answer.text
    assert place.record() is None


def test_without_an_app_the_mend_is_said(place_of):
    place = place_of(BACKORDER_SHOPIFY_CLIENT_ID="")
    answer = place.browser.get("/shopify/install?shop=fern.myshopify.com")
    assert answer.status_code == 404
    assert "BACKORDER_SHOPIFY_CLIENT_ID" in answer.text


def test_a_shop_that_comes_back_links_up_with_what_it_had(place):
    place.browser.get(place.approve(begin(place)))
    place.shop.add_product("MUG", "Enamel mug", "12.50", 2)
    order = place.shop.checkout([("MUG", 5)], customer="customer12@example.com")
    place.work()
    place.shop.uninstall()
    place.browser.get(place.approve(begin(place)))
    assert place.record().state == "connected"
    with place.books.read() as unit:
        assert unit.orders.get("fern", order) is not None
