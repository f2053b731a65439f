"""Up to where a comparison has read: the next one begins there, so it may never be later than what was stored."""

from dataclasses import replace
from datetime import timedelta
from types import SimpleNamespace

import pytest

from core.errors import Unavailable
from core.items.item_gate import ItemGate
from core.planning.merge import merged
from core.policy.reading import merge
from core.records import ItemRecord
from core.snapshots import ShopProfile
from tests.core.shop_builders import NOW, item, line, order
from tests.core.shop_builders import shop as shop_of
from worker import reconcile
from worker.errands import Address, Errands

HOUR = timedelta(hours=1)


class Store:
    """A shop whose list of changed orders shows these."""

    def __init__(self, *seen):
        self.seen = seen

    def orders_changed(self, since, *, unread):
        del unread
        return iter(self.seen if since is None else ())

    def incoming(self):
        return None

    def all_items(self, *, unread):
        del unread
        return iter(())

    def read_items(self, ids):
        del ids
        return ()


def changed(at, status="open"):
    return replace(order(at.hour, line("mug", 1)), version=at, status=status)


@pytest.fixture
def compared(books):
    """Compare with this shop; return the cursor before and what the books keep of it afterwards."""

    def comparing(connector, cursor=None):
        house = SimpleNamespace(books=books, now=lambda: NOW + 3 * HOUR)
        with books.write() as unit:
            unit.shops.add(replace(shop_of(), sync_cursor=cursor, synced_at=NOW), {})
        try:
            with books.read() as unit:
                shop = unit.shops.get("fern")
            reconcile.reconcile(house, shop, connector)
        finally:
            with books.read() as unit:
                comparing.cursor = unit.shops.get("fern").sync_cursor
        return comparing.cursor

    return comparing


@pytest.mark.parametrize(
    ("seen", "before", "after"),
    [
        ((NOW, NOW + HOUR), None, NOW + HOUR),
        ((NOW,), NOW - HOUR, NOW),
        ((NOW - HOUR,), NOW, NOW),
        ((), NOW, NOW),
        ((), None, NOW + 3 * HOUR - timedelta(days=1)),
    ],
)
def test_the_cursor_is_the_newest_change_that_was_read_and_never_goes_back(compared, seen, before, after):
    assert compared(Store(*map(changed, seen)), before) == after


def test_an_order_that_is_gone_was_read_now_and_says_nothing_of_others_changes(compared):
    assert compared(Store(changed(NOW), changed(NOW + 2 * HOUR, "gone")), NOW - HOUR) == NOW


def test_the_cursor_stays_where_it_was_until_all_is_stored(compared, monkeypatch):
    def full(*_given, **_named):
        raise Unavailable("the disk is full")

    monkeypatch.setattr(reconcile, "store", full)
    with pytest.raises(Unavailable):
        compared(Store(changed(NOW)), NOW - HOUR)
    assert compared.cursor == NOW - HOUR


@pytest.mark.parametrize(
    ("acted", "title", "stands"),
    [(None, "Mug", True), (-HOUR, "Mug", True), (HOUR, "Mug", False), (None, "Cup", False), (-HOUR, "Cup", False)],
)
def test_an_order_is_left_out_only_where_a_read_after_our_own_write_said_the_same(acted, title, stands):
    """After our write even the same words are news: they free what else is to be done for the order."""
    known = merged(None, "fern", changed(NOW))
    known = replace(known, acted_at=acted and NOW + acted)
    seen = replace(changed(NOW), lines=(line("mug", 1, title=title),), read_at=NOW + 2 * HOUR)
    assert reconcile._stands(known, seen) is stands
    assert not reconcile._stands(None, seen)


GATE = ItemGate(state="stopped", setting="notify", since=NOW.date(), wrote_at=NOW)


@pytest.mark.parametrize(
    ("known", "said", "stands"),
    [
        ({}, {}, True), ({}, {"title": "Cup"}, False), ({}, {"gone": True}, False),
        ({"gate": GATE}, {}, False), ({"sku": "MUG-OLD"}, {}, False),
    ],
)  # fmt: skip
def test_an_item_is_left_out_only_where_it_stands_under_its_sku_and_we_wrote_nothing_to_it(known, said, stands):
    """What a person sets where we had set something else is looked for in every read."""
    record = replace(ItemRecord(shop="fern", sku="mug", snapshot=item("mug", 5)), **known)
    seen = replace(item("mug", 5, read_at=NOW + HOUR), **said)
    assert reconcile._item_stands(record, seen) is stands
    assert not reconcile._item_stands(None, seen)


SAYS = ShopProfile(
    name="Fern & Co", currency="EUR", timezone="UTC", domain="fern.example", locations=(), email="new@fern.example"
)


def test_what_a_person_sets_while_the_shop_is_on_the_line_stays(books, locked):
    """Connected again, and compared: both store the shop as it is by then, and nobody else changes it between."""

    def profile():
        with books.write() as unit:
            known = unit.shops.get("fern")
            unit.shops.save(replace(known, policy=merge(known.policy, {"mode": "observe"})))
        return SAYS

    with books.write() as unit:
        unit.shops.add(shop_of(), {})
    connector = SimpleNamespace(profile=profile, subscribe=lambda *_: (), unsubscribe=lambda *_: None)
    house = SimpleNamespace(
        books=books, settings=SimpleNamespace(external="https://backorder.example.com", settle=0.0), now=lambda: NOW,
        wake=lambda: None, open_shop=lambda _shop: connector,
    )  # fmt: skip
    where = Address(shop="fern", domain=shop_of().domain, origin=shop_of().origin)
    made = Errands(lambda: house, {"shopify": lambda _: where}, {}).connect("shopify", "fern", {})
    with books.write() as unit:
        kept = unit.shops.get("fern")
        unit.shops.save(replace(kept, policy=merge(kept.policy, {"mode": "act"})))
    assert (made.policy.mode, kept.policy.mode, kept.name) == ("observe", "observe", "Fern & Co")
    reconcile.up_to_date(house, kept, connector)
    with books.read() as unit:
        assert unit.shops.get("fern").policy.mode == "observe"
    assert locked == ["fern", "fern"]


def test_what_the_shop_says_of_itself_by_now_is_kept_its_mail_address_too(books):
    seen = SAYS
    with books.write() as unit:
        unit.shops.add(replace(shop_of(), email="old@fern.example"), {})
    connector = SimpleNamespace(profile=lambda: seen)
    assert reconcile.up_to_date(SimpleNamespace(books=books), shop_of(), connector) is connector
    with books.read() as unit:
        known = unit.shops.get("fern")
    assert (known.name, known.email) == ("Fern & Co", "new@fern.example")
