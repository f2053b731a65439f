"""Where items stand, and what a night notes of it."""

from dataclasses import replace

import pytest

from core.forecast.observing import shelves_today, sold_out_today
from core.forecast.positions import positions_of
from core.forecast.records import Position, ShelfDay, SoldOut
from core.records import ItemRecord, OrderRecord
from tests.core.shop_builders import TODAY, in_days, item, line, order, supply


def known(sku, on_hand, **more):
    return ItemRecord(shop="fern", sku=sku, snapshot=item(sku, on_hand, **more))


def asked(*lines, **more):
    return OrderRecord(shop="fern", snapshot=order("1", *lines, **more))


def test_a_position_is_the_stock_what_is_owed_and_what_comes():
    rows = positions_of(
        [known("mug", 5), known("cup", 2, excludes_reserved=True, aliases=frozenset({"item-old"}))],
        [
            asked(line("mug", 8, cancelled=1, shipped=9), line("mug", 3, id="b"), line("cup", 4, id="c", reserved=4),
                  line("old", 1, id="d", reserved=1), line("mug", 7, id="e", ships=False)),
            asked(line("mug", 50), status="closed"),
        ],
        [supply("PO-1", "mug", 10, 5, latest=in_days(9)), supply("PO-2", "mug", 3, 2), supply("PO-3", "mug", 2, 3, received=2)],
        {},
    )  # fmt: skip
    assert rows["mug"] == Position(on_hand=5, owed=3, coming=((in_days(9), 10), (in_days(2), 3)))
    assert rows["cup"] == Position(on_hand=7, owed=5)


def test_kits_that_are_owed_and_not_there_are_owed_by_their_parts():
    rows = positions_of(
        [known("mug", 5), known("lid", 1), known("set", 2)], [asked(line("set", 5), line("mug", 1, id="b"))], [],
        {"set": {"mug": 2, "lid": 1}, "gone": {"mug": 9}},
    )  # fmt: skip
    assert {sku: (one.on_hand, one.owed) for sku, one in rows.items()} == {"mug": (5, 7), "lid": (1, 3), "set": (2, 5)}


@pytest.mark.parametrize(
    ("made", "position", "noted"),
    [
        (known("mug", 2), Position(on_hand=2, owed=2), [False]),
        (known("mug", 2, backorder="deny"), Position(on_hand=2, owed=3), [True]),
        (known("mug", 2), Position(on_hand=2, owed=1), []),
        (known("mug", 2, tracked=False), Position(on_hand=0), []),
        (known("mug", 2, gone=True), Position(on_hand=0), []),
    ],
)
def test_an_item_with_nothing_left_is_noted_as_sold_out(made, position, noted):
    found = sold_out_today([made], {"mug": position}, TODAY)
    assert found == tuple(SoldOut(shop="fern", sku="mug", on=TODAY, closed=closed) for closed in noted)


def test_a_shelf_is_noted_when_its_numbers_changed():
    told = ShelfDay(shop="fern", sku="mug", on=in_days(-3), on_hand=5, owed=2, coming=7)
    now = {"mug": Position(on_hand=5, owed=2, coming=((None, 3), (TODAY, 4)))}
    assert shelves_today({"mug": told}, now, "fern", TODAY) == ()
    fresh = (replace(told, on=TODAY),)
    assert shelves_today({}, now, "fern", TODAY) == fresh
    assert shelves_today({"mug": replace(told, owed=1)}, now, "fern", TODAY) == fresh
