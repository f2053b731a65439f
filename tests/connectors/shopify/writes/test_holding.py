"""Exactly the wanted units stand under our holds, whatever stood there and however often answers are lost."""

from dataclasses import replace

import pytest
from hypothesis import HealthCheck, given
from hypothesis import strategies as st

from connectors.shopify import fulfilment_orders, holding
from connectors.shopify.answers import Refused
from core.actions import Hold, Release
from core.errors import OutcomeUnknown, Rejected
from core.outcomes import Already, Blocked, Done
from tests.draws import examples


def hold(held, kind=Hold, handle="backorder-hold-1", note="Mug: 2 can ship, 1 waits"):
    return kind(order="1", held=held, ready={}, handle=handle, note=note)


def test_a_part_is_held_and_the_rest_stays_free(shop, connector, world):
    order = world((5, {11: 5}))
    assert isinstance(connector.carry_out(hold({"11": 2})), Done)
    assert order.held() == {"11": 2}
    (asked,) = shop.asked("Hold")
    assert asked["hold"]["reason"] == "INVENTORY_OUT_OF_STOCK"
    assert asked["hold"]["reasonNotes"] == "Mug: 2 can ship, 1 waits"
    assert asked["hold"]["handle"] == "backorder-hold-1"
    assert [line["quantity"] for line in asked["hold"]["fulfillmentOrderLineItems"]] == [2]


def test_more_lines_than_one_call_takes_are_held_in_several(shop, connector, world):
    order = world((5, dict.fromkeys(range(1000, 1300), 2)))
    wanted = {str(line): 1 for line in range(1000, 1299)}
    connector.carry_out(hold(wanted))
    assert order.held() == wanted
    assert [len(asked["hold"]["fulfillmentOrderLineItems"]) for asked in shop.asked("Hold")] == [250, 49]


def test_all_of_a_fulfilment_order_is_held_without_naming_lines(shop, connector, world):
    order = world((5, {11: 2, 12: 1}))
    connector.carry_out(hold({"11": 2, "12": 1}))
    assert order.held() == {"11": 2, "12": 1}
    assert "fulfillmentOrderLineItems" not in shop.asked("Hold")[0]["hold"]


def test_what_stands_already_is_not_written(shop, connector, world):
    order = world((5, {11: 5}))
    done = connector.carry_out(hold({"11": 2}))
    before = len(shop.calls)
    assert connector.carry_out(hold({"11": 2})) == Already(reference=done.reference)
    assert shop.operations()[before:] == ["FulfilmentOrders"]
    assert order.held() == {"11": 2}


def test_holding_more_does_not_let_go_of_what_is_held(shop, connector, world):
    order = world((5, {11: 5}))
    connector.carry_out(hold({"11": 2}))
    connector.carry_out(hold({"11": 4}))
    assert order.held() == {"11": 4}
    assert "ReleaseHold" not in shop.operations()
    assert len({asked["hold"]["handle"] for asked in shop.asked("Hold")}) == 2


def test_holding_less_releases_and_holds_the_rest_again(shop, connector, world):
    order = world((5, {11: 5}))
    connector.carry_out(hold({"11": 4}))
    connector.carry_out(hold({"11": 1}, Release))
    assert order.held() == {"11": 1}
    assert shop.operations().count("ReleaseHold") == 1


def test_releasing_everything_leaves_no_hold_of_ours(shop, connector, world):
    order = world((5, {11: 5}), (6, {12: 2}))
    connector.carry_out(hold({"11": 5, "12": 1}))
    assert isinstance(connector.carry_out(hold({}, Release)), Done)
    assert order.held() == {}
    assert connector.carry_out(hold({}, Release)) == Already()


def test_several_fulfilment_orders_get_one_hold_each_with_handles_of_their_own(shop, connector, world):
    order = world((5, {11: 3}), (6, {11: 2, 12: 1}))
    connector.carry_out(hold({"11": 4, "12": 1}, handle="backorder-hold-" + "9" * 60))
    assert order.held() == {"11": 4, "12": 1}
    handles = [asked["hold"]["handle"] for asked in shop.asked("Hold")]
    assert len(set(handles)) == len(handles) == 2
    assert all(len(handle) <= 64 for handle in handles)
    assert all(len(fo["holds"]) <= 1 for fo in order.fos.values())


