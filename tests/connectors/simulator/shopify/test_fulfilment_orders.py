"""The recorded transitions of fulfilment orders, as tables of (id, status, [(line, total, remaining)])."""

import pytest


def errors(answer):
    (payload,) = answer["data"].values()
    return [(error.get("code"), error["message"]) for error in payload["userErrors"]]


def actions(api, order, row):
    nodes = api.data(
        "query($id: ID!) { order(id: $id) { fulfillmentOrders(first: 9) { nodes { id supportedActions { action } } } } }",
        id=f"gid://shopify/Order/{order}",
    )["order"]["fulfillmentOrders"]["nodes"]
    return next([a["action"] for a in node["supportedActions"]] for node in nodes if node["id"].endswith(f"/{row}"))


@pytest.fixture
def pair(shop):
    """An order of two mugs: fulfilment order 1001 with its line 1001."""
    shop.add_product("MUG", "Mug", "20.00", 1)
    return shop.checkout([("MUG", 2)])


def test_a_partial_hold_keeps_the_requested_units_on_the_old_id_and_the_rest_gets_new_ids(api, pair):
    assert errors(api.hold(1001, [(1001, 1)])) == []
    assert api.fulfilment_orders(pair) == [(1001, "ON_HOLD", [(1001, 1, 1)]), (1002, "OPEN", [(1002, 1, 1)])]


def test_releasing_a_partial_hold_merges_the_sibling_back_and_keeps_it_listed_with_nothing(api, pair):
    api.hold(1001, [(1001, 1)])
    assert errors(api.release(1001, [1001])) == []
    assert api.fulfilment_orders(pair) == [(1001, "OPEN", [(1001, 2, 2)]), (1002, "CLOSED", [(1002, 0, 0)])]


def test_a_partial_hold_over_two_lines_leaves_only_the_requested_ones_on_the_old_id(api, shop):
    shop.add_product("A", "A", "1", 9)
    shop.add_product("B", "B", "1", 9)
    order = shop.checkout([("A", 2), ("B", 3)])
    api.hold(1001, [(1001, 2), (1002, 1)])
    assert api.fulfilment_orders(order) == [
        (1001, "ON_HOLD", [(1001, 2, 2), (1002, 1, 1)]),
        (1002, "OPEN", [(1003, 2, 2)]),
    ]


def test_a_split_puts_the_requested_units_on_a_new_id(api, pair):
    assert errors(api.split((1001, [(1001, 1)]))) == []
    assert api.fulfilment_orders(pair) == [(1001, "OPEN", [(1001, 1, 1)]), (1002, "OPEN", [(1002, 1, 1)])]


def test_a_split_off_sibling_is_not_merged_by_a_release(api, pair):
    api.split((1001, [(1001, 1)]))
    api.hold(1001)
    api.release(1001, [1001])
    assert api.fulfilment_orders(pair) == [(1001, "OPEN", [(1001, 1, 1)]), (1002, "OPEN", [(1002, 1, 1)])]


def test_merging_puts_everything_into_the_first_and_closes_the_others(api, shop, pair):
    api.split((1001, [(1001, 1)]))
    shop.merge(pair)
    assert api.fulfilment_orders(pair) == [(1001, "OPEN", [(1001, 2, 2)]), (1002, "CLOSED", [(1002, 0, 0)])]


def test_a_batch_of_splits_is_all_or_nothing(api, pair):
    answer = api.split((1001, [(1001, 1)]), (1001, [(1001, 9)]))
    assert errors(answer) == [("INVALID_LINE_ITEM_QUANTITY", "Invalid fulfillment order line item quantity requested.")]
    assert api.fulfilment_orders(pair) == [(1001, "OPEN", [(1001, 2, 2)])]


@pytest.mark.parametrize(
    ("lines", "code"),
    [
        ([], "NO_LINE_ITEMS_PROVIDED_TO_SPLIT"),
        ([(1001, 0)], "GREATER_THAN"),
        ([(1001, 3)], "INVALID_LINE_ITEM_QUANTITY"),
    ],
)
def test_a_split_that_makes_no_sense_is_refused_with_its_code(api, pair, lines, code):
    assert [found for found, _ in errors(api.split((1001, lines)))] == [code]


