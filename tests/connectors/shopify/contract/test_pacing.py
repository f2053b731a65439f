"""The call limit is kept here: the simulated shop's bucket, filled by a clock of the test's own, has nothing to refuse."""

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
