"""How late supply comes: quantiles between a supplier's own, the shop's and the prior."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.dates.lateness import LEVELS, WEIGHT, Days, Lateness, learned, prior, quantile
from core.parcels.hazard import PRIOR_DAYS, PRIOR_LOST, Exposure, Waits
from tests.draws import examples

LATE = st.lists(st.integers(-60, 120), min_size=1, max_size=40)


def test_a_shop_without_history_believes_half_to_be_on_time_and_nine_in_ten_within_a_week():
    assert prior().days() == Days(earliest=0, likely=0, latest=7)


@pytest.mark.parametrize(
    ("late", "days"),
    [
        ([9] * 45, Days(earliest=8, likely=8, latest=9)),
        ([0] * 45, Days(earliest=0, likely=0, latest=1)),
        ([-3] * 45, Days(earliest=-3, likely=-3, latest=-2)),
        ([9], Days(earliest=1, likely=2, latest=8)),
        ([100_000], Days(earliest=0, likely=0, latest=7)),
    ],
)
def test_what_was_received_moves_the_range_the_more_the_more_was_received(late, days):
    assert learned(late, prior()).days() == days


EARLY = learned([-30] * 45, prior())


@pytest.mark.parametrize(
    ("known", "not_before", "days"),
    [
        (prior(), -1, Days(earliest=0, likely=0, latest=7)),
        (prior(), 0, Days(earliest=0, likely=0, latest=7)),
        (prior(), 8, Days(earliest=8, likely=8, latest=9)),  # of all that is believed, only 8.3 days are left
        (prior(), 9, Days(earliest=9, likely=13, latest=29)),  # later than all: 9 + 9 x 0.41, 9 + 9 x 2.16
        (prior(), 30, Days(earliest=30, likely=42, latest=95)),
        (learned([0] * 45, prior()), 1, Days(earliest=1, likely=1, latest=4)),
        (EARLY, 0, Days(earliest=0, likely=0, latest=3)),  # a day late at least: 0.41 and 2.16
        (EARLY, -10, Days(earliest=-10, likely=-10, latest=-7)),
        (EARLY, None, Days(earliest=-27, likely=-27, latest=-26)),
        (Lateness(values=(0.0, 1.0)), None, Days(earliest=0, likely=1, latest=1)),
    ],
)
def test_what_is_known_not_to_have_come_yet_comes_later(known, not_before, days):
    assert known.days(not_before) == days


@pytest.mark.parametrize(("late", "seen"), [(180, 1), (-180, 1), (181, 0), (-181, 0)])
def test_a_delivery_more_than_half_a_year_off_its_date_teaches_nothing(late, seen):
    known = learned([late], prior())
    assert known.seen == seen
    assert (known == prior()) is not seen


@pytest.mark.parametrize(
    ("rising", "level", "found"),
    [
        ([1, 2, 3, 4], 0.5, 2.5),
        ([1, 2, 3, 4], 0.1, 1),
        ([1, 2, 3, 4], 0.9, 4),
        ([1, 2, 3, 4], 0.8, 3.7),
        ([0, 10], 0.5, 5),
        ([5], 0.1, 5),
        ([5], 0.9, 5),
    ],
)
def test_a_quantile_lies_between_its_neighbours_and_is_flat_at_the_ends(rising, level, found):
    assert quantile(rising, level) == pytest.approx(found)


@given(LATE, st.none() | st.integers(-60, 200))
@examples(150)
def test_a_range_is_in_order_and_never_before_what_is_known(late, not_before):
    days = learned(late, prior()).days(not_before)
    assert days.earliest <= days.likely <= days.latest
    assert not_before is None or days.earliest >= not_before


@given(LATE, LATE, st.integers(0, 30))
@examples(100)
def test_a_supplier_who_gets_later_never_makes_a_date_earlier(own, others, more):
    believed = learned(others, prior())
    before, after = learned(own, believed).days(), learned([days + more for days in own], believed).days()
    assert (before.earliest, before.likely, before.latest) <= (after.earliest, after.likely, after.latest)
    assert before.latest <= after.latest
    assert before.likely <= after.likely


@given(LATE, LATE)
@examples(100)
def test_a_suppliers_quantiles_lie_between_its_own_and_the_shops(own, others):
    believed, mixed = learned(others, prior()), learned(own, learned(others, prior()))
    for level, shops, value in zip(LEVELS, believed.values, mixed.values, strict=True):
        alone = quantile(sorted(own), level)
        assert min(alone, shops) - 1e-9 <= value <= max(alone, shops) + 1e-9
        assert value == pytest.approx((len(own) * alone + WEIGHT * shops) / (len(own) + WEIGHT))


@given(LATE, st.integers(-30, 150))
@examples(100)
def test_supply_that_is_late_already_is_expected_the_later_the_later_it_is(late, day):
    known = learned(late, prior())
    one, next_day = known.days(day), known.days(day + 1)
    assert one.earliest <= next_day.earliest
    assert one.likely <= next_day.likely
    assert one.latest <= next_day.latest


@given(st.integers(0, 10_000), st.integers(0, 500))
@examples(100)
def test_the_hazard_lies_between_the_prior_and_what_was_seen(order_days, lost):
    found = Exposure(order_days=order_days, lost=lost).per_day
    assumed = PRIOR_LOST / PRIOR_DAYS
    seen = lost / order_days if order_days else assumed
    if order_days or not lost:
        assert min(assumed, seen) - 1e-12 <= found <= max(assumed, seen) + 1e-12


@given(st.integers(0, 5000), st.integers(0, 300), st.integers(0, 200))
@examples(100)
def test_a_longer_wait_loses_an_order_at_least_as_likely(order_days, lost, days):
    known = Exposure(order_days=order_days, lost=lost)
    assert 0 <= known.chance(days) <= known.chance(days + 1) <= 1
    assert known.chance(0) == 0


def test_waits_that_go_on_count_until_the_day_asked_for():
    first = date(2026, 11, 1).toordinal()
    waits = Waits(ended_days=10, going_on=2, since_ordinals=2 * first, lost=1)
    assert waits.until(date(2026, 11, 6)) == Exposure(order_days=20, lost=1)
