"""Properties of every plan; the ids are those of the design."""

from dataclasses import replace
from datetime import date, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from core.planner import plan
from tests.core.builders import TODAY, facts, incoming, line, lines_of, order, place, stock
from tests.core.whole_documents import SKUS, some_facts

FAR = date(9999, 1, 1)


def documents(**how):
    @st.composite
    def drawn(draw):
        return some_facts(lambda low, high: draw(st.integers(low, high)), **how)

    return drawn()


def steady(made):
    """Without kits, holds and joint parcels, so that one item's queue can be looked at by itself."""
    return replace(
        made,
        items=(),
        orders=tuple(replace(o, ship="as_ready", hold=None, order_class="standard") for o in made.orders),
    )


def completes(made):
    return {key: found.completes_on or FAR for key, found in lines_of(made).items()}


@given(documents(fences=True, caps=True))
@settings(max_examples=150, deadline=None)
def test_i1_every_open_unit_is_allocated_or_short(made):
    given_orders = {o.id: o for o in made.orders}
    for planned in plan(made).orders:
        for found, asked in zip(planned.lines, given_orders[planned.id].lines, strict=True):
            assert found.open == (0 if given_orders[planned.id].cancelled else asked.open)
            assert found.on_hand + found.backordered == found.open
            assert min(found.on_hand, found.backordered, found.release_now, found.ahead) >= 0
            assert found.release_now <= found.open


@given(documents(fences=True, caps=True))
@settings(max_examples=150, deadline=None)
def test_i2_no_supply_is_promised_twice(made):
    there = {}
    for row in made.incoming:
        there[row.id, row.location] = there.get((row.id, row.location), 0) + row.remaining
    pegged = {}
    for found in lines_of(plan(made)).values():
        for peg in found.allocations:
            if peg.supply != "on_hand":
                pegged[peg.supply, peg.location] = pegged.get((peg.supply, peg.location), 0) + peg.units
    assert all(units <= there[key] for key, units in pegged.items())


@given(documents())
@settings(max_examples=100, deadline=None)
def test_i3_units_in_picking_are_never_given_to_others_while_stock_covers_them(made):
    plain = steady(made)
    picking = {}
    for o in plain.orders:
        for asked in o.lines:
            if not o.cancelled:
                picking[asked.sku] = picking.get(asked.sku, 0) + min(asked.committed, asked.open)
    rich = replace(plain, stock=tuple(stock(sku, units) for sku, units in picking.items()))
    found = lines_of(plan(rich))
    one_pool = all(o.location == "main" for o in rich.orders)
    for o in rich.orders:
        for asked in o.lines:
            if one_pool and not o.cancelled:
                assert found[o.id, asked.id].on_hand >= min(asked.committed, asked.open)


@given(documents(plain=True))
@settings(max_examples=100, deadline=None)
def test_i4_no_later_line_holds_stock_while_an_earlier_one_is_short(made):
    one_item = steady(made)
    one_item = replace(
        one_item,
        locations=(place("main"),),
        orders=tuple(
            replace(o, location="main", lines=tuple(replace(asked, sku="mug") for asked in o.lines))
            for o in one_item.orders
        ),
        stock=(stock("mug", 7),),
        incoming=(),
    )
    found = lines_of(plan(one_item))
    queue = sorted(one_item.orders, key=lambda o: (o.placed_at, o.id))
    short = False
    for key in ((o.id, asked.id) for o in queue for asked in sorted(o.lines, key=lambda asked: asked.id)):
        assert not (short and found[key].on_hand)
        short = short or found[key].backordered > 0


@given(documents(fences=True, caps=True))
@settings(max_examples=60, deadline=None)
def test_i5_planning_twice_gives_the_same_plan(made):
    assert plan(made) == plan(made)


@given(documents(), st.randoms(use_true_random=False))
@settings(max_examples=100, deadline=None)
def test_i6_the_order_of_the_rows_means_nothing(made, shuffled):
    rows = {name: list(getattr(made, name)) for name in ("orders", "stock", "incoming", "items")}
    for some in rows.values():
        shuffled.shuffle(some)
    mixed = replace(made, **{name: tuple(some) for name, some in rows.items()})
    assert lines_of(plan(mixed)) == lines_of(plan(made))


@given(documents(plain=True), st.integers(1, 5), st.sampled_from(["cup", "lid", "mug"]))
@settings(max_examples=150, deadline=None)
def test_i8_more_supply_makes_nobody_later(made, units, sku):
    before, more = completes(plan(made)), incoming(sku, units, TODAY + timedelta(days=1), id="PO-extra")
    after = completes(plan(replace(made, incoming=(*made.incoming, more))))
    assert all(after[key] <= before[key] for key in before)


@given(documents(plain=True), st.data())
@settings(max_examples=150, deadline=None)
def test_i9_cancelling_a_line_makes_nobody_worse_off(made, data):
    chosen = data.draw(st.sampled_from(made.orders))
    fewer = replace(made, orders=tuple(replace(o, cancelled=True) if o is chosen else o for o in made.orders))
    before, after = lines_of(plan(made)), lines_of(plan(fewer))
    for key, found in before.items():
        if key[0] != chosen.id:
            assert after[key].on_hand >= found.on_hand
            assert (after[key].completes_on or FAR) <= (found.completes_on or FAR)


