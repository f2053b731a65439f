from dataclasses import replace
from datetime import date, timedelta

import pytest

from core.errors import Misuse
from core.plan import Allocated
from core.reasons import Reason
from core.records.finding import Wanted
from core.snapshots import Customer, Outside


def ids(records):
    return [record.id for record in records]


def test_an_order_comes_back_with_everything_it_carries(kept, put, make):
    rich = make.order(
        "1", backordered=2, completes=make.day, codes=("OVERSOLD",), problems=("odd numbers",), acted_at=make.now,
        expected_held={"1": 2}, hands_off={"1": 1}, shape="abc", managed=True, manual={"ship": "as_ready"}, offers=("w1",),
        first_promise_on=make.day, promised_on=date(2026, 12, 1), published_at=make.now, planned_at=make.now,
        customer=Customer(id="7", email="c@example.com", name="Customer 12", locale="sv", country="SE"),
    )  # fmt: skip
    peg = Allocated(supply="PO-1", location="main", units=2, on=make.day)
    lines = tuple(replace(line, allocations=(peg,)) for line in rich.plan.lines)
    seen = replace(
        rich.snapshot, merchant_tags=frozenset({"vip"}), outside=Outside(tags=frozenset({"t"}), held={"1": 2})
    )
    rich = replace(rich, plan=replace(rich.plan, lines=lines, reasons=(Reason("SHORT_ON_HAND"),)), snapshot=seen)
    put(rich)
    with kept.read() as unit:
        assert unit.orders.get("fern", "1") == rich
        assert unit.orders.get("moss", "1") is None
        assert unit.orders.get("fern", "2") is None


def test_putting_an_order_again_replaces_it(kept, put, make):
    put(make.order("1", backordered=2))
    put(make.order("1", status="closed"))
    with kept.read() as unit:
        assert unit.orders.get("fern", "1").snapshot.status == "closed"
        assert unit.orders.board_counts("fern") == {"ready": 0, "waiting": 0, "risk": 0, "needs": 0, "preorder": 0}


def test_orders_stored_together_are_found_as_if_each_was_stored_by_itself(kept, put, make):
    put(
        make.order("1", make.line("1", "mug"), customer=Customer(name="Customer 1")),
        make.order("2", make.line("1", "mug")),
    )
    after = [
        make.order("1", make.line("1", "cup"), customer=Customer(name="Customer 12")), make.order("2", status="closed"),
        make.order("3", make.line("1", "mug"), make.line("2", "cup"), customer=Customer(name="Customer 3")),
    ]  # fmt: skip
    with kept.write() as unit:
        unit.orders.redact("fern", ["3"], None, None)
        unit.orders.put_all("fern", after)
        unit.orders.put_all("fern", [])
    with kept.read() as unit:
        assert ids(unit.orders.with_items("fern", ["mug"])) == ["3"]
        assert ids(unit.orders.with_items("fern", ["cup"])) == ["1", "3"]
        found = {text: ids(unit.orders.page("fern", state=None, cursor=None, limit=9, wanted=Wanted(text=text)).items)
                 for text in ("customer 1", "customer 3")}  # fmt: skip
        assert found == {"customer 1": ["1"], "customer 3": []}
        assert unit.orders.get("fern", "3").snapshot.customer == Customer()


def test_words_that_no_database_can_hold_are_mended(kept, put, make):
    for number, title in enumerate(("Mug \x00 ☕", "Mug \ud800 ☕", "Mug \\u0000 ☕")):
        put(make.order(str(number), replace(make.line(), title=title)))
    with kept.read() as unit:
        titles = [unit.orders.get("fern", id).snapshot.lines[0].title for id in "012"]
    assert titles == ["Mug � ☕", "Mug � ☕", "Mug \\u0000 ☕"]


def test_open_orders_come_by_the_time_they_were_placed_then_by_id(kept, put, make):
    put(make.order("9", day=1), make.order("3", day=2), make.order("2", day=2), make.order("1", day=0, status="closed"))
    put(make.order("4", shop="moss"))
    with kept.read() as unit:
        assert ids(unit.orders.open_all("fern")) == ["9", "2", "3"]


def test_orders_with_an_item_are_the_open_ones_of_that_shop(kept, put, make):
    two = make.order("2", make.line("1", "mug"), make.line("2", "plate"))
    put(make.order("1"), two, make.order("3", status="cancelled"), make.order("4", shop="moss"))
    with kept.read() as unit:
        assert ids(unit.orders.with_items("fern", ["mug"])) == ["1", "2"]
        assert ids(unit.orders.with_items("fern", ["plate"])) == ["2"]
        assert ids(unit.orders.with_items("fern", ["bowl"])) == []


