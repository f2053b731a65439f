"""An order in another currency than its shop's: units are planned, and no amount of the shop's is held against its own."""

from dataclasses import replace

import pytest

from core.errors import NotAllowed
from core.items.item_rules import ItemRules
from core.orders import swapping
from core.reasons import Reason
from tests.core.shop_builders import SUPPORT, item, kept, line, order

DEAR = {"ship_part": {"parcel_cost": "500", "min_part_value": "60"}}


@pytest.mark.parametrize(("currency", "decision", "swaps"), [("EUR", "wait", 1), ("JPY", "ship_part", 0)])
def test_prices_of_the_shop_and_amounts_of_its_policy_are_not_held_against_other_money(currency, decision, swaps):
    made = replace(order(1, line("mug", 8)), currency=currency)
    offers = {"enabled": True, "min_wait_days": 1, "percent": 10}
    with kept(
        item("mug", 5), item("cup", 9, unit_price=900), made, choices={"swap": True}, offers=offers, **DEAR
    ) as shop:
        assert shop.order(1).plan.decision == decision
        assert (Reason.PART_TOO_SMALL in shop.order(1).plan.reasons) is (decision == "wait")
        assert any(action.kind == "code" for action in shop.actions(1)) is (currency == "EUR")
        with shop.books.write() as unit:
            unit.items.put_rules("fern", "mug", ItemRules(substitutes=("cup",)))
            assert len(swapping.swappable(unit, unit.shops.get("fern"), unit.orders.get("fern", "1"), SUPPORT)) == swaps
        if currency != "EUR":
            with pytest.raises(NotAllowed, match="another currency"):
                shop.choose(1, "offer")
