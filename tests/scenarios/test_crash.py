"""Real processes that are killed in the middle of their work: nothing lost, nothing twice, nothing stuck."""

import random
import threading
import time
import zlib
from collections import Counter
from contextlib import closing
from itertools import count

import pytest
import requests

from connectors.database.lanes import GIVES_WAY
from connectors.simulator.hooks import signature
from core.desired_state.desired import held_for, tags_for
from tests.scenarios.conftest import Service as Observer
from tests.scenarios.processes import Service, in_background, lost_deliveries

STOCK = {"MUG": 60, "CUP": 45}
ARRIVES = {"MUG": 12, "CUP": 7}
KILLS = 4
FEWEST, MOST = 36, 56
# Orders for more than there is, of which nothing has left: the 24th and the 29th of all.
CANCELLED = (12, 14)


@pytest.fixture(params=["sqlite", "postgresql"])
def service(request, tmp_path, both_sides):
    """The running service, with a shop of each platform connected that has parts recorded as shipped."""
    url = request.getfixturevalue(f"{request.param}_url")
    running = Service(tmp_path, url, **both_sides[0].settings)
    for side in both_sides:
        for sku, units in STOCK.items():
            side.shop.add_product(sku, sku.title(), "12.50", units)
        side.connect(running.house)
        side.set_policy(fulfil="create", offers={"enabled": True, "min_wait_days": 0})
    yield running
    running.close()


def posting(service, side, ledger, enough):
    """Deliver numbered words of one store until it is enough; the ledger keeps what was answered with 200."""
    with service.house.books.read() as unit:
        secret = unit.shops.credentials(side.record.id)["webhook_secret"]
    with requests.Session() as session:
        for number in count():
            if enough.is_set():
                return
            body = f'{{"id": {number}, "status": "processing"}}'.encode()
            headers = {
                "X-WC-Webhook-Topic": "order.updated",
                "X-WC-Webhook-Delivery-ID": "the same for all",
                "X-WC-Webhook-Signature": signature(secret, body),
            }
            try:
                address = f"{service.url}/webhooks/woocommerce/{side.record.id}"
                answer = session.post(address, data=body, headers=headers, timeout=5)
            except requests.RequestException:
                time.sleep(0.05)
                continue
            assert answer.status_code in {200, 503}
            if answer.status_code == 200:
                ledger.append(body)


def test_a_web_process_killed_at_work_has_written_down_all_that_it_acknowledged(service, both_sides):
    enough, ledger = threading.Event(), []
    with in_background(posting, service, both_sides[1], ledger, enough):
        try:
            for _ in range(2):
                before, deadline = len(ledger), time.monotonic() + 600
                while len(ledger) < before + 40:
                    assert time.monotonic() < deadline, f"{len(ledger)} were acknowledged: {service.said()}"
                    time.sleep(0.01)
                service.kill_the_web()
        finally:
            enough.set()
    service.house.books.empty_letterbox()
    kept = Counter(zlib.decompress(body) for (body,) in service.rows("SELECT body FROM deliveries"))
    assert [body for body in ledger if kept[body] != 1] == []
    assert len(ledger) >= 80


