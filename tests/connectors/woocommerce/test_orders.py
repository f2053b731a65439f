"""From an order's JSON, its refunds and its shipments to one snapshot with absolute totals."""

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from connectors.woocommerce.order_snapshot import snapshot
from core.errors import PayloadChanged
from tests.draws import examples

NOW = datetime(2026, 11, 23, 12, 0, 0, tzinfo=UTC)


def seen(shown, refunds=(), shipments=()):
    return snapshot(shown, refunds=list(refunds), shipments=list(shipments), read_at=NOW)


def refund(**quantities):
    lines = [
        {
            "id": 900 + n,
            "quantity": -count,
            "meta_data": [{"key": "_refunded_item_id", "value": line.removeprefix("line_")}],
        }
        for n, (line, count) in enumerate(quantities.items())
    ]
    return {"id": 800, "line_items": lines}


def totals(order):
    return {line.id: (line.ordered, line.refunded, line.shipped, line.reserved) for line in order.lines}


STATUSES = [
    # status, status of the snapshot, hold, reserved units of the first line
    ("pending", "open", "payment", 8),
    ("on-hold", "open", "payment", 8),
    ("processing", "open", None, 8),
    ("backordered", "open", None, 8),
    ("awaiting-pickup", "open", None, 8),
    ("completed", "closed", None, 0),
    ("cancelled", "cancelled", None, 0),
    ("failed", "cancelled", None, 0),
    ("refunded", "cancelled", None, 0),
    ("trash", "cancelled", None, 0),
    ("checkout-draft", "gone", None, 0),
    ("auto-draft", "gone", None, 0),
]


@pytest.mark.parametrize(("status", "state", "hold", "reserved"), STATUSES)
def test_every_status_has_its_meaning(order, status, state, hold, reserved):
    found = seen(order(status=status))
    assert (found.status, found.hold, found.lines[0].reserved) == (state, hold, reserved)


def test_a_captured_order_is_read_whole(captured):
    found = seen(captured("order-checkout-backordered.json"))
    assert (found.platform_id, found.name, found.currency, found.location) == ("34", "#34", "USD", "store")
    assert found.placed_at == datetime(2026, 11, 23, 6, 34, 23, tzinfo=UTC)
    assert found.version == datetime(2026, 11, 23, 6, 34, 24, tzinfo=UTC)
    assert [(line.item, line.sku, line.ordered, line.reserved, line.unit_price) for line in found.lines] == [
        ("18", "LOWPACK", 6, 6, 7500),
        ("12", "LAMP", 5, 5, 2550),
        ("13", "MUG", 1, 1, 999),
        ("24", "SHIRT-M", 2, 2, 3000),  # a variation, not its parent 22
    ]
    assert (found.customer.name, found.customer.email) == ("Customer 12", "customer12@example.com")
    assert (found.customer.id, found.customer.country) == (None, "US")
    assert found.problems == ()
    assert found.merchant_tags == frozenset()


CREATED, PAID = datetime(2026, 11, 1, tzinfo=UTC), datetime(2026, 11, 5, 8, 30, tzinfo=UTC)
PLACES = [
    # payment method, paid, place in the queue
    ("stripe", True, PAID),  # a cart may have been left for days before it was paid
    ("paypal", True, PAID),
    ("", True, PAID),
    ("stripe", False, CREATED),
    ("bacs", True, CREATED),  # a transfer takes days: the place is kept while it is under way, and afterwards
    ("cheque", True, CREATED),
    ("cod", True, CREATED),
    ("cod", False, CREATED),
]


@pytest.mark.parametrize(("method", "paid", "place"), PLACES)
def test_the_payment_method_says_when_the_place_in_the_queue_was_taken(order, method, paid, place):
    stamp = "2026-11-05T08:30:00" if paid else None
    found = seen(order(date_created_gmt="2026-11-01T00:00:00", date_paid_gmt=stamp, payment_method=method))
    assert found.placed_at == place


