"""A supplier who always comes late: the next order's dates say so, on both platforms, over real HTTP."""

import json
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import requests

from core.dates.arrivals import Arrival
from core.zones import local_day

SUPPLIER = "Northern Mill"
DELIVERIES, LATE = 30, 9


def remember_deliveries(side, today):
    """The supplier's past: so many deliveries, each so many days late."""
    with side.house.books.write() as unit:
        for number in range(DELIVERIES):
            told = today - timedelta(days=60 + number)
            unit.arrivals.put(
                Arrival(shop=side.record.id, supply=f"OLD-{number}", sku="MUG", location="x", noted_on=told - timedelta(days=9),
                        first_on=told, last_on=told, supplier=SUPPLIER.casefold(), received_on=told + timedelta(days=LATE))
            )  # fmt: skip


def shop_day(side):
    """The day at the shop, which may be another than here."""
    return local_day(datetime.now(UTC), side.record.timezone)


def enter(side, eta):
    document = {"id": "PO-1", "sku": "MUG", "ordered": 13, "eta": eta.isoformat(), "supplier": SUPPLIER}
    headers = {"Authorization": f"Bearer {side.token()}"}
    answer = requests.post(f"{side.service.server.url}/api/v1/incoming", json=document, headers=headers, timeout=60)
    assert answer.status_code == 201, answer.text


def test_a_late_suppliers_range_is_promised_and_shown(side):
    today = shop_day(side)
    remember_deliveries(side, today)
    eta = today + timedelta(days=12)
    enter(side, eta)
    order = side.checkout(("MUG", 8))
    side.settle()
    document = side.order(order)
    days = {name: (date.fromisoformat(day) - eta).days for name, day in document["range"].items()}
    assert days["earliest"] <= days["likely"] <= days["latest"]
    assert days["likely"] == LATE
    assert document["completes_on"] == document["range"]["likely"] == document["promise"]["first"]
    assert list(document["line_ranges"].values()) == [document["range"]]


def test_a_received_delivery_is_learned_from(side):
    today = shop_day(side)
    enter(side, today + timedelta(days=2))
    side.settle()
    with side.house.books.write() as unit:
        (row,) = unit.supply.get(side.record.id, "PO-1")
        unit.supply.put(replace(row, incoming=replace(row.incoming, received=13)))
        unit.inbox.add(
            shop=side.record.id,
            topic="backorder/replan",
            key="replan",
            body=json.dumps({}).encode(),
            at=datetime.now(UTC),
        )
    side.settle()
    with side.house.books.read() as unit:
        (learned,) = unit.arrivals.received(side.record.id, limit=5)
    assert (learned.supplier, learned.last_on - learned.received_on) == (SUPPLIER, timedelta(days=2))


def test_a_part_that_is_not_worth_its_parcel_waits_and_shows_both_sides(side):
    side.set_policy(ship_part={"parcel_cost": "6.90"})
    enter(side, shop_day(side) + timedelta(days=12))
    order = side.checkout(("MUG", 8))
    side.settle()
    document = side.order(order)
    assert (document["decision"], document["part"]["verdict"]) == ("wait", "hold")
    assert float(document["part"]["parcel_cost"]["amount"]) == 6.9
    assert 0 < float(document["part"]["waiting_cost"]["amount"]) < 6.9
    assert sum(side.held_outside(order).values()) == 8


def test_what_if_tells_through_the_api_what_then_happens(side):
    eta = shop_day(side) + timedelta(days=12)
    side.enter_supply("PO-1", "MUG", 13, eta)
    order = side.checkout(("MUG", 8))
    side.settle()
    told = side.api("POST", "what-if", {"late": {"PO-1": 10}}).json()
    [change] = told["items"]
    assert (change["order"], change["days_later"], told["worse"]) == (order, 10, 1)
    assert side.order(order)["completes_on"] == change["before"]["completes_on"], "nothing has happened yet"
    side.api("PUT", "incoming/PO-1", {"eta": (eta + timedelta(days=10)).isoformat()})
    side.settle()
    document = side.order(order)
    assert (document["completes_on"], document["decision"]) == (
        change["after"]["completes_on"],
        change["after"]["decision"],
    )
