"""Builders of records in the domain's words, and books with two connected shops."""

from datetime import UTC, date, datetime, timedelta
from types import SimpleNamespace

import pytest

from core.actions import Code, Hold, Note, Release, Tag
from core.consolation.consolations import Consolation
from core.dates.arrivals import Arrival
from core.delay_laws.cases import Evidence, Terms, opened
from core.delay_laws.events import NoticeSent
from core.delay_laws.machine import happens
from core.delay_laws.packs import PACKS
from core.facts import Incoming
from core.forecast.records import BuyingTerms, DemandRow, ItemForecast, LeadTime, ShelfDay, SoldOut
from core.messages.correspondence import Worded
from core.plan import LinePlan, OrderPlan, PlanException
from core.ports.replies import Asked
from core.records import IncomingRecord, OrderRecord, Shop
from core.reports.records import WaitingRow
from core.snapshots import Customer, ItemSnapshot, LineSnapshot, OrderSnapshot, StockSnapshot

NOW = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
DAY = date(2026, 11, 23)


def shop(id="fern", **fields):
    given = {"platform": "shopify", "domain": f"{id}.myshopify.com", "origin": f"https://{id}.myshopify.com",
             "name": "Fern & Fable", "currency": "EUR", "timezone": "Europe/Stockholm", "connected_at": NOW}  # fmt: skip
    return Shop(id=id, **given | fields)


def line(id="1", item="mug", units=3, price=1250):
    return LineSnapshot(id=id, item=item, sku=item, title=f"A {item}", ordered=units, unit_price=price)


def order(id="1", *lines, shop="fern", day=0, status="open", customer=Customer(), backordered=None, decision="wait",
          completes=None, codes=(), problems=(), **record):  # fmt: skip
    """An order; planned when `backordered` says how many units of each line wait."""
    lines = lines or (line(),)
    placed = NOW - timedelta(days=30) + timedelta(days=day)
    seen = OrderSnapshot(platform_id=id, name=f"#{id}", placed_at=placed, version=NOW, read_at=NOW, currency="EUR",
                         status=status, lines=lines, customer=customer, problems=problems)  # fmt: skip
    plan = None
    if backordered is not None:
        planned = tuple(
            LinePlan(id=entry.id, sku=entry.sku, open=entry.ordered, ahead=0, on_hand=entry.ordered - backordered,
                     backordered=backordered, release_now=0, completes_on=completes)
            for entry in lines
        )  # fmt: skip
        plan = OrderPlan(id=id, decision=decision, reasons=(), release_now=False, completes_on=completes, lines=planned)
    exceptions = tuple(PlanException(code=code, detail="a reason") for code in codes)
    return OrderRecord(shop=shop, snapshot=seen, plan=plan, exceptions=exceptions, **record)


def item(platform_id="mug", sku="MUG", **fields):
    stock = (StockSnapshot(location="main", quantity=5),)
    given = {"title": "A mug", "read_at": NOW, "stock": stock}
    return ItemSnapshot(platform_id=platform_id, sku=sku, **given | fields)


def supply(id="PO-1", sku="MUG", shop="fern", location="main", source="entered", ordered=10):
    incoming = Incoming(id=id, sku=sku, location=location, ordered=ordered, eta=DAY, latest=DAY + timedelta(days=3))
    return IncomingRecord(shop=shop, incoming=incoming, source=source)


def arrival(supply="PO-1", sku="MUG", shop="fern", location="main", received=None, **fields):
    given = {"noted_on": DAY, "first_on": DAY, "last_on": DAY, "received_on": received}
    return Arrival(shop=shop, supply=supply, sku=sku, location=location, **given | fields)


def tag(order="1", *tags):
    return Tag(order=order, tags=tags or ("backorder",))


def hold(order="1", units=2):
    return Hold(order=order, held={"1": units}, ready={}, handle="backorder-1", note="waits for supply")


def release(order="1"):
    return Release(order=order, held={}, ready={"1": 2}, handle="backorder-1", note="arrived")


def code(order="1", code="wait-1", customer="customer-12", email="customer12@example.com"):
    return Code(order=order, code=code, offer="discount_code", percent=10, starts_at=NOW, ends_at=NOW, title="Sorry",
                customer=customer, email=email, worth=500)  # fmt: skip


def consolation(order="1", number=1, *, shop="fern", code="wait-1", customer="c", worth=500, on=DAY, **fields):
    given = {"arm": "offered", "rung": 1, "state": "promised", "kind": "discount_code", "percent": 10, "amount": "0",
             "minimum": "0", "combines": False, "value": 5000, "currency": "EUR", "starts_at": NOW, "ends_at": NOW + timedelta(days=60)}  # fmt: skip
    return Consolation(
        shop=shop, order=order, number=number, code=code, customer=customer, worth=worth, on=on, **given | fields
    )


def worded(subject="Later", text="Dear customer"):
    return Worded(subject=subject, text=text, html=f"<p>{text}</p>", language="en")


def law_case(order="1", message_id=None, address=None):
    """A case with one move, whose evidence names the address."""
    made = opened(PACKS[0], order, Terms(ordered_on=DAY))
    proof = Evidence(what="notice", at=NOW, address=address, content_hash="c0ffee", message_id=message_id or "<1@x>")
    return happens(made, NoticeSent(on=DAY, revised_on=DAY + timedelta(days=40), evidence=proof))


