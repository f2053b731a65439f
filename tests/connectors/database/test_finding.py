"""What orders are found by, and what those that wait add up to: the database's own sums."""

from dataclasses import replace
from datetime import timedelta

import pytest

from connectors.database import order_marks
from core.plan import Allocated
from core.records.finding import Claims, Wanted
from core.snapshots import Customer, Outside


def found(kept, state=None, **wanted):
    with kept.read() as unit:
        page = unit.orders.page("fern", state=state, cursor=None, limit=50, wanted=Wanted(**wanted))
        return [record.id for record in page.items]


def with_snapshot(record, **changes):
    return replace(record, snapshot=replace(record.snapshot, **changes))


def counting_on(record, supply):
    peg = Allocated(supply=supply, location="main", units=1, on=None)
    return replace(record, plan=replace(record.plan, lines=(replace(record.plan.lines[0], allocations=(peg,)),)))


@pytest.fixture
def shelf(put, kept, make):
    """Four orders of the shop that differ in everything one could look for, and one of another shop."""
    ann = Customer(name="Customer Ärlig", email="Twelve@Example.com", country="SE")
    put(
        with_snapshot(make.order("1", day=1, backordered=2, customer=ann), merchant_tags=frozenset({"vip", "b2b"})),
        counting_on(make.order("2", make.line("1", "tall_mug"), day=2, backordered=1), "PO-7"),
        with_snapshot(
            make.order("3", day=3, status="closed"),
            merchant_tags=frozenset({"b2b"}),
            outside=Outside(tags=frozenset({"backorder-waiting", "backorder-no-date"})),
        ),
        make.order("4", day=20, backordered=0, customer=Customer(country="DE")),
        make.order("1", shop="moss", backordered=5, customer=ann),
    )
    with kept.write() as unit:
        unit.arrivals.put(make.arrival("PO-7", supplier="Mill"))
        unit.arrivals.put(make.arrival("PO-8", supplier="Forge"))


TIERS = {"vip": -1, "b2b": 5}


@pytest.mark.parametrize(
    ("wanted", "expected"),
    [
        ({}, ["1", "2", "3", "4"]),
        ({"text": "  ÄRLIG "}, ["1"]),
        ({"text": "twelve@"}, ["1"]),
        ({"text": "#3"}, ["3"]),
        ({"text": "LL_M"}, ["2"]),
        ({"text": "a_m"}, []),
        ({"text": "%"}, []),
        ({"text": "zebra"}, []),
        ({"text": "\x00"}, []),
        ({"sku": "MUG"}, ["1", "3", "4"]),
        ({"sku": "mu"}, []),
        ({"tag": "b2b"}, ["1", "3"]),
        ({"tag": "B2B"}, []),
        ({"tag": "backorder-no-date"}, ["3"]),
        ({"country": "DE"}, ["4"]),
        ({"supplier": "Mill"}, ["2"]),
        ({"supplier": "Forge"}, []),
        ({"tier": -1, "tiers": TIERS}, ["1"]),
        ({"tier": 5, "tiers": TIERS}, ["3"]),
        ({"tier": 0, "tiers": TIERS}, ["2", "4"]),
        ({"tier": 0}, ["1", "2", "3", "4"]),
        ({"tier": 1}, []),
        ({"tag": "b2b", "text": "1"}, ["1"]),
    ],
)
def test_orders_are_found_by_what_they_hold(kept, shelf, wanted, expected):
    assert found(kept, **wanted) == expected


@pytest.mark.parametrize("few", [0, 1, 9])
def test_what_is_narrowed_down_finds_the_same(kept, shelf, monkeypatch, few):
    monkeypatch.setattr(order_marks, "FEW", few)
    with kept.read() as unit:
        for wanted in (Wanted(), Wanted(text="zebra"), Wanted(tag="b2b"), Wanted(sku="mug", country="DE")):
            narrowed = unit.orders.narrowed("fern", wanted)
            before, after = (
                unit.orders.page("fern", state=None, cursor=None, limit=9, wanted=one) for one in (wanted, narrowed)
            )
            assert before == after
            assert unit.orders.board_counts("fern", wanted) == unit.orders.board_counts("fern", narrowed)


def test_orders_are_found_by_their_age(kept, shelf, make):
    assert found(kept, placed_before=make.now - timedelta(days=28)) == ["1", "2"]