def test_what_can_be_held_whole_is_not_parted(shop, connector, world):
    order = world((5, {11: 3, 12: 1}), (6, {11: 2}))
    connector.carry_out(hold({"11": 2}))
    assert order.held() == {"11": 2}
    assert len(order.fos) == 2


@pytest.mark.parametrize("status", ["IN_PROGRESS", "SCHEDULED", "INCOMPLETE"])
def test_units_that_are_not_ours_to_hold_are_left_alone(shop, connector, world, status):
    order = world((5, {11: 2}))
    next(iter(order.fos.values()))["status"] = status
    outcome = connector.carry_out(hold({"11": 1}))
    assert isinstance(outcome, Blocked)
    assert ("picked" in outcome.reason) is (status == "IN_PROGRESS")
    assert set(shop.operations()) == {"FulfilmentOrders"}


def test_another_apps_hold_is_never_touched(shop, connector, world, node):
    order = world((5, {11: 2}), (6, {12: 2}))
    foreign = next(iter(order.fos.values()))
    foreign["status"], foreign["holds"] = "ON_HOLD", [node.hold(1, ours=False, handle="their-hold")]
    assert "another app" in connector.carry_out(hold({"11": 1})).reason
    assert isinstance(connector.carry_out(hold({"12": 2})), Done)
    connector.carry_out(hold({}, Release))
    assert order.held() == {}
    assert order.held(ours=False) == {"11": 2}


def test_what_we_hold_of_a_line_that_others_hold_too_stays(shop, connector, world, node):
    order = world((5, {11: 2}), (6, {11: 1, 12: 2}))
    connector.carry_out(hold({"11": 3}))
    first = next(iter(order.fos.values()))
    first["holds"].append(node.hold(1, ours=False, handle="their-hold"))
    assert isinstance(connector.carry_out(hold({"12": 1})), Done)
    assert order.held() == {"11": 3, "12": 1}


def test_fewer_units_than_we_share_a_hold_on_is_blocked(shop, connector, world, node):
    order = world((5, {11: 2}))
    connector.carry_out(hold({"11": 2}))
    next(iter(order.fos.values()))["holds"].append(node.hold(1, ours=False, handle="their-hold"))
    assert "another app" in connector.carry_out(hold({"11": 1}, Release)).reason


def test_units_that_no_longer_wait_cannot_be_held(shop, connector, world):
    world((5, {11: 2}))
    assert "no longer wait" in connector.carry_out(hold({"11": 3})).reason


def test_units_that_the_platform_does_not_offer_to_hold_are_blocked(shop, connector, node):
    row = node.fulfilment_order(7, node.fo_line(71, 11, 2), actions=["MOVE"])
    shop.answer("FulfilmentOrders", {"order": {"id": "x", "fulfillmentOrders": node.page(row)}})
    assert "does not let" in connector.carry_out(hold({"11": 1})).reason


def test_somebody_quicker_is_seen_in_the_next_round(shop, connector, node):
    free = node.fulfilment_order(7, node.fo_line(71, 11, 2))
    held = node.fulfilment_order(7, node.fo_line(71, 11, 2), status="ON_HOLD", holds=[node.hold(9)])
    for row in (free, held):
        shop.answer("FulfilmentOrders", {"order": {"id": "x", "fulfillmentOrders": node.page(row)}})
    shop.answer(
        "Hold",
        {
            "fulfillmentOrderHold": {
                "userErrors": [{"field": None, "message": "in use", "code": "DUPLICATE_FULFILLMENT_HOLD_HANDLE"}]
            }
        },
    )
    assert connector.carry_out(hold({"11": 2})) == Already(reference="9")


def test_a_fulfilment_order_that_vanished_is_looked_for_again(shop, connector, node):
    free = node.fulfilment_order(7, node.fo_line(71, 11, 2))
    other = node.fulfilment_order(8, node.fo_line(81, 11, 2), status="ON_HOLD", holds=[node.hold(9)])
    for row in (free, other):
        shop.answer("FulfilmentOrders", {"order": {"id": "x", "fulfillmentOrders": node.page(row)}})
    error = {
        "message": "Invalid id: gid://x",
        "extensions": {"code": "RESOURCE_NOT_FOUND"},
        "path": ["fulfillmentOrderHold"],
    }
    shop.answer_raw("Hold", {"data": {"fulfillmentOrderHold": None}, "errors": [error]})
    assert connector.carry_out(hold({"11": 2})) == Already(reference="9")


