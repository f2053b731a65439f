"""Units that ship are recorded once, in whole fulfilment orders, one parcel per location."""

import pytest
from hypothesis import HealthCheck, given
from hypothesis import strategies as st

from connectors.shopify.answers import Refused
from core.actions import Fulfil, Hold
from core.errors import NotFound, OutcomeUnknown, Rejected
from core.outcomes import Already, Blocked, Done
from tests.draws import examples


def fulfil(shipped, **more):
    return Fulfil(order="1", shipped=shipped, reference="backorder-1-1", **more)


def test_a_part_is_split_off_and_fulfilled_whole(shop, connector, world):
    order = world((5, {11: 5, 12: 1}))
    outcome = connector.carry_out(fulfil({"11": 2}, notify_customer=True))
    assert isinstance(outcome, Done)
    assert outcome.reference == str(order.parcels[0][0])
    assert order.shipped() == {11: 2}
    assert [one for one in shop.operations() if one in {"Split", "Fulfil"}] == ["Split", "Fulfil"]
    assert shop.asked("Fulfil")[0]["fulfillment"]["notifyCustomer"] is True


def test_a_whole_fulfilment_order_needs_no_split(shop, connector, world):
    order = world((5, {11: 2}), (6, {12: 1}))
    connector.carry_out(fulfil({"11": 2}))
    assert order.shipped() == {11: 2}
    assert "Split" not in shop.operations()


def test_what_has_shipped_already_is_not_shipped_again(shop, connector, world):
    order = world((5, {11: 5}))
    connector.carry_out(fulfil({"11": 2}))
    assert connector.carry_out(fulfil({"11": 2})) == Already()
    connector.carry_out(fulfil({"11": 3}))
    assert order.shipped() == {11: 3}


def test_two_locations_are_two_parcels(shop, connector, world):
    order = world((5, {11: 2}), (6, {11: 2, 12: 2}))
    outcome = connector.carry_out(fulfil({"11": 3, "12": 2}))
    assert order.shipped() == {11: 3, 12: 2}
    assert outcome.reference == ", ".join(str(number) for number, _ in order.parcels)
    assert len(order.parcels) == 2


def test_one_location_is_one_parcel(shop, connector, world):
    order = world((5, {11: 2}), (5, {12: 3}))
    connector.carry_out(fulfil({"11": 2, "12": 1}))
    assert order.parcels[0][1] == {11: 2, 12: 1}
    assert len(order.parcels) == 1


def test_units_in_picking_are_left_to_who_picks_them(shop, connector, world):
    order = world((5, {11: 2}), (5, {11: 3}))
    next(iter(order.fos.values()))["status"] = "IN_PROGRESS"
    assert isinstance(connector.carry_out(fulfil({"11": 4})), Done)
    assert order.shipped() == {11: 3}
    assert "picked" in connector.carry_out(fulfil({"11": 4})).reason
    assert order.shipped() == {11: 3}


def test_held_units_are_not_shipped(shop, connector, world, node):
    order = world((5, {11: 2}), (6, {12: 1}))
    connector.carry_out(Hold(order="1", held={"11": 2}, ready={}, handle="backorder-hold-1", note="n"))
    assert "our own hold" in connector.carry_out(fulfil({"11": 1})).reason
    list(order.fos.values())[1].update(status="ON_HOLD", holds=[node.hold(1, ours=False, handle="x")])
    assert "another app" in connector.carry_out(fulfil({"12": 1})).reason
    assert order.shipped() == {}


def test_more_units_than_wait_is_blocked_once_the_rest_has_shipped(shop, connector, world):
    order = world((5, {11: 1}))
    assert isinstance(connector.carry_out(fulfil({"11": 3})), Done)
    assert order.shipped() == {11: 1}
    assert isinstance(connector.carry_out(fulfil({"11": 3})), Blocked)


