"""One-use links, sessions and the shops that they open."""

import re

import pytest


@pytest.fixture
def browser(app, keep, make):
    keep(make.shop(), make.shop("moss", "woocommerce", "Moss and Mill"))
    return app.test_client()


@pytest.mark.parametrize("path", ["/", "/orders", "/items", "/incoming", "/activity", "/policy", "/connect", "/board"])
def test_without_a_session_every_merchant_page_says_how_to_get_in(browser, path):
    page = browser.get(path)
    assert page.status_code == 401
    assert "flask --app app login-link SHOP" in page.text


@pytest.mark.parametrize("path", ["/login", "/"])
def test_a_link_opens_its_shop_once(app, browser, link_for, path):
    token = link_for()
    first = browser.get(f"{path}?login={token}")
    assert (first.status_code, first.headers["Location"]) == (303, "/")
    assert "Fern &amp; Fable" in browser.get("/").text
    stranger = app.test_client()
    second = stranger.get(f"{path}?login={token}")
    assert second.status_code == 403
    assert "has been used already" in second.text
    assert stranger.get("/").status_code == 401


@pytest.mark.parametrize("path", ["/login", "/"])
def test_looking_at_a_link_with_head_does_not_spend_it(browser, link_for, path):
    token = link_for()
    assert browser.head(f"{path}?login={token}").status_code == 200
    assert browser.get(f"{path}?login={token}").status_code == 303


def test_an_old_link_opens_nothing(browser, link_for):
    assert browser.get(f"/login?login={link_for(minutes=-1)}").status_code == 403


@pytest.mark.parametrize("token", ["", "nonsense", "%00", "%ED%A0%80", "a,b,c", "x" * 5000])
def test_a_link_that_was_never_made_opens_nothing(browser, token):
    assert browser.get(f"/login?login={token}").status_code == 403


def test_one_link_may_carry_a_token_for_each_shop(browser, link_for):
    browser.get(f"/login?login={link_for()},{link_for('moss', 'token-2')}")
    board = browser.get("/").text
    assert 'href="/?shop=fern" aria-current="true"' in board
    assert 'href="/?shop=moss">' in board
    assert 'href="/?shop=moss" aria-current="true"' in browser.get("/?shop=moss").text
    assert 'href="/?shop=moss" aria-current="true"' in browser.get("/orders").text


def test_more_than_five_shops_are_folded_under_the_one_that_is_shown(browser, keep, make, link_for):
    names = [f"shop-{number}" for number in range(5)]
    keep(*(make.shop(name, name=name.title()) for name in names))
    browser.get("/login?login=" + ",".join(link_for(name, name) for name in names))
    assert "<summary>Shop-0 " not in browser.get("/").text
    browser.get(f"/login?login={link_for()}")
    assert "<summary>Shop-0 " in browser.get("/?shop=shop-0").text


def test_a_link_carries_ten_tokens_at_most(browser, link_for):
    token = link_for()
    assert browser.get(f"/login?login={'x,' * 10}{token}").status_code == 403
    assert browser.get(f"/login?login={'x,' * 9}{token}").status_code == 303


def test_a_second_link_adds_its_shop_to_the_session(browser, link_for):
    browser.get(f"/login?login={link_for()}")
    browser.get(f"/login?login={link_for('moss', 'token-2')}")
    assert 'href="/?shop=fern">' in browser.get("/").text


def test_a_form_changes_the_shop_that_its_page_showed_whichever_another_tab_shows_since(browser, link_for, books):
    browser.get(f"/login?login={link_for()},{link_for('moss', 'token-2')}")
    page = browser.get("/first-steps?shop=fern").text
    given = dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]+)"', page))
    assert "Moss" in browser.get("/orders?shop=moss").text
    assert browser.post("/first-steps/away", data=given).status_code == 303
    assert browser.post("/first-steps/away", data={**given, "of_shop": "reed"}).status_code == 404
    with books.read() as unit:
        assert ["put the first steps away" in str(unit.audit.page(shop).items) for shop in ("fern", "moss")] == [
            True,
            False,
        ]


def test_signing_in_makes_another_session_so_that_one_planted_before_opens_nothing(app, browser, link_for):
    planted = app.test_client()
    planted.get(f"/login?login={link_for('moss', 'token-2')}")
    token = re.search(r'name="csrf_token" value="([^"]+)"', planted.get("/connect").text)[1]
    browser.set_cookie("backorder", planted.get_cookie("backorder").value)
    browser.get(f"/login?login={link_for()}")
    assert browser.post("/views", data={"csrf_token": token, "name": "x", "q": "y"}).status_code == 400
    assert browser.get("/?shop=fern").status_code == browser.get("/?shop=moss").status_code == 200
    assert planted.get("/").status_code == 401


def test_a_shop_that_the_session_does_not_open_is_not_there(browser, link_for):
    browser.get(f"/login?login={link_for()}")
    assert browser.get("/?shop=moss").status_code == 404
    assert browser.get("/orders/moss/1001").status_code == 404
    assert browser.get("/items/moss/mug").status_code == 404
    assert browser.get("/orders/no-such-shop/1001").status_code == 404


def test_an_erased_shop_ends_its_session(browser, link_for, books):
    browser.get(f"/login?login={link_for()}")
    with books.write() as unit:
        unit.shops.erase("fern")
    assert browser.get("/").status_code == 401


def test_signing_out_closes_every_page(browser, link_for, send):
    browser.get(f"/login?login={link_for()}")
    assert "You are signed out" in send(browser, "/logout").text
    assert browser.get_cookie("backorder") is None
    assert browser.get("/").status_code == 401


def test_signing_in_is_written_down(browser, link_for, books):
    browser.get(f"/login?login={link_for()}")
    with books.read() as unit:
        (entry,) = unit.audit.page("fern").items
    assert (entry.actor, entry.what) == ("merchant", "signed in")


def test_who_is_signed_in_already_goes_from_login_to_the_board(browser, link_for):
    browser.get(f"/login?login={link_for()}")
    assert browser.get("/login").status_code == 303


def test_a_page_that_is_not_there_keeps_the_way_on_for_those_who_are_signed_in(browser, link_for):
    stranger = browser.get("/nowhere")
    assert stranger.status_code == 404
    assert "<nav" not in stranger.text
    browser.get(f"/login?login={link_for()}")
    for path in ("/nowhere", "/orders/moss/1"):
        page = browser.get(path)
        assert page.status_code == 404
        assert "Fern &amp; Fable" in page.text
        assert "Moss and Mill" not in page.text