def test_a_parcel_that_left_between_our_look_and_our_hold_blocks_it(shop, connector, node):
    free = node.fulfilment_order(7, node.fo_line(71, 11, 2))
    left = node.fulfilment_order(7, node.fo_line(71, 11, 0), status="CLOSED")
    for row in (free, left):
        shop.answer("FulfilmentOrders", {"order": {"id": "x", "fulfillmentOrders": node.page(row)}})
    error = {"field": ["id"], "message": "The fulfillment order is not in a state that can be held."}
    shop.answer("Hold", {"fulfillmentOrderHold": {"userErrors": [error]}})
    assert connector.carry_out(hold({"11": 2})) == Blocked(reason="these units no longer wait at the platform")


def test_a_limit_of_holds_is_a_refusal(shop, connector, node):
    row = node.fulfilment_order(7, node.fo_line(71, 11, 2))
    for _ in range(2):
        shop.answer("FulfilmentOrders", {"order": {"id": "x", "fulfillmentOrders": node.page(row)}})
    error = {"field": None, "message": "limit reached", "code": "FULFILLMENT_ORDER_HOLD_LIMIT_REACHED"}
    shop.answer("Hold", {"fulfillmentOrderHold": {"userErrors": [error]}})
    with pytest.raises(Refused, match="limit reached"):
        connector.carry_out(hold({"11": 2}))


def test_an_order_that_never_settles_is_given_up_with_the_last_reason(shop, connector, node):
    row = node.fulfilment_order(7, node.fo_line(71, 11, 2))
    error = {"field": None, "message": "not splittable", "code": "FULFILLMENT_ORDER_NOT_SPLITTABLE"}
    for _ in range(6):
        shop.answer("FulfilmentOrders", {"order": {"id": "x", "fulfillmentOrders": node.page(row)}})
        shop.answer("Hold", {"fulfillmentOrderHold": {"userErrors": [error]}})
    with pytest.raises(Rejected, match="not splittable"):
        connector.carry_out(hold({"11": 1}))


def carried_out(connector, action):
    """Carry out as the outbox does: again after every lost answer. Returns the last outcome."""
    for _ in range(12):
        try:
            return connector.carry_out(action)
        except OutcomeUnknown:
            continue
    raise AssertionError("never settled")


UNITS = st.fixed_dictionaries({11: st.integers(0, 4), 12: st.integers(0, 3)})


@examples(60, allowed=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.tuples(st.sampled_from([5, 6]), UNITS), min_size=1, max_size=3), st.data())
def test_any_series_of_wishes_ends_as_wished(shop, connector, world, places, data):
    order = world(*places)
    for _ in range(data.draw(st.integers(1, 4))):
        held = {str(line): data.draw(st.integers(0, count)) for line, count in order.ordered.items()}
        order.lose = data.draw(st.integers(0, 2))
        outcome = carried_out(connector, hold(held, data.draw(st.sampled_from([Hold, Release]))))
        assert isinstance(outcome, Done | Already)
        assert order.held() == {line: units for line, units in held.items() if units}
        assert all(len(fo["holds"]) <= 1 for fo in order.fos.values())
        order.lose = 0
        assert isinstance(connector.carry_out(hold(held)), Already)
    assert sum(left for fo in order.fos.values() for _, left in fo["lines"].values()) == sum(order.ordered.values())


def test_our_hold_stays_beside_anothers_where_less_is_wanted():
    """Its units cannot be released to any use while the other hold stands."""
    holds = tuple(fulfilment_orders.Hold(id=key, handle=key, reason="OTHER", ours=key == "a") for key in "ab")
    parts = (fulfilment_orders.Part(id="p", line="11", remaining=3, item=None),)
    row = fulfilment_orders.FulfilmentOrder(
        id="gid://shopify/FulfillmentOrder/1",
        status="ON_HOLD",
        location=None,
        actions=frozenset(),
        holds=holds,
        parts=parts,
    )
    alone = replace(row, holds=holds[:1])
    assert (holding._to_release((row,), {"11": 1}), holding._to_release((alone,), {"11": 1})) == ([], [alone])