def test_an_unknown_fulfilment_order_is_a_user_error_for_a_split_and_an_error_beside_the_data_for_a_hold(api, pair):
    assert errors(api.split((9, [(1001, 1)]))) == [("FULFILLMENT_ORDER_NOT_FOUND", "Fulfillment order does not exist.")]
    answer = api.hold(9)
    assert answer["data"] == {"fulfillmentOrderHold": None}
    (error,) = answer["errors"]
    assert error["message"] == "Invalid id: gid://shopify/FulfillmentOrder/9"
    assert error["extensions"] == {"code": "RESOURCE_NOT_FOUND"}


def test_the_same_handle_twice_is_refused_and_another_one_stacks(api, pair):
    api.hold(1001)
    assert [code for code, _ in errors(api.hold(1001))] == ["DUPLICATE_FULFILLMENT_HOLD_HANDLE"]
    assert errors(api.hold(1001, handle="backorder-2")) == []
    api.release(1001, [1001])
    assert api.fulfilment_orders(pair) == [(1001, "ON_HOLD", [(1001, 2, 2)])]
    api.release(1001, [1002])
    assert api.fulfilment_orders(pair) == [(1001, "OPEN", [(1001, 2, 2)])]


def test_an_app_may_have_ten_holds_and_no_more(api, pair):
    for number in range(10):
        assert errors(api.hold(1001, handle=f"h{number}")) == []
    assert [code for code, _ in errors(api.hold(1001, handle="h10"))] == ["FULFILLMENT_ORDER_HOLD_LIMIT_REACHED"]


@pytest.mark.parametrize(
    ("lines", "code"),
    [
        ([(1001, 0)], "GREATER_THAN_ZERO"),
        ([(1001, 1), (1001, 1)], "DUPLICATED_FULFILLMENT_ORDER_LINE_ITEMS"),
        ([(1001, 3)], "INVALID_LINE_ITEM_QUANTITY"),
        ([(77, 1)], "INVALID_LINE_ITEM_QUANTITY"),
    ],
)
def test_a_hold_that_makes_no_sense_is_refused_with_its_code(api, pair, lines, code):
    assert [found for found, _ in errors(api.hold(1001, lines))] == [code]
    assert api.fulfilment_orders(pair) == [(1001, "OPEN", [(1001, 2, 2)])]


def test_a_held_fulfilment_order_cannot_be_parted(api, pair):
    api.hold(1001)
    answer = api.hold(1001, [(1001, 1)], handle="backorder-2")
    assert [code for code, _ in errors(answer)] == ["FULFILLMENT_ORDER_NOT_SPLITTABLE"]


def test_a_release_without_ids_takes_every_apps_holds(api, shop, pair):
    api.hold(1001)
    shop.foreign_hold(pair)
    api.release(1001)
    assert api.fulfilment_orders(pair) == [(1001, "OPEN", [(1001, 2, 2)])]


def test_only_our_own_holds_are_marked_as_ours(api, shop, pair):
    api.hold(1001)
    shop.foreign_hold(pair)
    (row,) = api.data(
        """query($id: ID!) { order(id: $id) { fulfillmentOrders(first: 9) { nodes {
        fulfillmentHolds { handle heldByRequestingApp } } } } }""",
        id=f"gid://shopify/Order/{pair}",
    )["order"]["fulfillmentOrders"]["nodes"]
    holds = {hold["handle"]: hold["heldByRequestingApp"] for hold in row["fulfillmentHolds"]}
    assert holds == {"backorder-1": True, "foreign": False}


