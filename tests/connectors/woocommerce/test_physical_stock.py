"""Units in the building, through everything that people do to orders and shelves of a store.

A simulated store counts as WooCommerce does; beside it we keep what a person with a clipboard would: what was there,
what arrived, and what left.
"""

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from connectors.simulator.woocommerce import WooCommerceStore, fulfillments, payloads, product_payloads
from connectors.woocommerce.items import stock_of
from connectors.woocommerce.order_snapshot import snapshot
from core.planning.shop_facts import physical_on_hand
from core.records import OrderRecord
from core.snapshots import ItemSnapshot
from tests.draws import examples

NOW = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)


class Shelf:
    """A store with one product, and how many units of it a person would find."""

    def __init__(self, units=10, *, parent=False, custom=("packing",)):
        self.store = WooCommerceStore(
            consumer_key="ck", consumer_secret="cs", now=lambda: NOW, fulfillments=True, custom_statuses=custom
        )
        if parent:
            self.store.add_variable_product("SHIRT", "Shirt", "30", {"S": ("MUG", None)}, parent_stock=units)
        else:
            self.store.add_product("MUG", "Mug", "10", units)
        self.there = units
        self.orders = []

    def order(self, units, status="processing"):
        self.orders.append(self.store.checkout([("MUG", units)], status=status))
        return self.orders[-1]

    def line(self, order):
        return self.store.line(order, "MUG")

    def seen(self, order):
        row = self.store.order(order)
        state = self.store.state
        shipments = [fulfillments._shown(state, row, one) for one in row.fulfillments]
        refunds = [payloads.refund(state, row, one) for one in row.refunds]
        return snapshot(payloads.order(state, row), refunds=refunds, shipments=shipments, read_at=NOW)

    def counted(self):
        """Units on hand as the engine is told."""
        product = self.store.state.by_sku("MUG")
        keeper = self.store.state.products[product.parent_id] if product.parent_id else product
        shown = product_payloads.product(self.store.state, keeper)
        tracked, _, stock, excludes = stock_of(shown)
        aliases = (str(product.id),) if product.parent_id else ()
        item = ItemSnapshot(
            platform_id=str(keeper.id), sku="MUG", title="Mug", read_at=NOW, tracked=tracked, stock=stock,
            excludes_reserved=excludes, aliases=aliases,
        )  # fmt: skip
        records = [OrderRecord(shop="s", snapshot=self.seen(order)) for order in self.orders]
        return physical_on_hand(item, records)["store"]


def short_order(shelf):
    shelf.order(14)


def cancelled(shelf):
    shelf.store.set_status(shelf.order(4), "cancelled")


def back_to_pending(shelf):
    shelf.store.set_status(shelf.order(4), "pending")


def refunded_with_restock(shelf):
    order = shelf.order(8)
    shelf.store.refund(order, {shelf.line(order): 3})


def refunded_without_restock(shelf):
    order = shelf.order(8)
    shelf.store.refund(order, {shelf.line(order): 3}, restock=False)
    shelf.there -= 3  # the store's number stands: somebody decided that they are not to be sold again


def part_shipped(shelf):
    order = shelf.order(8)
    shelf.store.ship_part(order, {shelf.line(order): 5})
    shelf.there -= 5


def part_shipped_and_the_rest_refunded(shelf):
    order = shelf.order(8)
    shelf.store.ship_part(order, {shelf.line(order): 5})
    shelf.store.refund(order, {shelf.line(order): 3})
    shelf.there -= 5


def shipped_and_sent_back(shelf):
    order = shelf.order(8)
    shelf.store.ship_part(order, {shelf.line(order): 8})
    shelf.store.refund(order, {shelf.line(order): 2})
    shelf.there -= 6


def completed(shelf):
    shelf.store.complete(shelf.order(6))
    shelf.there -= 6


def line_made_smaller(shelf):
    order = shelf.order(8)
    shelf.store.edit_line(order, shelf.line(order), 5)


def line_made_larger(shelf):
    order = shelf.order(3)
    shelf.store.edit_line(order, shelf.line(order), 9)


def line_removed(shelf):
    order = shelf.order(3)
    shelf.store.edit_line(order, shelf.line(order), 0)


def delivery_of_goods(shelf):
    shelf.order(14)
    shelf.store.restock("MUG", 20)
    shelf.there += 20


def stocktaking(shelf):
    """The person types what may be sold: what is on the shelf less what is promised."""
    shelf.order(4)
    shelf.store.set_stock("MUG", 2)
    shelf.there = 6


def plugins_status(shelf):
    shelf.store.set_status(shelf.order(4), "packing")


def unpaid(shelf):
    shelf.order(4, "pending")


def awaiting_a_transfer(shelf):
    shelf.order(4, "on-hold")


EVENTS = [
    short_order, cancelled, back_to_pending, refunded_with_restock, refunded_without_restock, part_shipped,
    part_shipped_and_the_rest_refunded, shipped_and_sent_back, completed, line_made_smaller, line_made_larger,
    line_removed, delivery_of_goods, stocktaking, plugins_status, unpaid, awaiting_a_transfer,
]  # fmt: skip


@pytest.mark.parametrize("parent", [False, True], ids=["own stock", "stock of the parent"])
@pytest.mark.parametrize("event", EVENTS, ids=[event.__name__ for event in EVENTS])
def test_what_is_counted_is_what_is_there(event, parent):
    shelf = Shelf(parent=parent)
    event(shelf)
    assert shelf.counted() == shelf.there


@examples(60)
@given(st.lists(st.sampled_from([event for event in EVENTS if event is not stocktaking]), max_size=6))
def test_what_is_counted_is_what_is_there_after_anything_in_any_order(events):
    shelf = Shelf(50)
    for event in events:
        event(shelf)
    assert shelf.counted() == shelf.there


def test_an_order_in_the_trash_keeps_its_units_out_of_the_count_and_says_so():
    shelf = Shelf()
    order = shelf.order(4)
    shelf.store.trash(order)
    assert shelf.counted() == 6
    assert "4 units of Mug were never put back into stock" in shelf.seen(order).problems[0]
    shelf.store.untrash(order)
    assert shelf.counted() == 10


def test_units_that_never_were_are_said():
    shelf = Shelf()
    order = shelf.order(8)
    shelf.store.refund(order, {shelf.line(order): 50}, money=False)
    assert shelf.counted() == 52
    assert "42 units of Mug were put back into stock beyond what was ordered" in shelf.seen(order).problems[0]


def test_a_product_deleted_for_good_leaves_the_order_readable():
    shelf = Shelf()
    order = shelf.order(4)
    shelf.store.delete_product("MUG")
    assert [(line.item, line.ordered) for line in shelf.seen(order).lines] == [(None, 4)]
