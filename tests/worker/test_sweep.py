"""What no webhook tells is found by one comparison, and a large store is compared in pages, a few requests at once."""

import threading
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import count
from types import SimpleNamespace
from urllib.parse import unquote

import pytest

from connectors.woocommerce.marks import READY, TAGS, WAITING
from core.errors import PayloadChanged, Unavailable
from core.planning import replanning, wake_ups
from worker import progress, reconcile


def compare(keeper):
    with keeper.house.books.read() as unit:
        shop = unit.shops.get(keeper.shop.id)
    report = keeper.house.desk.sync(shop)
    keeper.rest()
    return report


def item(keeper, sku="MUG"):
    with keeper.house.books.read() as unit:
        return unit.items.get(keeper.shop.id, sku)


@pytest.fixture
def deaf(keeper):
    """A store whose webhooks never arrive, with one order for more mugs than there are."""
    keeper.waiting = str(keeper.store.checkout([("MUG", 8)], payment="card"))
    keeper.rest()
    keeper.store.hooks.drop = 1.0
    return keeper


def test_an_order_deleted_for_good(deaf):
    deaf.store.force_delete(deaf.waiting)
    assert compare(deaf).orders == (deaf.waiting,)
    assert deaf.order(deaf.waiting).snapshot.status == "gone"


def test_an_order_that_is_as_it_was_is_not_written_again(deaf):
    compare(deaf)
    before = deaf.order(deaf.waiting)
    assert compare(deaf).orders == ()
    assert deaf.order(deaf.waiting) == before, "not even the moment of the read"


@pytest.mark.parametrize("listed", ["orders_changed", "all_items"])
def test_a_shop_that_lists_without_end_is_given_up_and_named(deaf, monkeypatch, listed):
    opened = deaf.house.open_shop(deaf.shop)
    (one,) = getattr(opened, listed)(*[None] * (listed == "orders_changed"), unread=set())

    def endless(*_given, **_named):
        yield from (replace(one, platform_id=str(number)) for number in count(10**6))

    monkeypatch.setattr(type(opened), listed, endless)
    monkeypatch.setattr(reconcile, "MOST", 300)
    with pytest.raises(PayloadChanged, match="more than 300 of them, or does not come to an end"):
        reconcile.reconcile(deaf.house, deaf.shop, opened)


def test_an_order_brought_back_from_the_trash(deaf):
    deaf.store.trash(deaf.waiting)
    assert compare(deaf).orders == (deaf.waiting,)
    assert deaf.order(deaf.waiting).snapshot.status == "cancelled"
    deaf.store.untrash(deaf.waiting)
    assert compare(deaf).orders == (deaf.waiting,)
    assert deaf.order(deaf.waiting).plan.backordered == 3


def test_an_order_whose_end_only_the_workers_own_comparison_finds_loses_our_marks(deaf):
    marks = {"_backorder_tags", "_backorder_waiting", "_backorder_eta"}
    assert marks & {meta.key for meta in deaf.store.order(deaf.waiting).meta}
    deaf.store.set_status(deaf.waiting, "cancelled")
    deaf.queue("backorder/sync")
    assert deaf.order(deaf.waiting).snapshot.status == "cancelled"
    assert not marks & {meta.key for meta in deaf.store.order(deaf.waiting).meta}


def test_an_order_that_ends_between_our_hold_and_our_tags_keeps_no_word_that_units_wait(keeper):
    order = keeper.store.checkout([("MUG", 8)], payment="card")
    keeper.store.hooks.flush()
    while keeper.hands.take_in():
        pass
    assert keeper.hands.send()
    keeper.store.complete(order)
    notes = len(keeper.store.order(order).notes)
    keeper.rest()
    assert not [
        meta.key for meta in keeper.store.order(order).meta if meta.key in {WAITING, READY, TAGS} and meta.value
    ]
    assert len(keeper.store.order(order).notes) == notes, "whoever sent it needs no word of that"


