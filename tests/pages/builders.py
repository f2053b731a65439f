"""Shops, orders with their plans, items and incoming supply, in domain words."""

import json
import re
from dataclasses import replace
from datetime import UTC, datetime, timedelta

from core.delay_laws.cases import Evidence, Terms, opened
from core.delay_laws.events import NoticeSent
from core.delay_laws.machine import happens, passes
from core.delay_laws.packs import PACKS
from core.facts import Incoming
from core.forecast.records import ItemForecast, LeadTime
from core.messages.correspondence import Worded
from core.plan import Allocated, LinePlan, OrderPlan, PlanException
from core.reasons import Reason
from core.records import IncomingRecord, NewNotice, OrderRecord, Shop
from core.snapshots import Customer, ItemSnapshot, LineSnapshot, OrderSnapshot, PlaceSnapshot, StockSnapshot

NOW = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
PLACES = (PlaceSnapshot(id="main", name="Main warehouse"), PlaceSnapshot(id="south", name="South store"))


def shop(key="fern", platform="shopify", name="Fern & Fable", **fields):
    domain = f"{key}.myshopify.com" if platform == "shopify" else f"{key}.example.com"
    given = {"currency": "EUR", "timezone": "Europe/Stockholm", "connected_at": NOW - timedelta(days=40),
             "email": "help@example.com", "places": PLACES, "synced_at": NOW - timedelta(hours=2)}  # fmt: skip
    return Shop(id=key, platform=platform, domain=domain, origin=f"https://{domain}", name=name, **given | fields)


def line(key, sku, ordered, *, title=None, on_hand=0, now=None, waits=(), shipped=0, cancelled=0, ahead=0, price=2450,
         ships=True):  # fmt: skip
    """A line and its plan: `waits` are (supply, units, date); what is left over is short."""
    seen = LineSnapshot(id=key, item=f"item-{sku}", sku=sku, title=title or sku.replace("-", " ").capitalize(),
                        ordered=ordered, shipped=shipped, cancelled=cancelled, unit_price=price, ships=ships)  # fmt: skip
    opened = ordered - shipped - cancelled
    pegs = [Allocated(supply="on_hand", location="main", units=on_hand, on=NOW.date())] if on_hand else []
    pegs += [Allocated(supply=supply, location="main", units=units, on=on) for supply, units, on in waits]
    covered = sum(peg.units for peg in pegs) >= opened and all(peg.on for peg in pegs)
    plan = LinePlan(id=key, sku=sku, open=opened, ahead=ahead, on_hand=on_hand, backordered=opened - on_hand,
                    release_now=on_hand if now is None else now, allocations=tuple(pegs),
                    completes_on=max(peg.on for peg in pegs) if pegs and covered else None)  # fmt: skip
    return seen, plan


def order(key, *lines, shop="fern", name=None, days=5, decision=None, reasons=None, promised=None, customer=None,
          currency="EUR", status="open", problems=(), exceptions=(), planned=True, country="SE", **fields):  # fmt: skip
    seen = OrderSnapshot(
        platform_id=key, name=name or f"#{key}", placed_at=NOW - timedelta(days=days), version=NOW, read_at=NOW,
        currency=currency, status=status, lines=tuple(pair[0] for pair in lines), problems=tuple(problems),
        customer=Customer(id=f"c{key}", name=customer or f"Customer {key[-2:]}", email=f"customer{key}@example.com",
                          country=country),
    )  # fmt: skip
    plans = tuple(pair[1] for pair in lines if pair[0].ships)
    dates = [plan.completes_on for plan in plans if plan.open]
    waits = any(plan.backordered for plan in plans)
    leaves = any(plan.release_now for plan in plans)
    usual = ("ship_part" if waits else "ship_all") if leaves else ("wait" if any(p.open for p in plans) else "none")
    why = reasons or ((Reason.SHORT_ON_HAND, Reason.INCOMING_COVERS) if waits else ())
    plan = OrderPlan(id=key, decision=decision or usual, reasons=tuple(why), release_now=leaves, lines=plans,
                     completes_on=max(dates) if dates and all(dates) else None)  # fmt: skip
    return OrderRecord(
        shop=shop, snapshot=seen, plan=plan if planned else None, planned_at=NOW if planned else None,
        exceptions=tuple(PlanException(code=code, detail=detail, order=key) for code, detail in exceptions),
        first_promise_on=promised, promised_on=promised, managed=waits, **fields,
    )  # fmt: skip


