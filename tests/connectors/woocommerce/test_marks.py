"""What stands on an order that is ours, as it is read back, whatever became of it."""

from datetime import UTC, datetime

import pytest

from connectors.woocommerce.order_snapshot import snapshot


def seen(shown):
    return snapshot(shown, refunds=[], shipments=[], read_at=datetime(2026, 11, 23, 12, tzinfo=UTC))


def test_our_marks_are_read_back(order):
    found = seen(
        order(
            meta={"_backorder_tags": "backorder-waiting, backorder-part-ready", "_backorder_waiting": '{"1":3,"2":0}'}
        )
    )
    assert found.outside.tags == {"backorder-waiting", "backorder-part-ready"}
    assert found.outside.held == {"1": 3}


@pytest.mark.parametrize(
    "value", ["", "nonsense", "[]", '{"1": "x"}', "5", None, [], {"1": []}, '{"1": -3}', '{"1": 99999999999}']
)
def test_what_a_person_wrote_over_our_marks_is_no_hold(order, value):
    assert (
        seen(
            order(meta={"_backorder_waiting": value, "_backorder_tags": value if isinstance(value, list) else ""})
        ).outside.held
        == {}
    )


def test_a_plugin_that_turned_our_json_into_an_object_does_not_matter(order):
    assert seen(order(meta={"_backorder_waiting": {"1": 3}})).outside.held == {"1": 3}
