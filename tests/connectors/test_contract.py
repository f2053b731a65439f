"""What every connector promises, asked of both alike over real HTTP: the same words in, the same order out."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from types import MappingProxyType

import pytest

from connectors import woocommerce
from connectors.shopify.connector import open_shop
from connectors.simulator.serving import serve
from connectors.simulator.shopify import ShopifyShop
from connectors.simulator.woocommerce import WooCommerceStore
from core.actions import Code, Fulfil, Hold, Note, Release, Substitute, Tag, Untag
from core.capabilities import Capability
from core.errors import Rejected
from core.outcomes import Already, Done

NOW = datetime.now(UTC)
EMAIL = "customer12@example.com"


class Shopify:
    cups = MappingProxyType({"kind": "Cups & mugs"})

    def __init__(self):
        self.shop = ShopifyShop(
            domain="fern.myshopify.com", access_token="token", client_id="app", client_secret="secret", now=lambda: NOW,
        )  # fmt: skip
        self.shop.bucket.set(10_000)
        self.server = serve(self.shop.wsgi)
        self.connector = open_shop(
            domain=self.shop.domain, origin=f"{self.server.url}/{self.shop.domain}", api_version="2026-10",
            credentials={"grant": "token", "access_token": "token"}, keep=lambda renewed: None, now=lambda: NOW,
        )  # fmt: skip

    def notes(self):
        return [self.shop.state.order(self.order).note or ""]

    def terms(self):
        (row,) = self.shop.state.discounts.values()
        off = row.amount if row.amount is not None else None if row.percent is None else f"{row.percent:.0%}"
        return off, row.minimum, row.combines, row.usage_limit

    def money(self):
        """What the order costs now, and what was given back of it."""
        row = self.shop.state.order(self.order)
        return row.total(), sum(made.amount for made in row.refunds)


class WooCommerce:
    cups = MappingProxyType({"categories": ("Cups & mugs",)})

    def __init__(self):
        self.shop = WooCommerceStore(consumer_key="ck", consumer_secret="cs", now=lambda: NOW, fulfillments=True)
        self.server = self.shop.open()
        self.connector = woocommerce.open(
            origin=self.server.url, credentials={"consumer_key": "ck", "consumer_secret": "cs"}, allow_private=True,
            now=lambda: NOW, features=frozenset({"fulfillments"}), currency="USD",
        )  # fmt: skip

    def notes(self):
        return [note.text for note in self.shop.order(self.order).notes]

    def terms(self):
        (coupon,) = self.shop.state.coupons.values()
        shown = coupon.fields
        amount = Decimal(shown["amount"])
        off = None if shown["free_shipping"] else f"{amount:.0f}%" if shown["discount_type"] == "percent" else amount
        return off, Decimal(shown["minimum_amount"]), not shown["individual_use"], shown["usage_limit"]

    def money(self):
        """What the order costs now, what was given back taken off, and what that was."""
        order = self.shop.order(self.order)
        return order.total - order.refunded, order.refunded


@pytest.fixture(params=[Shopify, WooCommerce])
def side(request):
    """A shop with an order of five mugs, of which two are there, and three lamps."""
    side = request.param()
    side.shop.add_product("MUG", "Enamel mug", "12.50", 2)
    side.shop.add_product("LAMP", "Lamp", "40", 10)
    side.order = str(side.shop.checkout([("MUG", 5), ("LAMP", 3)], customer=EMAIL))
    side.mug, side.lamp = (str(side.shop.line(side.order, sku)) for sku in ("MUG", "LAMP"))
    yield side
    side.shop.hooks.close()
    side.server.close()


def seen(side):
    return side.connector.read_order(side.order)


def hold(side, held, kind=Hold):
    ready = {side.mug: 2, side.lamp: 3}
    return kind(order=side.order, held=held, ready=ready, handle=f"backorder-hold-{side.order}", note="three wait")


def code(side, **more):
    plain = Code(
        order=side.order, code="sorry-abc", offer="discount_code", percent=10, starts_at=NOW,
        ends_at=NOW + timedelta(days=9), title="For the wait", customer=None, email=EMAIL,
    )  # fmt: skip
    return replace(plain, **more)


def once(side, action):
    """Carry it out twice: it is done, then it stands there already and nothing more is written."""
    assert isinstance(side.connector.carry_out(action), Done)
    writes = len(side.shop.journal.writes())
    assert isinstance(side.connector.carry_out(action), Already)
    assert len(side.shop.journal.writes()) == writes


def test_an_order_is_read_with_its_lines_and_what_is_open(side):
    order = seen(side)
    assert (order.status, order.hold, order.outside.held, order.outside.tags) == ("open", None, {}, frozenset())
    lines = {line.sku: (line.id, line.ordered, line.open, line.unit_price) for line in order.lines}
    assert lines == {"MUG": (side.mug, 5, 5, 1250), "LAMP": (side.lamp, 3, 3, 4000)}
    assert [row.platform_id for row in side.connector.orders_changed(None)] == [side.order]


def test_physical_stock_is_the_same_however_the_platform_counts(side):
    (item,) = side.connector.read_items([line.item for line in seen(side).lines if line.sku == "MUG"])
    reserved = sum(line.reserved for line in seen(side).lines if line.sku == "MUG") if item.excludes_reserved else 0
    assert (item.tracked, item.backorder, sum(row.quantity for row in item.stock) + reserved) == (True, "allow", 2)


def test_items_tell_of_which_product_and_type_they_are(side):
    side.shop.add_product("CUP", "Cup", "9", 1, **side.cups)
    items = {item.sku: item for item in side.connector.all_items()}
    assert [items[sku].kinds for sku in ("CUP", "MUG")] == [("Cups & mugs",), ()]
    assert len({item.family for item in items.values()} - {""}) == 3
    assert [item.options for item in items.values()] == [(), (), ()]


def test_units_are_held_and_let_go(side):
    once(side, hold(side, {side.mug: 3}))
    assert seen(side).outside.held == {side.mug: 3}
    once(side, hold(side, {side.mug: 1}, Release))
    assert seen(side).outside.held == {side.mug: 1}
    once(side, hold(side, {}, Release))
    assert seen(side).outside.held == {}
    assert [line.open for line in seen(side).lines] == [5, 3]


def test_a_part_ships_and_the_rest_stays_held(side):
    side.connector.carry_out(hold(side, {side.mug: 3}))
    once(side, Fulfil(order=side.order, shipped={side.mug: 2, side.lamp: 3}, reference="backorder-1"))
    order = seen(side)
    assert {line.sku: (line.shipped, line.open) for line in order.lines} == {"MUG": (2, 3), "LAMP": (3, 0)}
    assert (order.outside.held, order.status) == ({side.mug: 3}, "open")


def test_tags_of_ours_come_and_go_alone(side):
    once(side, Tag(order=side.order, tags=("backorder-waiting", "backorder-review")))
    once(side, Untag(order=side.order, tags=("backorder-review",)))
    assert seen(side).outside.tags == {"backorder-waiting"}


def test_a_note_stands_once_follows_and_goes(side):
    before = side.notes()
    for text in ("Three mugs wait.", "Two mugs wait.", "Three mugs wait."):
        once(side, Note(order=side.order, marker="waits", text=text))
        assert [note.count("mugs wait.") for note in side.notes() if "mugs wait." in note] == [1]
        assert sum(note.count(text) for note in side.notes()) == 1
    once(side, Note(order=side.order, marker="waits", text=""))
    assert side.notes() == before


def swap(side, sku, units=3):
    """Three of the mugs, at 12.50 each, are units of something else."""
    lines = {line.id: line for line in seen(side).lines}
    item = next(item.platform_id for item in side.connector.all_items() if item.sku == sku)
    before = sum(line.open for line in lines.values() if line.item == item)
    return Substitute(
        order=side.order, line=side.mug, units=units, item=item, before=before, worth=units * 1250,
        key="5f1c9a52-7f0f-4d6e-9a35-0d6a2f3b1c11", note="Swapped by the customer.",
    )  # fmt: skip


@pytest.mark.parametrize(
    ("price", "back"), [("12.50", 0), ("9.99", Decimal("7.53")), ("19.99", 0), ("13.37", 0), ("0.01", Decimal("37.47"))]
)
def test_a_substitute_costs_no_more_and_a_cheaper_ones_difference_is_given_back(side, price, back):
    side.shop.add_product("CUP", "Cup", price, 9)
    cost, _ = side.money()
    once(side, swap(side, "CUP"))
    lines = {line.sku: line.open for line in seen(side).lines if line.open}
    assert lines == {"MUG": 2, "LAMP": 3, "CUP": 3}
    assert side.money() == (cost - back, back)


def test_a_swap_moves_the_stock_of_both(side):
    side.shop.add_product("CUP", "Cup", "12.50", 9)
    stock = {item.sku: sum(row.quantity for row in item.stock) for item in side.connector.all_items()}
    side.connector.carry_out(swap(side, "CUP", units=5))
    left = {line.sku: line for line in seen(side).lines if line.open}
    assert sorted(left) == ["CUP", "LAMP"], "nothing is left of the line"
    reserved = left["CUP"].reserved
    after = {item.sku: sum(row.quantity for row in item.stock) for item in side.connector.all_items()}
    assert (after["CUP"] + reserved, stock["CUP"]) == (9, 9)


def test_a_line_of_the_same_item_is_no_sign_that_it_was_swapped(side):
    once(side, swap(side, "LAMP"))
    assert sum(line.open for line in seen(side).lines if line.sku == "LAMP") == 6


def test_what_has_left_meanwhile_is_not_swapped(side):
    side.shop.add_product("CUP", "Cup", "12.50", 9)
    wanted = swap(side, "CUP")
    side.connector.carry_out(Fulfil(order=side.order, shipped={side.mug: 4}, reference="backorder-1"))
    with pytest.raises(Rejected, match="decide again"):
        side.connector.carry_out(wanted)
    assert sum(line.ordered for line in seen(side).lines) == 8


@pytest.mark.parametrize(
    ("asked", "stands"),
    [
        ({}, ("10%", 0, False, 1)),
        ({"amount": "7.50", "minimum": "30"}, (Decimal("7.50"), 30, False, 1)),
        ({"minimum": "12.50", "combines": True}, ("10%", Decimal("12.50"), True, 1)),
        ({"offer": "free_shipping", "amount": "7.50", "minimum": "20"}, (None, 20, False, 1)),
    ],
)
def test_a_code_has_the_terms_that_the_merchant_set(side, asked, stands):
    once(side, code(side, **asked))
    assert side.terms() == stands


def test_what_a_platform_cannot_do_it_says_beforehand(side):
    """Every capability is told, with how, so that the pages and the table never promise what is not there."""
    assert side.connector.support.keys() == set(Capability)
    assert all(support.how for support in side.connector.support.values())
