"""One shop's plan brought up to date: what is asked of the shop then, what waits, what other tools are told."""

import json
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import event

from core.item_actions import SellOn, item_lane
from core.planning import replanning
from core.snapshots import Outside
from tests.core.shop_builders import NOW, item, kept, line, order, supply

HOUR = timedelta(hours=1)


def short(key=1, on_hand=2):
    return item("mug", on_hand), order(key, line("mug", 5))


def read_again(shop, *, at):
    """The order is read once more: its hold stands at the shop, and one unit of it was ordered beside."""
    known = shop.order(1)
    seen = replace(known.snapshot, lines=(line("mug", 6),), read_at=at, outside=Outside(held={"a": 3}))
    return shop.change(1, snapshot=seen)


@pytest.mark.parametrize(("read", "asks"), [(NOW - HOUR, False), (NOW, False), (NOW + HOUR, True)])
def test_what_was_read_before_our_last_write_ended_asks_for_nothing(read, asks):
    with kept(*short()) as shop:
        before = shop.actions(1)
        shop.change(1, acted_at=NOW)
        read_again(shop, at=read)
        assert shop.replan(orders=["1"], items=()) == ("1",)
        assert shop.order(1).plan.backordered == 4, "the plan itself is new at once"
        assert (shop.actions(1) != before) is asks


def test_while_an_action_is_under_way_nothing_more_is_asked_and_the_order_is_planned_again_soon():
    with kept(*short()) as shop:
        shop.wake_ups()
        with shop.books.write() as unit:
            unit.outbox.claim(now=NOW, lease=HOUR, per_shop=1)
        before = shop.actions(1)
        read_again(shop, at=NOW + HOUR)
        shop.replan(orders=["1"], items=())
        assert shop.actions(1) == before
        assert shop.wake_ups() == [(NOW + timedelta(seconds=1), ("1",))]


def test_a_plan_of_many_orders_takes_as_many_statements_as_one_of_few():
    def statements(orders):
        rows = [order(key, line("mug", 2), line("cup", 1, id="b")) for key in range(orders)]
        with kept(item("mug", 3), item("cup", 2), supply("PO-1", "mug", 9, 5), notices={"enabled": True}) as shop:
            shop.store(*rows)
            with shop.books.write() as unit:
                connection, seen = unit.orders.transaction.connection, []
                event.listen(connection, "before_cursor_execute", lambda *call: seen.append(call[2]))
                replanning.replan(unit, unit.shops.get("fern"), shop.means(), items=None)
        return len(seen)

    assert statements(40) == statements(20)


def test_a_plan_of_some_items_asks_only_about_those_at_the_gate():
    gate = {"enabled": True, "max_days": 30, "again_days": 20}
    rows = [item(sku, 1, backorder_setting="CONTINUE") for sku in ("mug", "cup")]
    with kept(*rows, wait_gate=gate) as shop:
        shop.store(*(replace(row, stock=(), read_at=NOW + HOUR) for row in rows))
        shop.replan(items={"item-mug"})
        asked = {sku: [type(action) for action in shop.actions(item_lane(f"item-{sku}"))] for sku in ("mug", "cup")}
        assert asked == {"mug": [SellOn], "cup": []}


def test_other_tools_are_told_of_a_promise_that_moved_once_they_can_be_given_the_customers_page():
    with kept(*short(), supply("PO-1", "mug", 9, 4)) as shop:
        with shop.books.write() as unit:
            endpoint = unit.hooks.add("fern", "https://tool.example.com/", ["promise.changed"], "whsec_eA==", at=NOW)
        shop.store(supply("PO-1", "mug", 9, 20))
        shop.replan(link=lambda known, key: f"https://backorder.example.com/{known}/{key}")
        shop.store(supply("PO-1", "mug", 9, 30))
        shop.replan()
        with shop.books.read() as unit:
            (told,) = unit.hooks.newest("fern", endpoint.id, limit=9)
        data = json.loads(told.body)["data"]
        assert (data["previous"], data["current"]) == ("2026-11-27", "2026-12-13")
        assert data["customer_status_url"] == "https://backorder.example.com/fern/1"


def test_the_log_tells_a_decision_once_and_again_when_it_is_another():
    with kept(*short()) as shop:
        shop.replan()
        assert shop.log(1) == [("engine", "decided")]
        shop.store(item("mug", 5, read_at=NOW + HOUR)).replan()
        assert shop.log(1) == [("engine", "decided")] * 2


def test_of_an_order_that_only_shares_an_item_and_keeps_its_plan_nothing_is_asked_anew():
    with kept(*short()) as shop:
        asked = shop.actions(1)
        with shop.books.write() as unit:
            unit.outbox.skip_all("fern", now=NOW, why="paused")
        assert shop.replan(items={"item-mug"}) == ()
        assert shop.actions(1) == asked
        assert shop.replan(items=(), orders=["1"]) == ("1",)
        assert shop.actions(1) == asked * 2, "a word about the order itself asks for what does not stand yet"
