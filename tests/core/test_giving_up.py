"""What was given up is bounded by the decision: neither more nor twice, whatever happens to the order meanwhile."""

from dataclasses import replace
from datetime import UTC, datetime

from hypothesis import given, settings
from hypothesis import strategies as st

from core import giving_up
from core.records import OrderRecord
from core.snapshots import LineSnapshot, OrderSnapshot

NOW = datetime(2026, 11, 1, tzinfo=UTC)


def record(**line):
    lines = (LineSnapshot(id="a", item="1", sku="A", title="A", **line),)
    seen = OrderSnapshot(
        platform_id="1", name="#1", placed_at=NOW, version=NOW, read_at=NOW, currency="EUR", lines=lines
    )
    return OrderRecord(shop="fern", snapshot=seen)


def with_line(kept, **changes):
    (line,) = kept.snapshot.lines
    return replace(kept, snapshot=replace(kept.snapshot, lines=(replace(line, **changes),)))


UNITS = st.integers(0, 12)


@given(ordered=st.integers(1, 12), units=st.integers(1, 12), added=UNITS, shipped=UNITS, refunded=UNITS)
@settings(max_examples=60)
def test_what_is_left_of_a_decision_is_never_more_than_was_decided_nor_than_waits(
    ordered, units, added, shipped, refunded
):
    units = min(units, ordered)
    decided = giving_up.ended(record(ordered=ordered), {"a": units}, by="person", at=NOW)
    total = ordered + added
    shipped = min(shipped, total)
    later = with_line(decided, ordered=total, shipped=shipped, refunded=min(refunded, total - shipped))
    left = giving_up.given_up(later).get("a", 0)
    assert 0 <= left <= min(units, later.snapshot.lines[0].open)
    # Every unit that left, or that somebody refunded, beyond what the customer keeps is not given up once more.
    gone = later.snapshot.lines[0].shipped + later.snapshot.lines[0].refunded
    assert left <= max(0, total - gone)
    if not added and refunded >= units:
        assert left == 0


def test_a_decision_of_which_nothing_is_left_is_done_and_touches_nothing_more():
    decided = giving_up.ended(record(ordered=8), {"a": 3}, by="person", at=NOW)
    gone = giving_up.followed(with_line(decided, refunded=3))
    assert gone.ending.done
    assert giving_up.given_up(with_line(gone, ordered=12)) == {}


def test_one_decision_has_one_key_and_another_has_another():
    first = giving_up.ended(record(ordered=8), {"a": 3}, by="person", at=NOW)
    again = giving_up.ended(record(ordered=8), {"a": 3}, by="person", at=NOW)
    other = giving_up.ended(record(ordered=8), {"a": 3}, by="person", at=NOW.replace(hour=1))
    assert first.ending.key == again.ending.key != other.ending.key


def test_only_what_nobody_would_get_ends_the_whole_order():
    assert giving_up.ended(record(ordered=8), {"a": 8}, by="person", at=NOW).ending.whole
    assert not giving_up.ended(record(ordered=8), {"a": 7}, by="person", at=NOW).ending.whole
