"""One shop for whom very much waits holds up nobody: shops take turns, and what is next is found at once."""

from datetime import timedelta

import pytest

from connectors.database import codec, tables
from core.hooks.outgoing import ORDER_READY, Event

LEASE = timedelta(minutes=1)
MUCH = 40


def mail(unit, make, shop, number):
    heads = {"message_id": f"<{number}@x>", "sender": "Shop", "reply_to": None}
    unit.mails.add(shop, "customer12@example.com", make.worded(), headers=heads, now=make.now + number * make.second)


def event(unit, make, shop, number):
    # For an endpoint of its own: each has one in hand at a time.
    endpoint = unit.hooks.add(shop, f"https://tool.example.com/{number}", [], "whsec", at=make.now)
    told = Event(type=ORDER_READY, order="1", once=str(number), at=make.now, data={})
    unit.hooks.send(endpoint, told, now=make.now + number * make.second)


@pytest.mark.parametrize(("line", "queue"), [("mails", mail), ("hooks", event)])
def test_who_has_little_to_send_is_served_in_turn_with_who_has_much(kept, make, line, queue):
    with kept.write() as unit:
        for number in range(6):
            queue(unit, make, "fern", number)
        for number in (7, 8):
            queue(unit, make, "moss", number)
    claimed = []
    for _ in range(9):
        with kept.write() as unit:
            claimed.append(getattr(unit, line).claim(now=make.now + MUCH * make.second, lease=LEASE))
    assert [found and found.shop for found in claimed] == ["fern", "moss"] * 2 + ["fern"] * 4 + [None]
    mine = [found.id for found in claimed if found and found.shop == "fern"]
    assert mine == sorted(mine)


def waiting(make, number):
    """Rows of all three lines for so many orders, each with two actions."""
    common = {
        "shop": "fern",
        "state": "pending",
        "created_at": make.now,
        "next_at": make.now,
        "attempts": 0,
        "fence": 0,
    }
    words = dict.fromkeys(("to", "address", "language", "subject", "text", "html", "sender"), "x")
    told = {"endpoint_id": 1, "order_id": "1", "event": "order.ready", "body": "{}"}
    hold = {"kind": "hold", "action": codec.write(make.hold()), "reason": ""}
    for row in map(str, range(number)):
        yield tables.mails, {**common, **words, "message_id": row}
        yield tables.hook_messages, {**common, **told, "key": row}
        for key in ("hold", "hold again"):
            yield tables.actions, {**common, **hold, "order_id": row, "key": key}


LOOKS = {
    "look for an action": lambda unit, now: unit.outbox.next_due(),
    "take an action": lambda unit, now: unit.outbox.claim(now=now, lease=LEASE, per_shop=9),
    "look for a mail": lambda unit, now: unit.mails.next_due(),
    "take a mail": lambda unit, now: unit.mails.claim(now=now, lease=LEASE),
    "look for an event": lambda unit, now: unit.hooks.next_due(),
    "take an event": lambda unit, now: unit.hooks.claim(now=now, lease=LEASE),
}


def steps(books, now, work):
    """How many hundred steps SQLite makes for this work."""
    made = []
    with books.write() as unit:
        driver = unit.mails.transaction.connection.connection.driver_connection
        driver.set_progress_handler(lambda: made.append(1), 100)
        assert work(unit, now) is not None
        driver.set_progress_handler(None, 0)
    return len(made)


def test_ten_times_as_much_that_waits_is_not_more_to_look_through(books, make):
    counted = []
    for number in (MUCH, MUCH * 10):
        with books.write() as unit:
            unit.shops.erase("fern")
            unit.shops.add(make.shop(), {"token": "t"})
            for table, row in waiting(make, number):
                unit.mails.transaction.run(table.insert(), row)
        counted.append({name: steps(books, make.now, work) for name, work in LOOKS.items()})
    few, many = counted
    assert {name: (few[name], many[name]) for name in LOOKS if many[name] > few[name] + 2} == {}
