"""An order's plan as a picture: the pieces add up, and leave when the plan says so."""

from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.orders import giving_up
from core.orders.board import board_column, units_waiting, value_waiting
from core.plan import Allocated, LinePlan, OrderPlan
from core.records import OrderRecord
from core.records.endings import Ending
from core.records.proposals import Swap
from core.snapshots import LineSnapshot, OrderSnapshot
from pages.order_view import line_views, steps

DECEMBER = date(2026, 12, 1)
DECEMBER_NOON = datetime(2026, 12, 1, 12, tzinfo=UTC)


def told(view):
    return [(piece.part, piece.units, piece.supply) for piece in view.pieces]


def test_a_part_leaves_and_the_rest_waits_for_its_supply(make):
    record = make.order("1", make.line("a", "mug", 8, on_hand=5, waits=(("PO-1", 2, DECEMBER),)))
    (view,) = line_views(record)
    assert told(view) == [("now", 5, None), ("waits", 2, "PO-1"), ("short", 1, None)]
    assert [piece.start for piece in view.pieces] == [0, 5, 7]


def test_units_on_hand_that_may_not_leave_are_kept(make):
    record = make.order("1", make.line("a", "mug", 8, on_hand=5, now=0, waits=(("PO-1", 3, DECEMBER),)))
    (view,) = line_views(record)
    assert told(view) == [("kept", 5, None), ("waits", 3, "PO-1")]
    assert [step.kind for step in steps((view,))] == ["kept", "on"]


def test_lent_units_leave_today_although_they_are_still_to_come(make):
    record = make.order("1", make.line("a", "mug", 8, on_hand=5, now=7, waits=(("PO-1", 3, DECEMBER),)))
    (view,) = line_views(record)
    assert told(view) == [("now", 7, None), ("waits", 1, "PO-1")]
    assert (units_waiting(record), board_column(record)) == (1, "waiting")
    whole = make.order("1", make.line("a", "mug", 8, on_hand=5, now=8, waits=(("PO-1", 3, DECEMBER),)))
    assert (units_waiting(whole), value_waiting(whole), board_column(whole)) == (0, 0, "ready")
    assert giving_up.waiting(whole) == {}, "nobody is asked to give up what leaves today"


def test_shipped_and_cancelled_units_have_their_place(make):
    record = make.order("1", make.line("a", "mug", 8, shipped=2, cancelled=1, on_hand=5))
    (view,) = line_views(record)
    assert told(view) == [("shipped", 2, None), ("now", 5, None), ("cancelled", 1, None)]
    assert (view.units("shipped", "now"), view.units("short")) == (7, 0)


@pytest.mark.parametrize(
    ("line", "pieces"),
    [
        ({"cancelled": 3, "on_hand": 2}, [("now", 2, 0), ("swapped", 2, 2), ("cancelled", 1, 4)]),
        ({"cancelled": 2, "on_hand": 3}, [("now", 3, 0), ("swapped", 2, 3)]),
        ({"cancelled": 1, "shipped": 4}, [("shipped", 4, 0), ("swapped", 1, 4)]),
        ({"on_hand": 5}, [("now", 5, 0)]),
    ],
)
def test_units_that_their_customer_swapped_are_not_called_cancelled(make, line, pieces):
    swap = Swap(line="a", sku="rope", title="Rope, 20 m", units=2, price=0)
    ending = Ending(
        key="k", by="customer", at=DECEMBER_NOON, whole=False, units={"a": 2}, serve={"a": 3}, done=True, swap=swap
    )
    record = make.order("1", make.line("a", "mug", 5, **line), make.line("b", "cup", 2, cancelled=2), ending=ending)
    view, beside = line_views(record)
    assert [(piece.part, piece.units, piece.start) for piece in view.pieces] == pieces
    assert [piece.part for piece in beside.pieces] == ["cancelled"]
    assert [step.titles for step in steps((view, beside))] == ([("Mug",)] if line.get("on_hand") else [])


