from datetime import timedelta

import pytest
from sqlalchemy import select

from connectors.database.tables import beats, links
from core.access.people import Seat
from core.errors import Misuse

MINUTE = timedelta(minutes=1)


def test_a_token_opens_its_shop_only(kept, make):
    with kept.write() as unit:
        unit.access.add_token(shop="fern", token_hash="a" * 64, at=make.now)
        unit.access.add_token(shop="moss", token_hash="b" * 64, at=make.now, scope="read")
    with kept.read() as unit:
        passes = [unit.access.pass_of_token(digest * 64) for digest in "abc"]
    assert [one and (one.shop, one.scope) for one in passes] == [("fern", "write"), ("moss", "read"), None]


def test_a_token_is_ended_by_its_own_shop_only(kept, make):
    with kept.write() as unit:
        unit.access.add_token(shop="fern", token_hash="a" * 64, at=make.now)
        assert unit.access.end_token("a" * 64, shop="moss") is None
        assert unit.access.end_token("a" * 64, shop="fern").shop == "fern"
        assert unit.access.pass_of_token("a" * 64) is None


def test_a_token_for_an_unknown_shop_is_refused(kept, make):
    with pytest.raises(Misuse, match="not connected"), kept.write() as unit:
        unit.access.add_token(shop="nobody", token_hash="a" * 64, at=make.now)


def test_a_sign_in_link_opens_once(kept, make):
    with kept.write() as unit:
        unit.access.add_link(shop="fern", link_hash="l", expires_at=make.now + MINUTE)
    with kept.write() as unit:
        assert unit.access.use_link("l", now=make.now) == Seat(shop="fern", person="", role="owner")
    with kept.write() as unit:
        assert unit.access.use_link("l", now=make.now) is None


@pytest.mark.parametrize(("seconds", "opens"), [(59, True), (60, False), (61, False)])
def test_a_sign_in_link_expires(kept, make, seconds, opens):
    with kept.write() as unit:
        unit.access.add_link(shop="fern", link_hash="l", expires_at=make.now + MINUTE)
        assert bool(unit.access.use_link("l", now=make.now + timedelta(seconds=seconds))) == opens


def test_an_unknown_link_opens_nothing_and_takes_the_expired_ones_away(kept, make):
    with kept.write() as unit:
        for name, seconds in (("gone", 0), ("good", 1)):
            unit.access.add_link(shop="fern", link_hash=name, expires_at=make.now + timedelta(seconds=seconds))
        assert unit.access.use_link("unknown", now=make.now) is None
        assert unit.access.transaction.run(select(links.c.link_hash)).scalars().all() == ["good"]


def elect(kept, make, owner, *, after=0, name="clock"):
    with kept.write() as unit:
        return unit.clockwork.elect(name, owner, now=make.now + timedelta(seconds=after), ttl=MINUTE)


def test_an_office_has_one_holder_who_may_renew(kept, make):
    assert elect(kept, make, "a")
    assert not elect(kept, make, "b", after=30)
    assert elect(kept, make, "a", after=50)
    assert not elect(kept, make, "b", after=109)
    assert elect(kept, make, "b", after=110)
    assert not elect(kept, make, "a", after=111)


def test_offices_do_not_mind_each_other(kept, make):
    assert elect(kept, make, "a")
    assert elect(kept, make, "b", name="other")


def test_an_office_can_be_given_up_by_its_holder_only(kept, make):
    elect(kept, make, "a")
    with kept.write() as unit:
        unit.clockwork.resign("clock", "b")
    assert not elect(kept, make, "b")
    with kept.write() as unit:
        unit.clockwork.resign("clock", "a")
    assert elect(kept, make, "b")


def test_the_last_beat_is_the_newest_of_any_worker(kept, make):
    with kept.read() as unit:
        assert unit.clockwork.last_beat() is None
    with kept.write() as unit:
        unit.clockwork.beat("a", now=make.now)
        unit.clockwork.beat("b", now=make.now - MINUTE)
        unit.clockwork.beat("b", now=make.now - 2 * MINUTE)
    with kept.read() as unit:
        assert unit.clockwork.last_beat() == make.now


def test_workers_long_silent_are_forgotten(kept, make):
    with kept.write() as unit:
        unit.clockwork.beat("old", now=make.now - timedelta(days=2))
        unit.clockwork.beat("new", now=make.now)
        assert unit.clockwork.transaction.run(select(beats.c.worker)).scalars().all() == ["new"]
