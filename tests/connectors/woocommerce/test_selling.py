"""What stands on an item: the store's own word is looked at first, and a day for the next unit is told once."""

from datetime import date

import pytest

from core.errors import NotFound
from core.item_actions import Announce, SellOn
from core.outcomes import Already, Blocked, Done

STOP = SellOn(item="15", beyond=False, setting="notify")
TAKE = SellOn(item="15", beyond=True, setting="notify")


def product(backorders, **more):
    return {"id": 15, "type": "simple", "parent_id": 0, "manage_stock": True, "backorders": backorders} | more


@pytest.mark.parametrize(
    ("wanted", "stands", "written"),
    [(STOP, "notify", "no"), (TAKE, "no", "notify"), (STOP, "no", None), (TAKE, "notify", None)],
)
def test_it_is_written_where_it_differs(shop, store, wanted, stands, written):
    store.answers("products/15", product(stands))
    if written:
        store.answers("products/15", product(written), method="PUT", sent={"backorders": written})
    assert shop.carry_out(wanted) == (Done() if written else Already())


def test_a_variation_is_written_below_its_parent(shop, store):
    store.answers("products/15", product("notify", type="variation", parent_id=9))
    store.answers("products/9/variations/15", {"id": 15}, method="PUT", sent={"backorders": "no"})
    assert shop.carry_out(STOP) == Done()


@pytest.mark.parametrize(
    ("wanted", "stands", "more"),
    [(STOP, "yes", {}), (TAKE, "yes", {}), (STOP, "notify", {"manage_stock": False})],
    ids=["changed before we stop it", "changed since we stopped it", "not counted any more"],
)
def test_what_a_person_changed_is_left_alone(shop, store, wanted, stands, more):
    store.answers("products/15", product(stands, **more))
    assert isinstance(shop.carry_out(wanted), Blocked)


def test_only_numbers_are_asked_for(shop):
    with pytest.raises(NotFound):
        shop.carry_out(SellOn(item="../x", beyond=True, setting="yes"))


ETA = {"id": 7, "key": "_backorder_eta", "value": "2026-12-09"}
DAY = date(2026, 12, 9)


@pytest.mark.parametrize(
    ("on", "meta", "written"),
    [(DAY, [], "2026-12-09"), (DAY, [ETA], ...), (date(2026, 12, 10), [ETA], "2026-12-10"), (None, [ETA], None), (None, [], ...)],
    ids=["new", "stands", "moved", "over", "nothing stands"],
)  # fmt: skip
def test_a_day_is_written_where_it_differs(shop, store, on, meta, written):
    store.answers("products/15", product("notify", meta_data=meta))
    if written is not ...:
        sent = {"meta_data": [{"key": "_backorder_eta", "value": written}]}
        store.answers("products/15", product("notify"), method="PUT", sent=sent)
    assert shop.carry_out(Announce(item="15", expected_on=on)) == (Already() if written is ... else Done())


def test_a_product_that_is_gone_tells_nothing(shop, store):
    store.answers("products/15", {"code": "woocommerce_rest_product_invalid_id", "message": "Invalid ID."}, status=404)
    assert shop.carry_out(Announce(item="15", expected_on=None)) == Already()
    assert isinstance(shop.carry_out(Announce(item="15", expected_on=DAY)), Blocked)
