"""Items: physical stock by location, sold beyond it or not, in the shop's own money."""

import pytest

from core.errors import PayloadChanged
from core.snapshots import StockSnapshot

MUGS = {"id": 7, "title": "Mug", "productType": "Drinkware", "category": {"fullName": "Home > Kitchen > Mugs"}}
MONEY = {"id": "gid://shopify/Shop/1", "currencyCode": "EUR"}


def level(location, on_hand, *, active=True):
    quantities = [] if on_hand is None else [{"name": "on_hand", "quantity": on_hand}]
    return {
        "id": f"gid://shopify/InventoryLevel/{location}?inventory_item_id=911",
        "isActive": active,
        "location": {"id": f"gid://shopify/Location/{location}"},
        "quantities": quantities,
    }


def variant(number, **changes):
    return {
        "id": f"gid://shopify/ProductVariant/{number}",
        "title": "Blue",
        "price": "12.50",
        "inventoryPolicy": "CONTINUE",
        "product": {"id": "gid://shopify/Product/1", "title": "Mug"},
        **changes,
    }


@pytest.fixture
def item(node):
    def make(number, *levels, variants=None, **changes):
        return {
            "id": node.gid("InventoryItem", number),
            "sku": f"MUG-{number}",
            "tracked": True,
            "inventoryLevels": node.page(*levels),
            **({"variants": {"nodes": variants}} if variants is not None else {}),
            **changes,
        }

    return make


def test_an_item_has_its_physical_stock_by_location(shop, connector, item):
    told = item(911, level(5, 7), level(6, -2), level(8, 4, active=False), level(9, None), variants=[variant(511)])
    shop.answer("StockItemById", {"shop": MONEY, "inventoryItem": told})
    (seen,) = connector.read_items(["911"])
    assert seen.stock == (StockSnapshot(location="5", quantity=7), StockSnapshot(location="6", quantity=-2))
    assert (seen.platform_id, seen.sku, seen.title) == ("911", "MUG-911", "Mug - Blue")
    assert (seen.tracked, seen.backorder, seen.unit_price, seen.gone) == (True, "allow", 1250, False)
    assert not seen.excludes_reserved


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"inventoryPolicy": "DENY"}, {"backorder": "deny"}),
        ({"title": "Default Title"}, {"title": "Mug"}),
        ({"product": {"id": 1, "title": ""}, "title": ""}, {"title": "MUG-911", "family": "1", "kinds": ()}),
        ({"product": None}, {"family": "", "kinds": None}),
        ({"product": MUGS}, {"family": "7", "kinds": ("Drinkware", "Mugs")}),
        ({"product": {**MUGS, "productType": "Mugs"}}, {"kinds": ("Mugs",)}),
        ({"selectedOptions": [{"name": "Colour", "value": "Red"}]}, {"options": (("Colour", "Red"),)}),
        ({"selectedOptions": [{"name": "Title", "value": "Default Title"}]}, {"options": ()}),
        ({"price": None}, {"unit_price": None}),
    ],
)
def test_how_a_variant_is_sold(shop, connector, item, changes, expected):
    shop.answer("StockItemById", {"shop": MONEY, "inventoryItem": item(911, variants=[variant(511, **changes)])})
    (seen,) = connector.read_items(["911"])
    assert {name: getattr(seen, name) for name in expected} == expected


def test_an_item_without_a_variant_or_sku_is_still_an_item(shop, connector, item):
    shop.answer("StockItemById", {"shop": MONEY, "inventoryItem": item(911, variants=[], sku="", tracked=False)})
    (seen,) = connector.read_items(["911"])
    assert (seen.sku, seen.title, seen.tracked, seen.unit_price) == (None, "911", False, None)


def test_an_unknown_item_is_gone_and_each_is_asked_for_once(shop, connector):
    shop.answer("StockItemById", {"shop": MONEY, "inventoryItem": None})
    (seen,) = connector.read_items(["404", "404"])
    assert (seen.platform_id, seen.gone, seen.stock) == ("404", True, ())


def test_many_locations_are_read_to_the_end(shop, connector, node, item):
    told = item(911, variants=[variant(511)])
    told["inventoryLevels"] = node.page(level(5, 1), more="V1")
    shop.answer("StockItemById", {"shop": MONEY, "inventoryItem": told})
    shop.answer("ItemLevels", {"inventoryItem": {"id": told["id"], "inventoryLevels": node.page(level(6, 2))}})
    (seen,) = connector.read_items(["911"])
    assert [stock.quantity for stock in seen.stock] == [1, 2]


def test_every_item_of_the_shop_is_listed_once(shop, connector, node, item):
    shop.answer(
        "Variants",
        {
            "shop": MONEY,
            "productVariants": node.page({**variant(1), "inventoryItem": item(911, level(5, 3))}, more="C1"),
        },
        {
            "shop": MONEY,
            "productVariants": node.page(
                {**variant(2), "inventoryItem": item(911, level(5, 3))}, {**variant(3), "inventoryItem": item(912)}
            ),
        },
    )
    seen = list(connector.all_items())
    assert [one.platform_id for one in seen] == ["911", "912"]
    assert seen[0].stock == (StockSnapshot(location="5", quantity=3),)
    assert [asked["after"] for asked in shop.asked("Variants")] == [None, "C1"]


def test_an_item_in_the_list_that_cannot_be_read_is_left_out_where_such_are_asked_for(shop, connector, node, item):
    odd = {"id": node.gid("ProductVariant", 1), "inventoryItem": {"id": node.gid("InventoryItem", 911)}}
    told = {"shop": MONEY, "productVariants": node.page(odd, {**variant(3), "inventoryItem": item(912)})}
    shop.answer("Variants", told, told)
    with pytest.raises(PayloadChanged, match="item 911"):
        list(connector.all_items())
    unread = set()
    assert [one.platform_id for one in connector.all_items(unread=unread)] == ["912"]
    assert unread == {"911"}