@pytest.mark.parametrize(
    ("status", "due", "hold"),
    [
        ("awaiting-deposit", True, "payment"),
        ("awaiting-deposit", False, None),
        ("processing", True, None),
        ("completed", True, None),
    ],
)
def test_in_a_plugins_status_the_store_says_whether_money_is_due(order, status, due, hold):
    assert seen(order(status=status, needs_payment=due)).hold == hold


CAPTURED = [
    # payload -> status, hold, units of each line: ordered, refunded, shipped, reserved
    ("order-checkout-backordered.json", "open", None, [(6, 0, 0, 6), (5, 0, 0, 5), (1, 0, 0, 1), (2, 0, 0, 2)]),
    ("order-create-backordered.json", "closed", None, [(8, 0, 8, 0), (1, 0, 1, 0), (5, 0, 5, 0)]),
    ("order-custom-status.json", "open", None, [(8, 0, 0, 8)]),
    ("order-with-deleted-product.json", "open", None, [(4, 0, 0, 4)]),
    ("order-with-partial-fulfillment.json", "open", None, [(8, 0, 0, 8), (2, 0, 0, 2)]),
    ("order.created-backordered-translated-key.body", "open", None, [(3, 0, 0, 3)]),
    ("order.updated-cancelled.body", "cancelled", None, [(1, 0, 0, 0)]),
    ("order.updated-status-on-hold.body", "open", "payment", [(6, 0, 0, 6), (5, 0, 0, 5), (1, 0, 0, 1), (2, 0, 0, 2)]),
    ("order.updated-after-fulfillment.body", "open", None, [(8, 0, 0, 8), (2, 0, 0, 2)]),
]


@pytest.mark.parametrize(("name", "status", "hold", "units"), CAPTURED, ids=[row[0] for row in CAPTURED])
def test_captured_orders_say_what_they_said_when_they_were_captured(captured, name, status, hold, units):
    import json

    shown = captured(name)
    found = seen(json.loads(shown) if isinstance(shown, bytes) else shown)
    assert (found.status, found.hold, list(totals(found).values())) == (status, hold, units)


@pytest.mark.parametrize(
    "name", ["order.created-backordered-checkout.body", "order.created-backordered-translated-key.body"]
)
def test_the_backordered_metadata_changes_nothing_whatever_its_language(captured, name):
    import json

    shown = json.loads(captured(name))
    plain = json.loads(captured(name))
    for row in plain["line_items"]:
        row["meta_data"] = [meta for meta in row["meta_data"] if meta["key"] not in {"Backordered", "Lieferrückstand"}]
    assert plain != shown
    assert seen(shown).lines == seen(plain).lines


def test_a_line_of_a_deleted_product_keeps_its_units_without_an_item(captured):
    line = seen(captured("order-with-deleted-product.json")).lines[0]
    assert (line.item, line.sku, line.title, line.ordered, line.reserved) == (None, None, "Temp", 4, 4)


def test_a_custom_status_keeps_what_was_taken_out_of_stock(captured):
    found = seen(captured("order-custom-status.json"))
    assert (found.status, found.lines[0].reserved) == ("open", 8)


# -- refunds -------------------------------------------------------------------------------------------------------


def test_a_refund_with_restock_frees_its_units(captured):
    found = seen(captured("order-after-partial-refund.json"), [captured("refund-partial-restock.json")])
    assert totals(found) == {"36": (8, 3, 0, 5), "37": (2, 0, 0, 2)}
    assert found.problems == ()


REFUNDS = [
    # refunded, reduced, shipped -> refunded, shipped, reserved, units that the sentence names
    (3, 5, 0, 3, 0, 5, None),  # with restock
    (3, 8, 0, 3, 0, 5, 3),  # without
    (50, 8, 0, 8, 0, 0, 8),  # more than was ordered: nobody checks
    (3, 8, 5, 3, 5, 0, 3),
    (8, 8, 5, 3, 5, 0, 3),  # five had left: they were sent back, three were not sent
    (8, 8, 8, 0, 8, 0, None),
    (1, 8, 0, 1, 0, 7, 1),
    (0, 0, 0, 0, 0, 0, None),  # not managed, or not reduced yet
    (0, 6, 0, 0, 0, 6, None),
]


