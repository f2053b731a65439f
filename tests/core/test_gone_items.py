"""Items that are gone from the shop: their last stock, what leaves of it, and who is told."""

from dataclasses import replace
from datetime import timedelta

import pytest

from core.plan import LinePlan, OrderPlan, PlanException
from core.planning import gone_items
from core.records import ItemRecord, OrderRecord
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
    ("there", "sku", "taken"),
    [
        (item("mug", 2, gone=True), "mug (gone)", True), (item("mug", 2, gone=True), "mug", False),
        (item("mug", 2), "cup", False), (replace(item("mug", 2, gone=True), sku=None), "item-mug", False),
    ],
)  # fmt: skip
def test_an_item_is_taken_over_where_it_is_gone_and_no_longer_bears_the_sku_that_it_had(there, sku, taken):
    assert gone_items.is_taken_over(ItemRecord(shop="fern", sku=sku, snapshot=there)) is taken


def waiting(id, backordered):
    return LinePlan(
        id=id, sku=f"sku-{id}", open=3, ahead=0, on_hand=3 - backordered, backordered=backordered, release_now=0,
        completes_on=None,
    )  # fmt: skip


def test_only_lines_that_wait_for_what_is_gone_are_told_of_and_first():
    asked = {"a": "mug", "b": "cup", "c": "mug", "d": "never seen"}
    lines = [line(sku, 3, id=id) for id, sku in asked.items()]
    record = OrderRecord(shop="fern", snapshot=order(1, *lines, replace(line("mug", 3, id="e"), item=None)))
    items = {
        one.platform_id: ItemRecord(shop="fern", sku=one.sku, snapshot=one)
        for one in (item("mug", 0, gone=True), item("cup", 0))
    }
    rows = (waiting("a", 2), waiting("b", 1), waiting("c", 0), waiting("d", 1), waiting("e", 1))
    plan = OrderPlan(id="1", decision="wait", reasons=(), release_now=False, completes_on=None, lines=rows)
    gone = gone_items.lines_gone(plan, record, items)
    assert gone == rows[:1]
    known = [PlanException(code="NO_DATED_SUPPLY", detail="", line=id) for id in "abc"]
    oversold = PlanException(code="OVERSOLD", detail="", line="a")
    first, *others = gone_items.told([*known, oversold], plan, gone)
    assert (first.code, first.sku, first.order, first.line) == ("ITEM_GONE", "sku-a", "1", "a")
    assert first.detail == "this product is gone from the shop, and nothing more of it comes"
    assert others == [known[1], oversold]


def test_only_what_a_known_line_shipped_since_counts():
    before = (line("mug", 9, shipped=1), replace(line("mug", 9, id="b"), item=None), line("mug", 9, id="c", shipped=2))
    after = (
        line("mug", 9, shipped=3), replace(line("mug", 9, id="b", shipped=5), item=None),
        line("mug", 9, id="c", shipped=1), line("mug", 9, id="new", shipped=4),
    )  # fmt: skip
    with kept(item("mug", 8, gone=True), order(1, *before, location="main")) as shop:
        known = shop.order(1)
        moved = replace(known, snapshot=replace(known.snapshot, lines=after))
        with shop.books.write() as unit:
            assert gone_items.take_out(unit, unit.shops.get("fern"), [(known, moved)]) == {"item-mug"}
            assert unit.items.get("fern", "mug").snapshot.stock[0].quantity == 6


@pytest.mark.parametrize("there", [-2, 0])
def test_a_place_that_has_nothing_left_is_left_as_it_is(there):
    stock = (StockSnapshot(location="main", quantity=there), StockSnapshot(location="east", quantity=4))
    with kept(replace(item("mug", 0), stock=stock, gone=True), order(1, line("mug", 9), location="main")) as shop:
        before = shop.order(1)
        after = replace(before, snapshot=replace(before.snapshot, lines=(line("mug", 9, shipped=1),)))
        with shop.books.write() as unit:
            gone_items.take_out(unit, unit.shops.get("fern"), [(before, after)])
            found = unit.items.get("fern", "mug").snapshot.stock
        assert {row.location: row.quantity for row in found} == {"main": there, "east": 3}


@pytest.mark.parametrize(
    ("place", "units", "left"),
    [
        ("main", 1, {"main": 0, "east": 4}), ("main", 3, {"main": 0, "east": 2}), ("east", 3, {"main": 1, "east": 1}),
        ("east", 9, {"main": 0, "east": 0}),
    ],
)  # fmt: skip
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