def item(sku, units=(0, 0), *, title=None, **fields):
    stock = tuple(StockSnapshot(location=place.id, quantity=n) for place, n in zip(PLACES, units, strict=False))
    name = title or sku.replace("-", " ").capitalize()
    return ItemSnapshot(platform_id=f"item-{sku}", sku=sku, title=name, read_at=NOW, stock=stock, **fields)


def supply(key, sku, ordered, eta, *, shop="fern", received=0, latest=None, source="entered", location="main", **row):
    fact = Incoming(id=key, sku=sku, location=location, ordered=ordered, received=received, eta=eta, latest=latest)
    return IncomingRecord(shop=shop, incoming=replace(fact, **row), source=source, supplier="Northern Mill")


REPORT = json.dumps({
    "made_at": NOW.isoformat(), "items": 5, "weeks": 52,
    "alarms": [{"kind": "item", "name": "camp-mug", "rate": 0.41, "weeks": 6, "units": 43, "lost": 4, "mean_wait": 9.5,
                "cost": 12_400, "mend": "raise the reorder point", "why": "43 of 105 units had to wait."},
               {"kind": "supplier", "name": "Northern Mill", "rate": 0.2, "weeks": 6, "units": 43, "lost": 4,
                "mean_wait": None, "cost": 12_400, "mend": "change supplier", "why": "Deliveries come 6 days late."}],
})  # fmt: skip


def forecast(sku, *, shop="fern", **fields):
    weeks = tuple((7 * week * week + 3 * week) % 17 for week in range(52))
    given = {"made_on": NOW.date(), "pattern": "erratic", "method": "exponential smoothing (0.12)", "weeks": weeks, "rate": 24.5,
             "lead": LeadTime(days=16.5, variance=9, own=3, supplier=8, slip=2.1), "review_days": 7, "cover_days": 23.5,
             "mean": 82.3, "variance": 400, "error": 19.0, "quantiles": {"0.5": 80, "0.8": 99, "0.9": 109, "0.95": 118, "0.99": 135},
             "level": 0.95, "factor": 1.0, "target": "95% of units shipped at once", "reorder_point": 90, "order_up_to": 118,
             "safety_stock": 36, "value_class": "A", "steadiness": "Y", "price": 1250,
             "why": ("Sells often, in very different amounts: sold in 49 of 52 weeks.", "24 a week expected.")}  # fmt: skip
    return ItemForecast(shop=shop, sku=sku, **given | fields)


def notice(**fields):
    given = {
        "shop": "fern",
        "order": "1",
        "kind": "waiting",
        "key": "k",
        "to": "a@example.com",
        "facts": {},
        "at": NOW,
        "due": NOW,
    }
    return NewNotice(**given | fields)


def notice_sent(unit, shop, order, *, address="customer12@example.com", silent_until=None):
    """Store the American clock of an order placed 25 days ago whose customer was asked by mail today; return its mail.

    `silent_until`: the day until which nothing was answered.
    """
    today = NOW.date()
    wanted = {"message_id": f"<{shop}-{order}@shop.example.com>", "sender": "orders@shop.example.com"}
    words = Worded(subject="please choose", text="Wait, or cancel?", html="<p>Wait, or cancel?</p>", language="en")
    number = unit.mails.add(shop, address, words, headers=wanted, now=NOW)
    mail = unit.mails.claim(now=NOW, lease=timedelta(minutes=1))
    assert mail.id == number
    unit.mails.sent(mail, now=NOW)
    unit.notices.add([notice(shop=shop, order=order, kind="delay_option", key=f"law-{order}", to=address)])
    carried = [one for one in unit.notices.of_order(shop, order) if one.key == f"law-{order}"]
    unit.notices.settle(carried, "sent", mail=number)
    proof = Evidence(what=f"mail sent: {mail.subject}", at=NOW, address=address, content_hash=mail.content_hash,
                     message_id=mail.message_id)  # fmt: skip
    made = opened(PACKS[0], order, Terms(ordered_on=today - timedelta(days=25)))
    step = happens(made, NoticeSent(on=today, revised_on=None, evidence=proof))
    later = passes(step.case, silent_until or today)
    unit.laws.put(shop, later.case, wakes_at=None)
    unit.laws.log(shop, later.case, (*step.edges, *later.edges), at=NOW)
    return mail


def csrf_of(page):
    """The token in a page's forms."""
    return re.search(r'name="csrf_token" value="([^"]+)"', page)[1]
