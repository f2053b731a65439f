"""Properties of every plan; the ids are those of the design."""

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from core.consolation import offers
from core.engine.planner import plan
from core.facts import RingFence
from core.parcels.hazard import Exposure
from core.plan import LinePlan, OrderPlan
from core.records import OrderRecord
from tests.core.builders import TODAY, facts, incoming, line, lines_of, order, place, stock
from tests.core.shop_builders import NOW, shop
from tests.core.shop_builders import line as shop_line
from tests.core.shop_builders import order as shop_order
from tests.core.whole_documents import SKUS, lending_facts, some_facts
from tests.draws import examples

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
@examples(150)
def test_i1_every_open_unit_is_allocated_or_short(made):
    given_orders = {o.id: o for o in made.orders}
    for planned in plan(made).orders:
        for found, asked in zip(planned.lines, given_orders[planned.id].lines, strict=True):
            assert found.open == (0 if given_orders[planned.id].cancelled else asked.open)
            assert found.on_hand + found.backordered == found.open
            assert min(found.on_hand, found.backordered, found.release_now, found.ahead) >= 0
            assert found.release_now <= found.open


@given(documents(fences=True, caps=True))
@examples(150)
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
@examples(100)
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
@examples(100)
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
@examples(60)
def test_i5_planning_twice_gives_the_same_plan(made):
    assert plan(made) == plan(made)


@given(documents(), st.randoms(use_true_random=False))
@examples(100)
def test_i6_the_order_of_the_rows_means_nothing(made, shuffled):
    rows = {name: list(getattr(made, name)) for name in ("orders", "stock", "incoming", "items")}
    for some in rows.values():
        shuffled.shuffle(some)
    mixed = replace(made, **{name: tuple(some) for name, some in rows.items()})
    assert lines_of(plan(mixed)) == lines_of(plan(made))


@given(documents(plain=True), st.integers(1, 5), st.sampled_from(["cup", "lid", "mug"]))
@examples(150)
def test_i8_more_supply_makes_nobody_later(made, units, sku):
    before, more = completes(plan(made)), incoming(sku, units, TODAY + timedelta(days=1), id="PO-extra")
    after = completes(plan(replace(made, incoming=(*made.incoming, more))))
    assert all(after[key] <= before[key] for key in before)


@given(documents(plain=True), st.data())
@examples(150)
def test_i9_cancelling_a_line_makes_nobody_worse_off(made, data):
    chosen = data.draw(st.sampled_from(made.orders))
    fewer = replace(made, orders=tuple(replace(o, cancelled=True) if o is chosen else o for o in made.orders))
    before, after = lines_of(plan(made)), lines_of(plan(fewer))
    for key, found in before.items():
        if key[0] != chosen.id:
            assert after[key].on_hand >= found.on_hand
            assert (after[key].completes_on or FAR) <= (found.completes_on or FAR)


@given(documents(plain=True), st.data())
@examples(100)
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
@examples(80)
def test_i12_renaming_orders_in_their_order_changes_nothing(made):
    renamed = replace(made, orders=tuple(replace(o, id=f"x-{o.id}") for o in made.orders))
    before, after = lines_of(plan(made)), lines_of(plan(renamed))
    assert {(f"x-{o}", found): value for (o, found), value in before.items()} == after


@given(documents(plain=True), st.integers(0, 9))
@examples(80)
def test_i13_an_item_nobody_shares_touches_nobody(made, units):
    alone = order(line("spoon", 3), id="alone")
    more = replace(made, orders=(*made.orders, alone), stock=(*made.stock, stock("spoon", units)))
    before, after = lines_of(plan(made)), lines_of(plan(more))
    assert all(after[key] == found for key, found in before.items())


@given(
    documents(plain=True, release="strict"), st.lists(st.tuples(st.sampled_from(SKUS), st.integers(1, 9)), max_size=4)
)
@examples(150)
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
@examples(100)
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


@given(st.integers(0, 20), st.integers(0, 3), st.sampled_from(["discount_code", "free_shipping"]))
@examples(30)
def test_i15_offers_stay_within_their_cap_and_their_codes_are_the_same_again(made, cap, kind):
    record = OrderRecord(shop="fern", snapshot=shop_order(1, shop_line("mug", 3)), offers=tuple(map(str, range(made))))
    known = shop(offers={"enabled": True, "per_order": cap, "min_wait_days": 0, "kind": kind})
    case = offers.Case(plan=plan_of(record), record=record, shop=known, as_of=NOW)
    due = offers.next_rung(case, ())
    assert (due is not None) is (cap > 0 == made)

    def code(number=1, key="k", at=case):
        given = {"number": number, "step": 1, "arm": "offered", "key": key, "customer": "c"}
        sum_ = offers.weighed(at, offers.by_hand(known.policy.offers), Exposure())
        return offers.given(at, offers.by_hand(known.policy.offers), **given, weighed=sum_).code

    assert code() == code(at=replace(case, as_of=NOW + timedelta(days=9)))
    assert len({code(), code(number=2), code(key="another")}) == 3


def plan_of(record):
    waiting = LinePlan(id="a", sku="mug", open=3, ahead=0, on_hand=0, backordered=3, release_now=0, completes_on=None)
    return OrderPlan(id=record.id, decision="wait", reasons=(), release_now=False, completes_on=None, lines=(waiting,))


@st.composite
def fenced_and_lent(draw):
    """Orders that lend, behind fences of their own class and of others."""

    def pick(low, high):
        return draw(st.integers(low, high))

    made = lending_facts(pick)
    classes = ("standard", "wholesale")
    orders = tuple(replace(o, order_class=classes[pick(0, 3) == 0]) for o in made.orders)
    fences = tuple(
        RingFence(order_class=classes[pick(0, 1)], sku=SKUS[pick(0, 2)], units=pick(1, 4), until=until)
        for until in (TODAY + timedelta(days=pick(1, 4)), None)[: pick(1, 2)]
    )
    share = Decimal("0.5") if pick(0, 2) == 0 else None
    policy = replace(made.policy, ring_fences=fences, large_order_share=share)
    return replace(made, orders=orders, policy=policy)


def leaving_by_item(made):
    """Units of each item and pool that leave today, those in kits with the others."""
    parts = {entry.sku: entry.components for entry in made.items if entry.components}
    uncounted = {entry.sku for entry in made.items if not entry.tracked}
    pools = {where.id: where.pool for where in made.locations}
    orders = {o.id: o for o in made.orders}
    found = {}
    for planned in plan(made).orders:
        pool = pools[orders[planned.id].location]
        for leaves in planned.lines:
            needs = [(part.sku, part.units) for part in parts.get(leaves.sku, ())] or [(leaves.sku, 1)]
            for sku, per in needs:
                if sku not in uncounted:
                    found[sku, pool] = found.get((sku, pool), 0) + leaves.release_now * per
    return found


@given(fenced_and_lent())
@examples(150)
def test_no_more_leaves_today_than_is_there_whatever_is_fenced_capped_and_lent(made):
    pools = {where.id: where.pool for where in made.locations}
    there = {}
    for row in made.stock:
        there[row.sku, pools[row.location]] = there.get((row.sku, pools[row.location]), 0) + row.on_hand
    assert all(units <= max(0, there.get(key, 0)) for key, units in leaving_by_item(made).items())


@given(fenced_and_lent())
@examples(100)
def test_lending_moves_no_promise_later_whatever_is_fenced_and_capped(made):
    strict = completes(plan(replace(made, policy=replace(made.policy, release="strict"))))
    assert all(day <= strict[key] for key, day in completes(plan(made)).items())