@given(documents(plain=True), st.data())
@settings(max_examples=100, deadline=None)
def test_i10_moving_an_order_up_never_makes_it_later(made, data):
    chosen = data.draw(st.sampled_from(made.orders))
    sooner = replace(chosen, placed_at=chosen.placed_at - timedelta(days=9))
    before, after = completes(plan(made)), completes(plan(replace(made, orders=tuple(
        sooner if o is chosen else o for o in made.orders))))  # fmt: skip
    assert all(after[key] <= before[key] for key in before if key[0] == chosen.id)


@given(st.integers(1, 9), st.integers(1, 9), st.integers(0, 20), st.integers(1, 9))
def test_i11_splitting_a_line_in_two_changes_nobody_else(first, second, there, other):
    late = order(line("mug", other), id="z", hours_ago=1)
    whole = order(line("mug", first + second, id="a"), id="y", hours_ago=2)
    parts = order(line("mug", first, id="a"), line("mug", second, id="b"), id="y", hours_ago=2)
    supply = (stock("mug", there), incoming("mug", 5, "2026-12-01"))
    one, two = (lines_of(plan(facts(late, mine, *supply))) for mine in (whole, parts))
    assert one["z", "mug-line"] == two["z", "mug-line"]


@given(documents(plain=True))
@settings(max_examples=80, deadline=None)
def test_i12_renaming_orders_in_their_order_changes_nothing(made):
    renamed = replace(made, orders=tuple(replace(o, id=f"x-{o.id}") for o in made.orders))
    before, after = lines_of(plan(made)), lines_of(plan(renamed))
    assert {(f"x-{o}", found): value for (o, found), value in before.items()} == after


@given(documents(plain=True), st.integers(0, 9))
@settings(max_examples=80, deadline=None)
def test_i13_an_item_nobody_shares_touches_nobody(made, units):
    alone = order(line("spoon", 3), id="alone")
    more = replace(made, orders=(*made.orders, alone), stock=(*made.stock, stock("spoon", units)))
    before, after = lines_of(plan(made)), lines_of(plan(more))
    assert all(after[key] == found for key, found in before.items())


@given(
    documents(plain=True, release="strict"), st.lists(st.tuples(st.sampled_from(SKUS), st.integers(1, 9)), max_size=4)
)
@settings(max_examples=150, deadline=None)
def test_i14_a_published_promise_stays_whoever_else_orders(made, newcomers):
    quiet = steady(made)
    first = {o.id: o for o in plan(quiet).orders}
    promised = tuple(replace(o, promised_on=first[o.id].completes_on) for o in quiet.orders)
    ahead = tuple(
        order(line(sku, units), id=f"new-{n}", order_class="gain") for n, (sku, units) in enumerate(newcomers)
    )
    later = plan(replace(quiet, orders=(*promised, *ahead)))
    for o in later.orders:
        if o.id in first and first[o.id].completes_on:
            assert o.completes_on <= first[o.id].completes_on
    assert "PROMISE_BROKEN" not in {problem.code for problem in later.exceptions}


@given(documents(plain=True, release="strict"), st.sampled_from(SKUS))
@settings(max_examples=100, deadline=None)
def test_i14_a_promise_that_lost_supply_breaks_is_reported_and_says_so(made, sku):
    quiet = steady(made)
    first = {o.id: o for o in plan(quiet).orders}
    promised = tuple(replace(o, promised_on=first[o.id].completes_on) for o in quiet.orders)
    lost = replace(
        quiet, orders=promised, stock=tuple(row for row in quiet.stock if row.sku != sku),
        incoming=tuple(row for row in quiet.incoming if row.sku != sku),
    )  # fmt: skip
    after = plan(lost)
    broken = {problem.order for problem in after.exceptions if problem.code == "PROMISE_BROKEN"}
    for o in after.orders:
        day = first[o.id].completes_on
        assert (o.id in broken) == (day is not None and (o.completes_on is None or o.completes_on > day))


@given(st.integers(0, 9), st.integers(0, 9), st.integers(1, 20))
def test_i16_moving_stock_within_a_pool_changes_no_line(here, there, wanted):
    places = (place("main"), place("annex", rank=2))

    def made(main, annex):
        rows = (order(line("mug", wanted)), stock("mug", main), stock("mug", annex, "annex"))
        return [replace(found, allocations=()) for found in lines_of(plan(facts(*rows, locations=places))).values()]

    assert made(here, there) == made(here + there, 0)


@given(st.integers(0, 9), st.integers(1, 9), st.integers(1, 9))
def test_i17_two_lines_of_one_item_share_one_supply(there, first, second):
    made = plan(facts(order(line("mug", first, id="a"), line("mug", second, id="b")), stock("mug", there)))
    assert sum(found.on_hand for found in lines_of(made).values()) == min(there, first + second)


@given(st.integers(0, 5), st.integers(6, 12), st.integers(1, 6))
def test_i18_cutting_a_backordered_quantity_creates_no_stock(there, wanted, cut):
    def free_after(**totals):
        asked = order(line("mug", wanted, **totals))
        return plan(facts(asked, stock("mug", there))).free[0].on_hand

    cut = min(cut, wanted - there)
    assert free_after(cancelled=cut) == free_after() == 0
