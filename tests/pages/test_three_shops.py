"""Three shops whose orders, items, supplies and rows bear the same ids: who is signed in to one meets no other."""

import re
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import select

from connectors.database.tables import metadata
from core.snapshots import Customer
from tests.pages.builders import NOW, forecast, item, line, order, supply
from tests.pages.builders import shop as a_shop

OTHERS = ("moss", "reed")
NAMED = {
    "order": "2001", "sku": "owl-lamp", "endpoint": "1", "do": "test", "language": "en", "kind": "waiting", "name": "calm",
    "webhook": "1", "supply": "PO-1", "how": "ready",
}  # fmt: skip
NUMBERS = [str(number) for number in range(1, 13)]
FIELDS = {
    "order": "2001", "sku": "owl-lamp", "id": "PO-1", "location": "main", "do": "again", "units": "1", "ordered": "4",
    "text": "a word", "line": "a", "name": "mine", "place": "orders", "sure": "1", "received": "1", "address": "x@shop.example",
}  # fmt: skip
BY_NUMBER = ("action", "delivery", "message", "notice", "session", "entry", "endpoint")


@pytest.fixture
def books(any_books):
    return any_books


@pytest.fixture
def three(lively, keep, books):
    """`lively` has two shops; a third, and in each the same ids under which something of its own is written."""
    keep(a_shop("reed", "woocommerce", "Reed canary"))
    for key in ("fern", *OTHERS):
        made = order("2001", line("a", "owl-lamp", 4, title=f"Lamp canary-{key}", on_hand=1), shop=key)
        person = Customer(id="c1", name=f"Person canary-{key}", email=f"canary-{key}@example.com", country="SE")
        row = supply("PO-1", "owl-lamp", 9, NOW.date() + timedelta(days=9), shop=key)
        keep(
            replace(made, snapshot=replace(made.snapshot, customer=person)), item("owl-lamp", (1, 0), title=f"Lamp canary-{key}"),
            replace(row, supplier=f"Mill canary-{key}"), shop=key,
        )  # fmt: skip
        with books.write() as unit:
            unit.planning.put([(forecast("owl-lamp", shop=key), "0owl-lamp")], since={})
            unit.hooks.add(key, f"https://canary-{key}.example.com/", ["order.ready"], "whsec_x", at=NOW)
            unit.audit.write(shop=key, at=NOW, actor="engine", what="decided", why=f"canary-{key}", order="2001")
            unit.inbox.add(shop=key, topic="orders/paid", key="1", body=b"{}", at=NOW)


def addresses(app, method, shop):
    """Each address that takes this method, its names filled in with what every one of the shops has."""
    names = NAMED | {"shop": shop}
    for rule in app.url_map.iter_rules():
        if method in rule.methods and not rule.rule.startswith(("/api/", "/o/", "/unsubscribe/", "/assets/")):
            yield rule.rule, re.sub(r"<(?:[^:<>]+:)?(\w+)>", lambda found: names[found[1]], rule.rule)


def rows_of(books, shops):
    """Every row of these shops in every table that knows shops."""
    with books._door.reading.connect() as connection:
        return [
            tuple(row)
            for table in metadata.sorted_tables
            for column in [table.c.get("shop", table.c.get("id") if table.name == "shops" else None)]
            if column is not None
            for row in connection.execute(select(table).where(column.in_(shops)).order_by(*table.primary_key))
        ]


def test_no_page_and_no_sheet_shows_what_another_shop_has(app, client, three):
    own = set()
    for rule, path in addresses(app, "GET", "fern"):
        answer = client.get(path, query_string={"id": "PO-1", "sku": "owl-lamp", "location": "main", "order": "2001"})
        told = answer.get_data(as_text=True)
        assert not [key for key in OTHERS if f"canary-{key}" in told], path
        own |= {rule} if "canary-fern" in told else set()
    assert {"/orders", "/orders.csv", "/items", "/incoming.csv", "/tools", "/orders/<shop>/<order>"} <= own
    assert len(own) >= 15, own


def test_no_address_with_another_shops_name_is_there_and_nothing_changes(app, client, books, send, three):
    token = client.get("/connect").get_data(as_text=True).split('name="csrf_token" value="')[1].split('"')[0]
    before, tried = rows_of(books, ("fern", *OTHERS)), 0
    for method in ("GET", "POST"):
        for rule, path in addresses(app, method, "moss"):
            if "<shop>" in rule:
                answer = client.open(path, method=method, data=FIELDS | {"csrf_token": token})
                assert (path, answer.status_code) == (path, 404)
                tried += 1
    assert tried >= 20
    assert rows_of(books, ("fern", *OTHERS)) == before


def test_no_form_reaches_a_row_of_another_shop_by_its_number(app, client, books, three):
    token = client.get("/connect").get_data(as_text=True).split('name="csrf_token" value="')[1].split('"')[0]
    before, own = rows_of(books, OTHERS), rows_of(books, ("fern",))
    given = FIELDS | dict.fromkeys(BY_NUMBER, NUMBERS) | {"shop": "moss", "csrf_token": token}
    for number in NUMBERS:
        for rule, path in addresses(app, "POST", "fern"):
            if rule in {"/logout", "/people/out"} or (
                number != "1" and not set(BY_NUMBER) & set(re.findall(r"\w+", rule))
            ):
                continue
            answer = client.post(path.replace("/1/", f"/{number}/"), data=given)
            assert answer.status_code < 500, path
    assert rows_of(books, OTHERS) == before
    assert rows_of(books, ("fern",)) != own
