"""What becomes of a mail that the server does not take, and of one that must not leave any more."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace

import pytest

from connectors.database.shops import ShopTable
from core.errors import Rejected, Unavailable
from core.messages.correspondence import Worded
from core.messages.notices import TO_MERCHANT
from core.policy.shop_policy import Notices, ShopPolicy
from core.records import NewNotice
from tests.pages.builders import shop
from worker import letters, post

NOW = datetime(2026, 11, 27, 9, tzinfo=UTC)
TO = "customer12@example.com"
LATER, NEVER = Unavailable("451 later"), Rejected("550 no such user")


class Office:
    """A mail server that gives these answers and takes what comes then."""

    ready = True

    def __init__(self):
        self.answers, self.taken = [], []

    def send(self, mail):
        if self.answers:
            raise self.answers.pop(0)
        self.taken.append(mail.id)


@pytest.fixture
def house(books):
    clock = [NOW]
    made = SimpleNamespace(books=books, post=Office(), now=lambda: clock[0], clock=clock)
    with books.write() as unit:
        unit.shops.add(shop(), {})
        words = Worded(subject="s", text="t", html="h", language="en")
        heads = {"message_id": "<1@x>", "sender": "Shop", "reply_to": None}
        made.mail = unit.mails.add("fern", TO, words, headers=heads, now=NOW)
    return made


def state(house):
    with house.books.read() as unit:
        mail = unit.mails.get("fern", house.mail)
        return mail.state, mail.attempts, "all" in unit.mails.stopped("fern", TO)


@pytest.mark.parametrize(
    ("answers", "ends", "least"),
    [
        ([], ("sent", 1, False), 0),
        ([LATER], ("sent", 2, False), 15),
        ([LATER] * 9, ("sent", 10, False), 5500),
        ([LATER] * 10, ("failed", 10, False), 5500),
        ([NEVER], ("failed", 1, True), 0),
        ([LATER, NEVER], ("failed", 2, True), 15),
    ],
)
def test_a_mail_is_tried_again_later_and_later_and_only_a_refusal_silences_its_address(house, answers, ends, least):
    house.post.answers = list(answers)
    while state(house)[0] == "pending":
        with house.books.read() as unit:
            house.clock[0] = max(house.clock[0], unit.mails.next_due())
        assert post.send_next(house)
    assert state(house) == ends
    assert house.post.taken == [house.mail] * (ends[0] == "sent")
    assert timedelta(seconds=least) <= house.now() - NOW <= timedelta(hours=9)


def test_a_draft_leaves_when_it_is_not_quiet_and_the_shop_alone_is_kept_meanwhile(house, locked, monkeypatch):
    rules = Notices(enabled=True, wording_seen=True, quiet_from=21, quiet_until=8)
    policy = replace(ShopPolicy(mode="act"), notices=rules)
    with house.books.write() as unit:
        unit.shops.save(shop(policy=policy, timezone="UTC"))
        made = NewNotice(
            shop="fern", order="", kind=TO_MERCHANT, key="k", to=TO, facts={}, at=NOW, due=NOW.replace(hour=7)
        )
        unit.notices.add([made])
    left = []
    monkeypatch.setattr(post, "_leaves", lambda *given: left.append(given[-1]) or True)
    house.clock[0] = NOW.replace(hour=22)
    assert not post.collect(house)
    house.clock[0] = NOW.replace(hour=8)
    lock = ShopTable.lock

    def paused_meanwhile(table, key):
        table.save(shop(policy=replace(policy, notices=replace(rules, paused=True))))
        lock(table, key)

    with monkeypatch.context() as first:
        first.setattr(ShopTable, "lock", paused_meanwhile)
        assert not post.collect(house)
    with house.books.write() as unit:
        unit.shops.save(shop(policy=policy, timezone="UTC", state="uninstalled"))
    assert not post.collect(house)
    assert left == []
    locked.clear()
    with house.books.write() as unit:
        unit.shops.save(shop(policy=policy, timezone="UTC"))
    assert post.collect(house)
    assert (len(left), locked) == (1, ["fern"])


def test_the_same_messages_have_one_name_whatever_their_order_and_other_shops_another():
    named = [letters.message_id(SimpleNamespace(settings=SimpleNamespace(external="https://b.example.com")), *given)
             for given in (("fern", ["k1", "k2"]), ("fern", ["k2", "k1"]), ("moss", ["k1", "k2"]), ("fern", ["k1"]))]  # fmt: skip
    assert named[0] == named[1]
    assert len(set(named)) == 3


@pytest.mark.parametrize("why", ["the address came to be silenced", "the shop left"])
def test_a_mail_that_must_not_leave_any_more_is_not_handed_to_the_server(house, why):
    with house.books.write() as unit:
        if why == "the shop left":
            unit.shops.save(shop(state="uninstalled"))
        else:
            unit.mails.stop("fern", TO, "all", why="it came back", at=NOW)
    assert post.send_next(house)
    assert (state(house)[0], house.post.taken) == ("failed", [])
