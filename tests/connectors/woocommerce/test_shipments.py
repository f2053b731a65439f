"""A part recorded as shipped: with the fulfilments feature, without it, and with answers lost on the way."""

import pytest

from core.actions import Fulfil
from core.errors import OutcomeUnknown, Rejected
from core.outcomes import Already, Blocked, Done

LOST = "lost"  # done, but the answer did not come back
REFUSED = "refused"  # failed before it was done


def fulfil(shipped, reference="backorder-33-1", **more):
    return Fulfil(order="33", shipped=shipped, reference=reference, **more)


@pytest.fixture
def modern(connect):
    return connect(features={"fulfillments"})


def test_a_part_becomes_one_fulfilment_of_what_is_missing(desk, modern):
    here = desk(fulfilments=[])
    assert modern.carry_out(fulfil({"1": 3, "2": 1}, notify_customer=True)) == Done(reference="200")
    assert here.log == [
        ("POST", "fulfillments", {
            "status": "fulfilled", "is_fulfilled": True, "notify_customer": True,
            "meta_data": [
                {"id": 0, "key": "_items", "value": [{"item_id": 1, "qty": 3}, {"item_id": 2, "qty": 1}]},
                {"id": 0, "key": "_backorder_reference", "value": "backorder-33-1"},
            ],
        })
    ]  # fmt: skip
    seen = modern.read_order("33")
    assert [line.shipped for line in seen.lines] == [3, 1, 0]
    assert seen.outside.shipped_parcels == 1


def test_the_target_is_a_total(desk, modern):
    here = desk(
        fulfilments=[
            {"id": 9, "is_fulfilled": True, "meta_data": [{"key": "_items", "value": [{"item_id": 1, "qty": 2}]}]}
        ]
    )
    modern.carry_out(fulfil({"1": 5}))
    assert here.log[0][2]["meta_data"][0]["value"] == [{"item_id": 1, "qty": 3}]
    assert modern.carry_out(fulfil({"1": 5})) == Already(reference="201")
    assert modern.carry_out(fulfil({"1": 4}, reference="backorder-33-2")) == Already()


def test_no_more_is_fulfilled_than_the_customer_waits_for(desk, modern, store):
    store.answers(
        "orders/33/refunds",
        [
            {
                "id": 8,
                "line_items": [{"id": 9, "quantity": -5, "meta_data": [{"key": "_refunded_item_id", "value": "1"}]}],
            }
        ],
    )
    here = desk(fulfilments=[], refunds=[{"id": 8}])
    modern.carry_out(fulfil({"1": 8}))
    assert here.log[0][2]["meta_data"][0]["value"] == [{"item_id": 1, "qty": 3}]


@pytest.mark.parametrize("fault", [LOST, REFUSED])
def test_a_fulfilment_with_a_lost_answer_is_made_once(desk, modern, fault):
    here = desk(fulfilments=[])
    here.faults = [fault]
    with pytest.raises(OutcomeUnknown):
        modern.carry_out(fulfil({"1": 3}))
    again = modern.carry_out(fulfil({"1": 3}))
    assert again == (Already(reference="200") if fault == LOST else Done(reference="200"))
    assert len(here.fulfilments) == 1


def test_a_fulfilment_that_a_person_took_back_is_left_to_them(desk, modern):
    meta = [
        {"key": "_items", "value": [{"item_id": 1, "qty": 3}]},
        {"key": "_backorder_reference", "value": "backorder-33-1"},
    ]
    here = desk(fulfilments=[{"id": 9, "is_fulfilled": False, "meta_data": meta}])
    assert isinstance(modern.carry_out(fulfil({"1": 3})), Blocked)
    assert here.log == []


def test_without_the_feature_the_part_is_written_down_and_the_customer_told(desk, shop):
    here = desk()
    assert shop.carry_out(fulfil({"1": 3, "2": 1})) == Done(reference="100")
    assert here.meta["_backorder_shipped"] == '{"1":3,"2":1}'
    assert here.meta["_backorder_parcels"] == "backorder-33-1"
    assert here.notes[0]["note"].startswith("Shipped: 3 × Stove Kettle, 1 × Mug. [backorder ")
    assert here.notes[0]["customer_note"] is True
    shop.carry_out(fulfil({"1": 8}, reference="backorder-33-2"))
    assert here.meta["_backorder_shipped"] == '{"1":8,"2":1}'
    assert here.notes[1]["note"].startswith("Shipped: 5 × Stove Kettle.")
    seen = shop.read_order("33")
    assert [line.shipped for line in seen.lines] == [8, 1, 0]
    assert seen.outside.shipped_parcels == 2


def test_a_feature_that_was_turned_off_falls_back_in_the_same_try(desk, modern):
    here = desk(fulfilments=None)
    assert isinstance(modern.carry_out(fulfil({"1": 3})), Done)
    assert here.meta["_backorder_shipped"] == '{"1":3}'
    assert len(here.notes) == 1


@pytest.mark.parametrize("faults", [[LOST], [REFUSED], [None, LOST], [None, REFUSED], [LOST, REFUSED, LOST]])
def test_a_part_that_was_cut_off_anywhere_is_told_to_the_customer_once(desk, shop, faults):
    here = desk()
    here.faults = list(faults)
    for _ in range(6):
        try:
            shop.carry_out(fulfil({"1": 3}))
        except OutcomeUnknown:
            continue
    assert len(here.notes) == 1
    assert here.meta["_backorder_shipped"] == '{"1":3}'


def test_a_completed_order_has_nothing_left_to_fulfil(desk, shop):
    here = desk(status="completed")
    assert shop.carry_out(fulfil({"1": 8})) == Already()
    assert here.log == []


def test_a_cancelled_order_is_not_fulfilled(desk, shop):
    here = desk(status="cancelled")
    assert isinstance(shop.carry_out(fulfil({"1": 8})), Blocked)
    assert here.log == []


def test_a_line_that_was_taken_off_the_order_is_refused(desk, shop):
    desk()
    with pytest.raises(Rejected, match="no line 77"):
        shop.carry_out(fulfil({"77": 1}))
