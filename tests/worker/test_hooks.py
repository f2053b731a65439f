"""Events leave from the books of both databases to a real receiver: once, again after failure, until given up."""

import threading
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace

import pytest

from connectors.hooks import Hooks
from core.hooks import announcing, outgoing
from core.hooks.outgoing import ORDER_READY, Answer, Event
from core.ports.clockwork import LeaseLost
from tests.connectors.receiving import Receiver
from tests.pages.builders import shop
from worker import hooks

NOW = datetime.now(UTC) - timedelta(seconds=1)


@pytest.fixture
def receiver():
    made = Receiver()
    yield made
    made.close()


@pytest.fixture
def world(any_books, receiver):
    """A shop with one endpoint that takes what becomes ready."""
    receiver.secret = outgoing.new_secret()
    with any_books.write() as unit:
        unit.shops.add(shop(), {"token": "t"})
        made = unit.hooks.add("fern", receiver.url, [ORDER_READY], receiver.secret, at=NOW)
    house = SimpleNamespace(books=any_books, hooks=Hooks(allow_private=True), now=lambda: NOW)
    return SimpleNamespace(books=any_books, house=house, receiver=receiver, endpoint=made.id)


def ready(once="1", **data):
    return Event(type=ORDER_READY, order="1001", once=once, at=NOW, data=data)


def tell(world, *events):
    with world.books.write() as unit:
        return [unit.hooks.tell("fern", event, now=NOW) for event in events]


def sent(world):
    with world.books.read() as unit:
        return unit.hooks.newest("fern", world.endpoint, limit=9)


def due_now(world):
    """Make what waits due."""
    with world.books.write() as unit:
        run, table = unit.hooks.transaction.run, __import__("connectors.database.tables", fromlist=["x"]).hook_messages
        run(table.update().values(next_at=NOW))


def test_an_event_leaves_once_however_often_it_is_told(world):
    assert tell(
        world,
        ready(units=3),
        ready(units=3),
        ready("2"),
        Event(type="promise.changed", order="1", once="1", at=NOW, data={}),
    ) == [1, 1, 1, 0]
    assert [hooks.send_next(world.house) for _ in range(3)] == [True, True, False]
    assert [event["type"] for event in world.receiver.events()] == ["order.ready"] * 2
    assert world.receiver.events()[0]["data"] == {"units": 3}
    assert [(row.state, row.attempts, row.status) for row in sent(world)] == [("done", 1, 200)] * 2


def test_what_is_not_taken_comes_again_under_the_same_id(world):
    world.receiver.statuses = [500, 503]
    tell(world, ready())
    for _ in range(3):
        assert hooks.send_next(world.house)
        due_now(world)
    assert len(set(world.receiver.ids())) == 1
    (row,) = sent(world)
    assert (row.state, row.attempts, row.status, row.error) == ("done", 3, 200, None)
    assert hooks.send_next(world.house) is False


@pytest.mark.parametrize("wait", [0.0, 900.0])
def test_it_comes_again_after_its_pause_or_the_longer_one_that_the_endpoint_asks_for(world, wait):
    busy = Answer(status=503, error="busy", wait=wait)
    world.house.hooks = SimpleNamespace(deliver=lambda *_given, **_named: busy)
    tell(world, ready())
    before = datetime.now(UTC)
    assert hooks.send_next(world.house)
    assert sent(world)[0].next_at >= before + max(outgoing.pause(1), timedelta(seconds=wait))
    assert hooks.send_next(world.house) is False


def test_it_is_given_up_in_the_end_and_a_person_may_try_it_again(world):
    world.receiver.statuses = [500] * 10
    tell(world, ready())
    while hooks.send_next(world.house):
        due_now(world)
    (row,) = sent(world)
    assert (row.state, row.attempts, row.error) == ("failed", 10, "it answered 500: thank you")
    with world.books.write() as unit:
        assert unit.hooks.again("moss", row.id, now=NOW) is False
        assert unit.hooks.again("fern", row.id, now=NOW) is True
    assert sent(world)[0].attempts == 0
    hooks.send_next(world.house)
    assert sent(world)[0].state == "done"


def test_an_endpoint_that_is_gone_is_switched_off_and_the_log_says_so(world):
    world.receiver.statuses = [410]
    tell(world, ready(), ready("2"))
    assert [hooks.send_next(world.house) for _ in range(3)] == [True, True, False]
    assert len(world.receiver.came) == 1, "what was on its way is dropped"
    assert {row.state for row in sent(world)} == {"failed"}
    with world.books.write() as unit:
        known = unit.hooks.get("fern", world.endpoint)
        assert known.state == "failing"
        unit.hooks.send(known, announcing.test("a", NOW), now=NOW)
    world.receiver.statuses = [500]
    assert hooks.send_next(world.house)
    with world.books.read() as unit:
        assert [entry.what for entry in unit.audit.page("fern").items] == ["switched a webhook off"], "said once"
    assert tell(world, ready("3")) == [0]