def test_a_refund_that_was_deleted(deaf):
    line = deaf.store.line(deaf.waiting, "MUG")
    deaf.store.refund(deaf.waiting, {line: 2}, restock=False)
    compare(deaf)
    assert deaf.order(deaf.waiting).snapshot.lines[0].refunded == 2
    deaf.store.order(deaf.waiting).refunds.clear()
    assert compare(deaf).orders == (deaf.waiting,)
    assert deaf.order(deaf.waiting).snapshot.lines[0].refunded == 0
    assert deaf.order(deaf.waiting).plan.backordered == 3


def test_an_item_that_is_as_it_was_is_not_written_again_and_one_that_lost_its_sku_gets_it_back(deaf):
    deaf.store.add_product("CUP", "Cup", "10", 5)
    compare(deaf)
    before = item(deaf)
    assert compare(deaf).items == ()
    assert item(deaf) == before, "not even the moment of the read"
    with deaf.house.books.write() as unit:
        held = replace(item(deaf, "CUP").snapshot, sku="OTHER")
        unit.items.put(deaf.shop.id, held)
    compare(deaf)
    assert item(deaf, "CUP").snapshot.title == "Cup"


def test_a_comparison_plans_the_whole_shop_where_it_found_something_or_an_hour_began_there(deaf, monkeypatch):
    planned, replan = [], replanning.replan
    monkeypatch.setattr(
        replanning,
        "replan",
        lambda *told, items, **more: planned.append(items is None) or replan(*told, items=items, **more),
    )
    day = (datetime.now(UTC) + timedelta(days=1)).replace(hour=10, minute=30)
    found = []
    for minutes in (0, 15, 29, 31, 32):
        object.__setattr__(deaf.house, "now", lambda at=day + timedelta(minutes=minutes): at)
        if minutes == 15:
            deaf.store.set_stock("MUG", -2)
        planned.clear()
        deaf.queue(wake_ups.COMPARE)
        found.append(any(planned))
    assert found == [True, True, False, True, False]


def test_stock_that_somebody_typed_in(deaf):
    deaf.store.set_stock("MUG", 0)  # 8 are promised, so 8 are there
    report = compare(deaf)
    assert (report.orders, report.items) == ((), (item(deaf).snapshot.platform_id,))
    assert deaf.order(deaf.waiting).plan.backordered == 0


def test_a_product_deleted_for_good(deaf):
    deaf.store.delete_product("MUG")
    compare(deaf)
    assert item(deaf).snapshot.gone
    assert compare(deaf).items == ()


def test_an_order_in_the_status_of_a_plugin_that_went_away(keeper_of):
    keeper = keeper_of(custom_statuses=("packing",))
    keeper.store.add_product("MUG", "Mug", "10", 5)
    keeper.connect()
    order = str(keeper.store.checkout([("MUG", 8)]))
    keeper.store.set_status(order, "packing")
    keeper.rest()
    keeper.store.state.custom_statuses.clear()
    assert compare(keeper).orders == ()
    assert keeper.order(order).snapshot.status == "open"
    keeper.store.hooks.drop = 1.0
    keeper.store.refund(order, {keeper.store.line(order, "MUG"): 4})
    assert compare(keeper).orders == (order,)
    assert keeper.order(order).snapshot.lines[0].refunded == 4


def test_a_comparison_that_finds_nothing_writes_nothing(deaf):
    before = len(deaf.writes())
    for _ in range(2):
        report = compare(deaf)
        assert (report.orders, report.items, report.webhooks) == ((), (), ())
    assert len(deaf.writes()) == before


def test_changes_of_one_second_are_not_lost_between_two_comparisons(deaf):
    """The store's clock has whole seconds: what changed in the second of the last comparison is looked at again."""
    compare(deaf)
    orders = [str(deaf.store.checkout([("MUG", 1)])) for _ in range(5)]
    assert set(compare(deaf).orders) == set(orders)


def test_a_change_that_shows_in_the_list_only_after_a_later_one_is_found(deaf):
    """A slow transaction of the store: the change bears its own moment and comes to light after the comparison."""
    done = str(deaf.store.checkout([("MUG", 1)]))
    deaf.store.complete(done)
    compare(deaf)
    before = deaf.store.order(done).modified
    deaf.store.restock("MUG", 1)
    deaf.store.order(deaf.waiting).modified = before + timedelta(seconds=90)
    compare(deaf)
    deaf.store.refund(done, {deaf.store.line(done, "MUG"): 1})
    deaf.store.order(done).modified = before + timedelta(seconds=30)
    assert done in compare(deaf).orders


