"""An old copy is put back and compared with shops that have moved on: nothing is done a second time."""

from datetime import UTC, datetime, timedelta

import pytest

from core.access.people import Seat
from core.errors import Unavailable
from worker import anew
from worker.clock import Clock

PERSON = "customer12@example.com"


@pytest.fixture(params=["by command", "under a worker"])
def put_back(request, side, monkeypatch):
    """Put a copy back and see that it is noticed: by who is told, or by a worker that beat before and since."""
    house, clock = side.service.house, Clock(side.service.house, "w")
    monkeypatch.setattr(anew, "FEW", timedelta(days=1))

    clock.beat()

    def putting(copy):
        clock.beat()
        house.books.put_back(copy)
        if request.param == "by command":
            house.desk.begin_anew()
        else:
            clock.beat()

    return putting


def test_what_was_done_since_the_copy_is_found_and_not_done_again(side, put_back, tmp_path):
    side.set_policy(offers={"enabled": True, "min_wait_days": 0})
    side.settle()
    first = side.checkout(("MUG", 8))
    side.settle()
    house = side.service.house
    house.books.backup(str(tmp_path / "copy"))
    # Since then: an order that waits too, goods for the first one, and an order that needs nothing.
    second = side.checkout(("MUG", 4))
    side.settle()
    side.shop.restock("MUG", 2)
    side.settle()
    held = {order: side.held_outside(order) for order in (first, second)}
    assert [sum(units.values()) for units in held.values()] == [1, 4]
    before, codes = len(side.writes()), sorted(side.codes_outside())
    assert len(codes) == 2

    put_back(str(tmp_path / "copy"))
    side.settle()

    assert {order: side.held_outside(order) for order in (first, second)} == held
    assert sorted(side.codes_outside()) == codes
    for order in (first, second):
        assert side.doubles(order) == []
        document = side.order(order)
        assert document["hands_off"] == {}
        assert {action["state"] for action in document["actions"]} <= {"done", "skipped"}
    # What the shop's pages show is said once more; it says the same.
    more = side.writes()[before:]
    assert len(more) <= 2, more


def test_an_action_that_waited_in_the_copy_and_was_done_since_is_not_done_again(side, tmp_path):
    order = side.checkout(("MUG", 8))
    side.shop.hooks.flush()
    hands, house = side.service.hands, side.service.house
    while hands.take_in():
        pass
    with house.books.read() as unit:
        assert unit.outbox.counts(side.record.id)["pending"] > 0
    house.books.backup(str(tmp_path / "copy"))
    side.settle()
    before = len(side.writes())
    house.books.put_back(str(tmp_path / "copy"))
    house.desk.begin_anew()
    side.settle()
    assert sum(side.held_outside(order).values()) == 3
    assert side.doubles(order) == []
    assert len(side.writes()) - before <= 1


NOTICES = {"enabled": True, "wording_seen": True, "quiet_from": 0, "quiet_until": 0, "window_minutes": 0}


def buys(side):
    who = {"customer": PERSON} if side.platform == "shopify" else {"email": PERSON}
    order = str(side.shop.checkout([("MUG", 8)], **who))
    side.settle()
    return order


def taken(made):
    """How many mails the customer got: at the shop's midnight the merchant gets one of what to order."""
    return sum(mail["To"] == PERSON for mail in made.taken)


def test_what_was_mailed_since_the_copy_is_not_mailed_again_by_itself(side, post, tmp_path):
    (made, later), house = post, side.service.house
    side.set_policy(notices=NOTICES)
    made.answers.append(Unavailable("not just now"))
    orders = [buys(side)]
    with house.books.write() as unit:
        unit.access.add_link(shop=side.record.id, link_hash="spent", expires_at=datetime.now(UTC) + timedelta(hours=1))
        unit.sessions.open(
            "gone", Seat(shop=side.record.id, person="Bo", role="owner"), browser="", at=datetime.now(UTC)
        )
    house.books.backup(str(tmp_path / "copy"))
    # In the copy one mail waits for its server, and leaves then; another order is not even in it.
    assert taken(made) == 0
    later(minutes=2)
    orders.append(buys(side))
    assert taken(made) == 2

    house.books.put_back(str(tmp_path / "copy"))
    house.desk.begin_anew()
    later(hours=2)
    assert taken(made) == 2
    assert [[notice["state"] for notice in side.order(order)["notices"]] for order in orders] == [["draft"], ["draft"]]
    assert "All messages are paused" in side.read("")
    with house.books.read() as unit:
        assert unit.access.look_at_link("spent", now=datetime.now(UTC)) is None
        assert unit.sessions.seats("gone", since=datetime.now(UTC) - timedelta(days=1)) == ()
    # A person looks at what is not known to have left, and lets it go: one mail of both.
    side.set_policy(notices={**NOTICES, "paused": False})
    later(hours=2)
    assert taken(made) == 3
