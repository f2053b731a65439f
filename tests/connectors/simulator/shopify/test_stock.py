"""Stock arithmetic: orders commit, parcels take from on hand, what is for sale is the difference."""

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from connectors.simulator.shopify import ShopifyShop
from core.errors import Misuse
from tests.draws import examples


@pytest.fixture
def mugs(shop):
    shop.add_product("MUG", "Mug", "12.50", 10)
    return shop


def numbers(shop, sku="MUG"):
    return shop.on_hand(sku), shop.available(sku)


def test_an_order_commits_and_leaves_on_hand_alone(mugs):
    mugs.checkout([("MUG", 4)])
    assert numbers(mugs) == (10, 6)


def test_available_goes_below_zero_where_an_item_is_sold_beyond_its_stock(mugs):
    mugs.checkout([("MUG", 14)])
    assert numbers(mugs) == (10, -4)


def test_an_item_that_is_not_sold_beyond_its_stock_is_refused_at_the_checkout(shop):
    shop.add_product("CUP", "Cup", "5", 2, policy="deny")
    with pytest.raises(Misuse, match="only 2 left"):
        shop.checkout([("CUP", 3)])
    assert numbers(shop, "CUP") == (2, 2)


def test_shipping_takes_from_on_hand_and_frees_what_was_committed(mugs):
    order = mugs.checkout([("MUG", 4)])
    mugs.fulfil(order, {mugs.line(order, "MUG"): 3})
    assert numbers(mugs) == (7, 6)
    mugs.fulfil(order)
    assert numbers(mugs) == (6, 6)


def test_an_undone_parcel_brings_its_units_back_and_they_wait_again(mugs):
    order = mugs.checkout([("MUG", 4)])
    parcel = mugs.fulfil(order)
    mugs.cancel_parcel(parcel)
    mugs.cancel_parcel(parcel)
    assert numbers(mugs) == (10, 6)
    mugs.fulfil(order)
    assert numbers(mugs) == (6, 6)


@pytest.mark.parametrize(("restock", "left"), [("cancel", (10, 8)), ("no_restock", (8, 6))])
def test_a_refund_before_shipping_frees_the_units_or_gives_them_up(mugs, restock, left):
    order = mugs.checkout([("MUG", 4)])
    mugs.refund(order, {mugs.line(order, "MUG"): 2}, restock=restock)
    assert numbers(mugs) == left
    (line,) = mugs.state.order(order).lines
    assert (line.quantity, line.current, line.unfulfilled) == (4, 2, 2)


@pytest.mark.parametrize(("restock", "left"), [("return", (8, 8)), ("no_restock", (6, 6))])
def test_a_refund_after_shipping_brings_units_back_or_not(mugs, restock, left):
    order = mugs.checkout([("MUG", 4)])
    mugs.fulfil(order)
    mugs.refund(order, {mugs.line(order, "MUG"): 2}, restock=restock)
    assert numbers(mugs) == left
    (line,) = mugs.state.order(order).lines
    assert (line.quantity, line.current, line.unfulfilled) == (4, 2, 0)


def test_more_than_was_bought_cannot_be_refunded(mugs):
    order = mugs.checkout([("MUG", 4)])
    with pytest.raises(Misuse):
        mugs.refund(order, {mugs.line(order, "MUG"): 5})


def test_a_cancelled_and_refunded_order_falls_to_zero(api, mugs):
    order = mugs.checkout([("MUG", 4)])
    mugs.cancel(order)
    assert numbers(mugs) == (10, 10)
    assert api.fulfilment_orders(order) == [(1001, "CLOSED", [(1001, 0, 0)])]
    assert mugs.state.order(order).financial == "REFUNDED"


def test_a_cancelled_order_that_is_not_refunded_keeps_its_numbers_on_closed_fulfilment_orders(api, mugs):
    order = mugs.checkout([("MUG", 4)])
    mugs.cancel(order, refund=False)
    assert numbers(mugs) == (10, 10)
    assert api.fulfilment_orders(order) == [(1001, "CLOSED", [(1001, 4, 4)])]


@pytest.mark.parametrize("before", ["fulfil", "start_picking"])
def test_an_order_that_has_begun_to_ship_cannot_be_cancelled(mugs, before):
    order = mugs.checkout([("MUG", 4)])
    getattr(mugs, before)(order)
    with pytest.raises(Misuse, match="outstanding fulfillments"):
        mugs.cancel(order)


def test_an_order_is_cancelled_once(mugs):
    order = mugs.checkout([("MUG", 4)])
    mugs.cancel(order)
    with pytest.raises(Misuse, match="already been canceled"):
        mugs.cancel(order)


def test_editing_a_line_down_frees_units_and_up_commits_more_in_a_new_fulfilment_order(api, mugs):
    order = mugs.checkout([("MUG", 4)])
    line = mugs.line(order, "MUG")
    mugs.edit_line(order, line, 1)
    assert numbers(mugs) == (10, 9)
    assert api.fulfilment_orders(order) == [(1001, "OPEN", [(1001, 1, 1)])]
    mugs.edit_line(order, line, 3)
    assert numbers(mugs) == (10, 7)
    assert api.fulfilment_orders(order) == [(1001, "OPEN", [(1001, 1, 1)]), (1002, "OPEN", [(1002, 2, 2)])]


