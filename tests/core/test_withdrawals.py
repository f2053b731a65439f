"""What a customer withdrew from, until everything of it is given back."""

from datetime import timedelta

import pytest

from core.orders.withdrawals import kept, outstanding, told
from core.records import OrderRecord
from core.records.endings import Withdrawal
from tests.core.shop_builders import NOW, line, order


def withdrawn(*keeps, status="open", **more):
    made = tuple(
        Withdrawal(at=NOW + timedelta(days=day), units={"a": 5 - keep}, keep={"a": keep})
        for day, keep in enumerate(keeps)
    )
    return OrderRecord(shop="fern", snapshot=order("1001", line("mug", 5, **more), status=status), withdrawals=made)


@pytest.mark.parametrize(
    ("record", "units"),
    [
        (withdrawn(), {}),
        (withdrawn(2), {"a": 3}),
        (withdrawn(3, 1), {"a": 4}),
        (withdrawn(2, shipped=5), {"a": 3}),
        (withdrawn(2, shipped=5, returned=3), {}),
        (withdrawn(2, refunded=2, cancelled=1), {}),
        (withdrawn(2, status="closed"), {"a": 3}),
        (withdrawn(2, status="cancelled"), {}),
    ],
)
def test_units_stay_outstanding_until_they_are_given_back(record, units):
    assert outstanding(record) == units


def test_the_fewest_kept_of_all_withdrawals_are_kept():
    assert kept(withdrawn(3, 1)) == {"a": 1}


def test_a_person_is_told_by_when_the_money_is_due():
    (said,) = told(withdrawn(2))
    assert said.code == "WITHDRAWN"
    assert "3 of Mug; the money is due by 2026-12-07" in said.detail
    assert list(told(withdrawn(2, refunded=3))) == []