def test_a_state_and_what_is_looked_for_must_both_hold(kept, shelf):
    assert found(kept, state="closed", tag="b2b") == ["3"]
    assert found(kept, state="waiting", sku="mug") == ["1"]


def test_an_order_is_no_longer_found_by_what_it_held_before(kept, shelf, put, make):
    put(make.order("1", make.line("1", "bowl"), day=1))
    assert found(kept, tag="vip") == found(kept, text="ärlig") == []
    assert found(kept, sku="bowl") == ["1"]


def test_columns_and_sums_count_only_what_is_looked_for(kept, shelf, make):
    with kept.read() as unit:
        everything, some = unit.orders.waiting("fern"), unit.orders.waiting("fern", Wanted(supplier="Mill"))
        assert (everything.orders, everything.units, everything.value) == (2, 3, {"EUR": 3750})
        assert everything.since == make.order("1", day=1).snapshot.placed_at
        assert (some.orders, some.units, some.value) == (1, 1, {"EUR": 1250})
        assert unit.orders.board_counts("fern", Wanted(country="DE"))["ready"] == 1
        assert sum(unit.orders.board_counts("fern", Wanted(country="DE")).values()) == 1


def test_units_that_leave_today_on_lent_ones_do_not_wait(kept, put, make):
    def lent(id, *, release_now):
        record = make.order(id, make.line(units=5, price=100), backordered=4)
        lines = tuple(replace(line, release_now=release_now) for line in record.plan.lines)
        return replace(record, plan=replace(record.plan, lines=lines))

    put(make.order("1", make.line(price=100), backordered=2), lent("2", release_now=3), lent("3", release_now=5))
    with kept.read() as unit:
        found = unit.orders.waiting("fern")
    assert (found.orders, found.units, found.value) == (2, 4, {"EUR": 400})


def test_values_of_two_currencies_are_not_added_up(kept, put, make):
    yen = make.order("2", make.line(price=100), backordered=1)
    put(make.order("1", make.line(price=100), backordered=1), with_snapshot(yen, currency="JPY"))
    with kept.read() as unit:
        assert unit.orders.waiting("fern").value == {"EUR": 100, "JPY": 100}


def test_absurd_numbers_add_up_as_well(kept, put, make):
    put(*(make.order(str(n), make.line(units=2**62), backordered=2**62) for n in range(4)))
    with kept.read() as unit:
        assert unit.orders.waiting("fern").orders == 4


def test_what_orders_ask_of_the_shelves_is_summed_by_item_with_its_aliases(kept, put, make):
    put(make.item("parent", "P", aliases=("red",)), make.item("bowl", "B"))
    red = replace(make.line("2", "red", 5), reserved=4)
    put(make.order("1", make.line("1", "parent", 3), red, backordered=2), make.order("2", make.line("1", "bowl")))
    put(make.order("3", make.line("1", "bowl"), status="closed", backordered=1))
    with kept.read() as unit:
        asked = unit.orders.demanded("fern")
    assert asked.of("P") == Claims(open=8, short=4)
    assert asked.of("B") == asked.of("unknown") == Claims()
    assert asked.reserved == {"bowl": 0, "parent": 0, "red": 4}


def test_tags_countries_and_suppliers_can_be_listed(kept, shelf):
    with kept.read() as unit:
        assert unit.orders.marks("fern", "tag", limit=9) == ("b2b", "vip")
        assert unit.orders.marks("fern", "country", limit=1) == ("DE",)
        assert unit.arrivals.suppliers("fern", limit=9) == ("Forge", "Mill")


def test_a_saved_view_is_kept_replaced_and_forgotten(kept):
    with kept.write() as unit:
        unit.views.put("fern", "Late", "/?age=9")
        unit.views.put("fern", "Late", "/?age=14")
        unit.views.put("fern", "B2B", "/orders?tag=b2b")
        assert [(view.name, view.address) for view in unit.views.all("fern")] == [
            ("B2B", "/orders?tag=b2b"), ("Late", "/?age=14")]  # fmt: skip
        unit.views.forget("fern", "Late")
        unit.views.forget("fern", "nothing")
        assert [view.name for view in unit.views.all("fern")] == ["B2B"]
        assert unit.views.all("moss") == ()
