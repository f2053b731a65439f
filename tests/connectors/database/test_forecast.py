"""Demand, deliveries, terms and forecasts, and the run that one worker has at a time."""

from datetime import timedelta

import pytest

from core.ports.clockwork import LeaseLost

NIGHT = timedelta(days=1)
TERM = timedelta(seconds=60)


@pytest.fixture
def claim(kept, make):
    def claiming(after=0, days=0):
        now = make.now + timedelta(seconds=after)
        with kept.write() as unit:
            return unit.planning.claim("fern", today=make.day + days * NIGHT, now=now, until=now + TERM)

    return claiming


def test_demand_told_twice_is_there_once(kept, make):
    rows = [make.demand(line="1"), make.demand(line="2", item="cup", lost=1), make.demand("2", on=make.day - NIGHT)]
    for _ in range(2):
        with kept.write() as unit:
            unit.demand.put(rows)
    with kept.write() as unit:
        unit.demand.put([make.demand(line="1", ordered=5)])
    with kept.read() as unit:
        assert unit.demand.of_order("fern", "1") == (make.demand(line="1", ordered=5), rows[1])
        assert [row.order for row in unit.demand.since("fern", make.day - NIGHT)] == ["2", "1", "1"]
        assert [row.order for row in unit.demand.since("fern", make.day)] == ["1", "1"]
        assert unit.demand.of_orders("fern", ["1", "2", "3"]) == {
            order: unit.demand.of_order("fern", order) for order in ("1", "2")
        }
        assert unit.demand.first_day("fern") == make.day - NIGHT
        assert unit.demand.first_day("moss") is None


def test_empty_shelves_and_terms_come_back_as_stored(kept, make):
    days = (make.sold_out(), make.sold_out("CUP", closed=True))
    terms = make.terms(supplier="Mill", pack=12, minimum=24, cost=310, lead_days=9, service="0.9", parts={"CUP": 2})
    with kept.write() as unit:
        unit.demand.put_sold_out(days)
        unit.planning.put_terms(terms)
    with kept.read() as unit:
        assert set(unit.demand.sold_out("fern", make.day)) == set(days)
        assert unit.demand.sold_out("fern", make.day + NIGHT) == ()
        assert unit.planning.terms("fern") == {"MUG": terms}
        assert unit.planning.terms_of("fern", "MUG") == terms
        assert unit.planning.terms_of("fern", "CUP") is None


def test_a_shelf_is_told_from_the_last_word_before_the_day_asked_for(kept, make):
    days = [make.shelf(on=make.day - NIGHT * ago, on_hand=units) for ago, units in ((30, 9), (10, 4), (2, 0))]
    with kept.write() as unit:
        unit.demand.put_shelves([*days, make.shelf("CUP")])
        unit.demand.put_shelves(days[2:])
    with kept.read() as unit:
        assert unit.demand.shelf("fern", "MUG", since=make.day - NIGHT * 5) == tuple(days[1:])
        assert unit.demand.shelf("fern", "MUG", since=make.day - NIGHT * 50) == tuple(days)
        assert unit.demand.shelves("fern") == {"MUG": days[2], "CUP": make.shelf("CUP")}
        assert unit.demand.shelves("moss") == {}


def test_past_orders_of_an_item_come_newest_first_without_what_was_called_off(kept, make):
    rows = [
        make.demand(order="1", line="a", ordered=3), make.demand(order="1", line="b", ordered=2, early=1),
        make.demand(order="2", line="a", ordered=9, lost=9), make.demand(order="3", on=make.day - NIGHT, ordered=5, lost=1),
    ]  # fmt: skip
    with kept.write() as unit:
        unit.demand.put(rows)
    with kept.read() as unit:
        found = unit.demand.past_orders("fern", [rows[0].item, "nothing"])
        assert [(one.order, one.units) for one in found[rows[0].item]] == [("1", 4), ("3", 4)]
        assert list(found) == [rows[0].item]
        assert [row.order for row in unit.demand.of_items("fern", [rows[0].item], since=make.day)] == ["1", "1", "2"]


def test_forecasts_are_ranked_replaced_and_forgotten_when_no_run_renews_them(kept, make):
    with kept.write() as unit:
        unit.planning.put(
            [(make.forecast("A"), "1a"), (make.forecast("B"), "0b"), (make.forecast("C"), "3c")],
            since={"A": make.day - NIGHT},
        )
    later = make.day + NIGHT
    with kept.write() as unit:
        unit.planning.put(
            [(make.forecast("A", made_on=later, rate=1.0), "0a"), (make.forecast("C", made_on=later), "3c")],
            since={"A": later},
        )
    with kept.write() as unit:
        assert unit.planning.ranks("fern", below="2") == (("0a", "A"), ("0b", "B"))
        assert unit.planning.get("fern", "A").rate == 1.0
        assert unit.planning.known_since("fern") == {"A": make.day - NIGHT, "B": make.day, "C": make.day}
        assert unit.planning.forget("fern", before=later) == 1
        assert set(unit.planning.many("fern", ["A", "B", "C"])) == {"A", "C"}


def test_a_run_is_one_workers_and_one_a_day(kept, claim):
    first = claim()
    assert (first.position, first.running_on) == ("", first.running_on)
    assert claim(after=30) is None
    with kept.write() as unit:
        unit.planning.finish(first, report='{"items": 1}')
    assert claim(after=31) is None
    assert claim(after=31, days=1).running_on == first.running_on + NIGHT
    with kept.read() as unit:
        assert unit.planning.run("fern").report == '{"items": 1}'


def test_a_run_cut_off_is_taken_up_where_it_was_and_the_dead_worker_is_refused(kept, claim, make):
    from dataclasses import replace

    dead = replace(claim(), position="K")
    with kept.write() as unit:
        unit.planning.progress(dead)
    again = claim(after=61)
    assert again.position == "K"
    for late in (
        lambda unit: unit.planning.progress(dead),
        lambda unit: unit.planning.finish(dead, report="{}"),
        lambda unit: unit.planning.renew(dead, until=make.now + NIGHT),
    ):
        with pytest.raises(LeaseLost), kept.write() as unit:
            late(unit)
    assert claim(after=61 + 61, days=1).position == ""


def test_a_person_may_ask_for_another_run_and_for_the_past(kept, claim, make):
    with kept.write() as unit:
        unit.planning.finish(
            unit.planning.claim("fern", today=make.day, now=make.now, until=make.now + TERM), report="{}"
        )
    assert claim() is None
    with kept.write() as unit:
        unit.planning.ask("fern", history_from=make.now - 365 * NIGHT)
    run = claim()
    assert run.history_from == make.now - 365 * NIGHT
    assert not run.wanted
    assert claim() is None


def test_a_run_given_back_comes_later(kept, claim, make):
    from dataclasses import replace

    run = claim()
    with kept.write() as unit:
        unit.planning.release(replace(run, leased_until=make.now + timedelta(seconds=300)))
    assert claim(after=200) is None
    assert claim(after=301).fence == run.fence + 1
