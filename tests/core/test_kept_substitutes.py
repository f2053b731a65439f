"""A substitute that a customer chose is theirs: nobody else gets its units until the merchant has swapped it."""

from dataclasses import replace
from datetime import timedelta

import pytest

from core.errors import NotAllowed
from core.item_actions import item_lane
from core.items.item_rules import ItemRules
from core.large import countering
from core.orders import customer_choices
from tests.core.shop_builders import NOW, item, kept, line, order

COUNTER = {"enabled": True, "answer": "counter", "offer_days": 3}


def chosen(shop):
    """The customer of order 1 takes 6 cups in place of the mugs that are short."""
    with shop.books.write() as unit:
        unit.items.put_rules("fern", "mug", ItemRules(substitutes=("cup",)))
    shop.set_policy(large_order=COUNTER)
    shop.replan()
    with shop.books.write() as unit:
        record = unit.orders.get("fern", "1")
        unit.orders.put(countering.answered(record, "swap", NOW))
    shop.replan()


def mugs_for_cups():
    return item("mug", 4), item("cup", 8), order(1, line("mug", 10), days=3)


@pytest.mark.parametrize("days", [1, 3], ids=["later", "within the same second"])
def test_a_later_order_gets_only_what_the_customer_left(days):
    with kept(*mugs_for_cups()) as shop:
        chosen(shop)
        shop.store(order(2, line("cup", 5), days=days)).replan()
        assert shop.plans()["2"].lines[0].on_hand == 2
        assert shop.plans()["1"].lines[0].open == 4, "what was given up is not planned any more"
        assert shop.plans().keys() == {"1", "2"}, "what is kept is no order of its own"


def test_the_units_are_free_again_once_the_merchant_has_swapped_them():
    with kept(*mugs_for_cups()) as shop:
        chosen(shop)
        swapped = order(1, line("mug", 10, cancelled=6), line("cup", 6, id="b"), days=3)
        shop.store(swapped, order(2, line("cup", 5), days=1)).replan()
        assert shop.plans()["2"].lines[0].on_hand == 2, "they are the order's own line now"
        shop.store(replace(swapped, status="cancelled", read_at=NOW + timedelta(hours=1))).replan()
        assert shop.plans()["2"].lines[0].on_hand == 5


def test_kept_units_are_demand_for_the_longest_wait():
    with kept(*mugs_for_cups()) as shop:
        chosen(shop)
        shop.store(item("cup", 6, backorder_setting="CONTINUE", read_at=NOW + timedelta(hours=1)))
        shop.set_policy(wait_gate={"enabled": True})
        shop.replan()
        with shop.books.read() as unit:
            (asked,) = unit.outbox.of_order("fern", item_lane("item-cup"))
        assert asked.action.beyond is False


def test_one_parcel_waits_for_everything_and_is_split_again_on_a_word():
    with kept(item("mug", 4), order(1, line("mug", 10))) as shop:
        assert shop.plans()["1"].decision == "ship_part"
        shop.choose(1, "together")
        shop.replan()
        assert shop.plans()["1"].decision == "wait"
        with pytest.raises(NotAllowed):
            shop.choose(1, "together")
        shop.choose(1, "ship_part")
        shop.replan()
        assert shop.plans()["1"].decision == "ship_part"


def test_a_customer_may_ask_for_one_parcel_while_the_order_would_be_split():
    with kept(item("mug", 4), order(1, line("mug", 10)), order(2, line("mug", 1))) as shop, shop.books.write() as unit:
        known = unit.shops.get("fern")
        asked = customer_choices.one_parcel(unit, known, "1", as_of=NOW, now=NOW)
        assert asked.manual == {"ship": "together", "ship_said": "customer"}
        for nothing in ("1", "2", "7"):
            with pytest.raises(NotAllowed):
                customer_choices.one_parcel(unit, known, nothing, as_of=NOW, now=NOW)
