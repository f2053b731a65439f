"""Properties of every case, whatever happens in whatever order."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.delay_laws.cases import Terms, opened
from core.delay_laws.machine import happens, passes
from core.delay_laws.packs import PACKS
from tests.benchmarks.simulate_delay_laws import simulate
from tests.core.delay_laws.builders import after, cancel, consent, forecast, never, notice, period, refund, ship
from tests.core.delay_laws.invariants import violations
from tests.draws import examples

START = date(2026, 11, 1)
DAYS = st.integers(0, 120)
MAKERS = {"consent": consent, "cancel": cancel, "never": never, "ship": ship, "refund": refund}
CASES = st.builds(
    lambda pack, stated, credit, transit, late: opened(
        pack, "1", Terms(ordered_on=START, stated_on=None if stated is None else START + timedelta(days=stated), seller_credit=credit, transit_days=transit),
        today=START + timedelta(days=late),
    ),
    st.sampled_from(PACKS), st.none() | st.integers(0, 60), st.booleans(), st.integers(0, 9), st.integers(0, 40),
)  # fmt: skip
EVENTS = st.lists(
    st.tuples(st.sampled_from(["forecast", "notice", "period", *MAKERS]), DAYS, st.none() | st.integers(1, 90)),
    max_size=9,
)


def made(kind, on, ahead, start):
    revised = max(on, start.ship_by) + timedelta(days=ahead) if ahead else None
    if kind == "notice":
        return notice(on, revised)
    if kind == "forecast":
        return forecast(on, revised)
    if kind == "period":
        return period(on, on + timedelta(days=ahead or 0))
    return MAKERS[kind](on)


def played(start, script):
    return [
        made(kind, START + timedelta(days=on), ahead, start)
        for kind, on, ahead in sorted(script, key=lambda row: row[1])
    ]


@examples(200)
@given(CASES, EVENTS, st.integers(0, 200))
def test_no_story_breaks_the_law(start, script, more):
    today = START + timedelta(days=120 + more)
    found, edges = after(start, *played(start, script), until=today)
    assert violations(start, found, edges, today) == []


@examples(150)
@given(CASES, EVENTS, st.lists(DAYS, max_size=6))
def test_looking_more_often_changes_nothing(start, script, ticks):
    events = played(start, script)
    found, edges = after(start, *events)
    often, seen = start, ()
    for event in events:
        for tick in sorted(ticks):
            if START + timedelta(days=tick) <= event.on:
                step = passes(often, START + timedelta(days=tick))
                often, seen = step.case, (*seen, *step.edges)
        step = happens(often, event)
        often, seen = step.case, (*seen, *step.edges)
    assert (often, seen) == (found, edges)


@examples(150)
@given(CASES, EVENTS)
def test_the_same_event_twice_sends_nobody_a_second_time_into_a_state(start, script):
    events = played(start, script)
    once, edges = after(start, *events)
    twice, more = after(start, *[event for event in events for _ in (1, 2)])
    assert twice.state == once.state
    assert {e.after for e in more} == {e.after for e in edges}


@pytest.mark.parametrize("seed", [1, 2])
def test_some_thousand_simulated_orders_keep_every_clock(seed):
    report = simulate(3000, seed)
    assert report.violations == []
    assert {"shipped", "refund_due", "refunded", "overdue", "consented_silent", "consented_express", "lapsed"} <= set(
        report.reached
    )
