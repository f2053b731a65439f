"""A cache in front of a store that leaves out what is asked for shows one page for ever: that ends, and is told."""

import pytest

from core.errors import PayloadChanged

PRODUCT = {"name": "Mug", "type": "simple", "manage_stock": False, "stock_status": "instock"}
MANY = [PRODUCT | {"id": number} for number in range(1, 101)]


@pytest.fixture
def cached(shop, order):
    """A connector whose store answers a list with one page, however it is asked."""

    def make(**pages):
        shown = {"orders": [order(id=number) for number in range(1, 101)], "products": MANY, **pages}
        asked = []

        def get_list(path, **_query):
            asked.append(path)
            assert len(asked) < 50, "it would go on for ever"
            return shown.get(path.split("/")[-1], [])

        shop._client.get_list = get_list
        return shop

    return make


def test_orders_and_products(cached):
    for ask in (
        lambda: cached().orders_changed(None),
        lambda: cached().orders_changed(None, unread=set()),
        cached().all_items,
    ):
        with pytest.raises(PayloadChanged, match="look at its caches"):
            list(ask())


def test_variations_end_their_product_alone(cached):
    product, unread = PRODUCT | {"id": 7, "type": "variable"}, set()
    shop = cached(products=[product, MANY[1]], variations=MANY)
    assert [item.platform_id for item in shop.all_items(unread=unread)] == ["2"]
    assert unread == {"7"}


def test_a_page_that_is_not_full_is_whole(cached, order):
    shop = cached(orders=[order(id=number, status="processing") for number in range(1, 100)], products=MANY[:99])
    assert (len(list(shop.orders_changed(None))), len(list(shop.all_items()))) == (99, 99)


def test_very_many_orders_of_one_second_are_all_read(shop, order):
    rows = [order(id=number, status="processing") for number in range(1, 351)]
    shop._client.get_list = lambda path, page=1, **_: rows[100 * page - 100 : 100 * page] if path == "orders" else []
    assert len(list(shop.orders_changed(None))) == 350
