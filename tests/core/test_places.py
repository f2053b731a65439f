"""Stock at a place from which no online order ships is for what is bound to that place."""

from dataclasses import replace

import pytest

from core.planning.shop_facts import for_online_orders
from core.snapshots import PlaceSnapshot, StockSnapshot
from tests.core.shop_builders import item, kept, line, order, supply

PLACES = (PlaceSnapshot(id="boutique", name="Boutique", ships_online=False), PlaceSnapshot(id="main", name="Warehouse"))
MUGS = replace(item("mug", 0), stock=(StockSnapshot(location="boutique", quantity=4), StockSnapshot(location="main", quantity=1)))  # fmt: skip


@pytest.mark.parametrize(("location", "ready", "dated"), [("main", 1, True), (None, 1, True), ("boutique", 3, True)])
def test_an_online_order_gets_none_of_a_boutiques_stock(location, ready, dated):
    with kept() as shop:
        with shop.books.write() as unit:
            unit.shops.save(replace(unit.shops.get("fern"), places=PLACES))
        shop.store(MUGS, supply("PO-1", "mug", 9, 5), order(1, line("mug", 3), location=location))
        shop.replan()
        plan = shop.order(1).plan
        assert (plan.lines[0].on_hand, plan.completes_on is not None) == (ready, dated)
        with shop.books.read() as unit:
            assert for_online_orders(MUGS, {}, unit.shops.get("fern")) == 1
