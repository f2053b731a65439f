"""From received supply to a range, a promise and its moves, through the books."""

from dataclasses import replace

import pytest

from core.dates.arrivals import Arrival, changes
from core.dates.published import moved, with_promise
from core.dates.supply_dates import NEWEST, SupplyBook
from core.planning.experience import note_deliveries
from core.planning.settling import Means
from core.planning.shop_facts import physical_on_hand
from core.reasons import Reason
from tests.core.shop_builders import NOW, in_days, item, kept, line, order, shop, supply


def past(late, supplier="northern mill", n=0):
    return Arrival(shop="fern", supply=f"old-{n}", sku="mug", location="main", noted_on=in_days(-90), first_on=in_days(-40),
                   last_on=in_days(-40), supplier=supplier, received_on=in_days(-40 + late))  # fmt: skip


def from_mill(row):
    return replace(row, supplier="Northern Mill")


def days_of(seen):
    return [(day - NOW.date()).days for day in (seen.ships.earliest, seen.ships.likely, seen.ships.latest)]


def test_without_history_or_settings_the_likely_day_is_the_one_that_the_supplier_gave():
    with kept(order(1, line("mug", 8)), item("mug", 5), supply("PO-1", "mug", 10, 8)) as books:
        record = books.order(1)
        assert record.plan.completes_on == record.promised_on == record.first_promise_on == in_days(8)
        assert (record.expected.ships.earliest, record.expected.ships.likely) == (in_days(8), in_days(8))
        assert record.expected.ships.latest == in_days(15)


def test_a_late_suppliers_supply_is_promised_later_and_others_lean_on_the_shops_experience():
    book = SupplyBook(shop(), [past(9, n=n) for n in range(20)], NOW)
    assert days_of(book.date_of(from_mill(supply("PO-1", "mug", 10, 8)))) == [16, 17, 17]
    other = days_of(book.date_of(supply("PO-1", "mug", 10, 8)))
    assert 8 < other[1] <= 16


def test_lateness_is_learned_from_the_newest_deliveries_however_many_are_known():
    old = [replace(past(0, n=n), received_on=in_days(-900)) for n in range(700)]
    new = [past(9, n=1000 + n) for n in range(NEWEST)]
    row = from_mill(supply("PO-1", "mug", 10, 8))
    assert SupplyBook(shop(), [*old, *new], NOW).date_of(row) == SupplyBook(shop(), new, NOW).date_of(row)


@pytest.mark.parametrize(
    ("overdue", "dated", "reason"), [(3, True, Reason.SUPPLY_LATE), (14, True, Reason.SUPPLY_LATE), (15, False, Reason.SUPPLY_GIVEN_UP)]
)  # fmt: skip
def test_overdue_supply_rolls_forward_and_then_gives_no_date(overdue, dated, reason):
    with kept(order(1, line("mug", 8)), item("mug", 5), supply("PO-1", "mug", 10, -overdue)) as books:
        record = books.order(1)
        assert (record.plan.completes_on is not None) is dated
        assert (record.expected.ships is not None) is dated
        assert reason in record.plan.reasons
        assert (Reason.NO_DATED_SUPPLY in record.plan.reasons) is not dated
        if dated:
            assert record.expected.ships.earliest > NOW.date()


def test_no_dated_supply_gives_no_date_and_says_so():
    with kept(order(1, line("mug", 8)), item("mug", 5), supply("PO-1", "mug", 10, None)) as books:
        assert books.order(1).expected.ships is None
        assert Reason.NO_DATED_SUPPLY in books.order(1).plan.reasons


def test_the_queue_decides_which_supply_dates_an_order():
    rows = (supply("PO-1", "mug", 3, 8), supply("PO-2", "mug", 9, 30))
    with kept(order(1, line("mug", 8), days=3), order(2, line("mug", 4), days=2), item("mug", 5), *rows) as books:
        assert books.order(1).expected.ships.likely == in_days(8)
        assert books.order(2).expected.ships.likely == in_days(30)


def test_deliveries_are_learned_from_the_rows_whoever_writes_them():
    row = supply("PO-1", "mug", 10, 3)
    with kept(item("mug", 5), row) as books:
        books.store(supply("PO-1", "mug", 10, 9))
        books.replan(days=2)
        books.store(replace(row, incoming=replace(supply("PO-1", "mug", 10, 9).incoming, received=10)))
        books.replan(days=11)
        with books.books.read() as unit:
            (found,) = unit.arrivals.received("fern", limit=9)
    assert (found.first_on, found.last_on, found.received_on) == (in_days(3), in_days(9), in_days(11))


@pytest.mark.parametrize(("gone_after", "learned"), [(0, False), (2, True), (20, True)])
def test_a_platforms_row_that_vanishes_was_received_unless_it_vanishes_long_before_its_day(gone_after, learned):
    row = replace(supply("PO-1", "mug", 10, 9), source="platform")
    known = changes((), [row], NOW.date()).put
    told = changes(known, [], in_days(gone_after))
    assert bool(told.put) is learned
    assert bool(told.forget) is not learned