def test_units_put_back_beyond_what_was_ordered_are_said(order):
    """Fifty of eight refunded with restock: `_reduced_stock` falls to -42 and the store counts 42 units that never were."""
    shown = order(status="processing", line_meta={0: {"_reduced_stock": "-42", "_restock_refunded_items": "50"}})
    found = seen(shown, [refund(line_1=50)])
    assert totals(found)["1"] == (8, 8, 0, 0)
    assert found.problems == (
        "42 units of Stove Kettle were put back into stock beyond what was ordered: look at the store's number.",
    )


@pytest.mark.parametrize("row", REFUNDS)
def test_refunds_are_capped_and_units_lost_to_stock_are_said(order, row):
    back, reduced, left, refunded, shipped, reserved, lost = row
    shown = order(
        status="processing",
        line_meta={0: {"_reduced_stock": str(reduced)}},
        meta={"_backorder_shipped": f'{{"1": {left}}}'},
    )
    found = seen(shown, [refund(line_1=back)])
    assert totals(found)["1"] == (8, refunded, shipped, reserved)
    words = f"{lost} unit{'' if lost == 1 else 's'} of Stove Kettle {'was' if lost == 1 else 'were'} refunded without restock: {'it is' if lost == 1 else 'they are'} not counted as stock."
    assert found.problems == (() if lost is None else (words,))


def test_several_refunds_of_a_line_add_up(order):
    shown = order(status="processing")
    assert totals(seen(shown, [refund(line_1=2), refund(line_1=1, line_2=1)]))["1"][1] == 3


def test_a_refund_of_money_only_moves_no_units(order):
    found = seen(order(status="processing"), [{"id": 9, "line_items": []}, {"id": 10}])
    assert totals(found)["1"] == (8, 0, 0, 8)


@pytest.mark.parametrize(
    ("status", "where"), [("trash", "in the trash"), ("refunded", "refunded"), ("failed", "failed")]
)
def test_units_that_the_store_never_put_back_are_said_and_not_counted(order, status, where):
    found = seen(order(status=status))
    assert [line.reserved for line in found.lines] == [0, 0, 0]
    assert (
        found.problems[0]
        == f"The order is {where}, but 8 units of Stove Kettle were never put back into stock: they are not counted as stock."
    )
    assert found.problems[1].startswith(f"The order is {where}, but 1 unit of Mug was never put back")


def test_units_that_left_before_the_order_was_trashed_are_not_missing(order):
    found = seen(order(status="trash", meta={"_backorder_shipped": '{"1":5,"2":1,"3":5}'}))
    assert found.problems == (
        "The order is in the trash, but 3 units of Stove Kettle were never put back into stock: they are not counted as stock.",
    )


def test_a_trashed_order_of_the_store_is_cancelled(captured):
    shown = captured("order-trashed.json") | {"status": "trash"}
    assert seen(shown).status == "cancelled"
    assert len(seen(shown).problems) == 1


def test_a_cancelled_order_that_was_put_back_has_no_problem(captured):
    import json

    found = seen(json.loads(captured("order.updated-cancelled.body")))
    assert (found.status, found.problems) == ("cancelled", ())


# -- shipments -----------------------------------------------------------------------------------------------------


def test_fulfilments_count_once_they_are_fulfilled(captured):
    found = seen(captured("order-with-partial-fulfillment.json"), shipments=captured("fulfillments-list.json"))
    assert totals(found) == {"62": (8, 0, 0, 8), "63": (2, 0, 2, 0)}  # the draft for line 62 is not shipped
    assert found.outside.shipped_parcels == 1


def test_a_fulfilment_of_more_than_was_ordered_ships_what_was_ordered(captured):
    found = seen(captured("order-with-partial-fulfillment.json"), shipments=[captured("fulfillment-too-many.json")])
    assert totals(found)["62"] == (8, 0, 8, 0)


