"""Connecting a shop, comparing, leaving, and letting people and programs in."""

import json
import re
from datetime import UTC, datetime

import pytest

from connectors.simulator.woocommerce import WooCommerceStore


@pytest.mark.parametrize("words", ["sync", "disconnect", "api-token", "login-link"])
def test_an_unknown_shop_is_one_line_that_lists_the_known_ones(terminal, words):
    assert terminal.refused(words, "nobody") == "no shop 'nobody' is connected here; known: none yet"


@pytest.fixture
def store():
    """A simulated WooCommerce store, served."""
    made = WooCommerceStore(consumer_key="ck_1", consumer_secret="cs_1", now=lambda: datetime.now(UTC))
    server = made.open()
    made.url = server.url
    yield made
    made.hooks.close()
    server.close()


@pytest.mark.parametrize(
    "proof", [["--token", "token"], ["--client-credentials"], ["--client-credentials", "--mode", "act"]], ids=" ".join
)
def test_a_shopify_shop_connects_and_prints_one_object(shopify, shop, proof):
    told = json.loads(shopify.last_line("connect", "shopify", shop.domain, *proof))
    assert told.keys() == {"shop", "login"}
    assert told["shop"] == "north-store"
    assert shopify.app.test_client().get(told["login"]).status_code == 303
    with shopify.app.extensions["backorder"].books.read() as unit:
        assert unit.shops.get("north-store").policy.mode == ("act" if "act" in proof else "observe")


def test_a_token_may_come_from_the_environment(shopify, shop):
    shopify.app.config["BACKORDER_ENVIRONMENT"]["BACKORDER_SHOPIFY_TOKEN"] = "token"
    assert json.loads(shopify.last_line("connect", "shopify", shop.domain))["shop"] == "north-store"
    assert (
        json.loads(shopify.last_line("connect", "shopify", shop.domain, "--client-credentials"))["shop"]
        == "north-store"
    )


def test_a_wrong_app_secret_connects_nothing(shopify, shop):
    shop.tokens.client_secret = "another"
    shopify.refused("connect", "shopify", shop.domain, "--client-credentials")
    assert "known: none yet" in shopify.refused("login-link", "north-store")


def test_a_wrong_token_connects_nothing(shopify, shop):
    shopify.refused("connect", "shopify", shop.domain, "--token", "wrong")
    assert "known: none yet" in shopify.refused("login-link", "north-store")


def test_what_is_no_shopify_shop_is_one_line(shopify, shop):
    assert shopify.refused("connect", "shopify", "shop.example.com", "--token", "token").startswith(
        "not a Shopify shop: "
    )
    assert shop.journal.entries() == ()


def test_client_credentials_need_the_apps_own(service):
    told = service().refused("connect", "shopify", "north-store", "--client-credentials")
    assert told == "set BACKORDER_SHOPIFY_CLIENT_ID and BACKORDER_SHOPIFY_CLIENT_SECRET first"


def test_a_woocommerce_store_connects_and_prints_one_object(service, store):
    opened = service()
    told = json.loads(
        opened.last_line("connect", "woocommerce", store.url, "--key", "ck_1", "--secret", "cs_1", "--mode", "act")
    )
    assert told.keys() == {"shop", "login", "webhooks"}
    assert told["webhooks"] == f"{opened.url}/webhooks/woocommerce/{told['shop']}"
    assert opened.app.test_client().get(told["login"]).status_code == 303


def test_a_plain_http_store_is_refused_before_anybody_is_contacted(terminal, store):
    told = terminal.refused("connect", "woocommerce", store.url, "--key", "ck_1", "--secret", "cs_1")
    assert "must begin with https://" in told
    assert store.journal.entries() == ()


def test_a_wrong_key_connects_nothing_and_is_not_repeated(service, store):
    opened = service()
    assert "cs_wrong" not in opened.refused(
        "connect", "woocommerce", store.url, "--key", "ck_1", "--secret", "cs_wrong"
    )
    assert "known: none yet" in opened.refused("login-link", store.url)


@pytest.mark.parametrize("name", ["north-store", "north-store.myshopify.com", "https://north-store.myshopify.com/"])
def test_a_sign_in_link_works_once_whatever_the_shop_is_called_by(connected, name):
    link = connected.last_line("login-link", name)
    assert link.startswith(f"{connected.url}/login?login=")
    assert connected.app.test_client().get(link).status_code == 303
    assert connected.app.test_client().get(link).status_code == 403


def test_a_token_is_printed_alone_and_opens_the_api(connected):
    done = connected.type("api-token", "north-store")
    token = done.stdout.rstrip("\n")
    assert re.fullmatch(r"[\w-]{40,}", token)
    browser = connected.app.test_client()
    assert browser.get("/api/v1/orders", headers={"Authorization": f"Bearer {token}"}).status_code == 200
    assert browser.get("/api/v1/orders", headers={"Authorization": f"Bearer {token}x"}).status_code == 401


def test_the_worker_reads_the_orders_from_before_and_a_sync_finds_nothing_more(connected):
    assert connected.type("worker", "--until-idle").exit_code == 0
    token = connected.last_line("api-token", "north-store")
    answer = connected.app.test_client().get("/api/v1/orders", headers={"Authorization": f"Bearer {token}"})
    assert [order["decision"] for order in answer.json["items"]] == ["ship_part"]
    assert json.loads(connected.last_line("sync", "north-store"))["orders"] == []


@pytest.mark.parametrize("since", ["2026-11-01", "0001-01-01", "2026-11-01T10:00:00+02:00"])
def test_a_sync_prints_the_orders_that_differed(connected, since):
    (order,) = json.loads(connected.last_line("sync", "north-store", "--since", since))["orders"]
    assert order.isdigit()


def test_a_shop_that_was_left_is_not_called_again(connected, shop):
    assert json.loads(connected.last_line("disconnect", "north-store")) == {
        "shop": "north-store", "orders_cleaned": 0, "not_removed": {}, "erased": False,
    }  # fmt: skip
    shop.journal.clear()
    assert "is not connected: connect it again" in connected.refused("sync", "north-store")
    assert shop.journal.entries() == ()
    assert json.loads(connected.last_line("disconnect", "north-store", "--erase"))["erased"] is True
    assert "known: none yet" in connected.refused("sync", "north-store")


def test_a_lost_device_is_forgotten_by_who_runs_the_service(connected):
    house = connected.app.extensions["furnish"]()
    with house.books.write() as unit:
        for person in ("", "A"):
            unit.second_factors.begin("north-store", person, "a secret")
            unit.second_factors.confirm("north-store", person, ["a digest"])
    connected.last_line("login-link", "north-store")
    with house.books.read() as unit:
        assert unit.second_factors.people("north-store") == ("", "A")
    connected.last_line("login-link", "north-store", "--forget-second-factor")
    with house.books.read() as unit:
        assert unit.second_factors.people("north-store") == ("A",)
        assert unit.audit.page("north-store").items[0].what == "switched somebody's second factor off"