def note(order="1", text="Dear Customer 12, it takes longer."):
    return Note(order=order, marker="m1", text=text, to_customer=True)


def demand(order="1", line="1", *, shop="fern", on=DAY, **fields):
    given = {"item": "mug", "ordered": 3, "price": 1250}
    return DemandRow(shop=shop, order=order, line=line, on=on, **given | fields)


def sold_out(sku="MUG", *, shop="fern", on=DAY, closed=False):
    return SoldOut(shop=shop, sku=sku, on=on, closed=closed)


def shelf(sku="MUG", *, shop="fern", on=DAY, on_hand=5, owed=0, coming=0):
    return ShelfDay(shop=shop, sku=sku, on=on, on_hand=on_hand, owed=owed, coming=coming)


def waiting(*, shop="fern", units=3):
    return WaitingRow(shop=shop, order="1", line="1", item="mug", on=DAY, units=units)


def terms(sku="MUG", *, shop="fern", **fields):
    return BuyingTerms(shop=shop, sku=sku, **fields)


def forecast(sku="MUG", *, shop="fern", made_on=DAY, **fields):
    given = {"pattern": "smooth", "method": "exponential smoothing", "weeks": (1, 2, 3), "rate": 2.5, "lead": LeadTime(days=14, variance=4),
             "review_days": 7, "cover_days": 21.0, "mean": 7.5, "variance": 9.0, "error": 3.0, "quantiles": {"0.5": 7, "0.95": 13},
             "level": 0.95, "factor": 1.0, "target": "95% of units", "reorder_point": 9, "order_up_to": 13, "safety_stock": 5,
             "value_class": "A", "steadiness": "X", "why": ("Sells steadily.",)}  # fmt: skip
    return ItemForecast(shop=shop, sku=sku, made_on=made_on, **given | fields)


def asked(key="k", *, shop="fern", fingerprint="f", after=0, **fields):
    """What is asked for under a key `after` seconds, with a minute to answer."""
    given = {"token": "digest", "route": "POST /orders/1/actions"} | fields
    until = NOW + timedelta(seconds=60 + after)
    return Asked(shop=shop, key=key, fingerprint=fingerprint, until=until, **given)


@pytest.fixture
def make():
    """The builders."""
    return SimpleNamespace(now=NOW, day=DAY, second=timedelta(seconds=1), shop=shop, line=line, order=order, item=item, supply=supply, arrival=arrival, tag=tag,
                           hold=hold, release=release, code=code, note=note, demand=demand, sold_out=sold_out, shelf=shelf, waiting=waiting,
                           terms=terms, forecast=forecast, worded=worded, law_case=law_case, asked=asked, consolation=consolation)  # fmt: skip


@pytest.fixture
def kept(any_books):
    """Books on each database with two shops, `fern` and `moss`."""
    with any_books.write() as unit:
        unit.shops.add(shop("fern"), {"token": "shpat-fern"})
        unit.shops.add(shop("moss", platform="woocommerce", domain="moss.example.com"), {"key": "ck", "secret": "cs"})
    return any_books


@pytest.fixture
def put(kept):
    """Store orders and items in one go."""

    def storing(*records):
        with kept.write() as unit:
            for record in records:
                if isinstance(record, OrderRecord):
                    unit.orders.put(record)
                else:
                    unit.items.put("fern", record)

    return storing


@pytest.fixture
def receive(kept, make):
    """Store one delivery; the answer says whether it was new."""

    def receiving(key="k1", *, shop="fern", topic="orders/updated", body=b"{}", after=0, due=None):
        at = make.now + timedelta(seconds=after)
        later = None if due is None else make.now + timedelta(seconds=due)
        with kept.write() as unit:
            return unit.inbox.add(shop=shop, topic=topic, key=key, body=body, at=at, due=later)

    return receiving


@pytest.fixture
def take(kept, make):
    """Claim deliveries `after` seconds, with a lease of 60 seconds."""

    def taking(after=0, limit=10):
        with kept.write() as unit:
            return unit.inbox.claim(now=make.now + timedelta(seconds=after), lease=timedelta(seconds=60), limit=limit)

    return taking


@pytest.fixture
def want(kept, make):
    """Want actions for an order, given as (action, key) pairs."""

    def wanting(*pairs, order="1", shop="fern", after=0, act=True):
        actions = [(action, key, "because") for action, key in pairs]
        with kept.write() as unit:
            return unit.outbox.want(shop, order, actions, now=make.now + timedelta(seconds=after), act=act)

    return wanting


@pytest.fixture
def send(kept, make):
    """Claim an action `after` seconds, with a lease of 60 seconds."""

    def sending(after=0, per_shop=2):
        with kept.write() as unit:
            now = make.now + timedelta(seconds=after)
            return unit.outbox.claim(now=now, lease=timedelta(seconds=60), per_shop=per_shop)

    return sending


@pytest.fixture
def lane(kept):
    """The (key, state) of an order's actions, oldest first."""

    def reading(order="1", shop="fern"):
        with kept.read() as unit:
            return [(row.key, row.state) for row in unit.outbox.of_order(shop, order)]

    return reading
