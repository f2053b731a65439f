"""Events leave from the books of both databases to a real receiver: once, again after failure, until given up."""

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
    hooks.send_next(world.house)
    assert sent(world)[0].state == "done"


def test_an_endpoint_that_is_gone_is_switched_off_and_the_log_says_so(world):
    world.receiver.statuses = [410]
    tell(world, ready(), ready("2"))
    assert [hooks.send_next(world.house) for _ in range(3)] == [True, True, False]
    assert len(world.receiver.came) == 1, "what was on its way is dropped"
    with world.books.read() as unit:
        assert unit.hooks.get("fern", world.endpoint).state == "failing"
        assert [entry.what for entry in unit.audit.page("fern").items] == ["switched a webhook off"]
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
