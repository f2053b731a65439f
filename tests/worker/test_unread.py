"""An order or a product in a form that nobody foresaw keeps no other from being compared, and is told of."""

from datetime import UTC, datetime, timedelta

from connectors.simulator.woocommerce import payloads
from core.errors import PayloadChanged
from core.planning import wake_ups
from tests.pages.builders import shop
from worker.unread import AT_ONCE, Unread


def waiting(keeper):
    """The topics of the reads that were tried and wait to be tried again."""
    with keeper.house.books.write() as unit:
        later = datetime.now(UTC) + timedelta(hours=1)
        deliveries, fence = unit.inbox.claim(now=later, lease=timedelta(seconds=1), limit=9)
        unit.inbox.retry(deliveries, fence, at=later, error=None, dead=False)
        return {delivery.topic: delivery.error or "" for delivery in deliveries}


def test_half_a_unit_and_a_stock_without_bounds_keep_no_other_order_from_being_compared(keeper, monkeypatch):
    store = keeper.store
    store.hooks.drop = 1.0
    lamp = store.add_product("LAMP", "Lamp", "30.00", 5)
    odd, good = (int(store.checkout([(name, 8)])) for name in ("MUG", "MUG"))
    (half,) = store.state.orders[odd].lines
    shown = payloads.line
    monkeypatch.setattr(
        payloads, "line", lambda state, one: shown(state, one) | ({"quantity": 0.5} if one is half else {})
    )
    store.state.products[lamp].stock = 10**12
    keeper.queue(wake_ups.COMPARE)
    assert keeper.order(good).plan is not None
    assert keeper.order(odd) is None
    told = waiting(keeper)
    assert set(told) == {wake_ups.READ_ORDER, wake_ups.READ_ITEM}
    assert told[wake_ups.READ_ORDER] == f"order {odd}: quantity is no whole number of units: 0.5"
    assert told[wake_ups.READ_ITEM].startswith(f"product {lamp}: ")
    # A delivery drags the product along, which keeps its order waiting no more than others.
    store.hooks.drop = 0.0
    lit = int(store.checkout([("LAMP", 2)]))
    keeper.rest()
    assert keeper.order(lit).plan is not None
    monkeypatch.undo()
    keeper.queue(wake_ups.COMPARE)
    assert keeper.order(odd) is not None


class Odd:
    """Understands what is not named odd."""

    def read_items(self, names):
        if "odd" in names:
            raise PayloadChanged("odd")
        return ()

    def read_order(self, name):
        return self.read_items([name]) or name


def test_what_lies_buried_is_not_asked_for_again_and_of_very_many_only_some(books):
    unread, at = Unread(), datetime.now(UTC)
    assert unread.read_items(Odd(), ["even", "odd"]) == {}
    assert unread.read_order(Odd(), "odd") == {}
    assert (unread.items, unread.orders) == ({"odd"}, {"odd"})
    with books.write() as unit:
        unit.shops.add(shop(), {})
        unread.ask(unit, "fern")
    with books.write() as unit:
        asked, fence = unit.inbox.claim(now=at + timedelta(minutes=1), lease=timedelta(minutes=1), limit=9)
        assert {one.topic for one in asked} == {wake_ups.READ_ORDER, wake_ups.READ_ITEM}
        unit.inbox.retry(asked, fence, at=at, error="odd", dead=True)
    unread.orders.update(str(number) for number in range(2 * AT_ONCE))
    with books.write() as unit:
        unread.ask(unit, "fern")
        assert unit.inbox.counts("fern") == {"new": AT_ONCE, "dead": 2}
