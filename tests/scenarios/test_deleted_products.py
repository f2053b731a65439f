"""A product is deleted at the shop while orders wait for it: what is there ships, a person decides about the rest."""

from datetime import UTC, datetime, timedelta

from tests.scenarios.test_changed_orders import short_order, state


def test_what_a_deleted_product_still_owes_waits_for_a_person(side):
    side.enter_supply("PO-1", "MUG", 20, (datetime.now(UTC) + timedelta(days=9)).date())
    first, second = short_order(side, 3), short_order(side, 8)
    assert (state(side, first), state(side, second)) == ((3, 0, 3, 0), (8, 6, 2, 6))
    assert side.order(second)["completes_on"]
    side.forget_product("MUG")
    side.shop.add_product("MUG", "Enamel mug, new", "13.50", 0)
    # Of a product that is deleted for good one platform tells nobody: it shows where an order is read again.
    side.ship_all(first)
    side.settle()
    assert state(side, second) == (8, 6, 2, 6), "the two that were there, and not those that left with the first order"
    told = side.order(second)
    assert (told["completes_on"], told["decision"]) == (None, "ship_part")
    assert told["exceptions"][0]["code"] == "ITEM_GONE"
    assert "gone from the shop" in side.page(second)
    assert "backorder-review" in side.tags_outside(second)
    side.cancel(second)
    side.settle()
    assert side.order(second)["state"] == "cancelled"
