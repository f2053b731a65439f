"""What happens in shops, as tables: each a short story, the facts, and what the plan must say of every line.

A line's row is (order, line): on hand, backordered, may leave now, complete on.
"""

import pytest

from tests.core.builders import codes, incoming, item, kit, line, lines_of, order, place, planned, stock

TODAY = "2026-11-23"

# Three hundred were ordered and 303 came: nothing is left to come, and nothing negative either. Taking the receipt back
# makes all of it incoming again; closing the order makes none of it.
RECEIPTS = {
    "none received": ({"received": 0}, 0, 300),
    "some received": ({"received": 120}, 120, 180),
    "all received": ({"received": 300}, 300, 0),
    "more than all received": ({"received": 303}, 303, 0),
    "the receipt taken back": ({"received": 0}, 0, 300),
    "closed early": ({"received": 120, "closed": True}, 120, 0),
}


@pytest.mark.parametrize("case", RECEIPTS)
def test_received_units_move_from_incoming_to_the_shelf_and_never_below_nothing(case):
    fields, there, to_come = RECEIPTS[case]
    made = planned(stock("mug", there), incoming("mug", 300, "2026-12-01", **fields))
    assert [(row.on_hand, row.incoming) for row in made.free] == [(there, to_come)]


PO = incoming("mug", 5, "2026-12-01")
LATE = incoming("mug", 5, "2026-11-20")
EARLY, NEXT, LAST = ({"id": name, "hours_ago": hours} for name, hours in (("early", 30), ("next", 20), ("last", 10)))
SPLIT_POOLS = (place("main"), place("annex", rank=2), place("abroad", pool="far"))

SCENARIOS = {
    "arrivals serve the queue in the order of its orders, not of their size": (
        [order(line("mug", 4), **EARLY), order(line("mug", 1), **NEXT), stock("mug", 3), PO],
        {"early": (3, 1, 3, "2026-12-01"), "next": (0, 1, 0, "2026-12-01")},
    ),
    "units that arrive today are no units on the shelf": (
        [order(line("mug", 2), **EARLY), stock("mug", 1), incoming("mug", 1, TODAY)],
        {"early": (1, 1, 1, TODAY)},
    ),
    "late supply covers nobody's date": (
        [order(line("mug", 2), **EARLY), stock("mug", 1), LATE],
        {"early": (1, 1, 1, None)},
    ),
    "a date that the supplier calls cautious is the one that is promised": (
        [order(line("mug", 2), **EARLY), incoming("mug", 2, "2026-12-01", latest="2026-12-09")],
        {"early": (0, 2, 0, "2026-12-09")},
    ),
    "negative stock in one place takes from the other place of its pool and not from what comes": (
        [order(line("mug", 3), **EARLY), stock("mug", -2), stock("mug", 4, "annex"), PO],
        {"early": (2, 1, 2, "2026-12-01")},
    ),
    "stock in another pool is nobody's here": (
        [order(line("mug", 1), **EARLY), stock("mug", 9, "abroad")],
        {"early": (0, 1, 0, None)},
    ),
    "the same item on two lines of one order shares one supply": (
        [order(line("mug", 2, id="a"), line("mug", 2, id="b"), **EARLY), stock("mug", 3), PO],
        {("early", "a"): (2, 0, 2, TODAY), ("early", "b"): (1, 1, 1, "2026-12-01")},
    ),
    "an order raised by two waits for two more and keeps what it has": (
        [order(line("mug", 5), **EARLY), order(line("mug", 1), **NEXT), stock("mug", 3), PO],
        {"early": (3, 2, 3, "2026-12-01"), "next": (0, 1, 0, "2026-12-01")},
    ),
    "a backordered quantity cut by two frees what was to come and no stock": (
        [order(line("mug", 5, cancelled=2), **EARLY), order(line("mug", 1), **NEXT), stock("mug", 3), PO],
        {"early": (3, 0, 3, TODAY), "next": (0, 1, 0, "2026-12-01")},
    ),
    "cancelled, refunded and shipped units are all gone from what is open": (
        [order(line("mug", 9, cancelled=2, refunded=1, shipped=4), **EARLY), stock("mug", 1)],
        {"early": (1, 1, 1, None)},
    ),
    "totals beyond what was ordered leave nothing open and take nothing": (
        [order(line("mug", 2, cancelled=2, refunded=2), **EARLY), order(line("mug", 1), **NEXT), stock("mug", 1)],
        {"early": (0, 0, 0, None), "next": (1, 0, 1, TODAY)},
    ),
    "units in picking stay with the later order": (
        [order(line("mug", 3), **EARLY), order(line("mug", 2, committed=2), **NEXT), stock("mug", 3), PO],
        {"early": (1, 2, 1, "2026-12-01"), "next": (2, 0, 2, TODAY)},
    ),
    "a held order keeps its place and ships nothing": (
        [order(line("mug", 2), hold="payment", **EARLY), order(line("mug", 2), **NEXT), stock("mug", 3)],
        {"early": (2, 0, 0, TODAY), "next": (1, 1, 1, None)},
    ),
    "a kit is as complete as its scarcest part": (
        [kit("set", cup=2, lid=1), order(line("set", 3), **EARLY), stock("cup", 5), stock("lid", 9), incoming("cup", 9, "2026-12-01")],
        {"early": (2, 1, 2, "2026-12-01")},
    ),
    "a kit and its part stand in one queue": (
        [kit("set", cup=1), order(line("set", 2), **EARLY), order(line("cup", 2), **NEXT), stock("cup", 3)],
        {"early": (2, 0, 2, TODAY), "next": (1, 1, 1, None)},
    ),
    "one parcel waits for its last line and lends until then": (
        [order(line("mug", 1), line("tea", 1), ship="together", **EARLY), order(line("mug", 1), **LAST),
         stock("mug", 1), PO, incoming("tea", 1, "2026-12-05")],
        {("early", "mug-line"): (1, 0, 0, "2026-12-05"), ("early", "tea-line"): (0, 1, 0, "2026-12-05"), "last": (0, 1, 1, TODAY)},
    ),
    "one parcel lends nothing that would not come back in time": (
        [order(line("mug", 1), line("tea", 1), ship="together", **EARLY), order(line("mug", 1), **LAST),
         stock("mug", 1), incoming("mug", 1, "2026-12-09"), incoming("tea", 1, "2026-12-05")],
        {("early", "mug-line"): (1, 0, 0, "2026-12-05"), ("early", "tea-line"): (0, 1, 0, "2026-12-05"), "last": (0, 1, 0, "2026-12-09")},
    ),
    "a promise holds back the latest supply that keeps it, so that an earlier order waits": (
        [order(line("mug", 5), **EARLY), order(line("mug", 2), promised="2026-12-02", **NEXT), stock("mug", 1), PO,
         incoming("mug", 9, "2026-12-20")],
        {"early": (1, 4, 1, "2026-12-20"), "next": (0, 2, 0, "2026-12-01")},
    ),
    "a promise that cannot be kept holds nothing back": (
        [order(line("mug", 5), **EARLY), order(line("mug", 9), promised="2026-12-02", **NEXT), stock("mug", 1), PO],
        {"early": (1, 4, 1, "2026-12-01"), "next": (0, 9, 0, None)},
    ),
    "fewer than the smallest shipment wait for the rest": (
        [order(line("mug", 6, min_ship=4), **EARLY), stock("mug", 3), PO],
        {"early": (3, 3, 0, "2026-12-01")},
    ),
    "the last units go even when they are few": (
        [order(line("mug", 2, min_ship=4), **EARLY), stock("mug", 3)],
        {"early": (2, 0, 2, TODAY)},
    ),
    "a pre-order gets its units and keeps them until its day": (
        [item("mug", preorder_until="2026-12-03"), order(line("mug", 2), **EARLY), stock("mug", 2)],
        {"early": (2, 0, 0, "2026-12-03")},
    ),
    "an item that nobody counts is always there": (
        [item("mug", tracked=False), order(line("mug", 99), **EARLY)],
        {"early": (99, 0, 99, TODAY)},
    ),
}  # fmt: skip