def test_an_order_that_closes_or_changes_leaves_the_items_it_no_longer_has(kept, put, make):
    put(make.order("1", make.line("1", "mug"), make.line("2", "plate")), make.order("2"))
    put(make.order("1", make.line("2", "plate")), make.order("2", status="closed"))
    with kept.read() as unit:
        assert ids(unit.orders.with_items("fern", ["mug"])) == []
        assert ids(unit.orders.with_items("fern", ["plate"])) == ["1"]


def test_an_order_that_opens_again_is_found_by_its_items_again(kept, put, make):
    put(make.order("1", status="gone"))
    put(make.order("1"))
    with kept.read() as unit:
        assert ids(unit.orders.with_items("fern", ["mug"])) == ["1"]


def test_a_line_without_an_item_shares_nothing(kept, put, make):
    put(make.order("1", make.line("1", None)), make.order("2", make.line("1", None)))
    with kept.read() as unit:
        assert unit.orders.with_items("fern", [""]) == ()


def test_orders_are_found_by_any_of_several_items_but_those_known_already(kept, put, make):
    chain = [make.order(str(n), make.line("1", f"i{n}"), make.line("2", f"i{n + 1}")) for n in range(6)]
    put(*chain, make.order("far", make.line("1", "elsewhere")), make.order("x", make.line("1", "i3"), shop="moss"))
    with kept.read() as unit:
        assert ids(unit.orders.with_items("fern", ["i0", "i3"])) == ["0", "2", "3"]
        assert ids(unit.orders.with_items("fern", ["i0", "i3"], but=["2", "0"])) == ["3"]
        assert ids(unit.orders.with_items("fern", ["elsewhere", "nothing"])) == ["far"]
        assert unit.orders.with_items("fern", []) == ()


def test_variations_that_draw_on_one_stock_are_shared(kept, put, make):
    put(make.item("parent", "P", aliases=("red", "blue")), make.item("other", "O", aliases=("green",)))
    put(
        make.order("1", make.line("1", "red")),
        make.order("2", make.line("1", "blue")),
        make.order("3", make.line("1", "green")),
    )
    with kept.read() as unit:
        assert ids(unit.orders.with_items("fern", ["red"])) == ["1", "2"]
        assert ids(unit.orders.with_items("fern", ["parent"])) == ["1", "2"]
        assert ids(unit.orders.with_items("fern", ["blue"])) == ["1", "2"]


def test_an_item_reaches_more_orders_than_one_statement_takes(kept, put, make):
    put(*(make.order(str(n), make.line("1", "mug"), make.line("2", f"own-{n}")) for n in range(1100)))
    with kept.read() as unit:
        assert len(unit.orders.with_items("fern", ["mug"])) == 1100
        assert len(unit.orders.with_items("fern", [f"own-{n}" for n in range(1100)])) == 1100


def pages(kept, state=None, limit=2, shop="fern"):
    found, cursor = [], None
    while True:
        with kept.read() as unit:
            page = unit.orders.page(shop, state=state, cursor=cursor, limit=limit)
        assert len(page.items) <= limit
        found += ids(page.items)
        if page.next is None:
            assert page.items, "the page before was the last one"
            return found
        cursor = page.next


@pytest.mark.parametrize(
    ("state", "expected"),
    [(None, ["1", "2", "3", "4", "5"]), ("open", ["1", "2", "5"]), ("backordered", ["2", "5"]), ("closed", ["3", "4"])],
)
@pytest.mark.parametrize("limit", [1, 2, 5, 250])
def test_pages_give_every_order_of_the_state_once_oldest_first(kept, put, make, state, expected, limit):
    put(
        make.order("5", day=3, backordered=1),
        make.order("4", day=2, status="gone"),
        make.order("1", day=0, backordered=0),
    )
    put(
        make.order("2", day=1, backordered=3),
        make.order("3", day=1, status="closed", backordered=3),
        make.order("9", shop="moss"),
    )
    assert pages(kept, state, limit) == expected


def test_orders_that_ended_are_found_since_a_day_and_open_ones_are_not(kept, put, make):
    put(make.order("1", day=0, status="closed"), make.order("4", day=3, status="gone"), make.order("2", day=2))
    put(make.order("3", day=2, status="cancelled"), make.order("9", day=3, status="closed", shop="moss"))
    since = make.order("x", day=2).snapshot.placed_at
    with kept.read() as unit:
        assert ids(unit.orders.ended("fern", since=since)) == ["3", "4"]


