"""Plain facts have a closed form. It says what the engine says in turns, what SQL says, and what pegging says."""

import sqlite3
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.engine.closed_form import is_plain
from core.engine.plain_plan import plan_plainly
from core.engine.planner import plan, plan_in_turn
from tests.core.builders import facts, fence, incoming, item, kit, line, lines_of, order, place, stock
from tests.core.whole_documents import some_facts
from tests.draws import examples

DEALT_ALIKE = {"win": "gain", "lose": "standard", "skip": "fill"}


def plain(made):
    """The same facts without all that ties queues together or keeps units from leaving."""
    orders = tuple(
        replace(
            o, ship="as_ready", hold=None, order_class=DEALT_ALIKE.get(o.order_class, o.order_class),
            lines=tuple(replace(asked, min_ship=None) for asked in o.lines),
        )
        for o in made.orders
    )  # fmt: skip
    return replace(made, items=(), orders=orders)


@st.composite
def plain_documents(draw):
    allocation = draw(st.sampled_from(["first_come", "tiers"]))
    return plain(some_facts(lambda low, high: draw(st.integers(low, high)), plain=True, allocation=allocation))


@given(plain_documents())
@examples(200)
def test_the_closed_form_says_what_the_engine_says_in_turns(made):
    assert is_plain(made)
    assert plan_plainly(made) == plan_in_turn(made) == plan(made)


WINDOW = """
WITH lines AS (
  SELECT id, sku, units, COALESCE(SUM(units) OVER (
    PARTITION BY sku, pool ORDER BY class, tier, placed, order_id, id ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING
  ), 0) AS ahead, order_id, pool FROM asked
), supply AS (
  SELECT sku, pool, day, SUM(SUM(units)) OVER (PARTITION BY sku, pool ORDER BY day) AS upto FROM there GROUP BY 1, 2, 3
)
SELECT order_id, id, ahead,
  MAX(0, MIN(units, COALESCE((SELECT upto FROM supply s WHERE s.sku = l.sku AND s.pool = l.pool AND s.day = ''), 0) - ahead)),
  CASE WHEN units > 0 THEN (
    SELECT MIN(day) FROM supply s WHERE s.sku = l.sku AND s.pool = l.pool AND s.upto >= l.ahead + l.units
  ) END
FROM lines l
"""
CLASSES = {"gain": 1, "redistribute": 3, "fill": 4}


def as_sql_says(made):
    """Ahead, on hand and date of every line from one window function; the shelf's date is the empty text."""
    pools = {found.id: found.pool for found in made.locations}
    by_tier = made.policy.allocation == "tiers"
    shop = sqlite3.connect(":memory:")
    shop.execute("CREATE TABLE asked (order_id, id, sku, pool, units, class, tier, placed)")
    shop.execute("CREATE TABLE there (sku, pool, day, units)")
    shop.executemany(
        "INSERT INTO asked VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
        [
            (o.id, asked.id, asked.sku, pools[o.location], 0 if o.cancelled else asked.open, CLASSES.get(o.order_class, 2),
             o.tier if by_tier else 0, o.placed_at.isoformat())
            for o in made.orders for asked in o.lines
        ],
    )  # fmt: skip
    today = made.as_of.date()
    shelf = {}
    for row in made.stock:
        key = row.sku, pools[row.location]
        shelf[key] = shelf.get(key, 0) + row.on_hand
    dated = [
        (row.sku, pools[row.location], (row.latest or row.eta).isoformat(), row.remaining)
        for row in made.incoming if row.eta and row.eta >= today
    ]  # fmt: skip
    shop.executemany(
        "INSERT INTO there VALUES (?, ?, ?, ?)", [(*key, "", max(0, units)) for key, units in shelf.items()]
    )
    shop.executemany("INSERT INTO there VALUES (?, ?, ?, ?)", dated)
    try:
        return {(row[0], row[1]): row[2:] for row in shop.execute(WINDOW)}
    finally:
        shop.close()


@given(plain_documents())
@examples(150)
def test_the_closed_form_is_one_window_function(made):
    today = made.as_of.date().isoformat()
    told = as_sql_says(made)
    for key, found in lines_of(plan(made)).items():
        ahead, on_hand, day = told[key]
        assert (found.ahead, found.on_hand) == (ahead, on_hand)
        assert (found.completes_on and found.completes_on.isoformat()) == (today if day == "" else day)


