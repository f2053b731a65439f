"""Our webhook subscriptions are exactly those that we need; and who the shop says it is."""

import json
from pathlib import Path

import pytest

from connectors.shopify import scopes
from connectors.shopify.answers import Refused
from connectors.shopify.subscriptions import TOPICS, WITH_SCOPE
from core.snapshots import PlaceSnapshot

URL = "https://backorder.example.com/webhooks/shopify"


def name(topic):
    return topic.upper().replace("/", "_")


def row(number, topic, uri=URL, **changes):
    return {
        "id": f"gid://shopify/WebhookSubscription/{number}", "topic": name(topic), "uri": uri, "format": "JSON", "filter": None,
        **changes,
    }  # fmt: skip


def who(*granted):
    return {
        "shop": {
            "id": "gid://shopify/Shop/1", "name": "Fern", "myshopifyDomain": "fern.myshopify.com",
            "email": "fern@example.com", "currencyCode": "EUR", "ianaTimezone": "Europe/Berlin",
        },
        "currentAppInstallation": {"id": "x", "accessScopes": [{"handle": scope} for scope in granted]},
    }  # fmt: skip


@pytest.fixture
def standing(shop, node):
    """Let these subscriptions stand; creations and deletions succeed."""

    def set_up(*rows, scopes=("read_orders",)):
        shop.answer("Webhooks", {"webhookSubscriptions": node.page(*rows)})
        shop.answer("ShopProfile", who(*scopes))
        shop.serve(
            "WebhookCreate",
            lambda v: {"webhookSubscriptionCreate": {"webhookSubscription": {"id": "x"}, "userErrors": []}},
        )
        shop.serve(
            "WebhookDelete",
            lambda v: {"webhookSubscriptionDelete": {"deletedWebhookSubscriptionId": v["id"], "userErrors": []}},
        )

    return set_up


HEARD = (
    "orders/create", "orders/updated", "orders/edited", "orders/cancelled", "orders/delete", "refunds/create",
    "fulfillments/create", "fulfillments/update", "fulfillment_holds/added", "fulfillment_holds/released",
    "fulfillment_orders/progress_reported", "fulfillment_orders/rescheduled", "inventory_levels/disconnect",
    "locations/deactivate", "app/uninstalled", "app/scopes_update",
)  # fmt: skip


@pytest.mark.parametrize("topic", HEARD)
def test_what_changes_units_or_says_that_we_are_gone_is_heard(topic):
    assert topic in TOPICS


@pytest.mark.parametrize("version", ["2026-07", "2026-10"])
def test_every_topic_is_one_of_the_platforms(version):
    text = (Path(__file__).parents[3] / "connectors" / "simulator" / "schema" / f"admin_{version}.graphql").read_text()
    known = text[text.index("enum WebhookSubscriptionTopic") :].partition("}")[0].split()
    assert {name(topic) for topic in (*TOPICS, *WITH_SCOPE)} <= set(known)


ALL = [row(n, topic) for n, topic in enumerate(TOPICS)]


def test_a_new_shop_gets_every_topic_once(shop, connector, standing):
    standing()
    said = connector.subscribe(URL, "secret")
    asked = shop.asked("WebhookCreate")
    assert [one["topic"] for one in asked] == [name(topic) for topic in TOPICS]
    assert all(one["sub"] == {"uri": URL, "format": "JSON"} for one in asked)
    assert said[0] == "orders/create: subscribed"


def test_nothing_is_written_when_all_stand(shop, connector, standing):
    standing(*ALL)
    assert connector.subscribe(URL, "secret") == ()
    assert set(shop.operations()) == {"Webhooks", "ShopProfile"}


def test_a_lost_one_is_found_and_restored(shop, connector, standing):
    standing(*ALL[1:])
    assert connector.subscribe(URL, "secret") == ("orders/create: subscribed",)


@pytest.mark.parametrize(
    "wrong",
    [
        row(99, "orders/create"),
        row(99, "orders/create", uri="https://old.example.com/webhooks/shopify"),
        row(99, "orders/create", uri="pubsub://project:topic"),
        row(99, "carts/create"),
        row(99, "orders/create", filter="total_price:>100"),
        row(99, "orders/create", format="XML"),
    ],
    ids=["twice", "elsewhere", "other kind", "other topic", "filtered", "xml"],
)
def test_what_is_not_needed_is_removed(shop, connector, standing, wrong):
    standing(*ALL, wrong)
    said = connector.subscribe(URL, "secret")
    assert shop.asked("WebhookDelete") == [{"id": wrong["id"]}]
    assert len(said) == 1
    assert "removed" in said[0]


def test_supply_topics_are_asked_for_where_the_scope_is_granted(shop, connector, standing):
    standing(*ALL, scopes=("read_inventory_transfers", "read_inventory_shipments"))
    connector.subscribe(URL, "secret")
    made = {one["topic"] for one in shop.asked("WebhookCreate")}
    assert made == {
        name(topic) for topic, scope in WITH_SCOPE.items() if scope != "read_inventory_shipments_received_items"
    }


def refusal(message, code=None):
    return {
        "webhookSubscriptionCreate": {"webhookSubscription": None, "userErrors": [{"field": ["x"], "message": message}]}
    }


