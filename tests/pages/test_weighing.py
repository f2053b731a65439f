"""The range of dates and both sides of the sum, as a merchant reads them."""

from dataclasses import replace
from datetime import date

import pytest

from core.dates.promise_ranges import PromiseRange
from core.parcels.part_sum import PartSum
from core.reasons import Reason
from core.records.expectation import Expectation

RANGE = PromiseRange(earliest=date(2026, 12, 3), likely=date(2026, 12, 5), latest=date(2026, 12, 9))
SUM = PartSum(
    verdict="ship", decided_by=Reason.PART_WORTH_PARCEL, currency="EUR", units=5, value=12250, days=12,
    until=date(2026, 12, 5), parcel_cost=690, margin=4900, chance=0.11, lost_margin=540, day_price=50, delay_cost=600,
    order_days=340, lost=3,
)  # fmt: skip


def page_of(client, keep, record, part=SUM, ships=RANGE):
    keep(replace(record, expected=Expectation(ships=ships, lines={}, part=part)))
    return " ".join(client.get(f"/orders/{record.shop}/{record.id}").get_data(as_text=True).split())


@pytest.fixture
def waits(make):
    lines = make.line("a", "mug", 8, on_hand=5, waits=(("PO-1", 3, date(2026, 12, 5)),))
    return make.order("2001", lines)


def test_the_order_page_shows_both_sides_of_the_sum(client, keep, waits):
    page = page_of(client, keep, waits)
    assert "Ship 5 now: €6.90 for the second parcel. Waiting 12 days would cost about €11.40. It ships." in page
    assert "11.0% of losing €49.00" in page
    assert "3 orders cancelled in 340 days of waiting" in page


def test_a_rest_that_travels_along_and_a_wait_without_a_date_are_told(client, keep, waits):
    page = page_of(client, keep, waits, replace(SUM, joins="#2002", parcel_cost=0, until=None, verdict="hold"))
    assert "no second parcel, for the rest can travel with #2002" in page
    assert "Waiting without a date (counted as 12 days)" in page
    assert "It waits." in page


def test_the_order_page_and_the_card_show_a_range_only_where_it_is_one(client, keep, waits):
    page = page_of(client, keep, waits)
    board = client.get("/").get_data(as_text=True)
    for shown in (page, board):
        assert "between" in shown
        assert "9 Dec" in shown
    one = replace(RANGE, earliest=RANGE.likely, latest=RANGE.likely)
    assert "between" not in page_of(client, keep, waits, None, one)
    assert "no date: nothing with a usable date covers the rest" in page_of(client, keep, waits, None, None)
