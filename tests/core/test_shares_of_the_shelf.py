"""Fences, caps and promises where the shelf is shared out before the queue is served."""

import pytest

from tests.core.builders import fence, incoming, line, lines_of, order, place, planned, stock

RETAIL = order(line("mug", 4), id="retail", hours_ago=9)
TRADE = order(line("mug", 4), id="trade", order_class="wholesale")


@pytest.mark.parametrize(
    ("policy", "retail", "trade"),
    [("completion_first", 1, 4), ("fair_share", 2, 3), ("first_come", 2, 3)],
)
def test_a_class_has_its_fence_whatever_the_policy(policy, retail, trade):
    made = planned(RETAIL, TRADE, stock("mug", 5), allocation=policy, ring_fences=(fence("wholesale", "mug", 3),))
    found = {name: line.on_hand for (name, _), line in lines_of(made).items()}
    assert found == {"retail": retail, "trade": trade}


@pytest.mark.parametrize("policy", ["completion_first", "fair_share"])
def test_what_is_kept_on_the_shelf_for_a_promise_goes_to_its_order(policy):
    kept = order(line("mug", 3), id="kept", promised="2026-11-24")
    made = planned(RETAIL, kept, stock("mug", 4), incoming("mug", 9, "2026-12-01"), allocation=policy)
    assert {name: line.on_hand for (name, _), line in lines_of(made).items()} == {"retail": 1, "kept": 3}


@pytest.mark.parametrize("policy", ["first_come", "completion_first", "fair_share"])
def test_a_cap_lets_the_others_in_first_and_the_rest_goes_out_afterwards(policy):
    large = order(line("mug", 9), id="large", hours_ago=9)
    small = [order(line("mug", 1), id=f"small-{number}") for number in range(3)]
    made = planned(large, *small, stock("mug", 8), allocation=policy, large_order_share="0.5")
    found = {name: line.on_hand for (name, _), line in lines_of(made).items()}
    assert found == {"large": 5, "small-0": 1, "small-1": 1, "small-2": 1}


@pytest.mark.parametrize("confirmed", [True, False])
def test_nothing_is_lent_by_an_order_that_rests_on_supply_whose_date_is_our_guess(confirmed):
    lender = order(line("mug", 2, "x"), line("cup", 3, "y"), id="lender", ship="together", hours_ago=9)
    asks = order(line("mug", 2), id="asks")
    mugs = incoming("mug", 2, "2026-12-01", id="MUGS")
    cups = incoming("cup", 3, "2026-12-01", id="CUPS", confirmed=confirmed)
    unrelated = incoming("mug", 1, "2026-12-09", id="GUESSED", confirmed=False)
    made = planned(lender, asks, stock("mug", 2), mugs, cups, unrelated)
    leaves = {name: found.release_now for (name, _), found in lines_of(made).items() if name == "asks"}
    assert leaves == {"asks": 2 if confirmed else 0}


def test_a_fence_that_nobody_of_its_class_asks_for_stays_free_under_a_fair_share():
    made = planned(RETAIL, stock("mug", 5), allocation="fair_share", ring_fences=(fence("wholesale", "mug", 3),))
    assert lines_of(made)["retail", "mug-line"].on_hand == 2
    assert [row.on_hand for row in made.free] == [3]


@pytest.mark.parametrize("share", [None, "1", "0.1"])
def test_a_cap_is_shared_fairly_between_the_lines_of_its_order(share):
    cap = {"large_order_share": share} if share else {}
    made = planned(order(line("mug", 1, "a"), line("mug", 3, "b")), stock("mug", 1), allocation="fair_share", **cap)
    assert [found.on_hand for found in lines_of(made).values()] == [0, 1]


@pytest.mark.parametrize(("share", "on_hand", "capped"), [("0.5", 3, True), ("1", 3, False), ("0.5", 10, False)])
def test_an_order_is_capped_only_where_it_left_units_for_others(share, on_hand, capped):
    made = planned(order(line("mug", 5)), stock("mug", on_hand), large_order_share=share)
    assert ("CAPPED" in made.orders[0].reasons) == capped


@pytest.mark.parametrize("policy", [{}, {"large_order_share": "1"}, {"allocation": "fair_share"}])
def test_what_is_kept_for_a_promise_leaves_from_the_nearest_shelf(policy):
    shelves = (place("far", rank=2), place("near", rank=1))
    kept = order(line("mug", 2), promised="2026-11-24", location="near")
    made = planned(kept, stock("mug", 2, "far"), stock("mug", 2, "near"), locations=shelves, **policy)
    assert [(peg.location, peg.units) for peg in lines_of(made).popitem()[1].allocations] == [("near", 2)]


def test_of_two_fences_for_a_class_what_it_takes_from_the_first_it_does_not_need_of_the_second():
    fences = (fence("wholesale", "mug", 4), fence("wholesale", "mug", 4, until="2026-12-01"))
    made = planned(RETAIL, TRADE, stock("mug", 8), ring_fences=fences)
    found = lines_of(made)["retail", "mug-line"]
    assert [(peg.supply, peg.units, peg.on.isoformat()) for peg in found.allocations] == [("on_hand", 4, "2026-12-01")]