def test_a_receipt_taken_back_is_expected_again():
    row = supply("PO-1", "mug", 10, 3)
    known = changes((), [row], NOW.date()).put
    here = changes(known, [replace(row, incoming=replace(row.incoming, received=10))], in_days(3)).put
    assert here[0].received_on == in_days(3)
    assert changes(here, [row], in_days(4)).put[0].received_on is None


@pytest.mark.parametrize(
    ("told", "now", "news"),
    [(0, 2, False), (0, -2, False), (0, 3, True), (0, -3, True), (None, None, False), (None, 1, True), (1, None, True)],
)
def test_a_date_has_moved_when_it_leaves_the_tolerance_either_way(told, now, news):
    days = [None if day is None else in_days(day) for day in (told, now)]
    assert moved(*days, 2) is news


def test_the_first_promise_stays_and_a_lost_date_is_no_promise_any_more():
    with kept(order(1, line("mug", 8)), item("mug", 5), supply("PO-1", "mug", 10, 8)) as books:
        record = books.order(1)
    for days, stands in ((9, 8), (20, 20), (19, 20), (5, 5), (None, None), (5, 5)):
        on = None if days is None else in_days(days)
        record = with_promise(replace(record, plan=replace(record.plan, completes_on=on)), 2)
        assert record.promised_on == (None if stands is None else in_days(stands))
        assert record.first_promise_on == in_days(8)


def test_a_date_that_moves_back_to_a_day_told_before_is_told_again():
    with kept(
        order(1, line("mug", 8)), item("mug", 5), supply("PO-1", "mug", 10, 8), notices={"enabled": True}
    ) as books:
        for replanned, eta in enumerate((20, 8, 20), start=1):
            books.store(supply("PO-1", "mug", 10, eta))
            with books.books.write() as unit:
                from core.planning import replanning

                means = books.means()
                means = Means(support=means.support, code_key=means.code_key, now=means.now,
                                       as_of=means.as_of.replace(minute=replanned))  # fmt: skip
                replanning.replan(unit, unit.shops.get("fern"), means, items=None)
        with books.books.read() as unit:
            kinds = [notice.kind for notice in unit.notices.of_order("fern", "1")]
    assert kinds.count("date_changed") == 3


def test_an_order_that_is_ready_is_not_logged_anew_every_day():
    with kept(order(1, line("mug", 2)), item("mug", 5)) as books:
        for day in range(1, 4):
            books.replan(days=day)
        with books.books.read() as unit:
            assert len(unit.audit.page("fern", order="1").items) == 1


def test_an_order_that_ends_its_wait_is_exposure_and_a_cancelled_one_is_lost():
    with kept(order(1, line("mug", 8)), order(2, line("mug", 3)), item("mug", 5)) as books:
        cancelled = order(1, line("mug", 8, cancelled=8), status="cancelled", days=1)
        books.store(replace(cancelled, read_at=NOW.replace(minute=5), version=NOW.replace(minute=5)))
        with books.books.write() as unit:
            from core.planning import replanning

            replanning.replan(unit, unit.shops.get("fern"), books.means(days=6), items=None, orders=["1"])
        with books.books.read() as unit:
            found = unit.orders.waits("fern").until(in_days(6))
            assert unit.orders.get("fern", "1").wait.lost
    # The other order waited from the first day on too, until the cancelled one's units were free.
    assert (found.lost, found.order_days) == (1, 12)


def test_a_last_day_that_the_supplier_gave_is_what_is_promised():
    row = supply("PO-1", "mug", 5, 8, latest=in_days(20))
    seen = SupplyBook(shop(), (), NOW).date_of(row)
    assert (seen.promised, seen.ships.latest) == (in_days(20), in_days(20))


def test_one_purchase_for_two_places_is_there_with_the_later():
    rows = [
        supply("PO-1", "mug", 5, 8),
        supply("PO-1", "mug", 5, 12),
        supply("PO-2", "mug", 5, None),
        supply("PO-2", "mug", 5, 3),
    ]
    found = SupplyBook(shop(), (), NOW).dates(rows)
    assert found["PO-1", "mug"].ships.likely == in_days(12)
    assert found["PO-2", "mug"].ships is None


def test_stock_that_leaves_open_orders_out_gets_their_units_back_and_supply_elsewhere_comes_to_the_shop():
    elsewhere = supply("PO-1", "mug", 5, 8)
    elsewhere = replace(elsewhere, incoming=replace(elsewhere.incoming, location="annex"))
    mug = item("mug", -3, excludes_reserved=True)
    with kept(order(1, line("mug", 8, reserved=8, unit_price=None)), mug, elsewhere) as books:
        plan = books.order(1).plan
        assert (plan.lines[0].on_hand, plan.lines[0].backordered, plan.completes_on) == (5, 3, in_days(8))
        assert physical_on_hand(mug, [books.order(1)]) == {"main": 5}


def test_supply_that_is_taken_off_the_books_tells_no_delivery():
    with kept(supply("PO-1", "mug", 5, 8)) as books, books.books.write() as unit:
        note_deliveries(unit, shop(), NOW)
        assert [row.supply for row in unit.arrivals.open("fern")] == ["PO-1"]
        unit.supply.delete("fern", "PO-1")
        note_deliveries(unit, shop(), NOW)
        assert list(unit.arrivals.open("fern")) == []
