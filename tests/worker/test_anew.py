"""After old books were put back nothing leaves that was planned in them."""

from datetime import UTC, datetime
from types import SimpleNamespace

from core.actions import Tag
from tests.pages.builders import shop
from worker.anew import begin_anew


def test_what_was_still_to_be_done_when_the_copy_was_made_is_dropped(books):
    now = datetime.now(UTC)
    with books.write() as unit:
        unit.shops.add(shop(), {})
        unit.outbox.want("fern", "1", [(Tag(order="1", tags=("t",)), "t", "r")], now=now, act=True)
    assert begin_anew(SimpleNamespace(books=books, now=lambda: now)) == 1
    with books.read() as unit:
        (action,) = unit.outbox.of_order("fern", "1")
        assert (action.state, action.error) == ("skipped", "restored from a copy")
        assert unit.outbox.next_due() is None