def shopping(sides, chance, enough):
    """Order until it is `enough` or a slow machine has `MOST` to work off, every tenth time more than there is.

    Goods arrive, and two customers change their mind.
    """
    orders = {side: [] for side in sides}
    for number in count():
        side = sides[number % 2]
        many = number % 10 in {4, 9}
        sku = ("MUG", "CUP")[number // 10 % 2]
        lines = [(sku, STOCK[sku] + 20 if many else chance.randint(1, 6))]
        if chance.random() < 0.3:
            lines.append(("CUP" if sku == "MUG" else "MUG", chance.randint(1, 3)))
        orders[side].append(side.checkout(*lines))
        if number in {21, 22}:
            for arriving, units in ARRIVES.items():
                side.shop.restock(arriving, units)
        if number in {31, 32}:
            side.cancel(orders[side][CANCELLED[number % 2]])
        if number >= MOST or (number >= FEWEST and enough.is_set()):
            return orders
        time.sleep(chance.uniform(0.1, 0.3))
    raise AssertionError("never enough")


def disturb(side):
    side.shop.hooks.duplicate, side.shop.hooks.shuffle = 0.2, True
    side.shop.faults.add("error", times=1000, rate=0.02)
    side.shop.faults.add("slow", times=1000, rate=0.05, seconds=0.5)
    side.shop.faults.add("lost", times=1000, rate=0.03)


def calls(sides):
    return sum(len(side.shop.journal.entries()) for side in sides)


def kill_at_work(service, sides, chance):
    """Kill a worker in the middle of work, again and again: one that only starts or waits has nothing to lose."""
    deadline = time.monotonic() + 600
    for kill in range(KILLS):
        heard = calls(sides)
        while calls(sides) < heard + chance.randint(10, 40):
            assert time.monotonic() < deadline, f"{kill} kills only: {service.said()}"
            time.sleep(0.01)
        service.kill_the_older_worker()


def test_workers_killed_at_work_lose_nothing_and_do_nothing_twice(service, both_sides, tmp_path):
    chance = random.Random(5)
    service.hire(2)
    service.rest(120)
    for side in both_sides:
        disturb(side)
    enough = threading.Event()
    with in_background(shopping, both_sides, random.Random(6), enough) as result:
        try:
            kill_at_work(service, both_sides, chance)
        finally:
            enough.set()
    for side in both_sides:
        side.shop.faults.clear()
        assert side.shop.hooks.flush(600)
    service.rest(120)
    for side in both_sides:
        check(service, side, result[0][side])
    agree_with_a_newcomer(service, both_sides, tmp_path / "newcomer")


def agree_with_a_newcomer(service, sides, folder):
    """A service that was never disturbed, and only looks, plans the same and would change nothing."""
    folder.mkdir()
    with closing(Observer(folder, **sides[0].settings)) as newcomer:
        for side in sides:
            known = {record.id: units_planned(record) for record in open_orders(service.house, side.record)}
            record = newcomer.house.desk.connect(side.platform, side.address, side.credentials, mode="observe")
            newcomer.house.desk.sync(record)
            seen = {record.id: units_planned(record) for record in open_orders(newcomer.house, record)}
            assert seen == known
            with newcomer.house.books.read() as unit:
                recent = unit.outbox.recent(record.id, limit=1000)
            # What is shown and noted on an order is compared with what we remember of it: a newcomer remembers nothing.
            wanted = [action for action in recent if action.kind not in {"publish", "note"}]
            assert wanted == []


def open_orders(house, shop):
    with house.books.read() as unit:
        return unit.orders.open_all(shop.id)


def units_planned(record):
    return [(line.id, line.open, line.on_hand, line.backordered) for line in record.plan.lines]


def check(service, side, orders):
    with service.house.books.read() as unit:
        records = {order: unit.orders.get(side.record.id, order) for order in orders}
        lanes = {order: unit.outbox.of_order(side.record.id, order) for order in orders}
    assert None not in records.values()
    for order, record in records.items():
        if record.snapshot.status == "open":
            assert side.held_outside(order) == held_for(record.plan, record), order
            assert side.tags_outside(order) == tags_for(record.plan, record), order
            assert side.doubles(order) == [], order
    check_lanes(lanes)
    check_codes(side, records, lanes)
    check_units(side, records)
    check_deliveries(service, side)
    assert service.house.desk.sync(side.record).orders == ()


def check_lanes(lanes):
    for order, actions in lanes.items():
        assert {action.state for action in actions} <= {"done", "skipped"}, (order, actions)
        # What only tells lets others pass while it is put off.
        kept = [action for action in actions if action.kind not in GIVES_WAY or action.attempts == 1]
        ends = [action.finished_at for action in kept if action.state == "done"]
        assert ends == sorted(ends), order


def check_codes(side, records, lanes):
    """Each order that waits has its one code, none has two, and the shop has none that we know nothing of.

    An order that ceased to wait while its code was being made may have one at the shop that it was never told of; the
    code of one that was cancelled is made unusable, which WooCommerce does by deleting it.
    """
    outside = side.codes_outside()
    asked = {a.action.code: order for order, actions in lanes.items() for a in actions if a.kind == "code"}
    assert len(outside) == len(set(outside)) == len({asked[code] for code in outside})
    for order, record in records.items():
        assert len(record.offers) <= 1, order
        assert set(record.offers) - set(record.codes_ended) <= set(outside), order
        assert not record.codes_ended or record.snapshot.status == "cancelled", order
        assert record.offers or not record.plan.backordered, order


def check_units(side, records):
    """Of an item that is sold out, shipped units and those that wait to be packed are just what ever was there."""
    shipped, packed, short = Counter(), Counter(), set()
    for order, record in records.items():
        outside = side.shipped_outside(order)
        for line in record.snapshot.lines:
            assert outside.get(line.id, 0) == line.shipped <= line.ordered, order
            shipped[line.sku] += line.shipped
        for line in record.plan.lines:
            packed[line.sku] += line.on_hand
            short |= {line.sku} if line.backordered else set()
    assert short == set(STOCK)
    assert shipped + packed == Counter(STOCK) + Counter(ARRIVES)


def check_deliveries(service, side):
    """What we answered with 200 is taken in."""
    assert sum(sent.status == 200 for sent in side.shop.hooks.deliveries) > 60
    assert lost_deliveries(service, side) == []
