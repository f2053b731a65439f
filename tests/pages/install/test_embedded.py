"""Pages within the shop's admin: a proof on each, no cookie, and a shop that is connected by being opened."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from html.parser import HTMLParser
from urllib.parse import parse_qs, urlsplit

import jwt
import pytest
import time_machine

from connectors.simulator.shopify.oauth import HOUR
from tests.pages.builders import line, order, shop


def claims_of(place, **changes):
    told = jwt.decode(place.shop.proof(), options={"verify_signature": False})
    return {name: value for name, value in {**told, **changes}.items() if value is not None}


def forged(place, secret="shpss_canary_secret_of_a_good_length", algorithm="HS256", **changes):
    return jwt.encode(claims_of(place, **changes), secret, algorithm=algorithm)


def test_the_first_page_connects_the_shop_with_a_key_that_renews_itself(place):
    page = place.frame()
    assert page.status_code == 200
    assert place.record().state == "connected"
    kept = place.credentials()
    assert kept["grant"] == "offline"
    assert kept["refresh_token"]
    assert kept["refresh_expires_at"]
    assert place.shop.journal.entries()[0].name == "oauth/access_token"


def test_the_admins_page_of_the_connection_leads_to_no_other_platform_and_no_terminal(place):
    page = place.frame("/connect").text
    assert "fern.myshopify.com" in page
    assert "flask" not in page
    assert "woocommerce" not in page.lower()


def test_the_admin_asks_for_the_second_factor_not_we(place):
    assert "Second factor" not in place.frame("/people").text
    assert place.frame("/second-factor").status_code == 404


def test_within_its_admin_a_shop_opens_no_address_of_another(place):
    place.frame()
    with place.books.write() as unit:
        unit.shops.add(shop("moss", "woocommerce"), {})
        for key in ("fern", "moss"):
            unit.orders.put(order("1001", line("a", "mug", 2), shop=key))
    assert [place.frame(f"/orders/{key}/1001").status_code for key in ("fern", "moss", "none")] == [200, 404, 404]


def test_the_next_page_asks_the_shop_for_nothing(place):
    place.frame()
    before = len(place.shop.journal.entries())
    assert place.frame("/orders").status_code == 200
    assert len(place.shop.journal.entries()) == before


def test_the_platforms_script_comes_first_in_the_head_and_only_in_the_frame(place):
    page = place.frame().text
    head = page.split("<head>")[1].split("</head>")[0]
    assert head.split("<script")[1].startswith(' src="https://cdn.shopify.com/shopifycloud/app-bridge.js"')
    assert '<meta name="shopify-api-key" content="app-id">' in head
    assert "cdn.shopify.com" not in place.browser.get("/login").text


def test_only_this_shops_admin_may_frame_the_page(place):
    assert "X-Frame-Options" not in place.frame().headers
    policy = place.frame().headers["Content-Security-Policy"]
    assert "frame-ancestors https://fern.myshopify.com https://admin.shopify.com;" in policy
    assert "script-src 'self' https://cdn.shopify.com" in policy
    assert "unsafe" not in policy
    assert "frame-ancestors 'none'" in place.browser.get("/login").headers["Content-Security-Policy"]


def test_no_page_in_the_frame_sets_or_needs_a_cookie(place):
    browser = place.app.test_client(use_cookies=False)
    for path in ("/", "/orders", "/items", "/incoming", "/activity", "/outbox", "/policy", "/connect", "/capabilities"):
        page = place.frame(path, browser=browser)
        assert page.status_code == 200, path
        assert "Set-Cookie" not in page.headers, path


def test_every_address_in_the_frame_names_the_shop(place, links_of):
    for path in ("/", "/policy", "/connect"):
        links = [link for link in links_of(place.frame(path).text) if link.startswith("/") and "/assets/" not in link]
        assert links
        assert [link for link in links if "shop=fern.myshopify.com&amp;host=aG9zdA&amp;embedded=1" not in link] == []
        assert all(link.count("shop=") == 1 for link in links)


def test_the_frame_speaks_the_admins_language_on_every_page_that_it_leads_to(place, links_of):
    page = place.frame(locale="ar-EG").text
    assert '<html lang="ar" dir="rtl">' in page
    assert all("locale=ar-EG" in link for link in links_of(page) if link.startswith("/") and "/assets/" not in link)
    assert 'action="/language"' not in page


def test_a_page_without_a_proof_goes_by_way_of_the_platforms_script(place):
    place.frame()
    answer = place.frame("/orders", proof="")
    assert answer.status_code == 302
    way = urlsplit(answer.location)
    assert way.path == "/shopify/patch-id-token"
    wanted = parse_qs(way.query)["shopify-reload"][0]
    assert wanted.startswith("/orders?")
    page = place.browser.get(f"{way.path}?{way.query}")
    assert page.status_code == 200
    assert 'data-api-key="app-id" src="https://cdn.shopify.com/shopifycloud/app-bridge.js"' in page.text
    assert (
        "frame-ancestors https://fern.myshopify.com https://admin.shopify.com"
        in page.headers["Content-Security-Policy"]
    )
    assert "Set-Cookie" not in page.headers


def test_the_reload_page_names_no_stranger(place):
    for name in ("", "evil.example.com", "fern.myshopify.com;script-src *", "fern.myshopify.com%0a"):
        answer = place.browser.get(f"/shopify/patch-id-token?shop={name}&shopify-reload=/orders")
        assert answer.status_code == 400


@pytest.mark.parametrize(
    "wanted",
    ["https://evil.example.com/", "//evil.example.com", "/\\evil.example.com", "", "orders", "/\t/evil.example.com"],
)
def test_the_platforms_script_takes_no_proof_to_another_site(place, wanted):
    for query in (
        {"shopify-reload": wanted},
        {"shopify-reload": ["/orders", wanted]},
        {"shopify-reload": [wanted, "/orders"]},
    ):
        answer = place.browser.get("/shopify/patch-id-token", query_string={"shop": "fern.myshopify.com", **query})
        assert (answer.status_code, "app-bridge" in answer.text) == (400, False)


BAD_PROOFS = {
    "nothing": lambda p: "x",
    "another secret": lambda p: forged(p, "guessed-secret-of-a-good-length-0"),
    "no signature": lambda p: forged(p, "", "none"),
    "another app": lambda p: forged(p, aud="another-app"),
    "run out": lambda p: forged(p, exp=int(p.shop.state.now().timestamp()) - 60),
    "not yet": lambda p: forged(p, nbf=int(p.shop.state.now().timestamp()) + 3600),
    "for ever": lambda p: forged(p, exp=None),
    "no shop": lambda p: forged(p, dest=None),
    "two shops": lambda p: forged(p, dest="https://birch.myshopify.com"),
    "a stranger's host": lambda p: forged(p, dest="https://evil.example.com", iss="https://evil.example.com/admin"),
    "no person": lambda p: forged(p, sub=None),
    "an access token": lambda p: p.credentials()["access_token"],
}


@pytest.mark.parametrize("by", ["address", "header", "form"])
def test_a_bad_proof_opens_nothing(place, by):
    place.frame()
    opened = []
    for name, make in BAD_PROOFS.items():
        proof = make(place)
        if by == "address":
            answer = place.frame("/orders", proof=proof)
        elif by == "header":
            answer = place.app.test_client().get("/orders", headers={"Authorization": f"Bearer {proof}"})
        else:
            answer = place.frame("/policy", proof="", method="post", data={"id_token": proof})
        if answer.status_code not in {302, 401} or "Board" in answer.text:
            opened.append((name, answer.status_code))
    assert opened == []


def test_a_script_of_the_page_proves_itself_by_a_header(place):
    place.frame()
    good = {"Authorization": f"Bearer {place.shop.proof()}"}
    assert place.app.test_client().get("/orders", headers=good).status_code == 200
    stale = place.app.test_client().get("/orders", headers={"Authorization": "Bearer x"})
    assert (stale.status_code, stale.headers["X-Shopify-Retry-Invalid-Session-Request"]) == (401, "1")


def test_a_form_carries_a_fresh_proof_and_what_is_said_comes_back_in_the_address(place):
    place.frame()
    fields = {"id_token": place.shop.proof(), "mode": "act"}
    answer = place.frame("/policy/mode", proof="", method="post", data=fields)
    if answer.status_code == 404:
        pytest.fail("the policy page's form has moved: name its new address here")
    assert answer.status_code == 303
    assert "Set-Cookie" not in answer.headers
    assert "shop=fern.myshopify.com" in answer.location
    assert place.record().policy.mode == "act"
    for minutes, shown in ((0, True), (3, False)):
        with time_machine.travel(datetime.now(UTC) + timedelta(minutes=minutes)):
            page = place.app.test_client(use_cookies=False).get(
                f"{answer.location}&id_token={place.shop.proof()}", headers={"Sec-Fetch-Dest": "iframe"}
            )
        assert (page.status_code, '<s-banner tone="success">' in page.text) == (200, shown)


def test_a_form_without_a_proof_changes_nothing(place):
    place.frame()
    answer = place.frame("/policy/mode", proof="", method="post", data={"mode": "act"})
    assert answer.status_code in {302, 400, 401}
    assert place.record().policy.mode == "observe"


def test_a_proof_of_one_shop_shows_nothing_of_another(place):
    place.frame()
    place.browser.get(place.approve(place.browser.get("/shopify/install?shop=fern.myshopify.com")))
    with place.books.write() as unit:
        unit.shops.add(replace(place.record(), id="birch", domain="birch.myshopify.com", name="Birch"), {"x": "y"})
    assert "Birch" not in place.frame("/connect").text


def test_a_shop_that_must_be_connected_again_is_by_opening_it(place):
    place.frame()
    with place.books.write() as unit:
        unit.shops.save(replace(unit.shops.get("fern"), state="reconnect", problem="the key no longer works"))
        unit.shops.put_credentials("fern", {"grant": "token", "access_token": "dead"})
    assert place.frame().status_code == 200
    assert (place.record().state, place.record().problem) == ("connected", None)
    assert place.credentials()["grant"] == "offline"


def test_a_key_that_cannot_be_had_is_told_in_the_frame(place):
    place.shop.faults.add("error", times=9)
    page = place.frame()
    assert page.status_code == 502
    assert "could not be connected" in page.text
    assert "frame-ancestors https://fern.myshopify.com" in page.headers["Content-Security-Policy"]
    assert place.record() is None


def test_a_shop_that_nobody_works_in_keeps_its_key_for_years(place, clock):
    place.frame()
    first = place.credentials()["refresh_token"]
    for _ in range(6):
        clock.ahead += 30 * 24 * HOUR
        with place.books.write() as unit:
            unit.inbox.add(shop="fern", topic="backorder/sync", key="sync", body=b"{}", at=clock() - clock.ahead)
        renewed = place.house.open_shop(place.record())
        renewed._client._access._now = clock
        renewed.profile()
    assert place.credentials()["refresh_token"] != first
    assert place.record().state == "connected"


def test_the_key_is_written_in_no_log_and_no_page(place, capfd):
    place.frame()
    kept = place.credentials()
    place.shop.tokens.revoke_all()
    place.work()
    said = "".join(capfd.readouterr()) + place.frame("/connect").text + place.frame("/activity").text
    assert [name for name in ("access_token", "refresh_token") if kept[name] in said] == []
    assert "shpss_canary_secret_of_a_good_length" not in said


def test_a_lost_answer_to_a_renewal_loses_nothing(place, clock):
    place.frame()
    clock.ahead += timedelta(hours=2)
    place.shop.faults.add("lost", match="oauth")
    connector = place.house.open_shop(place.record())
    connector._client._access._now = clock
    assert connector.profile().domain == "fern.myshopify.com"
    asked = [entry.status for entry in place.shop.journal.entries() if entry.name == "oauth/access_token"]
    assert asked == [200, 0, 200]


# What we use of the elements that Shopify publishes for apps in its admin (@shopify/polaris-types 1.1.0); the menu is
# App Bridge's. None: any text.
ELEMENTS = {
    "s-app-nav": {},
    "s-link": {"href": None, "target": {"auto", "_blank", "_self", "_parent", "_top"}},
    "s-page": {"heading": None, "inlinesize": {"base", "small", "large"}},
    "s-banner": {"heading": None, "tone": {"auto", "info", "success", "warning", "critical"}},
    "s-badge": {
        "tone": {"auto", "neutral", "info", "success", "caution", "warning", "critical"},
        "icon": {"check-circle", "clock", "alert-triangle", "alert-octagon", "minus-circle"},
    },
}


class Marked(HTMLParser):
    """The admin's own elements of a page, and what of them is not known or not closed."""

    def __init__(self):
        super().__init__()
        self.seen, self.open, self.wrong = set(), [], []

    def handle_starttag(self, tag, attrs):
        if not tag.startswith("s-"):
            return
        self.seen.add(tag)
        self.open.append(tag)
        for name, value in attrs:
            allowed = ELEMENTS.get(tag, {}).get(name, set())
            if allowed is not None and value not in allowed:
                self.wrong.append((tag, name, value))

    def handle_endtag(self, tag):
        if tag.startswith("s-") and self.open.pop() != tag:
            self.wrong.append((tag, "closed too early"))


def test_the_admins_own_elements_are_used_as_they_are_published(place):
    place.shop.add_product("MUG", "Enamel mug", "12.50", 2)
    order = place.shop.checkout([("MUG", 3)])
    place.frame()
    place.work()
    seen = set()
    for path in ("/", "/orders", f"/orders/fern/{order}", "/items", "/health", "/policy", "/capabilities", "/connect"):
        page = Marked()
        page.feed(place.frame(path).text)
        assert (page.wrong, page.open) == ([], []), path
        assert page.seen <= ELEMENTS.keys(), path
        seen |= page.seen
    assert seen >= {"s-app-nav", "s-link", "s-page", "s-badge"}
    assert "<s-" not in place.browser.get("/login").text


def test_settings_are_saved_by_the_admins_own_bar_and_its_menu_stands_alone(place):
    page = place.frame("/policy").text
    assert '<form method="post" action="/policy?' in page
    assert "data-save-bar" in page
    assert 'class="wide pages"' not in page, "one menu, the admin's"
