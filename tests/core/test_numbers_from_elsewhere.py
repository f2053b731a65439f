"""Numbers that other systems are tested with, told again as facts, and what is right of them here.

A row: where the numbers come from, the story, the facts, then of each line in the order of service (on hand, backordered,
may leave now), and what is free on hand. Where the other system answers otherwise, the story says why.
"""

import pytest

from tests.core.builders import codes, fence, item, line, lines_of, order, place, planned, stock

PLACES = (place("main"), place("annex", rank=2), place("attic", rank=3))
DENIED = item("mug", backorder="deny")


def asked(units, *more, **totals):
    """One order after the other, each for so many mugs; totals are those of the first."""
    return [
        order(line("mug", n, **(totals if place == 0 else {})), hours_ago=90 - place)
        for place, n in enumerate((units, *more))
    ]


def there(*units):
    return [stock("mug", n, found.id) for n, found in zip(units, PLACES, strict=False)]


NUMBERS = [
    ("Odoo", "more than enough", [*asked(100), *there(150)], [(100, 0, 100)], 50),
    ("Odoo", "half of it", [*asked(100), *there(50)], [(50, 50, 50)], 0),
    ("Odoo", "one wrong count takes from a good one, where lots would be told apart", [*asked(1), *there(-1, 1)], [(0, 1, 0)], 0),
    ("Odoo", "two share all", [*asked(15, 15), *there(30)], [(15, 0, 15), (15, 0, 15)], 0),
    ("Odoo", "the later one has picked all", [*asked(15), order(line("mug", 30, committed=30)), *there(30)],
     [(0, 15, 0), (30, 0, 30)], 0),
    ("Odoo", "taken back", [*asked(100, cancelled=100), *there(150)], [(0, 0, 0)], 150),
    ("Odoo", "exactly enough", [*asked(2), *there(2)], [(2, 0, 2)], 0),
    ("Odoo", "one short", [*asked(3), *there(2)], [(2, 1, 2)], 0),
    ("Odoo", "from two places", [*asked(5), *there(3, 2)], [(5, 0, 5)], 0),
    ("Odoo", "a part to be sent", [*asked(10), *there(5)], [(5, 5, 5)], 0),
    ("Odoo", "the part is sent", [*asked(10, shipped=5), *there(0)], [(0, 5, 0)], 0),
    ("Odoo", "picked by force", [*asked(10, committed=10), *there(0)], [(0, 10, 0)], 0),
    ("Odoo", "sent by force", [*asked(10, shipped=10), *there(-10)], [(0, 0, 0)], 0),
    ("Odoo", "received twice", [*asked(100), *there(100, 100)], [(100, 0, 100)], 100),
    ("Saleor", "half of the shelf", [*asked(50), *there(100)], [(50, 0, 50)], 50),
    ("Saleor", "two shelves, seven there", [*asked(5), *there(4, 3)], [(5, 0, 5)], 2),
    ("Saleor", "after three others", [*asked(3, 3), *there(4, 3)], [(3, 0, 3), (3, 0, 3)], 1),
    ("Saleor", "six after three; a part is kept, not refused", [*asked(3, 6), *there(4, 3)], [(3, 0, 3), (4, 2, 4)], 0),
    ("Saleor", "ten of seven", [*asked(10), *there(4, 3)], [(7, 3, 7)], 0),
    ("Saleor", "a hundred of seven", [*asked(100), *there(4, 3)], [(7, 93, 7)], 0),
    ("Saleor", "all let go", [*asked(80, cancelled=80), *there(100)], [(0, 0, 0)], 100),
    ("Saleor", "fifty let go", [*asked(80, cancelled=50), *there(100)], [(30, 0, 30)], 70),
    ("Saleor", "fifty more there", [*asked(80), *there(150)], [(80, 0, 80)], 70),
    ("Saleor", "fifty more there and asked", [*asked(130), *there(150)], [(130, 0, 130)], 20),
    ("Saleor", "fifty sent", [*asked(80, shipped=50), *there(50)], [(30, 0, 30)], 20),
    ("Saleor", "seventy sent", [*asked(80, shipped=70), *there(30)], [(10, 0, 10)], 20),
    ("Saleor", "all sent", [*asked(80, shipped=80), *there(20)], [(0, 0, 0)], 20),
    ("Saleor", "two of three sent", [*asked(3, shipped=2), *there(2, 3)], [(1, 0, 1)], 4),
    ("Saleor", "more sent than asked", [*asked(3, shipped=4), *there(0, 3)], [(0, 0, 0)], 3),
    ("Solidus", "nothing there, not to be backordered", [DENIED, *asked(5), *there(0)], [(0, 5, 0)], 0),
    ("Solidus", "one there, not to be backordered", [DENIED, *asked(5), *there(1)], [(1, 4, 1)], 0),
    ("Solidus", "all there", [DENIED, *asked(5), *there(5)], [(5, 0, 5)], 0),
    ("Solidus", "two empty places", [DENIED, *asked(5), *there(0, 0)], [(0, 5, 0)], 0),
    ("Solidus", "one in each of two", [DENIED, *asked(5), *there(1, 1)], [(2, 3, 2)], 0),
    ("Solidus", "all in the second", [DENIED, *asked(5), *there(0, 5)], [(5, 0, 5)], 0),
    ("Solidus", "two and three", [DENIED, *asked(5), *there(2, 3)], [(5, 0, 5)], 0),
    ("Solidus", "two and five", [DENIED, *asked(5), *there(2, 5)], [(5, 0, 5)], 2),
    ("Solidus", "five and two", [DENIED, *asked(5), *there(5, 2)], [(5, 0, 5)], 2),
    ("Solidus", "five and five", [DENIED, *asked(5), *there(5, 5)], [(5, 0, 5)], 5),
    ("Solidus", "three in each of three", [DENIED, *asked(5), *there(3, 3, 3)], [(5, 0, 5)], 4),
    ("Solidus", "two in each of three", [DENIED, *asked(5), *there(2, 2, 2)], [(5, 0, 5)], 1),
    ("Solidus", "uncounted beside counted", [item("bag", tracked=False), order(line("bag", 1), line("mug", 1)), *there(10)],
     [(1, 0, 1), (1, 0, 1)], 9),
    ("Spree", "two wait", [*asked(1, 1), *there(0)], [(0, 1, 0), (0, 1, 0)], 0),
    ("Spree", "one comes for two who wait", [*asked(1, 1), *there(1)], [(1, 0, 1), (0, 1, 0)], 0),
    ("Spree", "three come for two who wait", [*asked(1, 1), *there(3)], [(1, 0, 1), (1, 0, 1)], 1),
    ("Spree", "a third waits too", [*asked(1, 1, 1), *there(-1)], [(0, 1, 0)] * 3, 0),
    ("Vendure", "five of three, not below nothing", [DENIED, *asked(5), *there(3)], [(3, 2, 3)], 0),
    ("Vendure", "uncounted", [item("mug", tracked=False), *asked(5), *there(3)], [(5, 0, 5)], 3),
    ("Vendure", "eight of three, five below nothing allowed", [item("mug", oversell_limit=5), *asked(8), *there(3)], [(3, 5, 3)], 0),
    ("Vendure", "nine of three, five below nothing allowed", [item("mug", oversell_limit=5), *asked(9), *there(3)], [(3, 6, 3)], 0),
    ("Vendure", "one of none", [*asked(1), *there(0)], [(0, 1, 0)], 0),
    ("Vendure", "three sent", [*asked(3, shipped=3), *there(0)], [(0, 0, 0)], 0),
    ("Vendure", "one of three called off, two sent", [*asked(3, cancelled=1, shipped=2), *there(3)], [(0, 0, 0)], 3),
    ("Vendure", "the two come back, and one is sold again", [*asked(3, 1, cancelled=3), *there(5)], [(0, 0, 0), (1, 0, 1)], 4),
    ("ERPNext", "half is kept", [*asked(50), *there(100)], [(50, 0, 50)], 50),
    ("ERPNext", "thirty of fifty picked", [*asked(50, committed=30), *there(30)], [(30, 20, 30)], 0),
    ("ERPNext", "picked in two steps", [*asked(50, committed=50), *there(50)], [(50, 0, 50)], 0),
    ("ERPNext", "ten of fifty sent", [*asked(50, shipped=10), *there(90)], [(40, 0, 40)], 50),
    ("ERPNext", "what is kept cannot be used up", [*asked(50, 100), *there(100)], [(50, 0, 50), (50, 50, 50)], 0),
    ("ERPNext", "what is let go can", [*asked(50, 100, cancelled=50), *there(100)], [(0, 0, 0), (100, 0, 100)], 0),
    ("ERPNext", "the later one is picked", [*asked(100), order(line("mug", 50, committed=50)), *there(100)],
     [(50, 50, 50), (50, 0, 50)], 0),
]  # fmt: skip


