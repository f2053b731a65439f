"""Wake-ups of our own wait in the inbox, one for all who ask; and who sells us what is read from the books."""

from dataclasses import replace
from datetime import timedelta

from core.forecast.records import BuyingTerms
from core.items import suppliers
from core.planning import wake_ups
from tests.core.shop_builders import NOW, kept, shop, supply


def test_each_wake_up_waits_once():
    with kept() as made, made.books.write() as unit:
        for _ in range(2):
            wake_ups.compare(unit, "fern", at=NOW)
            wake_ups.look_at_webhooks(unit, "fern", at=NOW)
            wake_ups.replan(unit, "fern", at=NOW)
            wake_ups.replan_order(unit, "fern", "1001", at=NOW)
            wake_ups.read_order(unit, "fern", "1001", at=NOW, due=NOW)
            wake_ups.read_item(unit, "fern", "7", at=NOW)
        found, _ = unit.inbox.claim(now=NOW, lease=timedelta(minutes=1), limit=20)
    topics = [
        wake_ups.COMPARE,
        wake_ups.WEBHOOKS,
        wake_ups.REPLAN,
        wake_ups.REPLAN,
        wake_ups.READ_ORDER,
        wake_ups.READ_ITEM,
    ]
    assert sorted(row.topic for row in found) == sorted(topics)


def test_a_seller_is_known_as_set_for_the_item_before_what_comes():
    coming = [replace(supply(f"PO-{sku}", sku, 5, 3), supplier="Kiln & Co") for sku in ("mug", "cup")]
    with kept(*coming) as made, made.books.write() as unit:
        unit.planning.put_terms(BuyingTerms(shop="fern", sku="mug", supplier="Early Bird"))
        assert suppliers.sellers(unit, shop(), unit.supply.all("fern"), unit.planning.terms("fern")) == {
            "mug": "Early Bird",
            "cup": "Kiln & Co",
        }