DENIED = {
    "data": {"webhookSubscriptionCreate": None},
    "errors": [
        {"message": "Access denied", "extensions": {"code": "ACCESS_DENIED"}, "path": ["webhookSubscriptionCreate"]}
    ],
}


@pytest.mark.parametrize(
    ("answer", "said"),
    [
        (DENIED, "orders/create: not subscribed, the app may not"),
        (
            {"data": refusal("You do not have permission to create webhooks with orders/create topic.")},
            "orders/create: not subscribed",
        ),
        ({"data": refusal("Address for this topic has already been taken")}, "orders/create: subscribed"),
    ],
)
def test_a_refused_topic_is_told_and_not_fatal(shop, connector, node, answer, said):
    shop.answer("Webhooks", {"webhookSubscriptions": node.page(*ALL[1:])})
    shop.answer("ShopProfile", who())
    shop.answer_raw("WebhookCreate", answer)
    (told,) = connector.subscribe(URL, "secret")
    assert told.startswith(said)


def test_an_address_that_the_platform_does_not_take_is_fatal(shop, connector, node):
    shop.answer("Webhooks", {"webhookSubscriptions": node.page(*ALL[1:])})
    shop.answer("ShopProfile", who())
    shop.answer_raw("WebhookCreate", {"data": refusal("Address protocol http:// is not supported")})
    with pytest.raises(Refused, match="http"):
        connector.subscribe("http://backorder.example.com/webhooks/shopify", "secret")


def test_leaving_removes_all_of_ours_page_by_page(shop, connector, node):
    shop.answer(
        "Webhooks", {"webhookSubscriptions": node.page(ALL[0], more="C1")}, {"webhookSubscriptions": node.page(ALL[1])}
    )
    shop.answer("WebhookDelete", {"webhookSubscriptionDelete": {"deletedWebhookSubscriptionId": "x", "userErrors": []}})
    shop.answer(
        "WebhookDelete",
        {
            "webhookSubscriptionDelete": {
                "deletedWebhookSubscriptionId": None,
                "userErrors": [{"field": None, "message": "does not exist"}],
            }
        },
    )
    connector.unsubscribe(URL)
    assert [one["id"] for one in shop.asked("WebhookDelete")] == [ALL[0]["id"], ALL[1]["id"]]


def test_a_shop_says_who_it_is(shop, connector, node):
    shop.answer("ShopProfile", who("read_orders", "write_orders"))
    place = {"id": node.gid("Location", 5), "name": "Main", "isActive": True, "fulfillsOnlineOrders": True}
    other = {"id": node.gid("Location", 6), "name": "Old", "isActive": False, "fulfillsOnlineOrders": False}
    shop.answer("Locations", {"locations": node.page(place, more="C")}, {"locations": node.page(other)})
    seen = connector.profile()
    assert (seen.name, seen.currency, seen.timezone, seen.domain) == (
        "Fern",
        "EUR",
        "Europe/Berlin",
        "fern.myshopify.com",
    )
    assert seen.locations == (
        PlaceSnapshot(id="5", name="Main"),
        PlaceSnapshot(id="6", name="Old", active=False, ships_online=False),
    )
    assert seen.scopes == {"read_orders", "write_orders"}
    assert seen.email == "fern@example.com"
    assert "Grant the scope read_products: with it items and their prices are read." in seen.lacks
    assert not [sentence for sentence in seen.lacks if "read_orders" in sentence]


def test_a_shop_that_hides_its_places_is_still_a_shop(shop, connector):
    shop.answer("ShopProfile", who("read_orders"))
    denied = {"message": "Access denied", "path": ["locations"], "extensions": {"code": "ACCESS_DENIED"}}
    shop.answer("Locations", None, errors=[denied])
    seen = connector.profile()
    assert seen.locations == ()
    assert any("read_locations" in sentence for sentence in seen.lacks)


def test_what_every_scope_is_for_is_known_and_what_is_granted_is_not_asked_for_again():
    assert scopes.lacking(scopes.asked_for()) == ()
    assert len(scopes.lacking(())) == len(scopes.asked_for())
    assert all(f"read_{topic}" in scopes.asked_for() for topic in ("orders", "products", "inventory", "locations"))
    assert not any("read_products" in sentence for sentence in scopes.lacking({"write_products"}))


def test_a_version_that_is_served_no_longer_is_said(shop, connector, node):
    told = json.dumps({"data": who("read_orders")})
    shop.answer_raw("ShopProfile", (200, {"X-Shopify-API-Version": "2027-01"}, told))
    shop.answer_raw(
        "Locations", (200, {"X-Shopify-API-Version": "2027-01"}, json.dumps({"data": {"locations": node.page()}}))
    )
    assert any(
        "2027-01" in sentence and "BACKORDER_SHOPIFY_API_VERSION" in sentence for sentence in connector.profile().lacks
    )


def test_a_shop_whose_key_may_not_say_its_scopes_is_still_a_shop(shop, connector, node):
    told = {
        "data": {**who(), "currentAppInstallation": None},
        "errors": [{"message": "no", "path": ["currentAppInstallation"]}],
    }
    shop.answer_raw("ShopProfile", (200, {}, json.dumps(told)))
    shop.answer("Locations", {"locations": node.page()})
    assert connector.profile().scopes == frozenset()