def test_a_fulfilment_of_an_unknown_line_ships_nothing(order):
    shipment = {"id": 1, "is_fulfilled": True, "meta_data": [{"key": "_items", "value": [{"item_id": 999, "qty": 2}]}]}
    assert {row[2] for row in totals(seen(order(status="processing"), shipments=[shipment])).values()} == {0}


def test_parcels_in_our_metadata_count_where_the_store_has_no_fulfilments(order):
    found = seen(
        order(
            status="processing",
            meta={"_backorder_shipped": '{"1":3}', "_backorder_parcels": "backorder-33-1 backorder-33-2"},
        )
    )
    assert totals(found)["1"] == (8, 0, 3, 5)
    assert found.outside.shipped_parcels == 2


def test_parcels_from_before_the_feature_was_on_still_count(order):
    shipment = {"id": 1, "is_fulfilled": True, "meta_data": [{"key": "_items", "value": [{"item_id": 1, "qty": 2}]}]}
    found = seen(
        order(status="processing", meta={"_backorder_shipped": '{"1":3}', "_backorder_parcels": "a"}),
        shipments=[shipment],
    )
    assert totals(found)["1"] == (8, 0, 5, 3)
    assert found.outside.shipped_parcels == 2


def test_a_completed_order_has_shipped_what_was_not_refunded(order):
    assert totals(seen(order(status="completed"), [refund(line_1=3)]))["1"] == (8, 3, 5, 0)


@pytest.mark.parametrize(
    ("status", "refunded_at", "refunded", "shipped", "returned"),
    [
        ("completed", "2026-11-20T09:00:00", 3, 5, 0),
        ("completed", "2026-11-21T09:00:00", 3, 5, 0),
        ("completed", "2026-11-21T09:00:01", 0, 8, 3),
        ("refunded", "2026-11-22T09:00:00", 0, 3, 3),
    ],
)
def test_what_is_refunded_after_an_order_was_completed_came_back(
    order, status, refunded_at, refunded, shipped, returned
):
    shown = order(status=status, date_completed_gmt="2026-11-21T09:00:00")
    line = seen(shown, [refund(line_1=3) | {"date_created_gmt": refunded_at}]).lines[0]
    assert (line.refunded, line.shipped, line.returned) == (refunded, shipped, returned)


@pytest.mark.parametrize("missing", ["line_items", "meta_data"])
@pytest.mark.parametrize("how", ["left out", "null"])
def test_an_order_that_lost_its_lines_or_our_words_on_the_way_is_not_believed(captured, missing, how):
    """What was ordered would count as taken off, and our hold as taken away by a person, who is not contradicted."""
    shown = dict(captured("order-checkout-backordered.json"))
    shown[missing] = None
    if how == "left out":
        del shown[missing]
    with pytest.raises(PayloadChanged, match=missing):
        seen(shown)


@examples(150)
@given(
    ordered=st.integers(0, 20),
    refunds=st.lists(st.integers(0, 30), max_size=3),
    parcels=st.lists(st.integers(0, 30), max_size=3),
    reduced=st.integers(0, 30),
    status=st.sampled_from([row[0] for row in STATUSES]),
)
def test_totals_never_exceed_what_was_ordered(ordered, refunds, parcels, reduced, status):
    row = {
        "id": 1,
        "product_id": 2,
        "quantity": ordered,
        "name": "Mug",
        "meta_data": [{"key": "_reduced_stock", "value": str(reduced)}],
    }
    shown = {
        "id": 5,
        "status": status,
        "currency": "EUR",
        "date_created_gmt": "2026-11-01T00:00:00",
        "line_items": [row],
        "meta_data": [],
    }
    shipments = [
        {"is_fulfilled": True, "meta_data": [{"key": "_items", "value": [{"item_id": 1, "qty": n}]}]} for n in parcels
    ]
    line = seen(shown, [refund(line_1=n) for n in refunds], shipments).lines[0]
    still_open = line.ordered - line.refunded - line.shipped
    assert 0 <= line.reserved <= still_open
    assert line.refunded >= 0
    assert line.shipped >= 0
    assert line.reserved <= reduced
    assert still_open == 0 or status != "completed"
