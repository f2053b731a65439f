"""What is remembered of how an action ended: what is ours now, what was used, and what is no sign of a person's hand."""

from datetime import UTC, datetime, timedelta
from types import SimpleNamespace

import pytest

from core.actions import EndCode, Hold
from core.errors import Unavailable
from core.item_actions import SellOn
from core.outcomes import Already, Blocked, Done
from tests.connectors.database.conftest import consolation
from tests.core.shop_builders import NOW, item, kept, line, order
from worker.sending import send_next

STOP = SellOn(item="item-mug", beyond=False, setting="notify")
HOLD = Hold(order="1", held={"a": 1}, ready={}, handle="backorder-hold-1", note="")
BLOCKED = Blocked(reason="it cannot be done now")


@pytest.fixture
def shelf():
    """A shop that is observed, with an item and one order for more of it than there is, of which two units stand under our hold."""
    with kept(item("mug", 1), order(1, line("mug", 3)), mode="observe") as made:
        made.change(1, expected_held={"a": 2})
        yield made


def carried_out(shelf, action, *ends):
    """Queue the action and let each of its tries end like this, one after the other."""
    left = list(ends)

    def carry_out(_action):
        end = left.pop(0)
        if isinstance(end, Exception):
            raise end
        return end

    house = SimpleNamespace(
        books=shelf.books, now=lambda: NOW, settings=SimpleNamespace(lease=timedelta(seconds=30), settle=0.0),
        open_shop=lambda _shop: SimpleNamespace(carry_out=carry_out),
    )  # fmt: skip
    asked = datetime.now(UTC)
    with shelf.books.write() as unit:
        unit.outbox.want("fern", action.order, [(action, "key", "why")], now=asked, act=True)
    while left:
        assert send_next(house, asked + timedelta(days=1))


@pytest.mark.parametrize(
    ("ends", "ours"), [([Done()], True), ([Already()], False), ([Unavailable("no answer"), Already()], True)]
)
def test_a_stop_that_is_found_in_place_is_ours_only_where_we_had_tried_before(shelf, ends, ours):
    carried_out(shelf, STOP, *ends)
    with shelf.books.read() as unit:
        assert (unit.items.get("fern", "mug").gate is not None) is ours


def test_a_code_that_cannot_be_ended_any_more_was_used(shelf):
    with shelf.books.write() as unit:
        unit.consolations.put(consolation(state="made"))
    carried_out(shelf, EndCode(order="1", code="wait-1"), BLOCKED)
    with shelf.books.read() as unit:
        assert unit.consolations.by_code("fern", "wait-1").state == "used"


@pytest.mark.parametrize(("end", "expected"), [(Done(), {"a": 1}), (BLOCKED, {}), (Unavailable("no answer"), {})])
def test_only_a_hold_that_surely_stands_can_be_taken_away_by_a_person(shelf, end, expected):
    carried_out(shelf, HOLD, end)
    assert shelf.order(1).expected_held == expected
