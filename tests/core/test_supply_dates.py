"""One row of incoming supply at a time: what is believed of its day, and what the engine is told of it."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from core.dates.arrivals import Arrival
from core.dates.supply_dates import SupplyBook, SupplyDate
from tests.core.shop_builders import NOW, in_days, shop, supply


def past(n, late=9, moved=0, **more):
    """A delivery so many days late by the date told first, and by the last."""
    told = {"first_on": in_days(-31 - late), "last_on": in_days(-31 - moved)}
    return Arrival(**{"shop": "fern", "supply": f"old-{n}", "sku": "mug", "location": "main", "noted_on": in_days(-90),
                      "received_on": in_days(-31), **told, **more})  # fmt: skip


# By the first date told nine days late, which shrinks to eight or nine; by the last one on time.
PAST = [past(n) for n in range(45)]
ROW = supply("PO-1", "mug", 10, 8)
KNOWN = Arrival(shop="fern", supply="PO-1", sku="mug", location="main", noted_on=in_days(-3), first_on=in_days(2),
                last_on=in_days(8))  # fmt: skip


def book(*arrivals, now=NOW, **promises):
    return SupplyBook(shop(promises=promises), iter(arrivals), now)


def days_of(seen):
    return [(day - NOW.date()).days for day in (seen.ships.earliest, seen.ships.likely, seen.ships.latest)]


@pytest.mark.parametrize(
    ("known", "days"),
    [
        ([], [16, 16, 17]),
        ([KNOWN], [8, 8, 9]),
        ([replace(KNOWN, noted_on=NOW.date())], [16, 16, 17]),
        ([replace(KNOWN, first_on=in_days(8))], [16, 16, 17]),
        ([replace(KNOWN, first_on=in_days(9))], [16, 16, 17]),
        ([replace(KNOWN, first_on=None)], [16, 16, 17]),
        ([replace(KNOWN, sku="cup")], [16, 16, 17]),
    ],
    ids=["never seen", "moved later", "moved on its first day", "not moved", "moved earlier", "dated just now", "another row"],
)  # fmt: skip
def test_a_row_that_was_moved_is_as_late_as_others_are_after_their_last_date(known, days):
    found = book(*PAST, *known).date_of(ROW)
    assert days_of(found) == days
    assert found.deliveries == 45


def test_a_suppliers_own_deliveries_weigh_before_the_shops():
    mill = [past(100 + n, late=0, supplier="Northern Mill") for n in range(45)]
    dated = book(*PAST, *mill)
    own = dated.date_of(replace(ROW, supplier=" northern mill"))
    assert (days_of(own), own.deliveries) == ([8, 8, 9], 45)
    other = dated.date_of(replace(ROW, supplier="nobody"))
    assert (days_of(other), other.deliveries) == ([8, 12, 17], 90)


def test_what_came_without_a_date_or_did_not_come_teaches_nothing():
    undated = [past(100 + n, first_on=None, last_on=None) for n in range(45)]
    open_ = [past(200 + n, late=60, received_on=None) for n in range(45)]
    assert book(*PAST, *undated, *open_).date_of(ROW) == book(*PAST).date_of(ROW)


@pytest.mark.parametrize(
    ("row", "promises", "days", "promised"),
    [
        (ROW, {}, [8, 8, 15], 8),
        (ROW, {"promise": "latest"}, [8, 8, 15], 15),
        (ROW, {"dock_to_stock_days": 2}, [10, 10, 17], 10),
        (supply("PO-1", "mug", 10, 0), {}, [0, 0, 7], 0),
        (supply("PO-1", "mug", 10, 0), {"cut_off_hour": 9}, [1, 1, 7], 1),
        (supply("PO-1", "mug", 10, 0), {"cut_off_hour": 10}, [0, 0, 7], 0),
        # Of all that is believed, 4.8 to 8.3 days late are left; none of them was yesterday or before.
        (supply("PO-1", "mug", 10, -3), {}, [1, 4, 6], 4),
        (supply("PO-1", "mug", 10, -3), {"overdue_days": 3}, [1, 4, 6], 4),
        (supply("PO-1", "mug", 10, 8, latest=in_days(12)), {}, [8, 8, 15], 12),
        (supply("PO-1", "mug", 10, 8, latest=in_days(20)), {"dock_to_stock_days": 1}, [9, 9, 21], 21),
        (supply("PO-1", "mug", 10, 8, latest=in_days(12)), {"promise": "latest"}, [8, 8, 15], 15),
    ],
)
def test_a_row_has_a_range_and_what_is_promised_of_it(row, promises, days, promised):
    found = book(**promises).date_of(row)
    assert days_of(found) == days
    assert found.promised == in_days(promised)
    assert found.late_days == max(0, (NOW.date() - row.incoming.eta).days)
    assert found.too_long is False


@pytest.mark.parametrize(("latest", "promised"), [(None, 4), (7, 4), (8, 4), (9, 9)])
def test_a_last_day_counts_where_it_is_after_the_day_given_also_of_a_supplier_who_comes_early(latest, promised):
    early = [past(n, late=-5) for n in range(45)]
    row = supply("PO-1", "mug", 10, 8, latest=None if latest is None else in_days(latest))
    assert book(*early).date_of(row).promised == in_days(promised)


@pytest.mark.parametrize(
    ("row", "seen"),
    [
        (supply("PO-1", "mug", 10, None), SupplyDate(ships=None)),
        (supply("PO-1", "mug", 10, 8, received=10), SupplyDate(ships=None)),
        (supply("PO-1", "mug", 10, -4), SupplyDate(ships=None, late_days=4, too_long=True)),
    ],
    ids=["undated", "all here", "overdue for too long"],
)
def test_what_gives_no_date_goes_to_the_engine_as_it_is(row, seen):
    dated = book(overdue_days=3)
    assert dated.date_of(row) == seen
    assert dated.for_engine(row) is row.incoming


@pytest.mark.parametrize(("eta", "on", "confirmed"), [(8, 12, True), (-3, 12, False)])
def test_the_engine_is_told_when_supply_can_leave_and_lends_nothing_against_what_is_overdue(eta, on, confirmed):
    row = supply("PO-1", "mug", 10, eta, latest=in_days(12))
    assert book().for_engine(row) == replace(row.incoming, eta=in_days(on), latest=None, confirmed=confirmed)


def test_what_is_due_today_at_a_shop_behind_universal_time_is_not_overdue_there():
    evening = datetime(2026, 11, 24, 2, tzinfo=UTC)  # still the 23rd in New York
    dated = SupplyBook(replace(shop(), timezone="America/New_York"), (), evening)
    row = supply("PO-1", "mug", 10, 0)
    assert dated.date_of(row).promised == in_days(0)
    assert dated.for_engine(row).eta == in_days(1)
    assert dated.for_engine(row).confirmed


def test_rows_of_one_purchase_are_told_as_the_worst_of_them():
    mill = [past(100 + n, late=0, supplier="mill") for n in range(3)]
    rows = [supply("PO-1", "mug", 5, -3), replace(ROW, supplier="mill"), supply("PO-2", "mug", 5, -9),
            supply("PO-2", "mug", 5, 3), supply("PO-2", "cup", 5, 3)]  # fmt: skip
    found = book(*PAST, *mill, overdue_days=8).dates(rows)
    assert book(*PAST, *mill, overdue_days=8).dates(reversed(rows)) == found
    one, other, alone = found["PO-1", "mug"], found["PO-2", "mug"], found["PO-2", "cup"]
    assert (one.late_days, one.too_long, one.deliveries) == (3, False, 3)
    assert (other.ships, other.late_days, other.too_long, other.deliveries) == (None, 9, True, 0)
    assert (alone.late_days, alone.deliveries) == (0, 48)
