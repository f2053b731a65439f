"""A delivery that cannot be taken in harms no other, and is buried after some tries."""

import json
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace

import pytest

from connectors.shopify.order_snapshot import gone
from core.errors import CredentialsRevoked, Unavailable
from core.planning import wake_ups
from core.planning.hints import OrderHint, ReadyHint
from tests.pages.builders import shop
from worker.intake import ATTEMPTS, take_in_next

DAY = timedelta(days=1)


class Connector:
    """A shop that breaks at one order."""

    def __init__(self):
        self.support = {}

    def translate(self, topic, body):
        del topic
        return (OrderHint(platform_id=json.loads(body)),)

    def read_order(self, order):
        if order == "bad":
            raise RuntimeError("nobody thought of this")
        return gone(order, datetime.now(UTC))


@pytest.fixture
def house(books):
    post = SimpleNamespace(ready=False, link=lambda *_names: "")
    made = SimpleNamespace(books=books, post=post, now=lambda: datetime.now(UTC))
    made.settings = SimpleNamespace(lease=timedelta(seconds=30), code_key="k" * 32)
    made.open_shop = lambda _shop: Connector()
    with books.write() as unit:
        unit.shops.add(shop(), {"token": "t"})
        for order in ("good", "bad", "better"):
            unit.inbox.add(shop="fern", topic="orders/paid", key=order, body=json.dumps(order).encode(), at=made.now())
    return made


def test_one_bad_delivery_harms_no_other_and_is_buried_after_some_tries(house):
    counted = []
    for number in range(ATTEMPTS):
        assert take_in_next(house, datetime.now(UTC) + number * DAY)
        with house.books.read() as unit:
            counted.append(unit.inbox.counts("fern"))
    assert counted == [{"new": 1, "dead": 0}] * (ATTEMPTS - 1) + [{"new": 0, "dead": 1}]
    assert not take_in_next(house, datetime.now(UTC) + ATTEMPTS * DAY)


@pytest.mark.parametrize("told", [float("inf"), 1e300, 1e11])
def test_a_pause_that_no_calendar_holds_is_a_day(house, told):
    def read_order(_order):
        raise Unavailable("later", retry_after=told)

    house.open_shop = lambda _shop: SimpleNamespace(support={}, translate=Connector().translate, read_order=read_order)
    assert take_in_next(house, datetime.now(UTC))
    with house.books.read() as unit:
        assert timedelta(hours=23) < unit.inbox.next_due() - datetime.now(UTC) <= DAY


@pytest.mark.parametrize("problem", [Unavailable, CredentialsRevoked])
def test_what_only_the_shop_keeps_from_being_taken_in_is_never_buried(house, problem):
    def read_order(_order):
        raise problem("not now")

    house.open_shop = lambda _shop: SimpleNamespace(support={}, translate=Connector().translate, read_order=read_order)
    for number in range(ATTEMPTS + 2):
        assert take_in_next(house, datetime.now(UTC) + number * DAY)
    with house.books.read() as unit:
        assert unit.inbox.counts("fern") == {"new": 3, "dead": 0}


def test_a_comparison_that_has_to_wait_keeps_no_news_waiting_with_it(house):
    class Busy(Connector):
        def translate(self, topic, body):
            return () if topic.startswith(wake_ups.OWN) else super().translate(topic, body)

        def profile(self):
            raise Unavailable("the platform is still writing", retry_after=60.0)

    house.open_shop = lambda _shop: Busy()
    with house.books.write() as unit:
        wake_ups.compare(unit, "fern", at=house.now())
    assert take_in_next(house, datetime.now(UTC))
    with house.books.read() as unit:
        # The comparison, and the order that nobody thought of.
        assert unit.inbox.counts("fern") == {"new": 2, "dead": 0}


def test_what_waits_for_the_platform_comes_as_soon_as_that_says_it_is_ready_and_our_own_wishes_are_no_news(house):
    class Writing(Connector):
        ready = False

        def translate(self, topic, body):
            return (ReadyHint(),) if topic == "ready" else super().translate(topic, body)

        def read_order(self, order):
            if not self.ready:
                raise Unavailable("the platform is still writing", retry_after=600.0)
            return gone(order, datetime.now(UTC))

    shop = Writing()
    house.open_shop = lambda _shop: shop
    assert take_in_next(house, datetime.now(UTC))
    assert not take_in_next(house, datetime.now(UTC))
    shop.ready = True
    with house.books.write() as unit:
        unit.inbox.add(shop="fern", topic="ready", key="ready", body=b"{}", at=house.now())
        wake_ups.read_order(unit, "fern", "good", at=house.now(), due=house.now())
    while take_in_next(house, datetime.now(UTC)):
        pass
    with house.books.read() as unit:
        assert unit.inbox.counts("fern") == {"new": 0, "dead": 0}
        assert [one.topic for one in unit.inbox.of_order("fern", "good", limit=9)] == ["orders/paid"]
