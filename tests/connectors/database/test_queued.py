"""Whoever puts something in a queue wakes who works there, once it is committed, and nobody else."""

from datetime import timedelta

import pytest

from connectors.database import open_books
from core.hooks.outgoing import ORDER_READY, Answer, Event
from core.ports.inbox import Letter

LEASE = timedelta(minutes=1)
HEADS = {"message_id": "<1@x>", "sender": "Shop", "reply_to": None}


@pytest.fixture
def rung():
    return []


@pytest.fixture
def ringing(sqlite_url, encryption_key, make, rung):
    """Books with one shop that take down at which queues somebody was woken."""
    books = open_books(sqlite_url, encryption_keys=encryption_key, ring=lambda queues: rung.append(sorted(queues)))
    with books.write() as unit:
        unit.shops.add(make.shop(), {"token": "shpat-fern"})
    yield books
    books.close()


def deliver(unit, make, key="k", due=None):
    return unit.inbox.add(shop="fern", topic="orders/updated", key=key, body=b"{}", at=make.now, due=due)


def bury(unit, make):
    deliver(unit, make)
    found, fence = unit.inbox.claim(now=make.now, lease=LEASE, limit=1)
    unit.inbox.retry(found, fence, at=make.now, error="odd", dead=True)
    return found[0].id


def queue(unit, make, *, act=True):
    unit.outbox.want("fern", "1", [(make.hold(), "hold", "")], now=make.now, act=act)


def failed(unit, make):
    queue(unit, make)
    action = unit.outbox.claim(now=make.now, lease=LEASE, per_shop=1)
    unit.outbox.fail(action, now=make.now, error="no")
    return action.id


def endpoint(unit, make):
    return unit.hooks.add("fern", "https://tool.example.com/", [ORDER_READY], "whsec", at=make.now)


def event(make):
    return Event(type=ORDER_READY, order="1", once="1", at=make.now, data={})


def failed_event(unit, make):
    unit.hooks.send(endpoint(unit, make), event(make), now=make.now)
    message = unit.hooks.claim(now=make.now, lease=LEASE)
    unit.hooks.settle(message, "failed", Answer(status=500, error="no"), at=make.now)
    return message.id


BEFORE = {
    "bury": bury,
    "plan": lambda unit, make: queue(unit, make, act=False),
    "fail": failed,
    "endpoint": endpoint,
    "fail an event": failed_event,
    "put off": deliver,
}
PUT = [
    ("inbox", None, lambda unit, make, _: deliver(unit, make)),
    ("inbox", "bury", lambda unit, make, dead: unit.inbox.again("fern", dead, now=make.now)),
    ("inbox", "put off", lambda unit, make, _: unit.inbox.hasten("fern", now=make.now)),
    ("outbox", None, lambda unit, make, _: queue(unit, make)),
    ("outbox", None, lambda unit, make, _: unit.outbox.add_manual("fern", "1", make.hold(), "k", "", now=make.now, act=True)),
    ("outbox", "plan", lambda unit, make, _: queue(unit, make)),
    ("outbox", "plan", lambda unit, make, _: unit.outbox.make_pending("fern", now=make.now)),
    ("outbox", "fail", lambda unit, make, action: unit.outbox.again("fern", action, now=make.now)),
    ("mails", None, lambda unit, make, _: unit.mails.add("fern", "c@example.com", make.worded(), headers=HEADS, now=make.now)),
    ("hooks", "endpoint", lambda unit, make, tool: unit.hooks.send(tool, event(make), now=make.now)),
    ("hooks", "endpoint", lambda unit, make, _: unit.hooks.tell("fern", event(make), now=make.now)),
    ("hooks", "fail an event", lambda unit, make, message: unit.hooks.again("fern", message, now=make.now)),
]  # fmt: skip


@pytest.mark.parametrize(("where", "before", "put"), PUT)
def test_what_is_queued_wakes_who_works_there(ringing, rung, make, where, before, put):
    with ringing.write() as unit:
        known = BEFORE[before](unit, make) if before else None
    rung.clear()
    with ringing.write() as unit:
        put(unit, make, known)
        assert rung == []
    assert rung == [[where]]


def test_a_letter_wakes_who_takes_in(ringing, rung, make):
    letter = Letter(shop="fern", platform="shopify", topic="orders/updated", key="k", body=b"{}", at=make.now)
    assert ringing.write_down(letter).id == "fern"
    assert rung == [["inbox"]]


QUIET = {
    "reads": lambda unit, make: unit.shops.all(),
    "puts off": lambda unit, make: deliver(unit, make, due=make.now + LEASE),
    "plans only": lambda unit, make: queue(unit, make, act=False),
    "tells no tool": lambda unit, make: unit.hooks.tell("fern", event(make), now=make.now),
    "skips all": lambda unit, make: unit.outbox.skip_all("fern", now=make.now, why="left"),
}


@pytest.mark.parametrize("what", QUIET)
def test_what_leaves_nothing_to_do_now_wakes_nobody(ringing, rung, make, what):
    rung.clear()
    with ringing.write() as unit:
        QUIET[what](unit, make)
    assert rung == []


def test_what_is_taken_back_wakes_nobody(ringing, rung, make):
    rung.clear()
    with pytest.raises(ZeroDivisionError), ringing.write() as unit:
        queue(unit, make)
        raise ZeroDivisionError
    assert rung == []
