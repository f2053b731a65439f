"""Units that arrive move from supply to stock, whichever of the deliveries about it comes first."""

from datetime import UTC, datetime, timedelta
from itertools import permutations

import pytest

from tests.scenarios.letters import kept_back
from tests.scenarios.platforms import only


def waits(side, units):
    order = side.checkout(("MUG", units))
    side.settle()
    return order


def story(side, order):
    """What people would have been told of the order so far."""
    document = side.order(order)
    return [notice["kind"] for notice in document["notices"]], document["completes_on"], document["tags"]


def shuffled(letters, turn):
    orders = list(permutations(range(len(letters))))
    return [letters[place] for place in orders[turn * (len(orders) - 1) // 2]]


@pytest.fixture
def shopify(open_side, request):
    """A Shopify shop with 5 mugs, 6 and 7 more of them on the way, and two orders that wait for all of these."""
    side = open_side()
    side.set_policy(notices={"enabled": True})
    side.shop.add_product("MUG", "Enamel mug", "12.50", 5)
    due = datetime.now(UTC) + timedelta(days=9)
    side.first = side.shop.add_transfer("MUG", 6, due)
    side.shop.add_transfer("MUG", 7, due + timedelta(days=20))
    side.settle()
    side.orders = [waits(side, 11), waits(side, 7), waits(side, 3)]
    return side


@only("shopify", because="WooCommerce has no incoming transfers that are received in its own stock.")
@pytest.mark.parametrize("turn", range(3))
def test_a_receipt_told_in_any_order_changes_no_date_and_says_nothing_wrong(shopify, turn):
    side = shopify
    before = [story(side, order) for order in side.orders]
    with kept_back(side) as box:
        side.shop.receive_transfer(side.first)
        letters = box.empty()
        assert len(letters) >= 3
        for letter in shuffled(letters, turn):
            box.deliver([letter])
            side.service.hands.run_until_idle()
            assert [story(side, order) for order in side.orders[1:]] == before[1:]
    side.settle()
    assert story(side, side.orders[0])[0] == ["waiting", "ready"]
    assert side.order(side.orders[0])["decision"] == "ship_all"
    assert [story(side, order) for order in side.orders[1:]] == before[1:]


@only("shopify", because="WooCommerce has no incoming transfers that are received in its own stock.")
def test_a_receipt_told_by_the_shipment_alone_is_taken_in_whole(shopify):
    side = shopify
    with kept_back(side) as box:
        side.shop.receive_transfer(side.first)
        shipment = [letter for letter in box.empty() if letter[1]["X-Shopify-Topic"].startswith("inventory_shipments")]
        box.deliver(shipment)
        side.service.hands.run_until_idle()
        assert side.order(side.orders[0])["decision"] == "ship_all"


@only("shopify", because="WooCommerce has no incoming transfers that are received in its own stock.")
def test_a_receipt_told_by_the_stock_alone_counts_no_unit_twice(shopify):
    side = shopify
    later = side.order(side.orders[2])["completes_on"]
    with kept_back(side) as box:
        side.shop.receive_transfer(side.first)
        stock = [letter for letter in box.empty() if letter[1]["X-Shopify-Topic"] == "inventory_levels/update"]
        box.deliver(stock)
        side.service.hands.run_until_idle()
        assert side.order(side.orders[0])["decision"] == "ship_all"
        assert (later, side.order(side.orders[2])["completes_on"]) == (None, None)
