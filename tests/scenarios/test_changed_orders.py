"""Orders that change after they were planned: edits, refunds, cancellations."""


def short_order(side, units=8):
    order = side.checkout(("MUG", units))
    side.settle()
    return order


def state(side, order):
    """Units open, backordered and free to leave; and what stands in the shop."""
    line = side.order(order)["lines"][0]
    held = sum(side.held_outside(order).values())
    return line["open"], line["backordered"], line["release_now"], held


def test_an_order_that_grows_waits_for_more(side):
    order = short_order(side, 4)
    assert state(side, order) == (4, 0, 4, 0)
    side.edit(order, "MUG", 9)
    side.settle()
    assert state(side, order) == (9, 4, 5, 4)


def test_an_order_that_shrinks_lets_go_of_what_waits(side):
    order = short_order(side, 8)
    assert state(side, order) == (8, 3, 5, 3)
    side.edit(order, "MUG", 6)
    side.settle()
    assert state(side, order) == (6, 1, 5, 1)
    side.edit(order, "MUG", 5)
    side.settle()
    assert state(side, order) == (5, 0, 5, 0)
    assert side.tags_outside(order) == set()


def test_units_refunded_before_they_shipped_go_to_the_next_order(side):
    first, second = short_order(side, 5), short_order(side, 2)
    assert state(side, second) == (2, 2, 0, 2)
    side.refund(first, "MUG", 1)
    side.settle()
    assert state(side, first) == (4, 0, 4, 0)
    assert state(side, second) == (2, 1, 1, 1)


def test_cutting_what_is_backordered_makes_no_stock(side):
    first, second = short_order(side, 8), short_order(side, 2)
    side.refund(first, "MUG", 2)
    side.settle()
    assert state(side, first) == (6, 1, 5, 1)
    assert state(side, second) == (2, 2, 0, 2)


def test_units_refunded_without_restock_are_no_stock_for_others(side):
    first, second = short_order(side, 5), short_order(side, 2)
    side.refund_without_restock(first, "MUG", 1)
    side.settle()
    assert state(side, first)[0] == 4
    assert state(side, second) == (2, 2, 0, 2)


def test_a_cancelled_order_frees_its_units_and_is_only_untagged(side):
    first, second = short_order(side, 8), short_order(side, 4)
    assert state(side, second) == (4, 4, 0, 4)
    side.cancel(first)
    side.settle()
    assert side.order(first)["state"] == "cancelled"
    assert side.tags_outside(first) == set()
    assert state(side, second) == (4, 0, 4, 0)
    assert {action["state"] for action in side.order(first)["actions"]} <= {"done", "skipped"}
