"""Taking back by hand what we did at the shop."""

from dataclasses import replace

import pytest

from core.actions import EndCode
from core.desired_state import undoing
from core.errors import NotAllowed
from core.records import OrderRecord
from core.snapshots import Outside
from tests.core.shop_builders import NOW, item, kept, line, order, shop

BARE = OrderRecord(shop="fern", snapshot=order("1001", line("mug", 5)))
HELD = replace(BARE, expected_held={"a": 5})
TAGGED = replace(BARE, snapshot=replace(BARE.snapshot, outside=Outside(tags=frozenset({"backorder-waiting"}))))


@pytest.mark.parametrize(
    ("record", "do", "words"),
    [
        (BARE, "let_go", "nothing of the order is under our hold"),
        (BARE, "unmark", "no mark of ours stands on the order"),
        (BARE, "hand_back", "the order is not left alone"),
    ],
)
def test_what_is_not_there_cannot_be_taken_back(record, do, words):
    with pytest.raises(NotAllowed, match=words):
        undoing.CHOICES[do](record)


@pytest.mark.parametrize(("record", "do", "stands"), [(HELD, "let_go", undoing.holds), (TAGGED, "unmark", undoing.marks),
                                                     (replace(BARE, noted="waits"), "unmark", undoing.marks)])  # fmt: skip
def test_what_is_taken_back_stays_so_until_it_is_handed_back(record, do, stands):
    alone = undoing.CHOICES[do](record)
    assert stands(record)
    assert not stands(alone)
    assert not undoing.left_alone(record)
    assert undoing.left_alone(alone)
    with pytest.raises(NotAllowed):
        undoing.CHOICES[do](alone)
    assert undoing.CHOICES["hand_back"](alone) == record


def test_a_hold_that_was_removed_in_the_shop_is_handed_back_as_well():
    assert undoing.CHOICES["hand_back"](replace(HELD, hands_off={"a": 2}, shape="x")) == HELD


def test_every_code_that_is_left_is_ended_once():
    with kept(item("mug", 9), order("1001", line("mug", 5))) as made:
        record = replace(made.order("1001"), offers=("sorry-1", "sorry-2"), codes_ended=("sorry-1",))
        with made.books.write() as unit:
            undoing.end_codes(unit, shop(), record, now=NOW)
            with pytest.raises(NotAllowed, match="under way already"):
                undoing.end_codes(unit, shop(), record, now=NOW)
            with pytest.raises(NotAllowed, match="no code of the order is left"):
                undoing.end_codes(unit, shop(), replace(record, offers=()), now=NOW)
        assert [act for act in made.actions("1001") if isinstance(act, EndCode)] == [
            EndCode(order="1001", code="sorry-2")
        ]
