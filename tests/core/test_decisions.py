"""What an order's plan says about it: the decision and the reasons, case by case."""

import gc

import pytest

from core.engine.collector import at_rest
from core.reasons import Reason
from tests.core.builders import incoming, line, order, planned, stock


def test_an_order_whose_units_are_lent_still_says_that_it_waits_for_its_one_parcel():
    gift = order(line("mug", 2), line("tea", 1), id="gift", hours_ago=5, ship="together")
    later = order(line("mug", 2), id="later", hours_ago=1)
    made = planned(
        gift, later, stock("mug", 2), incoming("mug", 2, "2026-11-28"), incoming("tea", 1, "2026-12-01"),
    )  # fmt: skip
    first, second = made.orders
    assert (first.decision, second.decision) == ("wait", "ship_all")
    assert Reason.WAITS_TOGETHER in first.reasons
    assert Reason.LENT in second.reasons


def test_an_order_in_one_parcel_without_a_single_unit_waits_for_supply_and_not_for_the_parcel():
    made = planned(order(line("mug", 2), ship="together"), incoming("mug", 2, "2026-12-01"))
    assert made.orders[0].reasons == (Reason.SHORT_ON_HAND, Reason.INCOMING_COVERS)


@pytest.mark.parametrize("was_on", [True, False])
def test_the_collector_works_on_as_before_once_the_rest_is_over(was_on):
    (gc.enable if was_on else gc.disable)()
    try:
        with pytest.raises(KeyError), at_rest():
            assert not gc.isenabled()
            raise KeyError
        assert gc.isenabled() == was_on
    finally:
        gc.enable()
