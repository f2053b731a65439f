"""Units taken off, orders cancelled, money given back, on a simulated store: once, however often answers are lost."""

import json
from datetime import UTC, date, datetime, timedelta

import pytest

from connectors import woocommerce
from connectors.simulator.woocommerce import WooCommerceStore
from core.actions import Cancel, Clear, Code, Deadline, EndCode, Fulfil, Publish, Refund, Remove
from core.errors import OutcomeUnknown, Rejected, Unsupported
from core.outcomes import Already, Blocked, Done

NOW = datetime.now(UTC)
KEY = "0c8cbd5e-1b1b-4a9e-9d55-2c1b5e0d3f11"


class Store:
    def __init__(self, **settings):
        self.inner = WooCommerceStore(
            consumer_key="ck", consumer_secret="cs", now=lambda: datetime.now(UTC), **settings
        )  # fmt: skip
        self.server = self.inner.open()
        self.inner.add_product("MUG", "Mug", "10.00", 5)
        self.shop = self.open(frozenset({"fulfillments"}) if settings.get("fulfillments") else frozenset())

    def open(self, features):
        return woocommerce.open(
            origin=self.server.url, credentials={"consumer_key": "ck", "consumer_secret": "cs"}, allow_private=True,
            now=lambda: NOW, features=features, currency="USD",
        )  # fmt: skip

    def order(self, units=8, **how):
        self.id = str(self.inner.checkout([("MUG", units)], **how))
        self.line = str(self.inner.line(self.id, "MUG"))
        return self.inner.order(self.id)

    def ask(self, kind, **fields):
        given = {"restock": True, "note": "It will not come."} if kind in {Remove, Cancel, Refund} else {}
        return self.shop.carry_out(kind(order=self.id, **given | fields))

    @property
    def meta(self):
        return {entry.key: entry.value for entry in self.inner.order(self.id).meta}

    def close(self):
        self.inner.hooks.close()
        self.server.close()


@pytest.fixture
def make_store():
    made = []

    def make(**settings):
        made.append(Store(**settings))
        return made[-1]

    yield make
    for one in made:
        one.close()


@pytest.fixture
def here(make_store):
    return make_store()


@pytest.mark.parametrize(("payment", "by_gateway"), [("card", True), ("bacs", False), ("cod", False)])
def test_units_that_will_not_come_are_refunded_by_the_gateway_where_it_can(here, payment, by_gateway):
    order = here.order(payment=payment)
    assert isinstance(here.ask(Refund, units={here.line: 3}, key=KEY), Done)
    (given,) = order.refunds
    assert (str(given.amount), given.paid_back, order.status) == ("30.00", by_gateway, "processing")
    assert here.inner.stock_of("MUG") == 0
    told = [note.text for note in order.notes if "by hand" in note.text]
    assert len(told) == (payment == "bacs")
    assert isinstance(here.ask(Refund, units={here.line: 3}, key=KEY), Already)
    assert len(order.refunds) == 1


@pytest.mark.parametrize("fault", ["lost", "error", "truncated"])
def test_a_refund_with_a_lost_answer_is_given_once(here, fault):
    order = here.order(payment="card")
    here.inner.faults.add(fault, match="POST /orders")
    with pytest.raises(OutcomeUnknown):
        here.ask(Refund, units={here.line: 3}, key=KEY)
    here.ask(Refund, units={here.line: 3}, key=KEY)
    assert len(order.refunds) == 1
    assert here.inner.stock_of("MUG") == 0


def test_no_cent_stays_behind(here):
    order = here.order(3, payment="card")
    order.lines[0].total = order.lines[0].subtotal = type(order.total)("10.00")
    for key in ("a", "b", "c"):
        here.ask(Refund, units={here.line: 1}, key=key)
    assert [str(given.amount) for given in order.refunds] == ["3.33", "3.33", "3.34"]


def test_more_units_than_wait_are_not_refunded(here):
    order = here.order(payment="card")
    with pytest.raises(Rejected, match="Not so many"):
        here.ask(Refund, units={here.line: 9}, key=KEY)
    assert order.refunds == []
    here.ask(Refund, units={here.line: 3}, key="a")
    with pytest.raises(Rejected, match="Not so many"):
        here.ask(Refund, units={here.line: 6}, key=KEY)
    assert len(order.refunds) == 1


def test_a_refusal_of_the_gateway_is_final_and_not_a_doubt(here):
    order = here.order(payment="card")
    here.inner.refund(here.id, {here.line: 0}, money=False)
    order.refunds[0].amount = order.total
    with pytest.raises(Rejected) as caught:
        here.ask(Refund, units={here.line: 1}, key=KEY)
    assert not isinstance(caught.value, OutcomeUnknown)


def test_an_unpaid_order_is_cancelled_and_its_units_are_back(here):
    order = here.order(status="on-hold", payment="bacs")
    assert isinstance(here.ask(Cancel, refund=True), Done)
    assert (order.status, here.inner.stock_of("MUG"), order.refunds) == ("cancelled", 5, [])
    assert isinstance(here.ask(Cancel, refund=True), Already)
    assert sum("It will not come." in note.text for note in order.notes) == 1


@pytest.mark.parametrize("fault", [None, "lost", "truncated"])
def test_a_paid_order_is_refunded_whole_with_its_shipping(here, fault):
    order = here.order(payment="card")
    if fault:
        here.inner.faults.add(fault, match=f"POST /orders/{here.id}/refunds")
        with pytest.raises(OutcomeUnknown):
            here.ask(Cancel, refund=True)
    here.ask(Cancel, refund=True)
    assert order.status == "refunded"
    assert [(given.amount, given.paid_back) for given in order.refunds] == [(order.total, True)]
    assert here.inner.stock_of("MUG") == 5