def test_a_test_reaches_an_endpoint_that_is_off_and_is_tried_once(world):
    with world.books.write() as unit:
        one = unit.hooks.get("fern", world.endpoint)
        unit.hooks.put(__import__("dataclasses").replace(one, state="off"))
        unit.hooks.send(one, announcing.test("a", NOW), now=NOW)
    world.receiver.statuses = [500]
    assert [hooks.send_next(world.house) for _ in range(2)] == [True, False]
    assert (sent(world)[0].state, world.receiver.events()[0]["type"]) == ("failed", "test")


def test_a_worker_that_lost_its_lease_settles_nothing(world):
    tell(world, ready())
    with world.books.write() as unit:
        first = unit.hooks.claim(now=NOW, lease=timedelta(0))
    with world.books.write() as unit:
        second = unit.hooks.claim(now=NOW, lease=timedelta(minutes=1))
        assert unit.hooks.claim(now=NOW, lease=timedelta(minutes=1)) is None
    with pytest.raises(LeaseLost), world.books.write() as unit:
        unit.hooks.settle(first, "done", Answer(status=200), at=NOW)
    with world.books.write() as unit:
        unit.hooks.settle(second, "done", Answer(status=200), at=NOW)


def test_an_endpoint_that_hangs_holds_up_no_other_one_and_then_rests(world):
    with world.books.write() as unit:
        hanging = unit.hooks.add("fern", "http://127.0.0.1:9/hangs", [ORDER_READY], outgoing.new_secret(), at=NOW)
    with world.books.write() as unit:
        for once in ("1", "2"):
            unit.hooks.send(hanging, ready(once), now=NOW - timedelta(seconds=1))
    tell(world, ready("3"))
    entered, free = threading.Event(), threading.Event()
    real, tried = world.house.hooks.deliver, []

    def deliver(url, secrets, message, *, now):
        if message.endpoint != hanging.id:
            return real(url, secrets, message, now=now)
        tried.append(message.id)
        entered.set()
        free.wait(60)
        return Answer(status=None, error="it did not answer in time")

    world.house.hooks = SimpleNamespace(deliver=deliver)
    held_up = threading.Thread(target=hooks.send_next, args=(world.house,))
    held_up.start()
    try:
        assert entered.wait(60)
        assert [hooks.send_next(world.house) for _ in range(2)] == [True, False]
        assert (len(tried), len(world.receiver.came)) == (1, 1), "the other address has what it is to have"
        with world.books.read() as unit:
            assert unit.hooks.next_due() > datetime.now(UTC), "nobody looks in vain meanwhile"
    finally:
        free.set()
        held_up.join(60)
    tell(world, ready("4"))
    assert [hooks.send_next(world.house) for _ in range(2)] == [True, False]
    assert (len(tried), len(world.receiver.came)) == (1, 2), "it rests, for what is new as well"


def test_two_secrets_sign_for_a_day_after_a_rotation(world):
    fresh = outgoing.new_secret()
    with world.books.write() as unit:
        unit.hooks.rotate("fern", world.endpoint, fresh, at=NOW)
        assert unit.hooks.secrets("fern", world.endpoint, at=NOW) == (fresh, world.receiver.secret)
        assert unit.hooks.secrets("fern", world.endpoint, at=NOW + timedelta(days=1)) == (fresh,)
    tell(world, ready())
    hooks.send_next(world.house)
    assert len(world.receiver.events()) == 1


def test_what_was_sent_is_forgotten_with_its_customer_and_with_time(world):
    tell(world, ready(), ready("2", email="customer12@example.com"))
    with world.books.write() as unit:
        unit.hooks.send(
            unit.hooks.get("fern", world.endpoint),
            Event(type=ORDER_READY, order="7", once="3", at=NOW, data={"email": "Customer12@example.com"}),
            now=NOW,
        )
        unit.orders.redact("fern", ["7", "1001"], None, "customer12@example.com")
    assert sent(world) == ()
    tell(world, ready("4"), ready("5"))
    hooks.send_next(world.house)
    with world.books.write() as unit:
        assert unit.hooks.forget(NOW + timedelta(days=1)) == 1, "what still waits is kept"
        assert unit.hooks.remove("fern", world.endpoint) is True
        assert unit.hooks.next_due() is None
