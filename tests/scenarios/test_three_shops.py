"""Three shops at work in one house, with the same goods, the same person and, in two of them, the same order numbers."""

import re
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import select

from connectors.database.tables import metadata
from connectors.mail import Memory
from core.hooks.outgoing import EVENTS, new_secret
from pages.customer_links import read_link
from tests.connectors.receiving import Receiver
from tests.scenarios.conftest import Service, ShopifySide, WooCommerceSide

STOCK = (5, 2, 0)
PERSON = "customer12@example.com"
NOTICES = {"enabled": True, "wording_seen": True, "quiet_from": 0, "quiet_until": 0, "window_minutes": 0}


@pytest.fixture
def sides(any_url, tmp_path):
    """A Shopify shop and two WooCommerce stores, whose orders bear the same numbers, connected to one house."""
    made = (ShopifySide(), WooCommerceSide(), WooCommerceSide())
    service = Service(tmp_path, **made[0].settings, BACKORDER_DATABASE_URL=any_url)
    for side, units in zip(made, STOCK, strict=True):
        side.shop.add_product("MUG", "Enamel mug", "12.50", units)
        side.connect(service.house)
        side.service = service
    yield made
    service.close()
    for side in made:
        side.service = None
        side.close()


def rows_of(side):
    """Every row of this shop in every table."""
    with side.house.books._door.reading.connect() as connection:
        return [
            tuple(row)
            for table in metadata.sorted_tables
            if "shop" in table.c
            for row in connection.execute(
                select(table).where(table.c.shop == side.record.id).order_by(*table.primary_key)
            )
        ]


@pytest.fixture
def post(sides):
    """The mails of all three shops in one list, as the one mail server sees them."""
    house, made = sides[0].house, Memory()
    object.__setattr__(house, "post", replace(house.post, transport=made, sender="orders@shop.example.com"))
    for side in sides:
        side.set_policy(notices=NOTICES)
    return made


@pytest.fixture
def tools(sides):
    """A tool of each shop's merchant, each with a secret of its own."""
    made = [Receiver() for _ in sides]
    for side, tool in zip(sides, made, strict=True):
        tool.secret = new_secret()
        with side.house.books.write() as unit:
            unit.hooks.add(side.record.id, tool.url, list(EVENTS), tool.secret, at=side.house.now())
    yield made
    for tool in made:
        tool.close()


def buys(side):
    who = {"customer": PERSON} if side.platform == "shopify" else {"email": PERSON}
    return str(side.shop.checkout([("MUG", 8)], **who))


def opened_by(mail, settings):
    """The shop and the order whose page the mail leads to."""
    return read_link(settings, re.search(r"/o/([\w.-]+)", mail.get_body(("plain",)).get_content())[1])


def settle(sides):
    for _ in range(2):
        for side in sides:
            side.settle()


def test_three_shops_with_the_same_goods_and_people_stay_apart(sides, post, tools):
    orders = [buys(side) for side in sides]
    settle(sides)
    assert orders[1] == orders[2]
    held = [sum(side.held_outside(order).values()) for side, order in zip(sides, orders, strict=True)]
    assert held == [3, 6, 8]
    # Each script sees its own order; the number of the two stores names another one in each.
    seen = [side.order(order)["lines"][0] for side, order in zip(sides, orders, strict=True)]
    assert [line["backordered"] for line in seen] == held

    # The one person hears from each shop once, and each mail opens the page of its own shop's order.
    settings = sides[0].house.settings
    mails = [mail for mail in post.taken if mail["To"] == PERSON]
    own = [(side.record.id, order) for side, order in zip(sides, orders, strict=True)]
    assert sorted(opened_by(mail, settings) for mail in mails) == sorted(own)
    assert all(tool.came == [] for tool in tools)

    # Goods, and what a person asks for, in one shop: nobody writes to another, and no row of another changes.
    others, written = [rows_of(side) for side in sides[1:]], [len(side.writes()) for side in sides[1:]]
    sides[0].shop.restock("MUG", 2)
    sides[0].enter_supply("PO-1", "MUG", 9, sides[0].house.now().date() + timedelta(days=20))
    settle(sides[:1])
    sides[0].ask(orders[0], "hold")
    settle(sides[:1])
    assert sum(sides[0].held_outside(orders[0]).values()) != held[0]
    assert [rows_of(side) for side in sides[1:]] == others
    assert [len(side.writes()) for side in sides[1:]] == written
    # Its own tool alone is told, and can prove by whom.
    told = [[(event["type"], event["data"]["platform_id"]) for event in tool.events()] for tool in tools]
    assert told == [[("promise.changed", orders[0])], [], []]
    assert {opened_by(mail, settings) for mail in post.taken if mail["To"] == PERSON and mail not in mails} <= {own[0]}

    # Who is forgotten in one shop is not in the others, although number and address are the same.
    with sides[1].house.books.write() as unit:
        unit.orders.redact(sides[1].record.id, (orders[1],), None, PERSON)
    settle(sides)
    assert PERSON not in str(rows_of(sides[1]))
    assert all(PERSON in str(rows_of(side)) for side in (sides[0], sides[2]))

    # A store that leaves for good takes nothing of another with it, and leaves nothing, what was just delivered neither.
    buys(sides[2])
    sides[2].shop.hooks.flush()
    before = [rows_of(side) for side in sides[:2]]
    house = sides[2].house
    house.desk.disconnect(sides[2].record, erase=True)
    assert rows_of(sides[2]) == []
    with house.books.read() as unit:
        assert unit.inbox.counts(sides[2].record.id)["new"] == 0
    assert [rows_of(side) for side in sides[:2]] == before