@pytest.mark.parametrize(
    ("source", "story", "rows", "told", "free"), NUMBERS, ids=lambda part: part if isinstance(part, str) else ""
)
def test_the_numbers_come_out_right(source, story, rows, told, free):
    made = planned(*rows, locations=PLACES)
    assert [(found.on_hand, found.backordered, found.release_now) for found in lines_of(made).values()] == told
    assert next(row.on_hand for row in made.free if row.sku == "mug") == free


# Units come from the place that is drawn on first, and from as few more as are needed.
@pytest.mark.parametrize(
    ("source", "units", "told"),
    [
        ("Saleor", (4, 3), [("main", 4), ("annex", 1)]), ("Solidus", (2, 3), [("main", 2), ("annex", 3)]),
        ("Solidus", (0, 5), [("annex", 5)]), ("Solidus", (5, 5), [("main", 5)]), ("Solidus", (2, 5), [("main", 2), ("annex", 3)]),
        ("Solidus", (3, 3, 3), [("main", 3), ("annex", 2)]), ("Solidus", (2, 2, 2), [("main", 2), ("annex", 2), ("attic", 1)]),
    ],
)  # fmt: skip
def test_five_units_come_from_these_places(source, units, told):
    (found,) = lines_of(planned(*asked(5), *there(*units), locations=PLACES)).values()
    assert [(peg.location, peg.units) for peg in found.allocations] == told


