"""What one shop's plan says of its orders beside the engine's own decision."""

from dataclasses import replace
from datetime import UTC, datetime, time

import pytest

from core.planning.merge import merged
from core.planning.shop_facts import ShopState
from core.planning.shop_plan import plan_shop
from core.reasons import Reason
from core.records import ItemRecord
from core.records.endings import Ending
from core.records.proposals import Swap
from core.snapshots import Customer, Outside
from tests.core.shop_builders import NOW, in_days, item, line, order, shop, supply

SEEN = order(1, line("mug", 5))
GIVEN_UP = Ending(key="k", by="customer", at=NOW, whole=False, units={"a": 3}, serve={"a": 2})
SWAP = Swap(line="a", sku="cup", title="Cup", units=3, price=2700, item="item-cup")
DONE_BY_OTHERS = frozenset({Reason.RELEASED_BY_PERSON, Reason.FOREIGN_HOLD, Reason.GIVEN_UP, Reason.SWAPPED})


def reasons(record):
    state = ShopState(shop=shop(), orders=(record,), supply=(),
                      items={"item-mug": ItemRecord(shop="fern", sku="mug", snapshot=item("mug", 2))})  # fmt: skip
    (made,) = plan_shop(state, NOW)
    return DONE_BY_OTHERS & set(made.plan.reasons)


@pytest.mark.parametrize(
    ("changes", "why"),
    [
        ({}, set()),
        ({"hands_off": {"a": 2}}, {Reason.RELEASED_BY_PERSON}),
        ({"hands_off": {"a": 0, "gone": 2}}, set()),
        ({"snapshot": replace(SEEN, outside=Outside(blocked=frozenset({"a"})))}, {Reason.FOREIGN_HOLD}),
        ({"snapshot": replace(SEEN, outside=Outside(blocked=frozenset({"gone"})))}, set()),
        ({"ending": GIVEN_UP}, {Reason.GIVEN_UP}),
        ({"ending": replace(GIVEN_UP, swap=SWAP)}, {Reason.SWAPPED}),
        ({"ending": replace(GIVEN_UP, done=True)}, set()),
    ],
    ids=[
        "nobody",
        "released",
        "released before",
        "held elsewhere",
        "held before",
        "given up",
        "swapped",
        "carried out",
    ],
)
def test_what_others_did_with_an_order_is_said_beside_its_plan(changes, why):
    assert reasons(replace(merged(None, "fern", SEEN), **changes)) == why


@pytest.mark.parametrize(("zone", "limited"), [("UTC", True), ("Pacific/Auckland", False)])
def test_the_days_that_a_law_gives_are_counted_from_the_day_on_which_the_order_was_placed_at_the_shop(zone, limited):
    placed = datetime.combine(in_days(-20), time(23, 30), UTC)
    seen = replace(SEEN, placed_at=placed, customer=Customer(country="US"))
    rules = shop(laws=["us_ftc_435"], ship_part={"min_part_value": "999"})
    state = ShopState(
        shop=replace(rules, timezone=zone), orders=(merged(None, "fern", seen),),
        supply=(supply("late", "mug", 9, 11),),
        items={"item-mug": ItemRecord(shop="fern", sku="mug", snapshot=item("mug", 2))},
    )  # fmt: skip
    (made,) = plan_shop(state, NOW)
    assert made.expected.ships.likely == in_days(11)
    assert (Reason.LAW_LIMIT in made.plan.reasons) is limited
