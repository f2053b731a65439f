"""A shop small enough to be counted on paper: every figure of its report is worked out in `test_reports`."""

from datetime import UTC, date, datetime, timedelta

from core.actions import Code
from core.dates.arrivals import Arrival
from core.dates.promise_ranges import PromiseRange
from core.forecast.records import BuyingTerms, DemandRow
from core.records import OrderRecord, Shop
from core.records.served import Served
from core.records.waits import Wait
from core.reports.records import Period, WaitingRow
from core.snapshots import ItemSnapshot, LineSnapshot, OrderSnapshot

SHOP = "fern"
PERIOD = Period(first=date(2026, 11, 2), last=date(2026, 11, 8))
TODAY = date(2026, 11, 9)


def day(number: int) -> date:
    """A day of November 2026; 0 and below count back into October."""
    return date(2026, 11, 1) + timedelta(days=number - 1)


def asked(order, line, item, on, ordered, at_once, **fields):
    return DemandRow(shop=SHOP, order=order, line=line, item=f"p-{item}", on=day(on), ordered=ordered, at_once=at_once,
                     price=1000, **fields)  # fmt: skip


LINES = [
    asked("O1", "a", "mug", 2, 10, 10, shipped=10),
    asked("O2", "a", "mug", 2, 6, 2, backordered=4, shipped=6, cause="large_order"),
    asked("O2", "b", "rope", 2, 5, 5, shipped=5),
    asked("O3", "a", "mug", 3, 4, 0, early=1, backordered=3, lost=3, cause="sold_on_purpose"),
    asked("O4", "a", "rope", 4, 8, 5, backordered=3, shipped=5, cause="sold_on_purpose"),
    asked("O5", "a", "kite", 5, 2, 0, backordered=2, preorder=True),
    asked("O6", "a", "mug", -11, 1, 0, backordered=1, shipped=1),  # placed before the period
    asked("O7", "a", "mug", 3, 50, None, shipped=50),  # read from the shop's past, never planned
]
WAITING = [  # order, item, day, units from its end on
    ("O6", "mug", -11, 1), ("O6", "mug", 3, 0), ("O2", "mug", 2, 4), ("O2", "mug", 4, 1), ("O2", "mug", 6, 0),
    ("O3", "mug", 3, 3), ("O3", "mug", 5, 0), ("O4", "rope", 4, 3),
]  # fmt: skip


def told(
    order, since, until, promised, earliest, latest, complete, *, lost=False, status="closed", offers=(), **served
):
    """An order that waited. Its dates are days of November."""
    at = datetime(2026, 11, 9, tzinfo=UTC)
    line = LineSnapshot(id="a", item="p-mug", sku="mug", title="A mug", ordered=1)
    seen = OrderSnapshot(platform_id=order, name=f"#{order}", placed_at=at, version=at, read_at=at, currency="EUR",
                         status=status, lines=(line,))  # fmt: skip
    return OrderRecord(
        shop=SHOP, snapshot=seen, first_promise_on=day(promised), offers=offers,
        first_range=PromiseRange(earliest=day(earliest), likely=day(promised), latest=day(latest)),
        wait=Wait(since=day(since), until=until and day(until), lost=lost),
        served=Served(complete_on=complete and day(complete), **served),
    )  # fmt: skip


ORDERS = [
    told("O2", 2, 6, 6, 5, 7, 6, split_on=day(4), freight=690),  # on time, within its range
    told("O3", 3, 5, 7, 6, 9, None, lost=True, status="cancelled", offers=("sorry-3",)),
    told("O4", 4, None, 8, 6, 8, None, status="open", split_on=day(4)),  # late: due yesterday
    told("O5", 5, None, 6, 6, 6, None, status="open", preorder=True),
    told("O6", -11, 3, 2, -1, 2, 3),  # a day late
    told("O8", -6, 7, 12, 10, 12, 7, offers=("sorry-8",)),  # promised for a later period
    told("O9", -3, 2, 4, 3, 5, 2),  # a day before its range
]
ARRIVALS = [
    Arrival(shop=SHOP, supply=supply, sku="mug", location="main", supplier="Northern Mill", noted_on=day(-20),
            first_on=day(first), last_on=day(first), received_on=day(received))
    for supply, first, received in (("PO-1", 3, 6), ("PO-2", 5, 4), ("PO-0", -5, -3))
]  # fmt: skip
CODES = [("O3", "sorry-3", 4, 500, True), ("O8", "sorry-8", -1, 200, True), ("O4", "sorry-4", 5, 900, False)]


def fill(books) -> None:
    """Put the paper shop into these books."""
    with books.write() as unit:
        if unit.shops.get(SHOP) is None:
            unit.shops.add(
                Shop(id=SHOP, platform="shopify", domain="fern.myshopify.com", origin="https://fern.myshopify.com",
                     name="Fern & Fable", currency="EUR", timezone="Europe/Stockholm",
                     connected_at=datetime(2026, 10, 1, tzinfo=UTC)),
                {"token": "t"},
            )  # fmt: skip
        for sku in ("mug", "rope", "kite"):
            unit.items.put(
                SHOP,
                ItemSnapshot(platform_id=f"p-{sku}", sku=sku, title=sku, read_at=datetime(2026, 10, 1, tzinfo=UTC)),
            )
        unit.planning.put_terms(BuyingTerms(shop=SHOP, sku="mug", supplier="Northern Mill"))
        unit.demand.put(LINES)
        unit.reports.note_waiting([
            WaitingRow(shop=SHOP, order=order, line="a", item=f"p-{item}", on=day(on), units=units)
            for order, item, on, units in WAITING
        ])  # fmt: skip
        for record in ORDERS:
            unit.orders.put(record)
        for arrival in ARRIVALS:
            unit.arrivals.put(arrival)
    _make_codes(books)


def _make_codes(books) -> None:
    with books.write() as unit:
        for order, key, on, worth, _ in CODES:
            at = datetime.combine(day(on), datetime.min.time(), UTC) + timedelta(hours=9)
            code = Code(order=order, code=key, offer="discount_code", percent=10, starts_at=at, title="For the wait",
                        ends_at=at + timedelta(days=60), customer=None, email=None, worth=worth)  # fmt: skip
            unit.outbox.want(SHOP, order, [(code, key, "The wait is long.")], now=at, act=True)
        now = datetime(2026, 11, 9, tzinfo=UTC)
        made = {key for _, key, _, _, done in CODES if done}
        while row := unit.outbox.claim(now=now, lease=timedelta(minutes=1), per_shop=9):
            if row.key in made:
                unit.outbox.done(row, now=now, reference="code")
