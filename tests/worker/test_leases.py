"""What we work on stays ours however long it takes; who lost it stops asking for it."""

import time
from contextlib import contextmanager, suppress
from datetime import UTC, datetime, timedelta
from functools import partial
from types import SimpleNamespace

import pytest
import time_machine
from sqlalchemy import select

from connectors.database import tables
from connectors.shopify import client as shopify
from connectors.woocommerce import client as woocommerce
from core.actions import Tag
from core.errors import Unavailable
from core.hooks import announcing, outgoing
from core.hooks.outgoing import ORDER_READY
from core.messages.correspondence import Worded
from core.ports.clockwork import LeaseLost
from tests.pages.builders import shop
from worker import hooks, leases, post
from worker.intake import take_in_next
from worker.sending import send_next

CLIENTS = {
    "shopify": lambda: shopify.Client(origin="https://x.example.com", api_version="2026-10", access=None),
    "woocommerce": lambda: woocommerce.Client(origin="https://x.example.com", keys=None, allow_private=True),
}
TERM = timedelta(seconds=0.15)
LONGEST = 120


@pytest.fixture
def house(books):
    return SimpleNamespace(books=books, settings=SimpleNamespace(lease=TERM))


class Work:
    """Work that goes on for so many looks at whether it has ended."""

    def __init__(self, looks):
        self.left, self.waited = looks, []

    def wait(self, seconds):
        self.waited.append(timedelta(seconds=seconds))
        self.left -= 1
        return self.left < 0


@pytest.mark.parametrize(("answers", "asked"), [([None] * 3, 3), ([None, LeaseLost("gone"), None], 2),
                                                ([Unavailable("away"), None, None], 3)])  # fmt: skip
def test_a_lease_is_renewed_while_the_work_goes_on_and_no_longer_once_it_is_lost(house, answers, asked):
    left, until, work = iter(answers), [], Work(len(answers))

    def renew(_unit, end):
        until.append(end)
        if (problem := next(left)) is not None:
            raise problem

    began = datetime.now(UTC)
    lease = leases.Lease(began)
    leases._keep(house, renew, work, lease)
    assert len(until) == asked
    assert min(until) >= began + TERM
    assert lease.until == max(end for end, said in zip(until, answers, strict=False) if said is None)
    assert max(work.waited) <= TERM / 2, "a sign of life that is late must not be the end"


def asked_for(house, now):
    """A delivery, an action, a mail and an event are due."""
    with house.books.write() as unit:
        unit.shops.add(shop(), {"token": "t"})
        unit.inbox.add(shop="fern", topic="orders/paid", key="k", body=b"{}", at=now)
        unit.outbox.want("fern", "1", [(Tag(order="1", tags=("t",)), "t", "r")], now=now, act=True)
        words = Worded(subject="s", text="t", html="h", language="en")
        heads = {"message_id": "<1@x>", "sender": "Shop", "reply_to": None}
        unit.mails.add("fern", "customer12@example.com", words, headers=heads, now=now)
        tool = unit.hooks.add("fern", "https://tool.example.com", [ORDER_READY], outgoing.new_secret(), at=now)
        unit.hooks.send(tool, announcing.test("a", now), now=now)


@pytest.mark.parametrize(("work", "line"), [(send_next, tables.actions), (take_in_next, tables.inbox_lanes)])
def test_what_a_shop_takes_long_for_stays_with_whom_is_at_it(house, work, line):
    asked_for(house, now := datetime.now(UTC))

    def held():
        with house.books.read() as unit:
            return unit.shops.transaction.run(select(line.c.leased_until)).scalar()

    def slow(_shop):
        first = held()
        while held() == first and time.monotonic() < last:
            time.sleep(TERM.total_seconds() / 10)
        seen.append(held() > first)
        raise Unavailable("the shop takes long")

    seen, last, house.open_shop = [], time.monotonic() + LONGEST, slow
    assert work(house, now)
    assert (seen, held()) == ([True], None)


WORK = [
    (send_next, tables.actions, TERM),
    (take_in_next, tables.inbox_lanes, TERM),
    (lambda house, _now: post.send_next(house), tables.mails, post.LEASE),
    (lambda house, _now: hooks.send_next(house), tables.hook_messages, hooks.LEASE),
]


@pytest.mark.parametrize(("work", "line", "term"), WORK, ids=[line.name for _, line, _ in WORK])
def test_a_lease_begins_when_it_is_taken_however_long_the_line_to_write_was(house, work, line, term):
    with time_machine.travel(datetime.now(UTC), tick=False) as clock:
        asked_for(house, now := datetime.now(UTC))

        @contextmanager
        def after_a_long_wait():
            clock.shift(5 * TERM)
            with write() as unit:
                yield unit

        def reached(*_given, **_named):
            with house.books.read() as unit:
                seen.append(unit.shops.transaction.run(select(line.c.leased_until)).scalar() - datetime.now(UTC))
            raise Unavailable("the other side is away")

        seen, write = [], house.books.write
        house.open_shop, house.now = reached, lambda: datetime.now(UTC)
        house.post, house.hooks = SimpleNamespace(ready=True, send=reached), SimpleNamespace(deliver=reached)
        house.books.write = after_a_long_wait
        with suppress(Unavailable):
            assert work(house, now)
    assert seen == [term]


@pytest.mark.parametrize("platform", ["shopify", "woocommerce"])
def test_whoever_was_stopped_for_longer_than_the_lease_writes_nothing_to_the_shop_any_more(
    house, platform, monkeypatch
):
    """Others took the work over meanwhile: the write that was about to leave would be a second one."""
    client = CLIENTS[platform]()
    monkeypatch.setattr(
        client, "_call" if platform == "shopify" else "_exchange", lambda *_, **__: pytest.fail("it was sent")
    )
    write = partial(client.write, "hold", "hold", {}) if platform == "shopify" else partial(client.put, "orders/1", {})
    with leases.kept(house, lambda _unit, _until: None, datetime.now(UTC) - TERM), pytest.raises(LeaseLost):
        write()
