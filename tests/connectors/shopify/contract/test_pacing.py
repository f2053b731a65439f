"""The call limit is kept here: the simulated shop's bucket, filled by a clock of the test's own, has nothing to refuse."""

from contextlib import ExitStack, contextmanager
from datetime import UTC, datetime

import pytest

from connectors.shopify import client, pacing
from connectors.shopify.connector import open_shop
from connectors.simulator.serving import serve
from connectors.simulator.shopify import ShopifyShop
from core.actions import Tag
from core.errors import RateLimited


class Limited:
    """A shop with a small bucket that counts what it refuses, and connectors of one process or of several."""

    def __init__(self, shop, url, patch, time):
        self.shop, self.url, self.patch, self.time = shop, url, patch, time
        self.refused = 0
        shop.bucket._clock = self.time.read
        shop.bucket.set(20.0)
        pay = shop.bucket.pay

        def counted(points):
            paid = pay(points)
            self.refused += not paid
            return paid

        patch.setattr(shop.bucket, "pay", counted)

    def connector(self, budget=None):
        if budget is not None:
            self.patch.setattr(client, "budget_of", lambda origin: budget)
        return open_shop(
            domain=self.shop.domain, origin=f"{self.url}/{self.shop.domain}", api_version="2026-10",
            credentials={"grant": "token", "access_token": "token"}, keep=lambda renewed: None,
            now=lambda: datetime.now(UTC),
        )  # fmt: skip


@pytest.fixture
def limited(monkeypatch, time_passes):
    shop = ShopifyShop(
        domain="fern.myshopify.com", access_token="token", client_id="app", client_secret="secret",
        now=lambda: datetime.now(UTC),
    )  # fmt: skip
    with serve(shop.wsgi) as server:
        yield Limited(shop, server.url, monkeypatch, time_passes)
    shop.close()


def orders(shop, count):
    shop.add_product("MUG", "Enamel mug", "12.50", 2)
    return [shop.checkout([("MUG", 1)]) for _ in range(count)]


def test_one_process_is_never_refused_whatever_it_sends(limited):
    asked = limited.connector()
    for order in orders(limited.shop, 25):
        asked.read_order(order)
        asked.carry_out(Tag(order=order, tags=("backorder-waiting",)))
    assert len(list(asked.orders_changed(None))) == 25
    assert limited.refused == 0
    assert limited.time.slept > 10


def test_lists_of_one_process_leave_room_for_the_writes_of_another(limited):
    limited.shop.bucket.set(100.0)
    listing, acting = limited.connector(pacing.Budget()), limited.connector(pacing.Budget())
    numbers = orders(limited.shop, 70)
    list(acting.orders_changed(None))
    for order, _ in zip(numbers, listing.orders_changed(None), strict=False):
        acting.carry_out(Tag(order=order, tags=("backorder-waiting",)))
    assert (limited.refused, limited.time.slept > 1) == (0, True)


def test_a_bucket_that_others_have_emptied_is_noticed_at_the_first_answer(limited):
    asked = limited.connector()
    order = orders(limited.shop, 1)[0]
    asked.read_order(order)
    limited.shop.bucket.drain()
    limited.time.sleep(4)
    asked.read_order(order)
    asked.read_order(order)
    assert limited.refused <= 1


def test_a_call_that_would_wait_too_long_is_not_sent(limited):
    asked = limited.connector()
    order = orders(limited.shop, 1)[0]
    asked.read_order(order)
    limited.patch.setattr(pacing, "LONGEST_WAIT", 0.0)
    calls = len(limited.shop.journal.entries())
    limited.patch.setattr(client, "LONGEST_PAUSE", 0.0)
    with pytest.raises(RateLimited):
        for _ in range(20):
            asked.read_order(order)
    assert len(limited.shop.journal.entries()) < calls + 20


@contextmanager
def begun(budget, calls):
    """Begin so many calls at once, none of which is answered yet."""
    with ExitStack() as open_ones:
        for number in range(calls):
            open_ones.enter_context(budget.spent("order", {"id": str(number), "lines": 50, "parcels": 20}))
        yield


def told(left, **garbled):
    status = {"maximumAvailable": 2000.0, "currentlyAvailable": left, "restoreRate": 100.0, **garbled}
    return {"extensions": {"cost": {"requestedQueryCost": 0, "actualQueryCost": 10, "throttleStatus": status}}}


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("currentlyAvailable", -1e30), ("currentlyAvailable", float("-inf")), ("currentlyAvailable", 10**400), ("restoreRate", 1e-9),
        ("maximumAvailable", 1e18), ("maximumAvailable", float("inf")), ("restoreRate", float("nan")),
    ],
)  # fmt: skip
def test_an_answer_whose_numbers_are_garbled_stops_no_later_call(time_passes, name, value):
    budget = pacing.Budget()
    with budget.spent("order", {"id": "1", "lines": 50, "parcels": 20}) as bill:
        bill.told(told(1900.0, **{name: value}))
    with budget.spent("order", {"id": "2", "lines": 50, "parcels": 20}):
        assert time_passes.slept == 0


def test_calls_that_are_under_way_together_wait_for_what_the_bucket_does_not_hold(time_passes):
    with begun(pacing.Budget(), 400):
        assert time_passes.slept > 10


@pytest.mark.parametrize(("besides", "waits"), [(0, False), (2, True)])
def test_what_is_under_way_may_not_be_paid_yet_when_another_call_is_answered(time_passes, besides, waits):
    """The platform tells of what is left before it has heard of the calls on their way."""
    budget = pacing.Budget()
    with begun(budget, besides):
        with budget.spent("order", {"id": "told", "lines": 50, "parcels": 20}) as bill:
            bill.told(told(300.0))
        before = time_passes.slept
        with budget.spent("order", {"id": "next", "lines": 50, "parcels": 20}):
            assert (time_passes.slept > before) is waits
