"""What is read later than it was asked for does not undo what is known since."""

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import event

from core.item_actions import SellOn
from core.items.item_gate import ItemGate
from tests.core.shop_builders import NOW, item, line, order, shop
from worker.reading import Reading
from worker.storing import store


@pytest.mark.parametrize(("seconds", "units"), [(-1, 5), (0, 5), (1, 9)])
def test_an_items_stock_is_that_of_the_latest_read(books, seconds, units):
    with books.write() as unit:
        unit.shops.add(shop(), {})
        for count, after in ((5, 0), (9, seconds)):
            seen = item("mug", count, read_at=NOW + timedelta(seconds=after))
            store(unit, shop(), Reading(items={seen.platform_id: seen}), at=NOW, now=NOW)
        (known,) = unit.items.all("fern")
        assert known.snapshot.stock[0].quantity == units


@pytest.mark.parametrize(("ahead", "believed"), [(timedelta(hours=1), True), (timedelta(seconds=30), False)])
def test_what_a_clock_that_was_ahead_dated_keeps_no_later_read_out(books, ahead, believed):
    """A read, and a write of ours, that bear a time that has not come yet: today's read is the newer one."""
    dated, today = NOW + ahead, NOW + timedelta(seconds=1)
    with books.write() as unit:
        unit.shops.add(shop(), {})
        known = replace(order(1, line("mug", 2)), read_at=dated)
        store(
            unit,
            shop(),
            Reading(orders={"1": known}, items={"item-mug": item("mug", 5, read_at=dated)}),
            at=NOW,
            now=dated,
        )
        unit.orders.put(replace(unit.orders.get("fern", known.platform_id), acted_at=dated))
        gate = ItemGate(state="stopped", setting="", since=NOW.date(), wrote_at=dated)
        unit.items.put_gate("fern", unit.items.all("fern")[0].sku, gate)
        seen = replace(known, name="renamed", read_at=today)
        items = {"item-mug": item("mug", 9, read_at=today)}
        stored = store(unit, shop(), Reading(orders={"1": seen}, items=items), at=NOW, now=today)
        assert (unit.orders.get("fern", known.platform_id).snapshot == seen) is believed
        assert (unit.items.all("fern")[0].snapshot.stock[0].quantity == 9) is believed
    # Who is asked for once more although nothing can be newer is read without end.
    assert (stored.again, stored.items_again) == (set(), set()) if believed else stored.again


@pytest.mark.parametrize("under_way", [False, True])
def test_an_item_that_is_being_written_to_is_read_again_afterwards(books, under_way):
    """Whether the read was before the write or after it, nobody can tell."""
    later = NOW + timedelta(minutes=1)
    with books.write() as unit:
        unit.shops.add(shop(), {})
        store(unit, shop(), Reading(items={"item-mug": item("mug", 5)}), at=NOW, now=NOW)
        unit.items.put_gate("fern", "mug", ItemGate(state="stopped", setting="notify", since=NOW.date(), wrote_at=NOW))
        back = SellOn(item="item-mug", beyond=True, setting="notify")
        unit.outbox.want("fern", back.order, [(back, "key", "why")], now=NOW, act=True)
        if under_way:
            assert unit.outbox.claim(now=NOW, lease=timedelta(hours=1), per_shop=1)
        stored = store(unit, shop(), Reading(items={"item-mug": item("mug", 9, read_at=later)}), at=later, now=later)
        assert unit.items.get("fern", "mug").snapshot.stock[0].quantity == (5 if under_way else 9)
    assert stored.items_again == ({"item-mug"} if under_way else set())


def test_many_orders_are_stored_with_as_many_statements_as_few(books):
    def statements(orders):
        read = [order(number, line("mug", 2)) for number in range(orders)]
        seen = [
            replace(one, version=NOW + timedelta(hours=orders), read_at=NOW + timedelta(hours=orders)) for one in read
        ]
        with books.write() as unit:
            asked = []
            event.listen(
                unit.orders.transaction.connection, "before_cursor_execute", lambda *call: asked.append(call[2])
            )
            stored = store(
                unit, shop(), Reading(orders={one.platform_id: one for one in seen}), at=NOW, now=seen[0].read_at
            )
        assert len(stored.orders) == orders
        return len(asked)

    with books.write() as unit:
        unit.shops.add(shop(), {})
        store(unit, shop(), Reading(items={"item-mug": item("mug", 9)}), at=NOW, now=NOW)
    statements(12)  # the first time, all are new
    assert statements(20) == statements(30)
