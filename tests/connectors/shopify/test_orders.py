"""Reading orders over the wire: pages read to their end, deleted orders, missing scopes, lists of changes."""

import json
from datetime import UTC, datetime, timedelta, timezone

import pytest

from core.errors import PayloadChanged, Rejected


def denied(*path):
    return {"message": "Access denied", "extensions": {"code": "ACCESS_DENIED"}, "path": list(path)}


def too_costly():
    told = {"errors": [{"message": "Query cost is 2000", "extensions": {"code": "MAX_COST_EXCEEDED", "cost": 2000}}]}
    return 200, {}, json.dumps(told)


@pytest.mark.parametrize(
    "told",
    [
        {"data": {"order": None}},
        {"data": {"order": None}, "errors": [{"message": "Invalid id", "extensions": {"code": "RESOURCE_NOT_FOUND"}}]},
    ],
)
def test_an_unknown_order_is_gone(shop, connector, told):
    shop.answer_raw("OrderWhole", told)
    seen = connector.read_order("404")
    assert (seen.platform_id, seen.status, seen.lines) == ("404", "gone", ())


def test_an_order_is_read_to_the_end_of_all_its_pages(shop, connector, node):
    order = node.order(1)
    order["lineItems"] = node.page(node.line(11, 1), more="L1")
    first = node.fulfilment_order(7)
    first["lineItems"] = node.page(node.fo_line(71, 11, 1), more="FL1")
    order["fulfillmentOrders"] = node.page(first, more="F1")
    shop.answer("OrderWhole", {"order": order})
    shop.answer(
        "OrderLines",
        {"order": {"id": order["id"], "lineItems": node.page(node.line(12, 2), more="L2")}},
        {"order": {"id": order["id"], "lineItems": node.page(node.line(13, 3))}},
    )
    shop.answer(
        "FulfilmentOrderLines",
        {"fulfillmentOrder": {"id": first["id"], "lineItems": node.page(node.fo_line(72, 12, 2))}},
    )
    held = node.fulfilment_order(8, node.fo_line(81, 13, 3), status="ON_HOLD", holds=[node.hold(1)])
    shop.answer("FulfilmentOrders", {"order": {"id": order["id"], "fulfillmentOrders": node.page(held)}})
    seen = connector.read_order("1")
    assert [line.id for line in seen.lines] == ["11", "12", "13"]
    assert seen.outside.held == {"13": 3}
    assert [asked["after"] for asked in shop.asked("OrderLines")] == ["L1", "L2"]
    assert shop.asked("FulfilmentOrders")[0]["after"] == "F1"


def test_an_order_deleted_while_its_pages_are_read_ends_there(shop, connector, node):
    order = node.order(1)
    order["lineItems"] = node.page(node.line(11, 1), more="L1")
    shop.answer("OrderWhole", {"order": order})
    shop.answer("OrderLines", {"order": None})
    assert [line.id for line in connector.read_order("1").lines] == ["11"]


def test_full_parcels_are_asked_for_again_in_larger_pages(shop, connector, node):
    lines = [node.line(n, 1, unfulfilled=0) for n in range(100, 160)]
    full = node.parcel(1, dict.fromkeys(range(100, 150), 1))
    shop.answer("OrderWhole", {"order": node.order(1, lines=lines, parcels=[full])})
    whole = node.parcel(1, dict.fromkeys(range(100, 160), 1))
    shop.answer("Fulfilments", {"order": {"id": node.gid("Order", 1), "fulfillments": [whole]}})
    assert sum(line.shipped for line in connector.read_order("1").lines) == 60


def test_parcels_too_many_for_one_call_are_inferred_from_the_lines(shop, connector, node):
    lines = [node.line(n, 1, unfulfilled=0) for n in range(100, 160)]
    full = node.parcel(1, dict.fromkeys(range(100, 150), 1))
    shop.answer("OrderWhole", {"order": node.order(1, lines=lines, parcels=[full])})
    shop.answer_raw("Fulfilments", too_costly())
    assert sum(line.shipped for line in connector.read_order("1").lines) == 60


def test_a_missing_fulfilment_scope_costs_the_holds_not_the_order(shop, connector, node):
    order = {
        k: v
        for k, v in node.order(1, lines=[node.line(11, 2, unfulfilled=1)]).items()
        if "ulfillment" not in k or k.startswith("display")
    }
    shop.answer_raw("OrderWhole", {"data": {"order": None}, "errors": [denied("order", "fulfillmentOrders")]})
    shop.answer("OrderWhole", {"order": order}, {"order": order})
    seen = connector.read_order("1")
    assert (seen.status, seen.lines[0].shipped) == ("open", 1)
    assert "grant the app" in seen.problems[0]
    connector.read_order("1")
    assert [asked["logistics"] for asked in shop.asked("OrderWhole")] == [True, False, False]


def test_a_missing_order_scope_is_no_deleted_order(shop, connector):
    shop.answer_raw("OrderWhole", {"data": {"order": None}, "errors": [denied("order")]})
    with pytest.raises(Rejected, match="Access denied"):
        connector.read_order("1")


