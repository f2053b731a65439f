"""A Shopify signature does not cover the shop's name: a body under another's name changes nothing."""

import json
from dataclasses import replace
from datetime import UTC, datetime

import pytest

from connectors.database.shops import ShopTable
from connectors.simulator.serving import serve
from connectors.simulator.shopify import ShopifyShop
from core.planning.merge import without_time
from tests.webhooks.conftest import NOW, TOPICS, facts_of

pytestmark = pytest.mark.usefixtures("one_day")  # a new day is a new plan


@pytest.fixture
def street(service_of):
    """Two simulated Shopify shops under one origin, connected; each has sold 8 mugs of 5."""
    made = {
        f"{key}.myshopify.com": ShopifyShop(
            domain=f"{key}.myshopify.com", access_token=f"token-{key}", client_id="id", client_secret="app-secret",
            now=lambda: datetime.now(UTC), seed=seed,
        )
        for seed, key in enumerate(("north", "south"))
    }  # fmt: skip

    def walk(environ, start_response):
        return made[environ["PATH_INFO"].split("/")[1]].wsgi(environ, start_response)

    with serve(walk) as origin:
        service = service_of(
            BACKORDER_SHOPIFY_ORIGIN=origin.url + "/{shop}", BACKORDER_BASE_URL="https://backorder.example.com"
        )
        service.shops = made
        for domain, one in made.items():
            # What the shops send by themselves is of no interest here, and nobody listens at that address.
            one.hooks.drop = 1.0
            one.add_product("MUG", "Enamel mug", "12.50", 5)
            one.checkout([("MUG", 8)], customer="Customer 12")
            token = {"grant": "token", "access_token": f"token-{domain.split('.')[0]}"}
            service.house.desk.connect("shopify", domain, token, mode="observe")
        service.work()
        yield service
        for one in made.values():
            one.hooks.close()


def known(service, key):
    found, credentials, orders, items = facts_of(service, key)
    told = [(without_time(record.snapshot), record.plan, record.promised_on, record.hands_off) for record in orders]
    with service.books.read() as unit:
        actions = [(row.kind, row.state) for record in orders for row in unit.outbox.of_order(key, record.id)]
    return (
        replace(found, synced_at=None),
        credentials,
        told,
        [replace(item.snapshot, read_at=NOW) for item in items],
        actions,
    )


def swapped(mine, theirs):
    """A body of the northern shop that names the southern one's order as well."""
    inner = dict.fromkeys(("id", "order_id", "inventory_item_id"), int(mine.id))
    shops = {"shop_domain": "north.myshopify.com", "myshopify_domain": "north.myshopify.com"}
    person = {"customer": {"id": 1, "email": theirs.snapshot.customer.email}, "orders_to_redact": [int(theirs.id)]}
    hold = {"fulfillment_order": {"id": f"gid://shopify/FulfillmentOrder/{mine.id}"}}
    return json.dumps(inner | shops | person | hold | {"variants": [inner], "order_edit": inner}).encode()


def test_a_body_of_one_shop_under_the_name_of_another_changes_nothing(street):
    (mine,), (theirs,) = street.orders("north"), street.orders("south")
    assert (mine.plan.decision, theirs.plan.decision) == ("ship_part", "ship_part")
    body, before = swapped(mine, theirs), known(street, "south")
    for topic in (*TOPICS["shopify"], "locations/update", "shop/update", "inventory_transfers/add_items"):
        assert street.send("shopify", body, to="south.myshopify.com", topic=topic).status_code == 200
        told = street.work()
        assert [entry for entry in told if "exc_info" in entry or "exception" in entry] == [], topic
        assert known(street, "south") == before, topic
    writes = street.shops["south.myshopify.com"].journal.writes()
    assert [entry for entry in writes if "ebhook" not in entry.name] == []
    with street.books.read() as unit:
        kept = {row.topic for row in unit.inbox.dead("south")}
    # What surely was not theirs is not kept for another try either.
    assert kept.isdisjoint({"app/uninstalled", "shop/redact", "customers/redact", "customers/data_request"})


@pytest.mark.parametrize(("topic", "left"), [("app/uninstalled", "uninstalled"), ("shop/redact", None)])
def test_the_same_body_under_its_own_name_is_obeyed(street, topic, left, monkeypatch):
    body, before = swapped(*street.orders("north"), *street.orders("south")), known(street, "south")
    locked = []
    monkeypatch.setattr(ShopTable, "lock", lambda _table, shop: locked.append(shop))
    assert street.send("shopify", body, to="north.myshopify.com", topic=topic).status_code == 200
    street.work()
    with street.books.read() as unit:
        found = unit.shops.get("north")
        assert unit.shops.credentials("north") == {}
        assert unit.outbox.counts("north").keys() <= {"skipped"}
    # Whoever plans the shop just then has written what they know of it before, or finds it left.
    assert locked == ["north"]
    assert (found.state if found else None) == left
    assert known(street, "south") == before