def test_a_large_store_is_read_in_pages_with_few_requests_at_once(keeper, monkeypatch):
    """600 open orders, 30 of them with a refund: 6 pages and 30 single reads, never more than four at once."""
    store, busy, most, lock, several = keeper.store, 0, 0, threading.Lock(), threading.Event()
    store.hooks.drop = 1.0
    store.restock("MUG", 5000)
    orders = [store.checkout([("MUG", 2)]) for _ in range(600)]
    for order in orders[::20]:
        store.refund(order, {store.line(order, "MUG"): 1})
    told = []
    monkeypatch.setattr(progress, "_tell", lambda house, shop, read: told.append(read))
    answer = store.wsgi._rest

    def watched(request, path):
        nonlocal busy, most
        with lock:
            busy += 1
            most = max(most, busy)
        if busy > 1:
            several.set()
        try:
            if path.endswith("/refunds"):
                several.wait(30)  # so that several are seen at once, if there are several
            return answer(request, path)
        finally:
            with lock:
                busy -= 1

    store.wsgi._rest = watched
    store.journal.clear()
    report = compare(keeper)
    assert len(report.orders) == 600
    names = [entry.name for entry in store.journal.entries()]
    assert sum(name.endswith("/refunds") for name in names) <= 2 * 30
    assert sum(name == "GET /orders" for name in names) <= 20
    assert 1 < most <= 4
    assert told[-1] is None
    assert len(told) >= 4


def test_a_comparison_that_is_cut_off_tells_no_progress_any_more_and_is_done_again(deaf, monkeypatch):
    monkeypatch.setattr(progress, "STEP", 1)
    order = str(deaf.store.checkout([("MUG", 1)]))
    deaf.store.faults.add("error", match="GET /products", times=3)
    with pytest.raises(Unavailable):
        compare(deaf)
    with deaf.house.books.read() as unit:
        assert unit.shops.get(deaf.shop.id).orders_read is None
    assert compare(deaf).orders == (order,)


def test_a_first_comparison_lets_others_write_between_its_portions(keeper, monkeypatch):
    orders = {str(keeper.store.checkout([("MUG", 2)])) for _ in range(5)}
    with keeper.house.books.write() as unit:
        shop = unit.shops.get(keeper.shop.id)
        unit.shops.save(replace(shop, synced_at=None, sync_cursor=None))
    found = []

    def others_write(_):
        with keeper.house.books.write() as unit:
            unit.clockwork.beat("another", now=datetime.now(UTC))
            found.append((len(unit.orders.open_all(shop.id)), unit.shops.get(shop.id).synced_at))

    monkeypatch.setattr(reconcile, "AT_ONCE", 2)
    monkeypatch.setattr(reconcile, "time", SimpleNamespace(sleep=others_write))
    with keeper.house.books.read() as unit:
        connector = keeper.house.open_shop(unit.shops.get(shop.id))
    report = reconcile.reconcile(keeper.house, replace(shop, synced_at=None), connector, alone=True)
    assert set(report.orders) == orders
    assert [number for number, _ in found][-2:] == [2, 4]
    assert {synced for _, synced in found} == {None}
    assert reconcile.reconcile(keeper.house, shop, connector, alone=True).orders == ()


def test_time_is_told_to_the_store_in_utc(deaf):
    with deaf.house.books.read() as unit:
        # The store leaves out the second that it is told.
        since = unit.shops.get(deaf.shop.id).sync_cursor - reconcile.OVERLAP - timedelta(seconds=1)
    deaf.store.journal.clear()
    compare(deaf)
    asked = [unquote(entry.detail) for entry in deaf.store.journal.entries() if "modified_after" in entry.detail]
    assert asked
    assert all("dates_are_gmt=true" in detail for detail in asked)
    assert all(f"modified_after={since:%Y-%m-%dT%H:%M:%S}" in detail for detail in asked)
