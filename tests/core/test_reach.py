"""I7, I13: an event plans only what it can change, and one event after the other is the same as planning everything anew."""

from contextlib import contextmanager
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.planning import replanning
from core.planning.reach import reach_of
from core.planning.shop_plan import plan_shop
from core.reasons import Reason
from core.snapshots import StockSnapshot
from tests.core.shop_builders import NOW, TODAY, item, kept, lasting, line, order, supply
from tests.draws import examples

SKUS = ("mug", "cup", "jug", "pot", "pan")
LARGE = {"enabled": True, "answer": "cap", "share": "0.5"}


def events(skus):
    return st.one_of(
        st.tuples(st.just("stock"), skus, st.integers(0, 9)),
        st.tuples(st.just("supply"), skus, st.integers(0, 9)),
        st.tuples(st.just("order"), st.integers(0, 7), st.dictionaries(skus, st.integers(1, 6), max_size=2)),
        st.tuples(st.just("choice"), st.integers(0, 7), st.sampled_from(["together", "as_ready"])),
    )


@st.composite
def stories(draw):
    """A shop with its orders, some of them promised or in one parcel, and what happens to it."""
    skus = st.sampled_from(SKUS)
    wanted = st.dictionaries(skus, st.integers(1, 6), min_size=1, max_size=2)
    return {
        "policy": {
            "allocation": draw(st.sampled_from(["first_come", "tiers", "fair_share", "completion_first"])),
            "release": draw(st.sampled_from(["need_date", "strict"])),
            "tiers_by_tag": {"vip": -1},
            "large_order": LARGE if draw(st.booleans()) else {},
        },
        "stock": draw(st.fixed_dictionaries(dict.fromkeys(SKUS, st.integers(0, 8)))),
        "supply": draw(st.fixed_dictionaries(dict.fromkeys(SKUS, st.integers(0, 6)))),
        "orders": draw(st.lists(wanted, min_size=3, max_size=8)),
        "promised": draw(st.sets(st.integers(0, 7), max_size=2)),
        "events": draw(st.lists(events(skus), min_size=1, max_size=4)),
    }


def seen(number, wanted):
    lines = [line(sku, units, id=str(n)) for n, (sku, units) in enumerate(sorted(wanted.items()))]
    tags = frozenset({"vip"} if number % 3 == 0 else ())
    return order(number, *lines, days=20 - number, merchant_tags=tags, status="open" if wanted else "cancelled")


def stored(kept_shop, what, key, value):
    """Let the event happen in the books; return the items and orders that a delivery would name."""
    if what == "stock":
        kept_shop.store(item(key, value))
        return {f"item-{key}"}, set()
    if what == "supply":
        kept_shop.store(supply(f"PO-{key}", key, value, 5))
        return {f"item-{key}"}, set()
    before = kept_shop.order(key)
    if what == "order":
        kept_shop.store(seen(key, value))
        named = {made.item for made in before.snapshot.lines} if before else set()
        return named, {str(key)}
    if before is None:
        return set(), set()
    put(kept_shop, replace(before, manual={**before.manual, "ship": value}))
    return set(), {str(key)}


def put(kept_shop, record):
    with kept_shop.books.write() as unit:
        unit.orders.put(record)


def planned_anew(kept_shop):
    """What a plan of the whole shop says right now, nothing of it stored."""
    return {entry.record.id: entry.plan for entry in plan_shop(kept_shop.state(), NOW)}


def lasting_of(plans):
    return {key: lasting(plan) for key, plan in plans.items()}


def broken(plans):
    return {key for key, plan in plans.items() if Reason.PROMISE_BROKEN in plan.reasons}


def take_in(kept_shop, items, orders):
    with kept_shop.books.write() as unit:
        return replanning.replan(unit, unit.shops.get("fern"), kept_shop.means(), items=items, orders=orders)


@given(stories())
@examples(25)
def test_i7_events_one_by_one_leave_the_plans_that_a_plan_of_everything_makes(story):
    rows = [item(sku, units) for sku, units in story["stock"].items()]
    rows += [supply(f"PO-{sku}", sku, units, 5) for sku, units in story["supply"].items()]
    with kept(*rows, *(seen(n, wanted) for n, wanted in enumerate(story["orders"])), **story["policy"]) as made:
        for number in story["promised"]:
            if record := made.order(number):
                put(made, replace(record, published_at=NOW, promised_on=TODAY.replace(day=28)))
        made.replan()
        for event in story["events"]:
            items, orders = stored(made, *event)
            anew = planned_anew(made)
            take_in(made, items, orders)
            # That a promise broke is told once: an order that nothing has touched since says so still.
            assert lasting_of(made.plans()) == lasting_of(anew)
            assert broken(anew) <= broken(made.plans())
            assert lasting_of(planned_anew(made)) == lasting_of(anew)


