"""What the books could not read back, or not hold, is said to be not understood."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from connectors.well_formed import well_formed
from core.errors import PayloadChanged
from core.snapshots import Customer, ItemSnapshot, LineSnapshot, OrderSnapshot, Outside, ShopProfile, StockSnapshot

NOW = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
LINE = LineSnapshot(id="1", item="2", sku=None, title="Mug", ordered=2**31 - 1, unit_price=2**53)
ORDER = OrderSnapshot(
    platform_id="1", name="#1", placed_at=NOW, version=NOW, read_at=NOW, currency="EUR", lines=(LINE,),
    customer=Customer(name="Half a sign: \ud83d", agreed=False), merchant_tags=frozenset({"vip"}), outside=Outside(held={"1": 2}),
)  # fmt: skip
ITEM = ItemSnapshot(
    platform_id="1", sku=None, title="Mug", read_at=NOW, stock=(StockSnapshot(location="1", quantity=-3),)
)
SHOP = ShopProfile(name="Fern", currency="EUR", timezone="UTC", domain="fern.example", locations=())


@pytest.mark.parametrize("seen", [ORDER, replace(ORDER, customer=Customer()), ITEM, SHOP])
def test_what_is_as_declared_comes_back_as_it_is(seen):
    assert well_formed(seen) is seen


@pytest.mark.parametrize(
    "seen",
    [
        replace(ORDER, customer=Customer(email=1)), replace(ORDER, customer=Customer(agreed=1.5)), replace(ORDER, name={}),
        replace(ORDER, customer=Customer(email=1, name="\ud83d")), replace(ORDER, status="lost"), replace(ORDER, codes=(1,)),
        replace(ORDER, merchant_tags=frozenset({1})), replace(ORDER, outside=Outside(held={"1": "2"})), replace(ORDER, placed_at="now"),
        replace(ORDER, lines=(replace(LINE, ordered=2**31),)), replace(ORDER, lines=(replace(LINE, unit_price=2**53 + 1),)),
        replace(ORDER, lines=(replace(LINE, refunded=1.5),)), replace(ORDER, lines=(replace(LINE, title=None),)),
        replace(ITEM, kinds=(1,)), replace(ITEM, stock=(StockSnapshot(location="1", quantity=-(2**31)),)), replace(ITEM, sku=1),
        replace(SHOP, email=1), replace(SHOP, locations=(1,)),
    ],
)  # fmt: skip
def test_what_is_of_another_kind_or_without_bounds_is_not_understood(seen):
    with pytest.raises(PayloadChanged, match="another kind|without bounds"):
        well_formed(seen)
