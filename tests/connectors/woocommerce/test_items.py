"""Products and variations as stock-keeping items."""

from datetime import UTC, datetime

import pytest

from connectors.woocommerce.items import stock_of, variation_title
from core.errors import PayloadChanged
from core.snapshots import StockSnapshot

NOW = datetime(2026, 11, 23, 12, 0, 0, tzinfo=UTC)
UNKNOWN = {"code": "woocommerce_rest_product_invalid_id", "message": "Invalid ID.", "data": {"status": 404}}


def store_stock(units):
    return (StockSnapshot(location="store", quantity=units),)


def product(number, **changes):
    plain = {"id": number, "name": f"Thing {number}", "type": "simple", "sku": f"T-{number}", "price": "4.50"}
    return (
        plain
        | {"manage_stock": True, "stock_quantity": number, "backorders": "notify", "stock_status": "instock"}
        | changes
    )


STOCK = [
    # manage_stock, quantity, status, backorders -> tracked, backorder, stock, orders taken out
    (True, 5, "instock", "no", True, "deny", 5, True),
    (True, 5, "instock", "notify", True, "allow", 5, True),
    (True, -7, "onbackorder", "yes", True, "allow", -7, True),
    (True, 0, "onbackorder", "notify", True, "allow", 0, True),
    (True, -493, "outofstock", "no", True, "deny", -493, True),
    (True, None, "instock", "no", True, "deny", 0, True),
    (True, 2.5, "instock", "no", True, "deny", 2, True),
    (True, "-2.5", "instock", "no", True, "deny", -3, True),
    (False, None, "instock", "no", False, "allow", None, False),
    (False, None, "outofstock", "no", True, "deny", 0, False),
    (False, None, "onbackorder", "no", True, "allow", 0, False),
    (False, None, "made-to-order", "no", False, "deny", None, False),
]


@pytest.mark.parametrize("row", STOCK)
def test_the_stock_settings_have_their_meaning(row):
    managed, quantity, status, backorders, tracked, backorder, stock, excludes = row
    found = stock_of(
        {"manage_stock": managed, "stock_quantity": quantity, "stock_status": status, "backorders": backorders}
    )
    assert found == (tracked, backorder, () if stock is None else store_stock(stock), excludes)


@pytest.mark.parametrize("quantity", [True, "many", [], {}, 10**11, "1e5", float("1e300")])
def test_a_stock_number_that_is_none_is_a_changed_payload(quantity):
    with pytest.raises(PayloadChanged):
        stock_of({"manage_stock": True, "stock_quantity": quantity})


def test_a_simple_product_is_one_item_and_one_request(store, shop, captured):
    store.answers("products/14", captured("product-simple.json"))
    (item,) = shop.read_items(["14"])
    assert (item.platform_id, item.sku, item.title, item.unit_price) == ("14", "BOOK", "Field Guide", 1800)
    assert (item.tracked, item.backorder, item.stock) == (True, "allow", store_stock(-7))
    assert item.excludes_reserved
    assert item.read_at == NOW
    assert store.paths == ["products/14"]


def test_without_the_shops_currency_there_is_no_price(store, connect, captured):
    store.answers("products/14", captured("product-simple.json"))
    assert connect(currency=None).read_items(["14"])[0].unit_price is None


def test_a_variation_with_stock_of_its_own_is_an_item(store, shop, captured):
    import json

    store.answers("products/24", json.loads(captured("product.updated-variation-stock-change-by-order.body")))
    (item,) = shop.read_items(["24"])
    assert (item.platform_id, item.sku, item.title, item.stock, item.aliases) == (
        "24",
        "SHIRT-M",
        "Shirt - M",
        store_stock(-2),
        (),
    )


def hat(captured, **changes):
    return (
        captured("product-variable.json")
        | {"id": 26, "name": "Hat", "sku": "HAT", "manage_stock": True, "stock_quantity": -2, "backorders": "notify"}
        | changes
    )


def test_variations_that_share_their_parents_stock_come_as_the_parent(store, shop, captured):
    one = captured("variation-parent-stock.json")
    two = one | {"id": 28}
    own = captured("variation.json") | {"id": 29, "parent_id": 26}
    store.answers("products", [], query={"include": "27,28", "per_page": "100"})
    store.answers("products/27", one)
    store.answers("products/28", two)
    store.answers("products/26", hat(captured))
    store.answers("products/26/variations", [one, two, own])
    (item,) = shop.read_items(["27", "28"])
    assert (item.platform_id, item.sku, item.aliases) == ("26", "HAT", ("27", "28"))
    assert (item.stock, item.excludes_reserved) == (store_stock(-2), True)


def test_a_parent_that_keeps_stock_comes_with_the_variations_that_do_not_use_it(store, shop, captured):
    own = captured("variation.json") | {"id": 29, "parent_id": 26}
    store.answers("products/26", hat(captured))
    store.answers("products/26/variations", [captured("variation-parent-stock.json"), own])
    items = {item.platform_id: item for item in shop.read_items(["26"])}
    assert items["26"].aliases == ("27",)
    assert items["29"].stock == store_stock(2)