def test_an_unknown_order_is_not_found(shop, connector):
    shop.answer("OrderWhole", {"order": None})
    with pytest.raises(NotFound):
        connector.carry_out(fulfil({"11": 1}))


def test_without_the_scope_the_merchant_is_told(shop, connector, node):
    order = {
        k: v
        for k, v in node.order(1, lines=[node.line(11, 1)]).items()
        if k not in {"fulfillmentOrders", "fulfillments"}
    }
    error = {"message": "no", "extensions": {"code": "ACCESS_DENIED"}, "path": ["order", "fulfillmentOrders"]}
    shop.answer_raw("OrderWhole", {"data": {"order": None}, "errors": [error]})
    shop.answer("OrderWhole", {"order": order})
    with pytest.raises(Rejected, match="scopes"):
        connector.carry_out(fulfil({"11": 1}))


def test_a_refused_parcel_says_why(shop, connector, node):
    row = node.fulfilment_order(7, node.fo_line(71, 11, 1))
    order = {"order": node.order(1, lines=[node.line(11, 1)], fulfilment_orders=[row])}
    shop.answer("OrderWhole", order, order)
    error = {"field": None, "message": "Fulfillment order 7 has an unfulfillable status= closed."}
    shop.answer("Fulfil", {"fulfillmentCreate": {"fulfillment": None, "userErrors": [error]}})
    with pytest.raises(Refused, match="unfulfillable"):
        connector.carry_out(fulfil({"11": 1}))


def test_a_parcel_that_somebody_else_recorded_meanwhile_is_no_failure(shop, connector, node):
    free = node.fulfilment_order(7, node.fo_line(71, 11, 1))
    left = node.fulfilment_order(7, node.fo_line(71, 11, 0), status="CLOSED")
    parcels = [node.parcel(3, {11: 1})]
    shop.answer(
        "OrderWhole",
        {"order": node.order(1, lines=[node.line(11, 1)], fulfilment_orders=[free])},
        {"order": node.order(1, lines=[node.line(11, 1, unfulfilled=0)], fulfilment_orders=[left], parcels=parcels)},
    )
    error = {"field": None, "message": "Fulfillment order 7 has an unfulfillable status= closed."}
    shop.answer("Fulfil", {"fulfillmentCreate": {"fulfillment": None, "userErrors": [error]}})
    assert connector.carry_out(fulfil({"11": 1})) == Already()


def test_a_split_that_came_too_late_is_looked_at_again(shop, connector, node):
    def order(row):
        return {"order": node.order(1, lines=[node.line(11, 3)], fulfilment_orders=[row])}

    busy = node.fulfilment_order(7, node.fo_line(71, 11, 3), status="IN_PROGRESS")
    shop.answer("OrderWhole", order(node.fulfilment_order(7, node.fo_line(71, 11, 3))), order(busy))
    error = {"field": None, "message": "too many", "code": "INVALID_LINE_ITEM_QUANTITY"}
    shop.answer("Split", {"fulfillmentOrderSplit": {"fulfillmentOrderSplits": None, "userErrors": [error]}})
    assert isinstance(connector.carry_out(fulfil({"11": 1})), Blocked)


UNITS = st.fixed_dictionaries({11: st.integers(0, 4), 12: st.integers(0, 3)})


@examples(100, allowed=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.tuples(st.sampled_from([5, 6]), UNITS), min_size=1, max_size=3), st.data())
def test_lost_answers_ship_nothing_twice(shop, connector, world, places, data):
    order = world(*places)
    wanted = {line: data.draw(st.integers(0, count)) for line, count in order.ordered.items()}
    order.lose = data.draw(st.integers(0, 3))
    for _ in range(8):
        try:
            outcome = connector.carry_out(fulfil({str(line): units for line, units in wanted.items()}))
            break
        except OutcomeUnknown:
            continue
    assert isinstance(outcome, Done | Already)
    assert order.shipped() == {line: units for line, units in wanted.items() if units}