def test_removed_units_come_from_what_is_open_before_what_is_held(api, mugs):
    order = mugs.checkout([("MUG", 4)])
    api.hold(1001, [(1001, 2)])
    mugs.edit_line(order, mugs.line(order, "MUG"), 1)
    assert api.fulfilment_orders(order) == [(1001, "ON_HOLD", [(1001, 1, 1)]), (1002, "CLOSED", [(1002, 0, 0)])]


def test_a_merchant_cannot_ship_what_is_held(api, mugs):
    order = mugs.checkout([("MUG", 4)])
    api.hold(1001, [(1001, 3)])
    with pytest.raises(Misuse, match="not so many units"):
        mugs.fulfil(order, {mugs.line(order, "MUG"): 2})
    mugs.fulfil(order)
    assert numbers(mugs) == (9, 6)


def test_untracked_items_have_no_stock_to_commit(shop):
    shop.add_product("CARD", "Card", "3", 5, tracked=False)
    shop.fulfil(shop.checkout([("CARD", 2)]))
    assert numbers(shop, "CARD") == (5, 5)


def test_goods_on_their_way_count_as_incoming_until_they_arrive(api, mugs, clock):
    query = """{ inventoryItem(id: "gid://shopify/InventoryItem/1001") { inventoryLevels(first: 1) { nodes {
        quantities(names: ["on_hand", "available", "committed", "incoming"]) { name quantity } } } } }"""

    def quantities():
        (level,) = api.data(query)["inventoryItem"]["inventoryLevels"]["nodes"]
        return [entry["quantity"] for entry in level["quantities"]]

    mugs.checkout([("MUG", 12)])
    transfer = mugs.add_transfer("MUG", 30, datetime(2026, 12, 1, tzinfo=UTC))
    assert quantities() == [10, -2, 12, 30]
    mugs.receive_transfer(transfer, 20)
    assert quantities() == [30, 18, 12, 10]
    mugs.receive_transfer(transfer)
    assert quantities() == [40, 28, 12, 0]


def test_a_transfer_that_is_called_off_no_longer_comes(api, mugs):
    transfer = mugs.add_transfer("MUG", 30)
    mugs.cancel_transfer(transfer)
    query = (
        "{ inventoryTransfers(first: 5) { nodes { status shipments(first: 1) { nodes { tracking { arrivesAt } } } } } }"
    )
    (found,) = api.data(query)["inventoryTransfers"]["nodes"]
    assert found == {"status": "CANCELED", "shipments": {"nodes": [{"tracking": None}]}}


def test_a_quantity_name_that_the_platform_does_not_have_is_an_error(api, mugs):
    query = """{ inventoryItem(id: "gid://shopify/InventoryItem/1001") { inventoryLevels(first: 1) { nodes {
        quantities(names: ["physical"]) { quantity } } } } }"""
    (error,) = api.ask(query)["errors"]
    assert error["extensions"]["code"] == "INVALID_FIELD_ARGUMENTS"


STEPS = st.lists(
    st.tuples(
        st.sampled_from(["order", "ship", "cancel", "refund", "edit", "pick", "hold", "unhold", "restock"]),
        st.integers(0, 3),
        st.integers(1, 4),
    ),
    max_size=25,
)


def take_step(shop, orders, step, which, units):
    if step == "order" or not orders:
        orders.append(shop.checkout([("MUG", units), ("CUP", 1)]))
        return
    order = orders[which % len(orders)]
    line = shop.line(order, "MUG")
    acts = {
        "ship": lambda: shop.fulfil(order, {line: units}),
        "cancel": lambda: shop.cancel(order, restock=units % 2 == 0, refund=units < 3),
        "refund": lambda: shop.refund(order, {line: units}, restock=["cancel", "no_restock"][units % 2]),
        "edit": lambda: shop.edit_line(order, line, units),
        "pick": lambda: shop.start_picking(order),
        "hold": lambda: shop.foreign_hold(order),
        "unhold": lambda: shop.remove_hold(order),
        "restock": lambda: shop.restock("CUP", units),
    }
    try:
        acts[step]()
    except Misuse:
        return


@given(steps=STEPS)
@examples(60)
def test_committed_units_are_those_of_living_fulfilment_orders_whatever_people_do(steps):
    now = datetime(2026, 11, 2, tzinfo=UTC)
    shop = ShopifyShop(domain="a", access_token="t", client_id="c", client_secret="s", now=lambda: now)
    shop.add_product("MUG", "Mug", "2", 5)
    shop.add_product("CUP", "Cup", "3", 0)
    orders = []
    for step, which, units in steps:
        take_step(shop, orders, step, which, units)
    state = shop.state
    for sku in ("MUG", "CUP"):
        (level,) = state.levels_of(state.by_sku[sku].item)
        lines = {line.id for order in state.orders.values() for line in order.lines if line.sku == sku}
        rows = [row for row in state.fulfilment_orders.values() if row.alive]
        assert level.committed == sum(part.remaining for row in rows for part in row.lines if part.line in lines)
    for order in state.orders.values():
        for line in order.lines:
            left = [p.remaining for row in state.of_order(order) if row.alive for p in row.lines if p.line == line.id]
            assert sum(left) == (0 if order.cancelled_at else line.unfulfilled)
            assert 0 <= line.fulfilled <= line.quantity - line.removed
