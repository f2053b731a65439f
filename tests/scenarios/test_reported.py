"""What a report counts comes from the shop itself: an order that waits, is sent in two parts, and one that is lost."""

from datetime import UTC, datetime, timedelta

from core.reports.gathering import reported
from core.reports.records import Period
from core.zones import local_day


def report_of(side):
    today = local_day(datetime.now(UTC), side.record.timezone)
    with side.service.house.books.read() as unit:
        shop = unit.shops.get(side.record.id)
        return reported(unit, shop, Period(first=today - timedelta(days=6), last=today), today)


def test_orders_that_wait_are_complete_or_lost_are_counted_as_they_end(side):
    side.settle()
    side.enter_supply("PO-1", "MUG", 10, (datetime.now(UTC) + timedelta(days=9)).date())
    served = side.checkout(("MUG", 4))
    split = side.checkout(("MUG", 3))
    lost = side.checkout(("MUG", 2))
    side.settle()
    made = report_of(side)
    # 9 asked for: 4, 1 of 3, and 0 of 2 are covered.
    assert (made.first.units.part, made.first.units.whole) == (5, 9)
    assert (made.backordered.part, made.waiting.last, made.waiting.ageing[0]) == (4, 4, ("0-7", 2, 4))
    side.cancel(lost)
    side.settle()
    made = report_of(side)
    assert (made.waiting.last, made.cancelled.part, made.cancelled.whole) == (2, 1, 1)
    assert dict(made.cancelled_by_wait)["0-3"].part == 1
    side.shop.restock("MUG", 10)
    side.settle()
    side.ship_all(split)
    side.ship_all(served)
    side.settle()
    made = report_of(side)
    assert (made.waiting.last, made.final.units.part, made.final.units.whole) == (0, 7, 7)