@pytest.mark.parametrize("story", SCENARIOS)
def test_it_comes_out_as_told(story):
    rows, told = SCENARIOS[story]
    found = lines_of(planned(*rows, locations=SPLIT_POOLS))
    for key, expected in told.items():
        made = found[key] if isinstance(key, tuple) else only_line(found, key)
        day = made.completes_on and made.completes_on.isoformat()
        assert (made.on_hand, made.backordered, made.release_now, day) == expected


def only_line(found, order_id):
    (made,) = (line for (name, _), line in found.items() if name == order_id)
    return made


# Under tiers a lower tier goes first, whatever its age; under every other policy a tier means nothing.
TIERS = {"tiers": {"old": 0, "first": 2}, "first_come": {"old": 2, "first": 0}}


@pytest.mark.parametrize("policy", TIERS)
def test_a_tier_counts_under_tiers_only(policy):
    old, first = order(line("mug", 2), id="old", hours_ago=50, tier=1), order(line("mug", 2), id="first", tier=0)
    found = lines_of(planned(old, first, stock("mug", 2), allocation=policy))
    assert {name: made.on_hand for (name, _), made in found.items()} == TIERS[policy]


# Sold beyond what may be sold: the lines that go beyond are named, and nobody loses a unit.
@pytest.mark.parametrize(("limit", "named"), [(0, ["a", "b"]), (2, ["b"]), (3, []), (None, [])])
def test_the_first_line_beyond_the_limit_and_every_later_one_is_named(limit, named):
    rows = [order(line("mug", 3), id="a", hours_ago=9), order(line("mug", 1), id="b"), stock("mug", 1)]
    made = planned(*rows, item("mug", oversell_limit=limit))
    assert [name for code, name, _ in codes(made) if code == "OVERSOLD"] == named
    assert sum(found.backordered for found in lines_of(made).values()) == 3
