"""Working days, closed days, the way from the dock to the shelf, and the cut-off."""

from datetime import UTC, date, datetime

import pytest

from core.dates.working_calendar import calendar_of, later
from core.policy.reading import PolicyProblem, merge
from core.policy.shop_policy import Promises, ShopPolicy

WEEKDAYS = ("mon", "tue", "wed", "thu", "fri")


def calendar(timezone="Europe/Stockholm", **promises):
    return calendar_of(Promises(**promises), timezone)


@pytest.mark.parametrize(
    ("arrives", "dock", "ready", "promises"),
    [
        ("2026-11-28", 0, "2026-11-28", {}),
        ("2026-11-28", 0, "2026-11-30", {"working_days": WEEKDAYS}),
        ("2026-11-28", 2, "2026-12-02", {"working_days": WEEKDAYS}),
        ("2026-11-27", 1, "2026-11-30", {"working_days": WEEKDAYS}),
        ("2026-12-24", 0, "2026-12-28", {"working_days": WEEKDAYS, "holidays": ("2026-12-24", "12-25")}),
        ("2027-12-24", 0, "2027-12-24", {"working_days": WEEKDAYS, "holidays": ("2026-12-24", "12-25")}),
        ("2026-11-28", 3, "2026-12-01", {}),
    ],
)
def test_goods_that_arrive_can_leave_after_the_dock_on_a_working_day(arrives, dock, ready, promises):
    assert calendar(**promises).on_shelf(date.fromisoformat(arrives), dock) == date.fromisoformat(ready)


@pytest.mark.parametrize(
    ("at", "leaves", "promises"),
    [
        ("2026-11-27T12:30", "2026-11-27", {}),
        ("2026-11-27T12:30", "2026-11-27", {"cut_off_hour": 14}),
        ("2026-11-27T13:30", "2026-11-28", {"cut_off_hour": 14}),
        ("2026-11-27T13:30", "2026-11-30", {"cut_off_hour": 14, "working_days": WEEKDAYS}),
        ("2026-11-27T23:30", "2026-11-28", {}),
    ],
)
def test_what_is_ready_leaves_today_until_the_cut_off_at_the_shops_place(at, leaves, promises):
    moment = datetime.fromisoformat(at).replace(tzinfo=UTC)
    assert calendar(**promises).leaves_on(moment) == date.fromisoformat(leaves)


def test_a_day_beyond_every_calendar_stays_at_its_end():
    assert later(date.max, 3) == date.max
    assert calendar(working_days=("mon",)).on_or_after(date.max) == date.max


@pytest.mark.parametrize(
    ("key", "patch"),
    [
        ("promises.working_days", {"working_days": []}),
        ("promises.working_days", {"working_days": ["someday"]}),
        ("promises.holidays", {"holidays": ["2026-02-30"]}),
        ("promises.holidays", {"holidays": ["24.12."]}),
        ("promises.holidays", {"holidays": ["12-25"] * 101}),
        ("promises.cut_off_hour", {"cut_off_hour": 0}),
    ],
)
def test_a_calendar_that_cannot_be_is_refused(key, patch):
    with pytest.raises(PolicyProblem) as refused:
        merge(ShopPolicy(), {"promises": patch})
    assert refused.value.key == key
