"""While BACKORDER_SECRET_KEY is changed both keys open; what is signed anew is signed with the new one."""

import pytest

from core.settings import Settings
from pages.consoled import consoler_of
from pages.customer_links import customer_link, read_link, read_unsubscribe, unsubscribe_link


def settings(keys):
    return Settings(secret_key=keys, base_url="http://127.0.0.1")


OLD, BOTH, NEW = settings("old key"), settings("new key, old key"), settings("new key")


@pytest.fixture
def browser_on(app_of, keep, make):
    """A browser on a service with these keys, which may bring the cookie of another one."""
    keep(make.shop())

    def make_one(keys, cookie=None):
        browser = app_of(settings=keys).test_client()
        if cookie:
            browser.set_cookie("backorder", cookie.value)
        return browser

    return make_one


@pytest.mark.parametrize(
    ("signed", "read", "opens"),
    [(OLD, BOTH, True), (BOTH, NEW, True), (BOTH, BOTH, True), (OLD, NEW, False), (BOTH, OLD, False)],
    ids=[
        "kept while both stand",
        "made with the new key",
        "made and read",
        "ended with the old key",
        "not the old key",
    ],
)
def test_links_and_sessions_outlive_a_change_of_the_key(browser_on, link_for, signed, read, opens):
    link = customer_link(signed, "fern", "1001").rpartition("/")[2]
    assert (read_link(read, link) is not None) == opens
    declined = unsubscribe_link(signed, "fern", "customer12@example.com").rpartition("/")[2]
    assert (read_unsubscribe(read, declined) is not None) == opens
    first = browser_on(signed)
    assert first.get(f"/login?login={link_for()}").status_code == 303
    assert browser_on(read, first.get_cookie("backorder")).get("/").status_code == (200 if opens else 401)


def test_a_form_that_was_open_at_the_change_can_still_be_sent(browser_on, link_for):
    first = browser_on(OLD)
    first.get(f"/login?login={link_for()}")
    token = first.get("/policy").text.partition('name="csrf_token" value="')[2].partition('"')[0]
    assert token
    later = browser_on(BOTH, first.get_cookie("backorder"))
    assert later.post("/logout", data={"csrf_token": token}).status_code == 200
    forged = browser_on(BOTH, first.get_cookie("backorder"))
    assert forged.post("/logout", data={"csrf_token": token[:-3]}).status_code == 400


def test_codes_stay_the_same_until_the_old_key_is_gone():
    assert (OLD.code_key, BOTH.code_key, NEW.code_key) == ("old key", "old key", "new key")
    assert settings("").code_key == ""


def test_the_pages_and_the_worker_count_a_customer_under_the_oldest_key(app_of, books, keep, make):
    """Else a page would say of somebody that they are held out to whom the worker gives."""
    keep(make.shop(), make.order("1001"))
    names = set()
    for keys in (OLD, BOTH):
        with app_of(settings=keys).app_context(), books.read() as unit:
            (record,) = unit.orders.open_all("fern")
            names.add(consoler_of(unit, make.shop()).customer_of(record))
    assert len(names) == 1
