"""Items that are gone from the shop: their last stock, what leaves of it, and who is told."""

from dataclasses import replace
from datetime import timedelta

import pytest

from core.planning import gone_items
from core.snapshots import StockSnapshot
from tests.core.shop_builders import NOW, item, kept, line, order, supply

STOCK = (StockSnapshot(location="main", quantity=1), StockSnapshot(location="east", quantity=4))


def delete(shop, sku, on_hand):
    shop.store(item(sku, on_hand, gone=True, read_at=NOW + timedelta(hours=1)))


def test_what_is_gone_keeps_its_stock_and_gets_no_date():
    with kept(item("mug", 2), supply("PO-1", "mug", 9, 5), order(1, line("mug", 3))) as shop:
        assert shop.order(1).plan.completes_on
        delete(shop, "mug", 2)
        shop.replan()
        plan = shop.order(1).plan
        assert (plan.lines[0].on_hand, plan.lines[0].backordered, plan.completes_on) == (2, 1, None)
        assert [one.code for one in shop.order(1).exceptions][:1] == ["ITEM_GONE"]


def test_a_line_that_only_travels_with_what_is_gone_is_not_said_to_lack_supply():
    with kept(
        item("mug", 0), item("cup", 5), order(1, line("mug", 3), line("cup", 2, id="b")), ship_part={"enabled": False}
    ) as shop:
        delete(shop, "mug", 0)
        shop.replan()
        assert {(one.code, one.line) for one in shop.order(1).exceptions} == {("ITEM_GONE", "a")}


def test_the_units_of_an_item_that_was_made_anew_under_its_sku_are_the_new_ones():
    with kept(item("mug", 2), order(1, line("mug", 3))) as shop:
        delete(shop, "mug", 2)
        shop.store(replace(item("mug", 2), platform_id="item-mug-again"))
        shop.replan()
        assert shop.order(1).plan.backordered == 3


@pytest.mark.parametrize(
    ("place", "units", "left"),
    [("main", 1, {"main": 0, "east": 4}), ("main", 3, {"main": 0, "east": 2}), ("east", 9, {"main": 0, "east": 0})],
)
def test_what_left_since_is_out_of_the_last_known_stock(place, units, left):
    with kept(replace(item("mug", 0), stock=STOCK, gone=True), order(1, line("mug", 9), location=place)) as shop:
        before = shop.order(1)
        after = replace(before, snapshot=replace(before.snapshot, lines=(line("mug", 9, shipped=units),)))
        with shop.books.write() as unit:
            assert gone_items.take_out(unit, unit.shops.get("fern"), [(before, after)]) == {"item-mug"}
            found = unit.items.get("fern", "mug").snapshot.stock
            assert gone_items.take_out(unit, unit.shops.get("fern"), [(after, after)]) == set()
        assert {row.location: row.quantity for row in found} == left


@pytest.mark.parametrize("known", [{"gone": False}, {"gone": True, "excludes_reserved": True}])
def test_a_stock_that_others_count_or_that_has_open_orders_taken_out_stays_as_it_is(known):
    with kept(replace(item("mug", 0), stock=STOCK, **known), order(1, line("mug", 9), location="main")) as shop:
        before = shop.order(1)
        after = replace(before, snapshot=replace(before.snapshot, lines=(line("mug", 9, shipped=1),)))
        with shop.books.write() as unit:
            assert gone_items.take_out(unit, unit.shops.get("fern"), [(before, after)]) == set()
