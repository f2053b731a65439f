"""What a WooCommerce store tells of a deleted product: the trash, a variation alone, and one that was never known."""

from tests.worker.test_sweep import compare


def planned(keeper, order):
    """Of the order's first line: the item that it is about, units that wait; and whether a person must decide."""
    record = keeper.order(order)
    gone = any(one.code == "ITEM_GONE" for one in record.exceptions)
    return record.snapshot.lines[0].item, record.plan.lines[0].backordered, gone


def test_the_trash_counts_as_deleted_until_the_product_comes_back(keeper):
    order = keeper.store.checkout([("MUG", 8)])
    keeper.rest()
    mug, waits, _ = planned(keeper, order)
    keeper.store.trash_product("MUG")
    keeper.rest()
    assert planned(keeper, order) == (mug, waits, True)
    keeper.store.untrash_product("MUG")
    keeper.rest()
    assert planned(keeper, order) == (mug, 3, False)


def test_a_variation_deleted_alone_leaves_its_line_on_it(keeper):
    keeper.store.add_variable_product("TEE", "Shirt", "15", {"S": ("TEE-S", 1), "M": ("TEE-M", 9)})
    order = keeper.store.checkout([("TEE-S", 3)])
    keeper.rest()
    small, _, _ = planned(keeper, order)
    keeper.store.hooks.drop = 1.0
    keeper.store.delete_product("TEE-S")
    assert compare(keeper).orders == (), "its line now names the shirt alone, which is no news of the order"
    assert planned(keeper, order) == (small, 2, True)


def test_a_variation_that_was_deleted_before_we_looked_has_no_stock(keeper):
    keeper.store.add_variable_product("TEE", "Shirt", "15", {"S": ("TEE-S", 1), "M": ("TEE-M", 9)})
    keeper.rest()
    keeper.store.hooks.drop = 1.0
    order = keeper.store.checkout([("TEE-S", 3)])
    # Before the first look at the order the variation is forgotten, as after an install of ours that is new.
    keeper.store.delete_product("TEE-S")
    compare(keeper)
    assert planned(keeper, order)[1:] == (3, True)