@given(plain_documents())
@examples(150)
def test_unit_by_unit_each_takes_the_earliest_that_is_left(made):
    """Pegging as people do it with cards: a card for each unit of supply, dealt to the units asked for in their order."""
    pools = {found.id: found for found in made.locations}
    cards = {}
    for row in cards_of(made):
        cards.setdefault((row[0], row[1]), []).append(row[2:])
    for pile in cards.values():
        pile.sort(reverse=True)
    ranks = {"gain": 1, "redistribute": 3, "fill": 4}
    tiers = made.policy.allocation == "tiers"
    queue = sorted(made.orders, key=lambda o: (ranks.get(o.order_class, 2), o.tier if tiers else 0, o.placed_at, o.id))
    found = lines_of(plan(made))
    for o in queue:
        for asked in sorted(o.lines, key=lambda asked: asked.id):
            pile = cards.get((asked.sku, pools[o.location].pool), [])
            dealt = [pile.pop() for _ in range(min(len(pile), 0 if o.cancelled else asked.open))]
            told = [
                (peg.supply, peg.location) for peg in found[o.id, asked.id].allocations for _ in range(peg.units)
            ]  # fmt: skip
            assert [(card[5], card[4]) for card in dealt] == told


def cards_of(made):
    """(sku, pool, undated, date, not stock, rank, location, supply) for every single unit."""
    today = made.as_of.date()
    places = {found.id: found for found in made.locations}
    rows = []
    totals = {}
    for row in sorted(made.stock, key=lambda row: (places[row.location].rank, row.location)):
        key = row.sku, places[row.location].pool
        totals.setdefault(key, sum(r.on_hand for r in made.stock if (r.sku, places[r.location].pool) == key))
        here = max(0, min(row.on_hand, totals[key]))
        totals[key] -= here
        rows += [(*key, False, today, False, places[row.location].rank, row.location, "on_hand")] * here
    for row in made.incoming:
        undated = row.eta is None or row.eta < today
        day = today if undated else row.latest or row.eta
        where = places[row.location]
        rows += [(row.sku, where.pool, undated, day, True, where.rank, where.id, row.id)] * row.remaining
    return rows


SPECIAL = {
    "one parcel": (order(line("mug", 1), ship="together"),),
    "a hold": (order(line("mug", 1), hold="payment"),),
    "a promise": (order(line("mug", 1), promised="2026-12-01"),),
    "units in picking": (order(line("mug", 1, committed=1)),),
    "a smallest shipment": (order(line("mug", 1, min_ship=1)),),
    "a class that must be met": (order(line("mug", 1), order_class="win"),),
    "a class that is not served": (order(line("mug", 1), order_class="skip"),),
    "a kit": (kit("set", mug=1),),
    "a pre-order": (item("mug", preorder_until="2026-12-01"),),
    "a limit": (item("mug", oversell_limit=5),),
    "an item that may not be backordered": (item("mug", backorder="deny"),),
    "an item that nobody counts": (item("mug", tracked=False),),
    "one line in picking": (order(line("mug", 2, committed=1), line("cup", 1)),),
    "one that nobody counts beside an ordinary one": (item("cup"), item("mug", tracked=False)),
}


@pytest.mark.parametrize("case", SPECIAL)
def test_what_ties_queues_together_or_keeps_units_back_is_planned_in_turns(case):
    assert not is_plain(facts(*SPECIAL[case]))


@pytest.mark.parametrize(
    "policy",
    [{"allocation": "fair_share"}, {"allocation": "completion_first"}, {"large_order_share": "0.5"},
     {"ring_fences": (fence("wholesale", "mug", 1),)}],
)  # fmt: skip
def test_a_policy_that_is_no_prefix_is_planned_in_turns(policy):
    assert not is_plain(facts(order(line("mug", 1)), **policy))


@pytest.mark.parametrize("allocation", ["first_come", "tiers"])
def test_an_ordinary_item_row_changes_nothing(allocation):
    assert is_plain(facts(order(line("mug", 1)), item("mug"), allocation=allocation))


def test_units_beyond_what_a_small_number_holds_are_counted_exactly():
    most = 2**31 - 1
    rows = [order(line("mug", most), id=f"o{number}") for number in range(40)]
    made = facts(*rows, stock("mug", most), incoming("mug", most, "2026-12-01"), locations=(place("main"),))
    assert plan_plainly(made) == plan_in_turn(made)