def test_what_was_given_back_before_is_not_named_again_when_the_rest_is(here):
    order = here.order(payment="card")
    here.ask(Refund, units={here.line: 3}, key=KEY)
    here.inner.journal.clear()
    here.ask(Cancel, refund=True)
    assert sum(given.amount for given in order.refunds) == order.total
    (made,) = (entry for entry in here.inner.journal.writes() if "refunds" in entry.name)
    assert [row["id"] for row in json.loads(made.detail)["line_items"]] == [int(here.line)]


def test_an_order_of_which_a_part_has_left_or_that_is_complete_is_not_cancelled(make_store):
    here = make_store(fulfillments=True)
    order = here.order()
    here.inner.ship_part(here.id, {here.line: 5})
    assert isinstance(here.ask(Cancel, refund=False), Blocked)
    here.inner.complete(here.id)
    assert isinstance(here.ask(Cancel, refund=False), Blocked)
    assert order.status == "completed"


@pytest.mark.parametrize("version", ["10.2.4", "10.5.0"])
def test_parcels_are_read_and_made_whatever_shape_the_version_gives_its_answers(make_store, version):
    here = make_store(fulfillments=True, version=version)
    here.order()
    made = here.ask(Fulfil, shipped={here.line: 5}, reference="backorder-1")
    assert made == Done(reference=str(here.inner.order(here.id).fulfillments[0].id))
    assert here.ask(Fulfil, shipped={here.line: 5}, reference="backorder-1") == Already(reference=made.reference)
    assert [line.shipped for line in here.shop.read_order(here.id).lines] == [5]


def test_parcels_of_a_feature_that_was_switched_on_unnoticed_are_read(make_store):
    here = make_store(fulfillments=True)
    here.order()
    unaware = here.open(features=frozenset())
    assert unaware.read_order(here.id).lines[0].shipped == 0
    here.inner.ship_part(here.id, {here.line: 5})
    assert unaware.read_order(here.id) == here.shop.read_order(here.id)
    assert unaware.read_order(here.id).lines[0].shipped == 5


def test_units_are_taken_off_an_unpaid_order_with_their_money(here):
    order = here.order(status="on-hold", payment="bacs")
    assert isinstance(here.ask(Remove, left={here.line: 5}), Done)
    assert [(line.quantity, str(line.total)) for line in order.lines] == [(5, "50.00")]
    assert here.inner.stock_of("MUG") == 0
    assert isinstance(here.ask(Remove, left={here.line: 5}), Already)
    here.ask(Remove, left={here.line: 0})
    assert order.lines == []


def test_a_paid_order_is_refunded_and_not_made_smaller(here):
    order = here.order(payment="card")
    assert isinstance(here.ask(Remove, left={here.line: 5}), Blocked)
    assert order.lines[0].quantity == 8


@pytest.mark.parametrize(("kind", "more"), [(Cancel, {"refund": False}), (Remove, {"left": {}})])
def test_what_the_store_itself_puts_back_cannot_be_kept_out(here, kind, more):
    here.order(status="on-hold", payment="bacs")
    more = {"left": {here.line: 1}} if kind is Remove else more
    with pytest.raises(Rejected, match="puts the units"):
        here.ask(kind, restock=False, **more)


def test_the_expected_day_stands_in_the_metadata_while_something_waits(here):
    here.order()
    day = date(2026, 12, 4)
    assert isinstance(here.ask(Publish, ready=5, waiting=3, expected_on=day), Done)
    assert here.meta["_backorder_eta"] == "2026-12-04"
    assert isinstance(here.ask(Publish, ready=6, waiting=2, expected_on=day), Already)
    here.ask(Publish, ready=8, waiting=0, expected_on=None)
    assert "_backorder_eta" not in here.meta


def test_there_is_no_ship_by_date(here):
    here.order()
    with pytest.raises(Unsupported):
        here.ask(Deadline, lines={})


@pytest.mark.parametrize("modern", [True, False])
def test_a_parcels_tracking_goes_where_people_look_for_it(make_store, modern):
    here = make_store(fulfillments=modern)
    order = here.order()
    parcel = {"company": "Post", "number": "JD014", "url": "https://post.example.com/JD014"}
    here.ask(Fulfil, shipped={here.line: 5}, reference="backorder-1", tracking=parcel, notify_customer=True)
    if modern:
        meta = {entry.key: entry.value for entry in order.fulfillments[0].meta}
        assert (meta["_tracking_number"], meta["_shipping_provider"]) == ("JD014", "Post")
        assert meta["_tracking_url"] == parcel["url"]
    else:
        assert any("Tracking: Post JD014 https://post.example.com/JD014" in note.text for note in order.notes)


@pytest.mark.parametrize("used", [False, True])
def test_leaving_deletes_a_coupon_that_nobody_used(here, used):
    here.order()
    now = datetime.now(UTC)
    code = Code(
        order=here.id, code="sorry-1", offer="discount_code", percent=10, starts_at=now, ends_at=now + timedelta(days=9),
        title="For the wait", customer=None, email=None,
    )  # fmt: skip
    here.shop.carry_out(code)
    (coupon,) = here.inner.state.coupons.values()
    coupon.used_by += ["customer12@example.com"] * used
    if used:
        assert isinstance(here.ask(EndCode, code="sorry-1"), Blocked)
    outcome = here.ask(Clear, codes=("sorry-1", "never-made"))
    assert isinstance(outcome, Already if used else Done)
    assert list(here.inner.state.coupons) == [coupon.id] * used


def test_a_code_of_the_merchants_own_is_never_deleted(here):
    here.order()
    here.shop._client.post("coupons", {"code": "sorry-1", "discount_type": "percent", "amount": "5"})
    assert here.ask(Clear, codes=("sorry-1",)) == Already()
