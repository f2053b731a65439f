"""I7: one event after the other in a standing queue is the same as planning everything anew, for far less work."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core import standing_queue
from core.ledger import NOW, Lot
from core.planner import plan
from core.standing_queue import StandingQueue
from tests.core.builders import facts, incoming, line, lines_of, order, stock

DAYS = ("2026-11-28", "2026-12-01", "2026-12-05")
MOMENTS = {day: 6 + 3 * number + (number == 2) for number, day in enumerate(DAYS)}

supplies = st.fixed_dictionaries({"shelf": st.integers(0, 9), **{day: st.integers(0, 6) for day in DAYS}})
events = st.lists(
    st.one_of(
        st.tuples(st.just("line"), st.integers(1, 12), st.integers(0, 6)),
        st.tuples(st.just("supply"), st.sampled_from(["shelf", *DAYS]), st.integers(0, 9)),
    ),
    max_size=12,
)


def lots(supply):
    shelf = [Lot("on_hand", "main", NOW, supply["shelf"], is_stock=True)]
    return shelf + [Lot(f"PO-{day}", "main", MOMENTS[day], supply[day], is_stock=False) for day in DAYS]


def planned_anew(supply, asked):
    """The engine's whole plan of the same lines and supply, as the queue would tell it."""
    made = plan(
        facts(
            *(order(line("mug", units), id=f"o{key:02}", hours_ago=100 - key) for key, units in asked.items()),
            stock("mug", supply["shelf"]), *(incoming("mug", supply[day], day, id=f"PO-{day}") for day in DAYS),
        )
    )  # fmt: skip
    return {
        int(name[1:]): (found.ahead, found.on_hand, [(peg.supply, peg.units) for peg in found.allocations])
        for (name, _), found in lines_of(made).items()
    }


def as_told(queue, asked):
    shares = {key: queue.share_of((key,)) for key in asked}
    return {key: (s.ahead, s.on_hand, [(lot.supply, n) for lot, n in s.served]) for key, s in shares.items()}


def happen(queue, supply, asked, event):
    """Let one event happen; return the lines named and the units that changed."""
    kind, what, units = event
    if kind == "line":
        changed = abs(units - asked.pop(what, 0))
        if units:
            asked[what] = units
        return queue.put((what,), units), changed
    changed = abs(units - supply[what])
    supply[what] = units
    return queue.restock(lots(supply)), changed


@pytest.fixture(params=[2, 400])
def block_length(request, monkeypatch):
    """Queues of a few blocks, and of one."""
    monkeypatch.setattr(standing_queue, "LONGEST_BLOCK", request.param)


@pytest.mark.usefixtures("block_length")
def test_i7_one_by_one_is_the_same_as_all_anew():
    @given(supplies, st.dictionaries(st.integers(1, 12), st.integers(1, 6)), events)
    @settings(max_examples=120, deadline=None)
    def holds(supply, asked, happening):
        queue = StandingQueue(lots(supply), [((key,), units) for key, units in asked.items()])
        before = as_told(queue, asked)
        for event in happening:
            queue.touched = 0
            named, changed = happen(queue, supply, asked, event)
            after = as_told(queue, asked)
            assert after == planned_anew(supply, asked)
            moved = {key for key in after if before.get(key, ())[1:] != after[key][1:]}
            assert {(key,) for key in moved} <= named
            assert queue.touched <= (len(DAYS) + 1) * changed + len(DAYS) + 1
            before = after

    holds()


def test_units_that_nobody_reaches_touch_nobody():
    queue = StandingQueue([Lot("on_hand", "main", NOW, 5, is_stock=True)], [((1,), 5), ((2,), 5)])
    assert queue.restock([Lot("on_hand", "main", NOW, 5, is_stock=True)]) == set()
    assert queue.put((3,), 4) == {(3,)}
    assert queue.touched == 0


def test_one_more_unit_among_fifty_thousand_lines_touches_one():
    queue = StandingQueue([Lot("on_hand", "main", NOW, 70_000, is_stock=True)], [((key,), 2) for key in range(50_000)])
    assert queue.restock([Lot("on_hand", "main", NOW, 70_001, is_stock=True)]) == {(35_000,)}
    assert queue.touched == 1


@pytest.mark.usefixtures("block_length")
def test_lines_that_come_one_by_one_stand_where_they_belong():
    queue = StandingQueue([Lot("on_hand", "main", NOW, 20, is_stock=True)])
    for key in (5, 1, 9, 3, 7, 2, 8, 4, 6):
        queue.put((key,), key)
    assert [queue.share_of((key,)).ahead for key in range(1, 10)] == [0, 1, 3, 6, 10, 15, 21, 28, 36]
    for key in range(1, 9):
        queue.put((key,), 0)
    assert queue.share_of((9,)).on_hand == 9


def test_a_line_that_is_not_there_has_no_share():
    with pytest.raises(KeyError):
        StandingQueue([]).share_of((1,))
    with pytest.raises(KeyError):
        StandingQueue([], [((2,), 1)]).share_of((1,))
