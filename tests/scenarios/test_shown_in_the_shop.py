"""What the shop's own pages can show of a wait: said once, kept true, gone when nothing waits."""

from datetime import UTC, datetime, timedelta

DAYS = [datetime.now(UTC).date() + timedelta(days=days) for days in (10, 40)]


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


def test_a_day_that_moves_is_read_by_the_shops_people(side):
    supply = {"id": "PO-1", "sku": "MUG", "ordered": 9}
    side.enter_supply("PO-1", "MUG", 9, DAYS[0])
    order = side.checkout(("MUG", 8))
    side.note(order, "please ring")
    side.settle()
    assert (named(side, order, DAYS[0]), named(side, order, DAYS[1])) == (1, 0)
    answer = side.api("PUT", "incoming/PO-1", {**supply, "eta": DAYS[1].isoformat()})
    assert answer.status_code == 200, answer.text
    side.settle()
    # A platform whose hold is only words keeps what its note said at first, as one keeps letters.
    assert (named(side, order, DAYS[0]), named(side, order, DAYS[1])) == (side.platform == "woocommerce", 1)
    before = len(side.writes())
    side.house.desk.sync(side.record)
    side.settle()
    assert len(side.writes()) == before
    side.house.desk.disconnect(side.record, erase=False)
    if side.platform == "shopify":
        assert side.notes(order) == ["please ring"]


def named(side, order, day):
    """How many notes on the order name this day."""
    return sum(f"{day}" in note for note in side.notes(order))