def test_a_variable_product_without_stock_of_its_own_is_its_variations(store, shop, captured):
    store.answers("products/22", captured("product-variable.json"))
    store.answers("products/22/variations", [captured("variation.json")])
    items = {item.platform_id: item for item in shop.read_items(["22"])}
    assert items["22"].gone
    assert (items["23"].title, items["23"].sku, items["23"].gone) == ("Shirt - S", "SHIRT-S", False)


def test_a_variation_is_told_by_its_product_categories_and_attributes(store, shop, captured):
    named = [
        {"id": 16, "name": "Shirts &amp; tops", "slug": "shirts"},
        {"id": 15, "name": "-", "slug": "uncategorized"},
    ]
    store.answers("products/22", captured("product-variable.json") | {"categories": named})
    store.answers("products/22/variations", [captured("variation.json")])
    store.answers("products/23", captured("variation.json") | {"type": "variation"})
    seen = {item.platform_id: item for item in shop.read_items(["22"])}["23"]
    assert (seen.family, seen.kinds, seen.options) == ("22", ("Shirts & tops",), (("Size", "S"),))
    (alone,) = shop.read_items(["23"])
    assert (alone.family, alone.kinds, alone.options) == ("22", None, (("Size", "S"),))


@pytest.mark.parametrize(("virtual", "ships"), [((True, True), False), ((True, False), True)])
def test_what_is_virtual_ships_no_parcel_and_a_shared_stock_none_where_all_of_it_is(
    store, shop, captured, virtual, ships
):
    shared = [captured("variation-parent-stock.json") | {"id": 27 + n, "virtual": v} for n, v in enumerate(virtual)]
    store.answers("products/26", hat(captured))
    store.answers("products/26/variations", shared)
    store.answers("products/11", product(11) | {"virtual": virtual[1]})
    items = [shop.read_items([one])[0] for one in ("26", "11")]
    assert [item.ships for item in items] == [ships, not virtual[1]]


@pytest.mark.parametrize(
    ("status", "gone"), [("trash", True), ("draft", False), ("private", False), ("publish", False)]
)
def test_the_trash_alone_counts_as_deleted(store, shop, status, gone):
    store.answers("products/11", product(11) | {"status": status})
    assert shop.read_items(["11"])[0].gone is gone


def test_unknown_items_are_gone(store, shop):
    store.answers("products", [product(11)], query={"include": "11,60", "per_page": "100"})
    store.answers("products/60", UNKNOWN, status=404)
    items = {item.platform_id: item.gone for item in shop.read_items(["60", "11", "x"])}
    assert items == {"11": False, "60": True, "x": True}


def test_a_store_without_its_shop_plugin_has_not_lost_its_items(store, shop):
    from core.errors import Unavailable

    store.answers("products/60", {"code": "rest_no_route", "message": "No route"}, status=404)
    with pytest.raises(Unavailable):
        shop.read_items(["60"])


def test_many_items_are_read_a_hundred_at_a_time(store, shop):
    ids = [str(n) for n in range(1, 151)]
    ordered = sorted(ids)
    for some in (ordered[:100], ordered[100:]):
        store.answers("products", [product(int(n)) for n in some], query={"include": ",".join(some), "per_page": "100"})
    assert {item.platform_id for item in shop.read_items([*ids, *ids])} == set(ids)
    assert len(store.paths) == 2


def test_nothing_asked_for_is_nothing_asked(store, shop):
    assert shop.read_items([]) == ()


def test_every_item_comes_once_with_groups_and_plain_parents_left_out(store, shop, captured):
    page = [product(n) for n in range(101, 198)]
    page += [product(1, type="grouped"), captured("product-variable.json"), hat(captured)]
    store.answers("products", page, query={"per_page": "100", "page": "1", "orderby": "id", "order": "asc"})
    store.answers(
        "products",
        [product(500, type=[], stock_quantity=1)],
        query={"per_page": "100", "page": "2", "orderby": "id", "order": "asc"},
    )
    store.answers("products/22/variations", [captured("variation.json")])
    store.answers("products/26/variations", [captured("variation-parent-stock.json")])
    found = [item.platform_id for item in shop.all_items()]
    assert found == [*(str(n) for n in range(101, 198)), "23", "26", "500"]


@pytest.mark.parametrize(
    ("options", "title"),
    [
        (["M"], "Shirt - M"), (["X-Large"], "Shirt - X-Large"), (["M", "Red"], "Shirt - M, Red"), (["M", "Dark-Red"], "Shirt"),
        (["M", "Red", "Wool"], "Shirt"), ([], "Shirt"), ([""], "Shirt"), (["", "Red"], "Shirt - Red"),
    ],
)  # fmt: skip
def test_variations_are_named_as_the_store_names_them(options, title):
    assert variation_title({"name": "Shirt"}, {"attributes": [{"option": option} for option in options]}) == title


def test_an_empty_sku_is_none(store, shop):
    store.answers("products/3", product(3, sku="", price=""))
    (item,) = shop.read_items(["3"])
    assert (item.sku, item.unit_price) == (None, None)
