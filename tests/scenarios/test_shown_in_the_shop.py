"""What the shop's own pages can show of a wait: said once, kept true, gone when nothing waits."""


def shown(side, order):
    """Our fields on the order, as the shop itself has them; a platform without any shows nothing."""
    if side.platform != "shopify":
        return None
    return {key: meta.value for (_, key), meta in side.shop.state.order(order).metafields.items()}


def expect(side, order, **fields):
    assert shown(side, order) == (fields if side.platform == "shopify" else None)


def test_a_wait_is_shown_until_it_is_over(side):
    order = side.checkout(("MUG", 8))
    side.settle()
    expect(side, order, ready="5", waiting="3")
    side.shop.restock("MUG", 3)
    side.settle()
    expect(side, order)


def test_what_is_shown_is_written_once(side):
    order = side.checkout(("MUG", 8))
    side.settle()
    before = len(side.writes())
    side.house.desk.sync(side.record)
    side.settle()
    assert len(side.writes()) == before
    expect(side, order, ready="5", waiting="3")


def test_a_cancelled_order_shows_nothing_any_more(side):
    order = side.checkout(("MUG", 8))
    side.settle()
    side.cancel(order)
    side.settle()
    expect(side, order)
