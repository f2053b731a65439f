"""Mail that comes back: the order needs a person, the address gets no more, and the notice says so."""

from types import SimpleNamespace

import pytest

from connectors.mail import Memory, Office, open_mailbox
from tests.connectors.mail.imap_server import Folder, serving
from tests.connectors.mail.test_bounces import report
from tests.core.shop_builders import NOW, item, kept, line, order, supply
from worker import bounces, post

POLICY = {"notices": {"enabled": True, "wording_seen": True, "window_minutes": 0, "quiet_from": 0, "quiet_until": 0}}


@pytest.fixture
def mailed():
    """A shop one of whose customers was told by a mail, and its house."""
    made = Memory()
    with kept(order(1, line("mug", 8)), item("mug", 5), supply("PO-1", "mug", 9, 5), **POLICY) as shop:
        office = Office(
            link=lambda s, o: "https://b.example.com/o",
            unsubscribe=lambda s, a: "x",
            transport=made,
            sender="orders@shop.example.com",
        )
        house = SimpleNamespace(
            books=shop.books,
            post=office,
            now=lambda: NOW,
            bounces=None,
            settings=SimpleNamespace(external="https://b.example.com"),
        )
        while post.collect(house) or post.send_next(house):
            pass
        assert len(made.taken) == 1
        yield shop, house, made


def comes_back(house, *reports):
    folder = Folder(*reports)
    with serving(folder) as port:
        house.bounces = open_mailbox(f"imap://me:right@127.0.0.1:{port}")
        return bounces.read(house)


def test_a_mail_that_came_back_stops_its_address_and_shows_on_the_board(mailed):
    shop, house, made = mailed
    ours = made.taken[0]["Message-ID"]
    assert comes_back(house, report(original="<a-strangers@x>"), report(original=ours), report(original=ours)) == 3
    with shop.books.read() as unit:
        (notice,) = unit.notices.of_order("fern", "1")
        assert (notice.state, notice.error) == ("failed", "it came back: 550 5.1.1 no such user")
        assert list(unit.mails.stopped("fern", "customer12@example.com")) == ["all"]
        outcomes = [
            entry.outcome for entry in unit.audit.page("fern", order="1").items if entry.what.startswith("told")
        ]
    assert sum((outcome or "").startswith("failed: it came back") for outcome in outcomes) == 1
    shop.replan()
    assert [problem.code for problem in shop.order(1).exceptions] == ["MAIL_BOUNCED"]
    shop.store(item("mug", 99, read_at=NOW.replace(hour=10)))
    shop.replan()
    while post.collect(house) or post.send_next(house):
        pass
    assert len(made.taken) == 1


def test_a_full_mailbox_fails_the_mail_and_the_next_one_still_goes(mailed):
    shop, house, made = mailed
    assert comes_back(house, report(original=made.taken[0]["Message-ID"], status="4.2.2", said="smtp; 452 full")) == 1
    with shop.books.read() as unit:
        assert unit.notices.of_order("fern", "1")[0].error == "it came back: 452 full"
        assert unit.mails.stopped("fern", "customer12@example.com") == {}


def test_a_mailbox_that_is_away_stops_nothing(mailed):
    _, house, _ = mailed
    house.bounces = open_mailbox("imap://me:right@127.0.0.1:9")
    assert bounces.read(house) == 0