def test_supported_actions_follow_the_status(api, shop, pair):
    everything = ["CREATE_FULFILLMENT", "REPORT_PROGRESS", "MOVE", "HOLD"]
    assert actions(api, pair, 1001) == [*everything, "SPLIT"]
    api.hold(1001, [(1001, 1)])
    assert actions(api, pair, 1001) == ["RELEASE_HOLD", "HOLD", "MOVE"]
    assert actions(api, pair, 1002) == everything
    api.release(1001)
    assert actions(api, pair, 1002) == []
    shop.start_picking(pair)
    assert actions(api, pair, 1001) == ["CREATE_FULFILLMENT", "REPORT_PROGRESS", "HOLD", "MARK_AS_OPEN"]
    shop.stop_picking(pair)
    api.split((1001, [(1001, 1)]))
    assert actions(api, pair, 1001) == [*everything, "MERGE"]


def test_the_order_is_on_hold_only_when_all_of_it_is(api, pair):
    query = "query($id: ID!) { order(id: $id) { displayFulfillmentStatus } }"
    api.hold(1001, [(1001, 1)])
    assert api.data(query, id=f"gid://shopify/Order/{pair}")["order"]["displayFulfillmentStatus"] == "UNFULFILLED"
    api.hold(1002)
    assert api.data(query, id=f"gid://shopify/Order/{pair}")["order"]["displayFulfillmentStatus"] == "ON_HOLD"


def test_a_fulfilment_order_fulfilled_whole_closes(api, pair):
    assert errors(api.fulfil((1001, []))) == []
    assert api.fulfilment_orders(pair) == [(1001, "CLOSED", [(1001, 2, 0)])]


def test_a_fulfilment_order_fulfilled_in_part_is_in_progress(api, pair):
    assert errors(api.fulfil((1001, [(1001, 1)]))) == []
    assert api.fulfilment_orders(pair) == [(1001, "IN_PROGRESS", [(1001, 2, 1)])]


@pytest.mark.parametrize(
    ("before", "parts", "message"),
    [
        ("hold", [(1001, [])], "Fulfillment order 1001 has an unfulfillable status= on_hold."),
        ("ship", [(1001, [])], "Fulfillment order 1001 has an unfulfillable status= closed."),
        ("", [(1001, [(1001, 3)])], "Invalid fulfillment order line item quantity requested."),
        ("", [(1001, [(1001, 0)])], "Quantity must be greater than 0"),
        ("", [(9, [])], "Fulfillment order does not exist."),
        (
            "",
            [(1001, []), (1002, [])],
            "All fulfillment orders must belong to the same order. Fulfillment orders: 1001, 1002",
        ),
        ("move", [(1001, []), (1003, [])], "All fulfillment orders must be assigned to a single location."),
    ],
)
def test_a_parcel_that_cannot_leave_is_refused_in_the_platforms_words(api, shop, pair, before, parts, message):
    shop.checkout([("MUG", 1)])
    if before == "hold":
        api.hold(1001)
    elif before == "ship":
        api.fulfil((1001, []))
    elif before == "move":
        shop.move(pair, shop.add_location("Second"), {shop.line(pair, "MUG"): 1})
    assert errors(api.fulfil(*parts)) == [(None, message)]


def test_moving_a_part_of_it_makes_a_new_one(api, shop, pair):
    shop.move(pair, shop.add_location("Second"), {shop.line(pair, "MUG"): 1})
    assert api.fulfilment_orders(pair) == [(1001, "OPEN", [(1001, 1, 1)]), (1002, "OPEN", [(1002, 1, 1)])]


def test_moving_all_of_it_keeps_the_id_and_takes_the_committed_units_along(api, shop, pair):
    second = shop.add_location("Second")
    shop.move(pair, second)
    assert api.fulfilment_orders(pair) == [(1001, "OPEN", [(1001, 2, 2)])]
    assert (shop.available("MUG"), shop.available("MUG", location=second)) == (1, -2)


def test_a_release_after_the_open_part_has_shipped_merges_nothing(api, shop, pair):
    api.hold(1001, [(1001, 1)])
    shop.fulfil(pair)
    api.release(1001, [1001])
    assert api.fulfilment_orders(pair) == [(1001, "OPEN", [(1001, 1, 1)]), (1002, "CLOSED", [(1002, 1, 0)])]
