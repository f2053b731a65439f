"""What the shop's people read on an order: written when it is news to them, and gone with the wait."""

from dataclasses import replace

import pytest

from core.actions import Hold, Note
from core.desired_state import order_note
from tests.pages.builders import line, order

KNOWN = order("1", line("a", "mug", 5))
TABLE = [
    # what is to be said, what they know, whether the hold's note says it too, the text to write
    ("3 2026-12-04", "", False, "Backorder: 3 units wait, expected 2026-12-04."),
    ("1", "", False, "Backorder: 1 unit waits, no date known yet."),
    ("3 2026-12-04", "3 2026-12-04", False, None),
    ("", "3 2026-12-04", False, ""),
    ("", "", False, None),
    ("3 2026-12-04", "", True, None),
    ("3 2026-12-04", "hold:3 2026-12-04", True, None),
    ("3 2026-12-20", "hold:3 2026-12-04", True, "Backorder: 3 units wait, expected 2026-12-20."),
    ("", "hold:3 2026-12-04", True, None),
    ("", "3 2026-12-20", True, ""),
]


@pytest.mark.parametrize(("said", "noted", "by_hold", "text"), TABLE)
def test_a_note_is_written_where_people_do_not_know_it_yet(said, noted, by_hold, text):
    known = replace(KNOWN, noted=noted)
    note = order_note.wanted(said, known, by_hold=by_hold)
    assert (note and note.text) == text
    if note is not None:
        after = replace(known, noted=order_note.after(known, note, order_note.key(said)))
        assert after.noted == said
        assert order_note.wanted(said, after, by_hold=by_hold) is None


def test_the_note_of_a_hold_counts_unless_a_note_of_the_order_stands():
    hold = Hold(order="1", held={}, ready={}, handle="h", note="n", says="2 2026-12-04")
    assert order_note.after(KNOWN, hold, "hold:a=2") == "hold:2 2026-12-04"
    assert order_note.after(replace(KNOWN, noted="3 2026-12-04"), hold, "hold:a=2") == "3 2026-12-04"
    assert order_note.after(KNOWN, replace(hold, says=""), "hold:a=2") == ""
    assert isinstance(order_note.wanted("2", replace(KNOWN, noted="3 2026-12-04"), by_hold=True), Note)