def test_changed_orders_come_oldest_change_first_with_cancelled_and_closed_ones(shop, connector, node):
    shop.answer(
        "OrdersChanged",
        {"orders": node.page(node.order(1, lines=[node.line(11, 1)]), more="C1")},
        {
            "orders": node.page(
                node.order(2, cancelledAt="2026-11-22T00:00:00Z"), node.order(3, closedAt="2026-11-22T00:00:00Z")
            )
        },
    )
    since = datetime(2026, 11, 22, 1, 30, tzinfo=timezone(timedelta(hours=1)))
    seen = list(connector.orders_changed(since))
    assert [(order.platform_id, order.status) for order in seen] == [("1", "open"), ("2", "cancelled"), ("3", "closed")]
    first, second = shop.asked("OrdersChanged")
    assert first["query"] == "updated_at:>='2026-11-22T00:30:00Z'"
    assert (first["after"], second["after"]) == (None, "C1")


def test_open_orders_are_those_that_still_wait(shop, connector, node):
    shop.answer(
        "OrdersChanged",
        {
            "orders": node.page(
                node.order(1, lines=[node.line(11, 1)]),
                node.order(2, lines=[node.line(12, 1)], cancelledAt="2026-11-22T00:00:00Z"),
                node.order(3, lines=[node.line(13, 1, unfulfilled=0)], parcels=[node.parcel(1, {13: 1})]),
            )
        },
    )
    assert [order.platform_id for order in connector.orders_changed(None)] == ["1"]
    assert shop.asked("OrdersChanged")[0]["query"] == "status:not_closed"


def test_an_order_too_long_for_the_list_is_read_alone(shop, connector, node):
    long = node.order(1)
    long["lineItems"] = node.page(node.line(11, 1), more="L1")
    row = node.fulfilment_order(7)
    row["lineItems"] = node.page(node.fo_line(71, 12, 1), more="FL1")
    many = node.order(2, lines=[node.line(12, 1)], fulfilment_orders=[row])
    shop.answer("OrdersChanged", {"orders": node.page(long, many, node.order(3, lines=[node.line(13, 1)]))})
    shop.answer(
        "OrderWhole",
        {"order": node.order(1, lines=[node.line(11, 1), node.line(14, 1)])},
        {"order": node.order(2, lines=[node.line(12, 1)])},
    )
    seen = {order.platform_id: len(order.lines) for order in connector.orders_changed(None)}
    assert seen == {"1": 2, "2": 1, "3": 1}


def test_a_list_that_is_too_large_is_asked_for_in_smaller_pages(shop, connector, node):
    shop.answer_raw("OrdersChanged", too_costly(), too_costly())
    shop.answer(
        "OrdersChanged",
        {"orders": node.page(node.order(1, lines=[node.line(11, 1)]), more="C1")},
        {"orders": node.page()},
    )
    assert len(list(connector.orders_changed(None))) == 1
    assert [asked["first"] for asked in shop.asked("OrdersChanged")] == [10, 5, 2, 2]


def test_a_list_that_is_too_large_one_by_one_is_refused(shop, connector):
    shop.answer_raw("OrdersChanged", *[too_costly()] * 4)
    with pytest.raises(Rejected, match="too large"):
        list(connector.orders_changed(None))


def test_a_list_without_the_fulfilment_scope_is_still_a_list(shop, connector, node):
    order = node.order(1, lines=[node.line(11, 1)])
    shop.answer_raw("OrdersChanged", {"data": None, "errors": [denied("orders", "nodes", 0, "fulfillmentOrders")]})
    shop.answer(
        "OrdersChanged",
        {"orders": node.page({k: v for k, v in order.items() if k not in {"fulfillmentOrders", "fulfillments"}})},
    )
    assert [seen.platform_id for seen in connector.orders_changed(datetime(2026, 11, 1, tzinfo=UTC))] == ["1"]


def test_an_order_in_the_list_that_cannot_be_read_is_named_and_left_out_where_such_are_asked_for(shop, connector, node):
    odd, good = {"id": node.gid("Order", 1)}, node.order(2, lines=[node.line(11, 1)])
    shop.answer("OrdersChanged", {"orders": node.page(odd)}, {"orders": node.page(odd, good)})
    with pytest.raises(PayloadChanged, match="order 1"):
        list(connector.orders_changed(None))
    unread = set()
    assert [seen.platform_id for seen in connector.orders_changed(None, unread=unread)] == ["2"]
    assert unread == {"1"}


@pytest.mark.parametrize("garbled", [{"pageInfo": 1}, {"pageInfo": {}}, {"nodes": None}, {"nodes": [None]}])
def test_a_list_that_cannot_be_read_is_said_to_be_one(shop, connector, node, garbled):
    shop.answer("OrdersChanged", {"orders": {**node.page(), **garbled}})
    with pytest.raises(PayloadChanged, match="list of orders"):
        list(connector.orders_changed(None, unread=set()))


@pytest.mark.parametrize(
    ("told", "order"),
    [({"id": "gid://shopify/FulfillmentOrder/7", "orderId": "gid://shopify/Order/3"}, "3"), (None, None)],
)
def test_a_fulfilment_order_leads_to_its_order(shop, connector, told, order):
    shop.answer("OrderOfFulfilment", {"fulfillmentOrder": told})
    assert connector.order_of_fulfilment("7") == order
    assert shop.asked("OrderOfFulfilment") == [{"id": "gid://shopify/FulfillmentOrder/7"}]
