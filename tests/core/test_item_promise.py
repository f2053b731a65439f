"""An item's own pages tell when a unit ordered now could leave: as long as there is none on hand, and a date."""

import pytest

from core.item_actions import Announce
from core.items import gating
from tests.core.shop_builders import in_days, item, kept, line, order, supply
from tests.core.test_item_gate import asked, carry_out, mug, seen

TOLD = {"on_items": True}
COMING = supply("PO-1", "mug", 10, 12)


def said(days):
    return Announce(item="item-mug", expected_on=None if days is None else in_days(days))


@pytest.mark.parametrize(
    ("rows", "asks"),
    [
        ([mug(), COMING], [said(12)]),
        ([mug(5), COMING], []),
        ([mug(5), COMING, order(1, line("mug", 5))], [said(12)]),
        ([mug(), COMING, supply("PO-2", "mug", 9, 30), order(1, line("mug", 10))], [said(30)]),
        ([mug()], []),
        ([mug(backorder="deny", backorder_setting="DENY"), COMING], []),
        ([mug(tracked=False), COMING], []),
    ],
    ids=[
        "none on hand",
        "in stock",
        "all asked for",
        "what comes is asked for",
        "no date",
        "not sold on",
        "not counted",
    ],
)
def test_the_day_of_a_next_unit_is_told(rows, asks):
    with kept(*rows, promises=TOLD) as shop:
        assert asked(shop) == asks


def test_nothing_is_told_without_the_merchants_word():
    with kept(mug(), COMING) as shop:
        assert asked(shop) == []


def test_a_day_is_told_once_and_again_when_it_moves_or_goes():
    with kept(mug(), COMING, promises=TOLD) as shop:
        carry_out(shop)
        assert seen(shop).announced_on == in_days(12)
        shop.replan()
        assert asked(shop) == []
        shop.store(supply("PO-1", "mug", 10, 20)).replan()
        assert asked(shop) == [said(20)]
        shop.store(supply("PO-1", "mug", 10, 12)).replan()
        assert asked(shop) == [], "what stands is right again"
        shop.store(mug(5, read_at=seen(shop).snapshot.read_at)).replan()
        assert asked(shop) == [said(None)]
        carry_out(shop)
        assert seen(shop).announced_on is None


def test_once_switched_off_nothing_of_it_stays():
    with kept(mug(), COMING, promises=TOLD) as shop:
        carry_out(shop)
        with shop.books.read() as unit:
            assert gating.to_restore(unit.items.marked("fern")) == (said(None),)
        shop.set_policy(promises={"on_items": False})
        shop.replan()
        assert asked(shop) == [said(None)]


def test_the_longest_wait_and_the_told_day_do_not_hinder_each_other():
    gate = {"enabled": True, "max_days": 10, "again_days": 5}
    with kept(mug(), COMING, promises=TOLD, wait_gate=gate) as shop:
        stop, told = asked(shop)
        assert (stop.beyond, told) == (False, said(12))
        carry_out(shop)
        shop.store(item("mug", 0, backorder="deny", backorder_setting="DENY")).replan()
        assert asked(shop) == [said(None)], "what cannot be ordered promises nothing"
