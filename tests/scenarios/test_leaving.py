"""Leaving takes everything of ours along, and coming back begins where the shop stands."""

from tests.scenarios.platforms import only


def test_leaving_ends_the_codes_that_nobody_used(side):
    side.set_policy(offers={"enabled": True, "min_wait_days": 0})
    side.checkout(("MUG", 8))
    side.settle()
    [code] = side.codes_outside()
    side.house.desk.disconnect(side.record, erase=False)
    if side.platform == "shopify":
        assert side.shop.state.discounts[code].active is False
        assert all(not order.metafields for order in side.shop.state.orders.values())


def test_who_comes_back_holds_again_what_waits(side):
    order = side.checkout(("MUG", 8))
    side.settle()
    held = side.held_outside(order)
    assert held
    side.house.desk.disconnect(side.record, erase=False)
    assert not side.held_outside(order)
    side.connect(side.house)
    side.settle()
    assert side.held_outside(order) == held


def test_an_order_that_cannot_be_cleaned_is_named_and_keeps_nobody_back(side):
    for _ in range(2):
        side.checkout(("MUG", 8))
    side.settle()
    if side.platform == "shopify":
        side.shop.faults.add("refuse", match="fulfillmentOrderReleaseHold")
        assert (farewell := side.house.desk.disconnect(side.record, erase=False)).cleaned == 1
        assert len(farewell.left) == 1
        with side.house.books.read() as unit:
            told = [entry for entry in unit.audit.page(side.record.id).items if "could not" in entry.what]
        assert len(told) == 1
        assert told[0].order


@only("shopify", because="A WooCommerce key that was revoked never works again.")
def test_a_shop_whose_key_is_taken_again_is_connected_again_by_itself(side):
    side.shop.tokens.revoke_all()
    side.checkout(("MUG", 8))
    side.settle_until(lambda: state_of(side) == "reconnect")
    side.shop.reinstall("token")
    side.service.house.desk.sync(side.record)
    assert state_of(side) == "connected"


def state_of(side):
    with side.house.books.read() as unit:
        return unit.shops.get(side.record.id).state