# Vendure keeps two back for nobody; three there, two asked: one is to be had.
def test_what_is_kept_back_is_free_and_not_to_be_had():
    made = planned(*asked(2), *there(3), locations=PLACES, ring_fences=(fence("nobody", "mug", 2),))
    (found,) = lines_of(made).values()
    assert (found.on_hand, found.backordered, made.free[0].on_hand) == (1, 1, 2)


@pytest.mark.parametrize(
    ("source", "rows", "decision", "told"),
    [
        ("Solidus", [DENIED, *asked(5), *there(0)], "decline", ["NO_DATED_SUPPLY", "OVERSOLD"]),
        ("Solidus", [DENIED, *asked(5), *there(1)], "review", ["NO_DATED_SUPPLY", "OVERSOLD"]),
        ("Solidus", [DENIED, *asked(5), *there(2, 3)], "ship_all", []),
        ("Vendure", [item("mug", oversell_limit=5), *asked(8), *there(3)], "ship_part", ["NO_DATED_SUPPLY"]),
        ("Vendure", [item("mug", oversell_limit=5), *asked(9), *there(3)], "review", ["NO_DATED_SUPPLY", "OVERSOLD"]),
        ("Odoo", [*asked(10, committed=10), *there(0)], "wait", ["NO_DATED_SUPPLY", "COMMITTED_NOT_IN_STOCK"]),
        ("Odoo", [*asked(10, shipped=10), *there(-10)], "none", ["NEGATIVE_ON_HAND"]),
    ],
)
def test_what_is_decided_and_what_a_person_should_know(source, rows, decision, told):
    made = planned(*rows, locations=PLACES)
    assert (made.orders[0].decision, [code for code, _, _ in codes(made)]) == (decision, told)
