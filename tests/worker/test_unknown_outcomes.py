"""A write whose answer was lost, or whose worker died, settles first: the shop may still be at it."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace

import pytest

from core.errors import CredentialsRevoked, Frozen, PayloadChanged, RateLimited, Unavailable
from worker import sending
from worker.reconcile import up_to_date
from worker.sending import send_next

SETTLE = 600


@pytest.fixture
def coupon(keeper):
    """The waiting action to make one coupon; lost answers settle for ten minutes here."""
    keeper.store.hooks.drop = 1.0
    order = str(keeper.store.checkout([("MUG", 8)], payment="card"))
    with keeper.house.books.write() as unit:
        shop = unit.shops.get(keeper.shop.id)
        policy = replace(shop.policy, offers=replace(shop.policy.offers, enabled=True, min_wait_days=0))
        unit.shops.save(replace(shop, policy=policy))
    keeper.house.desk.sync(keeper.shop)
    house = replace(keeper.house, settings=replace(keeper.house.settings, settle_seconds=str(SETTLE)))

    def wanted():
        with keeper.house.books.read() as unit:
            return next(action for action in unit.outbox.of_order(keeper.shop.id, order) if action.kind == "code")

    while wanted().state == "pending" and heads(keeper) != "code":
        assert send_next(house, datetime.now(UTC))
    return keeper, house, wanted


def heads(keeper):
    """The kind of the action that leaves next."""
    with keeper.house.books.read() as unit:
        (order,) = {
            action.order for action in unit.outbox.recent(keeper.shop.id, limit=50) if action.state == "pending"
        }
        lane = unit.outbox.of_order(keeper.shop.id, order)
    return next(action.kind for action in lane if action.state == "pending")


def coupons(keeper):
    return sum(entry.name.startswith("POST") and "coupons" in entry.name for entry in keeper.store.journal.writes())


def test_a_write_whose_answer_was_lost_is_left_alone_until_it_has_settled(coupon):
    keeper, house, wanted = coupon
    keeper.store.faults.add("lost", match="POST /coupons")
    sent = datetime.now(UTC)
    assert send_next(house, sent)
    assert keeper.store.faults.left() == 0
    assert wanted().state == "pending"
    assert wanted().next_at >= sent + timedelta(seconds=SETTLE)
    while send_next(house, datetime.now(UTC)):  # whatever else is due
        pass
    assert coupons(keeper) == 1
    assert send_next(house, wanted().next_at)
    assert (wanted().state, coupons(keeper)) == ("done", 1)


def test_an_answer_that_nobody_can_read_leaves_open_whether_it_was_done(coupon):
    keeper, house, wanted = coupon
    open_shop = house.open_shop

    def garbling(shop):
        opened = open_shop(shop)

        def carry_out(action):
            opened.carry_out(action)
            raise PayloadChanged("code: the answer has changed")

        return SimpleNamespace(carry_out=carry_out)

    sent = datetime.now(UTC)
    assert send_next(replace(house, open_shop=garbling), sent)
    assert (wanted().state, coupons(keeper)) == ("pending", 1)
    assert wanted().next_at >= sent + timedelta(seconds=SETTLE)
    assert send_next(house, wanted().next_at)
    assert (wanted().state, coupons(keeper)) == ("done", 1)


def test_answers_that_nobody_can_read_are_asked_for_a_few_times_only(coupon):
    _, house, wanted = coupon

    def carry_out(_action):
        raise PayloadChanged("code: the answer has changed")

    garbled = replace(house, open_shop=lambda _shop: SimpleNamespace(carry_out=carry_out))
    while wanted().state == "pending":
        assert send_next(garbled, wanted().next_at)
    assert (wanted().state, wanted().attempts) == ("failed", sending.ODD_ANSWERS)


def test_a_write_whose_worker_died_is_left_alone_until_it_has_settled(coupon):
    keeper, house, wanted = coupon
    claimed = datetime.now(UTC)
    with house.books.write() as unit:
        assert unit.outbox.claim(now=claimed, lease=house.settings.lease, per_shop=2).kind == "code"
    after = claimed + house.settings.lease
    assert send_next(house, after)
    assert coupons(keeper) == 0
    assert wanted().next_at >= claimed + timedelta(seconds=SETTLE)
    assert send_next(house, wanted().next_at)
    assert (wanted().state, coupons(keeper)) == ("done", 1)


@pytest.mark.parametrize(
    ("problem", "days", "ends"),
    [
        (CredentialsRevoked, 0, "pending"),
        (Frozen, 0, "pending"),
        (Unavailable, 1, "pending"),
        (Unavailable, 0, "failed"),
    ],
)
def test_an_action_outlasts_an_outage_and_a_shop_that_takes_no_calls_at_all(coupon, monkeypatch, problem, days, ends):
    _, house, wanted = coupon
    monkeypatch.setattr(sending, "PATIENCE", timedelta(days=days))

    def closed(_shop):
        raise problem("not now")

    shut = replace(house, open_shop=closed)
    for _ in range(14):
        if wanted().state == "pending":
            assert send_next(shut, wanted().next_at)
    assert wanted().state == ends
    if ends == "pending":
        # Longer with every try, up to a quarter of an hour, of which chance takes half at most.
        assert wanted().next_at > datetime.now(UTC) + timedelta(minutes=7)


@pytest.mark.parametrize("how", ["a person connects it", "the key is taken again"])
def test_what_waited_for_a_shops_key_waits_no_longer_than_a_write_takes_to_settle(coupon, how):
    keeper, house, wanted = coupon

    def refused(_shop):
        raise CredentialsRevoked("401")

    for _ in range(14):
        assert send_next(replace(house, open_shop=refused), wanted().next_at)
    assert wanted().next_at > datetime.now(UTC) + timedelta(minutes=7)
    if how == "a person connects it":
        keeper.house.desk.connect("woocommerce", keeper.address, {"consumer_key": "ck", "consumer_secret": "cs"})
    else:
        with house.books.write() as unit:
            unit.shops.save(replace(unit.shops.get(keeper.shop.id), state="reconnect"))
        up_to_date(house, keeper.shop, house.open_shop(keeper.shop))
    assert wanted().next_at <= datetime.now(UTC) + timedelta(seconds=house.settings.settle)
    assert coupons(keeper) == 0
    assert send_next(house, wanted().next_at)
    assert (wanted().state, coupons(keeper)) == ("done", 1)


def test_a_shop_that_names_a_pause_gets_it(coupon):
    _, house, wanted = coupon

    def busy(_shop):
        raise RateLimited("a moment", retry_after=500.0)

    before = datetime.now(UTC)
    assert send_next(replace(house, open_shop=busy), before)
    assert wanted().next_at >= before + timedelta(seconds=500)


def test_nothing_is_sent_to_a_shop_that_left_while_it_waited(coupon):
    _, house, wanted = coupon

    def opened(_shop):
        raise AssertionError("a shop that left was called")

    with house.books.write() as unit:
        (known,) = unit.shops.all()
        unit.shops.save(replace(known, state="uninstalled"))
    assert send_next(replace(house, open_shop=opened), datetime.now(UTC))
    assert wanted().state == "skipped"
