"""A day that a person told the customer: kept by the plan, never moved by it, missed aloud, and taken back."""

import pytest

from core.actions import Publish
from core.dates.hand_promises import HandPromise, as_told
from core.errors import NotAllowed
from core.orders.board import board_column
from tests.core.shop_builders import in_days, item, kept, line, order, supply

MAILS = {"enabled": True}


def promise(books, day, why="told by phone"):
    return books.choose(1, "promise", promise=HandPromise(on=in_days(day), why=why))


def kinds(books):
    with books.books.read() as unit:
        return [notice.kind for notice in unit.notices.of_order("fern", "1")]


def codes(record):
    return {exception.code for exception in record.exceptions}


def waiting(**policy):
    return kept(order(1, line("mug", 8)), item("mug", 5), supply("PO-1", "mug", 10, 8), **policy)


@pytest.mark.parametrize("eta", [2, 8, 14, 20])
def test_it_stands_wherever_the_plan_goes_and_the_first_promise_stays(eta):
    with waiting(notices=MAILS) as books:
        promise(books, 14)
        books.store(supply("PO-1", "mug", 10, eta)).replan()
        record = books.order(1)
        assert (record.first_promise_on, record.promised_on) == (in_days(8), in_days(14))
        assert ("PROMISE_BROKEN" in codes(record)) == (eta > 14)
        assert board_column(record) == ("needs" if eta > 14 else "waiting")
        assert kinds(books) == ["waiting"]


def test_units_are_kept_for_it_as_for_any_published_promise():
    early = order(2, line("mug", 8), days=9)
    with kept(
        order(1, line("mug", 8)), item("mug", 0), supply("PO-1", "mug", 8, 5), supply("PO-2", "mug", 8, 9)
    ) as books:
        promise(books, 6)
        books.store(early).replan()
        assert books.order(1).plan.completes_on == in_days(5)
        assert books.order(2).plan.completes_on == in_days(9)


@pytest.mark.parametrize(("eta", "told"), [(8, 14), (14, 14), (20, 20), (None, 14)])
def test_the_customer_is_told_no_earlier_day_and_none_that_cannot_be_kept(eta, told):
    with waiting() as books:
        promise(books, 14)
        books.store(supply("PO-1", "mug", 10, eta)).replan()
        said = as_told(books.order(1))
        assert said.plan.completes_on == said.expected.ships.likely == in_days(told)
        assert [peg.on for peg in said.plan.lines[0].allocations][1:] == [in_days(told)]
        assert [a.expected_on for a in books.actions(1) if isinstance(a, Publish)][-1] == in_days(told)


def test_a_day_may_be_told_while_no_supply_is_known():
    with kept(order(1, line("mug", 8)), item("mug", 5)) as books:
        promise(books, 14)
        books.replan()
        record = books.order(1)
        assert (record.first_promise_on, record.plan.completes_on) == (in_days(14), None)
        assert as_told(record).plan.completes_on == in_days(14)


def test_messages_name_it():
    with waiting(notices=MAILS | {"heartbeat_days": 7}) as books:
        promise(books, 14)
        books.replan()
        books.replan(days=7)
        with books.books.read() as unit:
            last = unit.notices.of_order("fern", "1")[-1]
        day = in_days(14).isoformat()
        assert (last.kind, last.facts["on"]) == ("still_on_time", day)
        assert [(row["from"], row["until"]) for row in last.facts["lines"]] == [(day, day)]


def test_taken_back_the_plans_own_day_counts_and_the_customer_is_told():
    with waiting(notices=MAILS) as books:
        promise(books, 14)
        books.replan()
        books.choose(1, "end_promise")
        books.replan(days=1)
        record = books.order(1)
        assert (record.promised_on, record.manual) == (in_days(8), {})
        assert as_told(record) is record


def test_it_is_refused_where_it_means_nothing():
    with kept(order(1, line("mug", 8)), order(2, line("mug", 1), days=9), item("mug", 5)) as books:
        with pytest.raises(NotAllowed, match="nothing of the order waits"):
            books.choose(2, "promise", promise=HandPromise(on=in_days(3)))
        for said in (None, HandPromise(on=in_days(-1)), HandPromise(on=in_days(731))):
            with pytest.raises(NotAllowed, match="give the day"):
                books.choose(1, "promise", promise=said)
        with pytest.raises(NotAllowed, match="no person"):
            books.choose(1, "end_promise")


def test_it_is_logged_with_its_day_and_reason():
    with waiting() as books:
        promise(books, 14, "the carrier said so")
        with books.books.read() as unit:
            entry = unit.audit.page("fern", order="1").items[0]
        assert (entry.what, entry.why, entry.detail) == (
            "chose promise",
            "the carrier said so",
            {"on": in_days(14).isoformat()},
        )
