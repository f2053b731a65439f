"""What we did can be taken back from the order's page or the API, stays back, and is handed back by a button."""

from tests.scenarios.test_hands_off import held, short_order


def test_our_hold_is_released_stays_off_and_is_placed_again_when_handed_back(side):
    order = short_order(side)
    before = held(side, order)
    assert side.ask(order, "let_go").status_code == 202
    side.settle()
    assert held(side, order) == 0
    side.edit(order, "MUG", 9)
    side.settle()
    assert held(side, order) == 0, "until it is handed back, whatever changes"
    assert side.order(order)["left_alone"] is True
    assert side.ask(order, "hand_back").status_code == 202
    side.settle()
    assert held(side, order) == before + 1
    assert side.order(order)["left_alone"] is False


def test_our_marks_come_off_and_stay_off_until_handed_back(side):
    order = short_order(side)
    marks = side.tags_outside(order)
    assert marks
    side.ask(order, "unmark")
    side.settle()
    side.set_policy()
    side.settle()
    assert side.tags_outside(order) == set()
    if side.platform == "shopify":
        assert side.shop.state.order(order).metafields == {}
    side.ask(order, "hand_back")
    side.settle()
    assert side.tags_outside(order) == marks


def test_a_code_that_nobody_used_is_ended_once(side):
    side.set_policy(offers={"enabled": True, "min_wait_days": 0})
    order = short_order(side)
    [code] = side.codes_outside()
    assert side.ask(order, "end_codes").status_code == 202
    side.settle()
    if side.platform == "shopify":
        assert side.shop.state.discounts[code].active is False
    else:
        assert side.codes_outside() == []
    assert [offer["ended"] for offer in side.order(order)["offers"]] == [True]
    assert side.ask(order, "end_codes").status_code == 409, "there is none left"
    side.settle()
    assert len(side.order(order)["offers"]) == 1, "and none is made in its place"