@contextmanager
def chain(*last, **policy):
    """Six orders, each of which shares an item with the next."""
    rows = [order(n, line(f"i{n}", 1), line(f"i{n + 1}", 1, id="b"), days=9 - n) for n in range(6)]
    with kept(*(item(f"i{n}", 0) for n in range(7)), *rows, *last, **policy) as made:
        yield made


def reached(made, items=(), orders=()):
    with made.books.read() as unit:
        found = reach_of(unit, unit.shops.get("fern"), items, orders)
    return [record.id for record in found.touched], [record.id for record in found.beside]


def test_news_of_an_item_ends_at_the_orders_that_want_it():
    with chain() as made:
        assert reached(made, ["item-i0"]) == (["0"], ["1"])
        assert reached(made, ["item-i3"]) == (["2", "3"], ["1", "4"])
        assert reached(made, orders=["3"]) == (["2", "3", "4"], ["1", "5"])
        assert reached(made, ["nothing"]) == reached(made) == ([], [])


@pytest.mark.parametrize(
    "policy",
    [{"allocation": "completion_first"}, {"ship_part": {"enabled": False}}],
    ids=["whole orders", "one parcel"],
)
def test_where_orders_are_served_whole_the_news_goes_on_to_the_end(policy):
    with chain(**policy) as made:
        assert reached(made, ["item-i0"]) == (["0", "1", "2", "3", "4", "5"], [])


def test_orders_in_one_parcel_that_lend_nothing_carry_no_news():
    with chain(ship_part={"enabled": False}, release="strict") as made:
        assert reached(made, ["item-i0"]) == (["0"], ["1"])


def test_a_published_promise_carries_the_news_on_and_is_planned_whole_beside():
    with chain() as made:
        put(made, replace(made.order(1), published_at=NOW, promised_on=TODAY))
        assert reached(made, ["item-i1"]) == (["0", "1", "2"], ["3"])
        assert reached(made, ["item-i0"]) == (["0"], ["1", "2"])


def test_an_order_that_nobody_measured_yet_is_measured_against_all_that_it_shares():
    with chain() as made:
        made.store(order(9, line("i0", 1), line("i5", 1, id="b")))
        assert reached(made, ["item-i0"]) == (["0", "4", "5", "9"], ["1", "3"])


def test_an_order_that_is_closed_is_planned_with_those_that_get_its_units():
    with chain() as made:
        made.store(order(0, line("i0", 1), line("i1", 1, id="b"), days=9, status="cancelled"))
        assert reached(made, orders=["0"]) == (["0", "1"], ["2"])


def test_one_event_in_a_shop_of_hundreds_of_orders_reads_and_settles_a_handful(monkeypatch):
    """Each order shares an item with two others, and so with all: still news of one item is news for two orders."""
    rows = [order(n, line(f"i{n}", 1), line(f"i{n + 1}", 2, id="b"), days=9) for n in range(300)]
    with kept(*rows, *(item(f"i{n}", 2) for n in range(301))) as made:
        read, settled = [], []
        plan, settle = replanning.plan_shop, replanning.settling.moved

        def planning(state, as_of):
            read.extend(record.id for record in state.everybody)
            return plan(state, as_of)

        def settling(unit, known, desk, records, planned):
            settled.extend(record.id for record in records)
            return settle(unit, known, desk, records, planned)

        monkeypatch.setattr(replanning, "plan_shop", planning)
        monkeypatch.setattr(replanning.settling, "moved", settling)
        made.store(item("i150", 5))
        take_in(made, {"item-i150"}, set())
        assert sorted(read) == ["148", "149", "150", "151"]
        assert sorted(settled) == ["149", "150"]


def test_one_capped_order_changes_nothing_for_items_that_it_does_not_want():
    """The cap deals out before the queue what was set aside for promises: not where nobody can be capped."""
    here, there = StockSnapshot(location="main", quantity=2), StockSnapshot(location="annex", quantity=2)
    rows = [
        replace(item("mug", 0), stock=(here, there)), item("cup", 10), order(1, line("mug", 2), days=1),
        order(2, line("mug", 1), days=3), order(3, line("cup", 20), days=2),
    ]  # fmt: skip
    with kept(*rows, large_order=LARGE) as made:
        put(made, replace(made.order(1), published_at=NOW, promised_on=TODAY))
        whole = planned_anew(made)
        with made.books.read() as unit:
            given = unit.shops.get("fern")
            found = reach_of(unit, given, ["item-mug"])
            part = plan_shop(replanning.state_of(unit, given, found.touched, beside=found.beside), NOW)
        assert {entry.record.id: entry.plan for entry in part} == {key: whole[key] for key in ("1", "2")}
