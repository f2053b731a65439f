"""Connecting a store by its keys, and the table of abilities."""

import pytest

from core.errors import Unavailable

KEYS = {"url": "https://birch.example.com", "key": "ck_1", "secret": "cs_1"}


def test_the_page_shows_the_commands(client):
    page = client.get("/connect").text
    assert "flask --app app connect shopify name.myshopify.com" in page
    assert "flask --app app connect woocommerce https://store.example.com" in page


def test_a_store_is_connected_and_opened(client, send, books, woken):
    assert send(client, "/connect/woocommerce", **KEYS).status_code == 303
    page = client.get("/").text
    assert "Newly connected is connected." in page
    assert 'href="/?shop=birch" aria-current="true"' in page
    with books.read() as unit:
        assert unit.audit.page("birch").items[0].what == "connected the shop"
    assert woken


def test_a_refusal_is_one_sentence_and_the_secret_is_not_sent_back(client, send):
    answer = send(client, "/connect/woocommerce", **(KEYS | {"key": "ck_wrong"}))
    assert answer.status_code == 422
    assert "the store refused these keys" in answer.text.split('role="alert"')[1].split("</p>")[0]
    assert 'value="ck_wrong"' in answer.text
    assert "cs_1" not in answer.text


def test_a_store_that_does_not_answer_is_told_in_the_form(app_of, keep, make, link_for, send, books):
    class Away(make.desk):
        def connect(self, *args, **kwargs):
            raise Unavailable("the store does not answer: is the address right?")

    keep(make.shop())
    browser = app_of(desk=Away(books)).test_client()
    browser.get(f"/login?login={link_for()}")
    assert "the store does not answer" in send(browser, "/connect/woocommerce", **KEYS).text


@pytest.mark.parametrize("missing", ["url", "key", "secret"])
def test_a_missing_field_is_named_beside_it(client, send, missing):
    answer = send(client, "/connect/woocommerce", **(KEYS | {missing: " "}))
    assert answer.status_code == 422
    assert answer.text.count('class="wrong"') == 1
    assert f'id="{missing}-wrong"' in answer.text


def test_the_table_says_how_far_each_platform_goes(client):
    page = client.get("/capabilities").text
    assert "In words only" in page
    assert "The platform has no store credit" in page


def test_what_no_connector_declares_counts_as_absent(app_of, keep, make, link_for):
    keep(make.shop())
    browser = app_of(supports={}).test_client()
    browser.get(f"/login?login={link_for()}")
    assert "Not declared by its connector" in browser.get("/capabilities").text
