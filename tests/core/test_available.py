"""What can be promised of an item by date: stock and dated supply, less what the plan gave away."""

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.facts import Incoming
from core.items.available import available_by_date, promisable
from core.plan import Allocated, LinePlan
from core.records import IncomingRecord
from core.snapshots import ItemSnapshot

TODAY = date(2026, 11, 23)


def incoming(supply, units, eta, latest=None):
    row = Incoming(id=supply, sku="mug", location="main", ordered=units, eta=eta, latest=latest)
    return IncomingRecord(shop="fern", incoming=row)


def claiming(*claims):
    pegs = tuple(Allocated(supply=supply, location="main", units=units, on=TODAY) for supply, units in claims)
    return LinePlan(
        id="a", sku="mug", open=9, ahead=0, on_hand=0, backordered=9, release_now=0, completes_on=None, allocations=pegs
    )


@pytest.mark.parametrize(
    ("rows", "said"),
    [
        ([incoming("late", 5, date(2026, 11, 20))], [("2026-11-23", 3)]),
        ([incoming("undated", 5, None)], [("2026-11-23", 3)]),
        ([incoming("today", 5, TODAY)], [("2026-11-23", 8)]),
        ([incoming("x", 5, TODAY, date(2026, 12, 1))], [("2026-11-23", 3), ("2026-12-01", 8)]),
    ],
)
def test_only_dated_supply_that_is_not_overdue_can_be_promised(rows, said):
    found = available_by_date(3, [], rows, as_of=TODAY)
    assert list(found) == [(date.fromisoformat(on), units) for on, units in said]


SOON, LATER = date(2026, 12, 1), date(2026, 12, 5)
DONE = IncomingRecord(
    shop="fern", incoming=Incoming(id="x", sku="mug", location="main", ordered=5, received=5, eta=SOON)
)


@pytest.mark.parametrize(
    ("rows", "claims", "said"),
    [
        ([incoming("x", 5, SOON), incoming("x", 5, LATER)], [("x", 7)], [(TODAY, 3), (SOON, 3), (LATER, 6)]),
        ([incoming("x", 5, SOON), incoming("x", 5, LATER)], [("x", 3)], [(TODAY, 3), (SOON, 5), (LATER, 10)]),
        ([incoming("x", 5, date(2026, 11, 22)), incoming("x", 5, SOON)], [("x", 4)], [(TODAY, 3), (SOON, 8)]),
        ([incoming("x", 5, LATER), incoming("y", 2, SOON)], [], [(TODAY, 3), (SOON, 5), (LATER, 10)]),
        ([incoming("x", 5, SOON), incoming("y", 2, SOON)], [("y", 1)], [(TODAY, 3), (SOON, 9)]),
        ([incoming("x", 5, SOON)], [("x", 1), ("x", 2), ("on_hand", 1)], [(TODAY, 2), (SOON, 4)]),
        ([incoming("x", 5, None, SOON)], [], [(TODAY, 3)]),
        ([incoming("x", 5, date(2026, 11, 22), SOON)], [], [(TODAY, 3)]),
        ([DONE], [], [(TODAY, 3)]),
    ],
    ids=["the first row is claimed first", "a part of it", "also where it promises nothing", "the earlier first", "two of a day", "claims of several",
         "no date", "overdue", "all here"],
)  # fmt: skip
def test_what_is_claimed_of_a_supply_is_taken_off_its_rows_in_turn(rows, claims, said):
    lines = [claiming(claim) for claim in claims]
    assert list(available_by_date(3, lines, rows, as_of=TODAY)) == said


def test_overdrawn_stock_promises_nothing_until_supply_makes_up_for_it():
    found = available_by_date(1, [claiming(("on_hand", 4))], [incoming("x", 5, date(2026, 12, 1))], as_of=TODAY)
    assert [units for _, units in found] == [0, 2]


units = st.integers(0, 20)
days = st.dates(date(2026, 11, 1), date(2026, 12, 31)) | st.none()


@given(
    units,
    st.lists(st.tuples(units, days), max_size=5),
    st.lists(st.tuples(st.sampled_from(["on_hand", "0", "1", "gone"]), units), max_size=5),
)
def test_what_can_be_promised_never_shrinks_with_time_and_never_exceeds_supply(on_hand, supply, claims):
    rows = [incoming(str(n), many, eta) for n, (many, eta) in enumerate(supply)]
    found = [units for _, units in available_by_date(on_hand, [claiming(*claims)], rows, as_of=TODAY)]
    assert found == sorted(found)
    assert found[0] >= 0
    assert found[-1] <= on_hand + sum(many for many, _ in supply)


@pytest.mark.parametrize(
    ("gone", "apart", "units", "rows"), [(False, (), 7, 2), (False, ("east",), 3, 1), (True, (), 0, 0)]
)
def test_nobody_is_promised_what_is_gone_or_lies_where_no_online_order_ships_from(gone, apart, units, rows):
    item = ItemSnapshot(platform_id="1", sku="mug", title="Mug", read_at=datetime.now(UTC), gone=gone)
    main = incoming("x", 5, TODAY)
    coming = [main, replace(main, incoming=replace(main.incoming, id="y", location="east"))]
    there, left = promisable(item, {"main": 3, "east": 4, "south": -2}, coming, apart)
    assert (there, len(left)) == (units, rows)
