"""Declining offers by mail."""

from core.settings import Settings
from pages.customer_links import customer_link, unsubscribe_link

SETTINGS = Settings(secret_key="a key for tests only", base_url="http://127.0.0.1/")
ADDRESS = "customer12@example.com"


def path(made):
    return made.removeprefix("http://127.0.0.1")


def stops(books, shop="fern"):
    with books.read() as unit:
        return unit.mails.stopped(shop, ADDRESS)


def test_opening_the_link_changes_nothing_and_one_click_declines(app, keep, make, books):
    keep(make.shop())
    link, browser = path(unsubscribe_link(SETTINGS, "fern", ADDRESS)), app.test_client()
    assert browser.head(link).status_code == 200
    assert "No more offers by mail?" in browser.get(link).text
    assert stops(books) == {}
    answer = browser.post(link, data={"List-Unsubscribe": "One-Click"})
    assert "You get no more offers" in answer.text
    assert stops(books) == {"marketing": "the customer asked"}
    assert "Set-Cookie" not in answer.headers


def test_a_forged_link_and_one_for_another_purpose_decline_nothing(app, keep, make, books):
    keep(make.shop())
    browser = app.test_client()
    forged = "/unsubscribe/" + path(customer_link(SETTINGS, "fern", ADDRESS)).removeprefix("/o/")
    for link in (forged, path(unsubscribe_link(SETTINGS, "fern", ADDRESS))[:-2], "/unsubscribe/x"):
        assert browser.post(link).status_code == 404
    assert browser.post(path(unsubscribe_link(SETTINGS, "moss", ADDRESS))).status_code == 404
    assert stops(books) == {}
