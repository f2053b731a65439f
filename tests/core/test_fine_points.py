"""Fine points of shares and pegs that a small slip would lose: each case was chosen because a changed sign shows in it."""

import pytest

from core.reasons import Reason
from tests.core.builders import fence, incoming, kit, line, lines_of, order, place, planned, stock, units_by_date

NOW, SOON, LATER = "2026-11-23", "2026-11-28", "2026-12-01"


def shown(made, order_id):
    (found,) = (line for (name, _), line in lines_of(made).items() if name == order_id)
    return units_by_date(found)


def test_a_kit_is_there_when_its_last_part_is_whichever_part_that_is():
    made = planned(
        kit("set", cup=1, mug=1), order(line("set", 3), id="a"), stock("cup", 1), incoming("cup", 2, SOON),
        stock("mug", 2), incoming("mug", 1, LATER),
    )  # fmt: skip
    assert shown(made, "a") == {NOW: 1, SOON: 1, LATER: 1}


def test_units_that_do_not_make_a_whole_kit_wait_for_the_rest_of_it():
    made = planned(kit("set", cup=2), order(line("set", 3), id="a"), stock("cup", 3), incoming("cup", 3, SOON))
    assert shown(made, "a") == {NOW: 1, SOON: 2}


def test_a_promise_is_kept_from_dated_supply_before_it_is_from_the_fence_of_its_class():
    made = planned(
        order(line("mug", 3), id="old", hours_ago=9, order_class="wholesale"),
        order(line("mug", 3), id="told", promised=SOON, order_class="wholesale"),
        stock("mug", 3), incoming("mug", 3, SOON), ring_fences=(fence("wholesale", "mug", 3),),
    )  # fmt: skip
    assert (shown(made, "old"), shown(made, "told")) == ({NOW: 3}, {SOON: 3})


def test_what_a_fence_gave_counts_towards_a_fair_share():
    made = planned(
        order(line("mug", 6), id="fenced", hours_ago=9, order_class="wholesale"), order(line("mug", 6), id="open"),
        stock("mug", 8), allocation="fair_share", ring_fences=(fence("wholesale", "mug", 2),),
    )  # fmt: skip
    assert {name: found.on_hand for (name, _), found in lines_of(made).items()} == {"fenced": 4, "open": 4}


def test_picking_falls_short_only_where_open_units_in_picking_are_not_there():
    made = planned(
        order(line("mug", 5, committed=4, cancelled=3), id="shrunk", hours_ago=9),
        order(line("cup", 2, committed=2), id="short"), stock("mug", 2), stock("cup", 1),
    )  # fmt: skip
    assert [Reason.COMMITTED_NOT_IN_STOCK in found.reasons for found in made.orders] == [False, True]
    assert [(found.code, found.order) for found in made.exceptions if "COMMITTED" in found.code] == [
        ("COMMITTED_NOT_IN_STOCK", "short")
    ]


@pytest.mark.parametrize("parts", [{"cup": 1, "lid": 1}, {"lid": 1, "cup": 1}])
def test_the_part_that_a_kit_shows_does_not_hang_on_how_its_parts_are_listed(parts):
    places = (place("main"), place("annex", rank=2))
    rows = [kit("set", **parts), order(line("set", 1)), stock("cup", 1, "annex"), stock("lid", 1)]
    (found,) = lines_of(planned(*rows, locations=places)).values()
    assert [peg.location for peg in found.allocations] == ["annex"]
