"""A shop with so many items that they come from one file: what left since the file was made is not counted as there."""

from connectors.shopify import items
from tests.scenarios.platforms import only


@only("shopify", because="WooCommerce makes no such files: its items are read page by page.")
def test_stock_that_left_after_the_file_was_made_is_read_again(side, monkeypatch):
    monkeypatch.setattr(items, "FEW", 1)
    monkeypatch.setattr(items, "VARIANTS", 1)
    side.shop.add_product("CUP", "Cup", "9.00", 5)
    order = side.checkout(("CUP", 3))
    side.settle()
    side.service.house.desk.sync(side.record)
    side.shop.hooks.drop = 1.0
    side.ship_all(order)
    side.service.house.desk.sync(side.record)
    assert side.api("GET", "items/CUP").json()["on_hand"] == 2
    made = [entry.name for entry in side.shop.journal.writes() if entry.name == "bulkOperationRunQuery"]
    assert len(made) <= 2, "the file that had just been made was taken up"