def test_orders_that_come_in_between_shift_no_page(kept, put, make):
    put(*(make.order(str(n), day=n) for n in range(1, 5)))
    with kept.read() as unit:
        first = unit.orders.page("fern", state=None, cursor=None, limit=2)
    put(make.order("early", day=0), make.order("late", day=9))
    with kept.read() as unit:
        second = unit.orders.page("fern", state=None, cursor=first.next, limit=9)
    assert ids(first.items) + ids(second.items) == ["1", "2", "3", "4", "late"]


def test_orders_placed_in_the_same_moment_are_paged_by_id(kept, put, make):
    put(*(make.order(id, day=1) for id in ("b", "a", "c", "Ä", "Z", "10", "9")))
    assert pages(kept, limit=2) == ["10", "9", "Z", "a", "b", "c", "Ä"]


@pytest.mark.parametrize(
    "cursor",
    [
        "",
        "x",
        "!!",
        "e30",
        "WzFd",
        "W10",
        "ä",
        "A" * 5000,
        "\x00",
        "bnVsbA",
        "WyJhIiwiYiJd",
        "WyIwMDAxLTAxLTAxVDAwOjAwOjAwKzE0OjAwIiwgIjEiXQ",
        "WyI5OTk5LTEyLTMxVDIzOjU5OjU5LTEyOjAwIiwgIjEiXQ",
    ],
)
def test_a_cursor_that_is_not_ours_is_refused(kept, cursor):
    with kept.read() as unit:
        for asking in (
            lambda: unit.orders.page("fern", state=None, cursor=cursor, limit=2),
            lambda: unit.audit.page("fern", cursor=cursor),
            lambda: unit.notices.page("fern", cursor=cursor, limit=2),
        ):
            if cursor == "WzFd":  # [1] is a cursor of the log
                continue
            with pytest.raises(Misuse, match="cursor"):
                asking()
        with pytest.raises(Misuse, match="cursor"):
            unit.items.page("fern", cursor=cursor, limit=2)


def test_a_cursor_with_a_number_no_database_has_is_refused(kept):
    from connectors.database import cursors

    with kept.read() as unit, pytest.raises(Misuse, match="cursor"):
        unit.audit.page("fern", cursor=cursors.written(2**63))


@pytest.mark.parametrize(("state", "limit", "said"), [("odd", 2, "state"), ("open", 0, "limit"), ("open", -1, "limit")])
def test_an_impossible_page_is_refused(kept, state, limit, said):
    with kept.read() as unit, pytest.raises(Misuse, match=said):
        unit.orders.page("fern", state=state, cursor=None, limit=limit)


def test_the_board_shows_each_column_longest_wait_first(kept, put, make):
    put(
        make.order("new", day=5, backordered=1),
        make.order("old", day=1, backordered=1),
        make.order("mid", day=3, backordered=1),
    )
    put(make.order("ok", backordered=0, decision="ship_all"), make.order("stuck", backordered=1, codes=("OVERSOLD",)))
    put(make.order("late", backordered=1, completes=make.day, promised_on=make.day - timedelta(days=1)))
    put(make.order("unplanned"), make.order("x", shop="moss", backordered=1))
    with kept.read() as unit:
        for column, expected in (
            ("waiting", ["old", "mid", "new"]),
            ("ready", ["ok"]),
            ("needs", ["stuck"]),
            ("risk", ["late"]),
        ):
            assert pages(kept, column) == expected
        counts = {"ready": 1, "waiting": 3, "risk": 1, "needs": 1}
        assert unit.orders.board_counts("fern") == {**counts, "preorder": 0}
        others = {("moss", "waiting"): 1}
        assert unit.census.orders() == {("fern", column): number for column, number in counts.items()} | others
        with pytest.raises(Misuse, match="state"):
            unit.orders.page("fern", state="other", cursor=None, limit=9)


def test_the_value_waiting_is_counted_in_whole_minor_units(kept, put, make):
    huge = make.order("2", make.line(units=2**31 - 1, price=2**62), backordered=2**31 - 1)
    put(make.order("1", make.line("1", "mug", 3, 1250), make.line("2", "plate", 3, None), backordered=2), huge)
    assert waiting(kept) == {"1": (2500, 4), "2": (10**12, 2**31 - 1)}


def waiting(kept):
    from sqlalchemy import select

    from connectors.database.tables import orders

    with kept.read() as unit:
        rows = unit.orders.transaction.run(select(orders.c.id, orders.c.value_waiting, orders.c.backordered)).all()
    return {row.id: (row.value_waiting, row.backordered) for row in rows}