def test_supply_without_a_date_is_told_apart(make):
    record = make.order("1", make.line("a", "mug", 3, waits=(("PO-9", 3, None),)))
    assert told(line_views(record)[0]) == [("undated", 3, "PO-9")]


def test_an_order_that_ships_together_leaves_at_once(make):
    record = make.order(
        "1",
        make.line("a", "mug", 2, on_hand=2, now=0),
        make.line("b", "lamp", 1, waits=(("PO-1", 1, DECEMBER),)),
    )
    (step,) = steps(line_views(record), together_on=DECEMBER)
    assert (step.kind, step.on, step.units, step.titles) == ("on", DECEMBER, 3, ("Mug", "Lamp"))


def test_what_never_ships_and_what_is_not_planned_has_no_picture(make):
    card = make.line("b", "gift-card", 1, ships=False)
    assert line_views(make.order("1", make.line("a", "mug", 2), card))[1].pieces == ()
    assert line_views(make.order("1", make.line("a", "mug", 2), planned=False))[0].pieces == ()


def test_a_closed_order_waits_for_nothing(make):
    record = make.order("1", make.line("a", "mug", 2, waits=(("PO-1", 2, DECEMBER),)), status="cancelled")
    assert (units_waiting(record), value_waiting(record)) == (0, 0)


def test_the_value_that_waits_counts_only_units_waiting(make):
    priced = make.line("a", "mug", 8, on_hand=5, price=1250)
    record = make.order("1", priced, make.line("b", "lamp", 2, price=None))
    assert (units_waiting(record), value_waiting(record)) == (5, 3 * 1250)


@st.composite
def planned_lines(draw):
    """Any plan that keeps the engine's sums: on hand and backordered units make the open ones."""
    shipped, gone, opened = (draw(st.integers(0, 50)) for _ in range(3))
    on_hand = draw(st.integers(0, opened))
    fates = draw(st.lists(st.tuples(st.integers(1, 20), st.booleans()), max_size=4))
    pegs, left = [Allocated(supply="on_hand", location="m", units=on_hand, on=DECEMBER)], opened - on_hand
    for number, (units, dated) in enumerate(fates):
        taken = min(units, left)
        left -= taken
        on = DECEMBER if dated else None
        pegs.append(Allocated(supply=f"PO-{number}", location="m", units=taken, on=on))
    plan = LinePlan(id="a", sku="mug", open=opened, ahead=0, on_hand=on_hand, backordered=opened - on_hand,
                    release_now=draw(st.integers(0, opened)), completes_on=None, allocations=tuple(pegs))  # fmt: skip
    seen = LineSnapshot(id="a", item="i", sku="mug", title="Mug", ordered=shipped + gone + opened, shipped=shipped,
                        cancelled=gone)  # fmt: skip
    return seen, plan


@given(planned_lines())
def test_the_pieces_of_a_line_add_up_to_what_was_ordered(pair):
    seen, plan = pair
    at = DECEMBER_NOON
    order = OrderSnapshot(
        platform_id="1", name="#1", placed_at=at, version=at, read_at=at, currency="EUR", lines=(seen,)
    )
    made = OrderPlan(id="1", decision="wait", reasons=(), release_now=False, completes_on=None, lines=(plan,))
    (view,) = line_views(OrderRecord(shop="s", snapshot=order, plan=made))
    assert sum(piece.units for piece in view.pieces) == seen.ordered
    assert all(piece.units > 0 for piece in view.pieces)
    assert view.units("now") == plan.release_now
    assert sum(step.units for step in steps((view,))) == plan.open


@pytest.mark.parametrize("together", [None, DECEMBER])
def test_the_way_out_begins_today(make, together):
    record = make.order("1", make.line("a", "mug", 8, on_hand=5, waits=(("PO-1", 3, DECEMBER),)))
    assert [step.kind for step in steps(line_views(record), together_on=together)] == ["now", "on"]
