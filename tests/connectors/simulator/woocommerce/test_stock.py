"""When units leave the stock and when they come back, as recorded step by step on a real store."""

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from connectors.simulator.woocommerce import WooCommerceStore, metadata
from connectors.simulator.woocommerce.rest import RestError
from tests.draws import examples


def reduced(store, order):
    return [metadata.value_of(line.meta, "_reduced_stock") for line in store.order(order).lines]


@pytest.mark.parametrize(
    ("path", "left"),
    [
        (["pending"], 3),
        (["processing"], -2),
        (["on-hold"], -2),
        (["completed"], -2),
        (["failed"], 3),
        (["waiting"], 3),
        (["processing", "completed"], -2),
        (["processing", "waiting"], -2),
        (["processing", "cancelled"], 3),
        (["processing", "pending"], 3),
        (["processing", "failed"], -2),
        (["processing", "refunded"], -2),
        (["processing", "cancelled", "processing"], -2),
        (["processing", "cancelled", "pending"], 3),
        (["processing", "on-hold", "processing"], -2),
        (["waiting", "completed"], -2),
    ],
)
def test_stock_follows_the_status(make_store, path, left):
    store = make_store(custom_statuses=("waiting",))
    store.add_product("MUG", "Mug", "10.00", 3)
    order = store.checkout([("MUG", 5)], status="pending")
    for status in path:
        store.set_status(order, status)
    assert store.stock_of("MUG") == left
    assert reduced(store, order) == (["5"] if left == -2 else [None])


@pytest.mark.parametrize("way", ["trash", "force_delete"])
def test_trash_and_deletion_put_nothing_back(store, way):
    order = store.checkout([("MUG", 2)])
    getattr(store, way)(order)
    assert store.stock_of("MUG") == 1


@pytest.mark.parametrize(
    ("sku", "units", "seen"),
    [
        ("MUG", 2, (1, "instock", False)),
        ("MUG", 3, (0, "onbackorder", True)),
        ("MUG", 5, (-2, "onbackorder", True)),
        ("LAMP", 5, (-3, "onbackorder", True)),
        ("GUIDE", 5, (0, "outofstock", False)),
        ("GUIDE", 500, (-495, "outofstock", False)),
        ("SHIRT-M", 2, (-1, "onbackorder", True)),
        ("HAT-1", 4, (-2, "onbackorder", True)),
    ],
)
def test_rest_orders_take_any_number(api, store, sku, units, seen):
    answer = api.post("orders", {"status": "processing", "line_items": [{"sku": sku, "quantity": units}]})
    line = answer.json()["line_items"][0]
    assert [entry["key"] for entry in line["meta_data"] if entry["key"] == "Backordered"] == []
    shown = api.get("products", params={"sku": sku}).json()[0]
    assert (shown["stock_quantity"], shown["stock_status"], shown["backordered"]) == seen


@pytest.mark.parametrize(
    ("sku", "units", "mark"),
    [("MUG", 3, None), ("MUG", 5, "2"), ("LAMP", 5, None), ("SHIRT-M", 3, "2"), ("HAT-1", 3, "1")],
)
def test_only_the_storefront_marks_backordered_units_and_only_where_it_says_so(store, sku, units, mark):
    order = store.checkout([(sku, units)])
    assert metadata.value_of(store.order(order).lines[0].meta, "Backordered") == mark


def test_the_mark_counts_from_zero_when_stock_is_negative_already(store):
    store.checkout([("MUG", 5)])
    order = store.checkout([("MUG", 2)])
    assert metadata.value_of(store.order(order).lines[0].meta, "Backordered") == "2"


def test_the_storefront_refuses_more_than_there_is_where_backorders_are_off(store):
    with pytest.raises(RestError) as refused:
        store.checkout([("GUIDE", 6)])
    assert (refused.value.status, refused.value.code) == (400, "woocommerce_rest_product_partially_out_of_stock")
    assert store.state.orders == {}


def test_stock_that_nobody_counts_stays_null(api, store):
    store.add_product("LOOSE", "Loose", "1.00", None, manage_stock=False, stock_status="onbackorder")
    order = store.checkout([("LOOSE", 4)])
    seen = api.get("products", params={"sku": "LOOSE"}).json()[0]
    names = ("manage_stock", "stock_quantity", "stock_status", "backordered", "backorders")
    assert [seen[name] for name in names] == [False, None, "onbackorder", True, "no"]
    assert reduced(store, order) == [None]


@pytest.mark.parametrize(
    ("quantity", "left", "mark"), [(8, -5, "8"), (5, -2, "5"), (2, 1, "2"), ("4", -1, "4"), (0, 3, None)]
)
def test_a_put_of_a_quantity_moves_stock_but_not_the_total(api, store, quantity, left, mark):
    order = store.checkout([("MUG", 5), ("LAMP", 1)])
    line = store.line(order, "MUG")
    seen = api.put(f"orders/{order}", {"line_items": [{"id": line, "quantity": quantity}]}).json()
    assert store.stock_of("MUG") == left
    kept = [item for item in seen["line_items"] if item["id"] == line]
    assert [item["total"] for item in kept] == ([] if mark is None else ["50.00"])
    assert reduced(store, order) == ([mark, "1"] if mark else ["1"])


def test_a_line_without_product_is_removed_and_restocked(api, store):
    order = store.checkout([("MUG", 2), ("LAMP", 1)])
    line = store.line(order, "MUG")
    seen = api.put(f"orders/{order}", {"line_items": [{"id": line, "product_id": None}]}).json()
    assert [item["sku"] for item in seen["line_items"]] == ["LAMP"]
    assert store.stock_of("MUG") == 3


def test_a_pending_order_edits_no_stock(api, store):
    order = store.checkout([("MUG", 2)], status="pending")
    api.put(f"orders/{order}", {"line_items": [{"id": store.line(order, "MUG"), "quantity": 9}]})
    assert store.stock_of("MUG") == 3


def test_a_quantity_must_be_whole(api, store):
    order = store.checkout([("MUG", 2)])
    answer = api.put(f"orders/{order}", {"line_items": [{"id": store.line(order, "MUG"), "quantity": 1.5}]})
    assert (answer.status_code, answer.json()["code"]) == (400, "rest_invalid_param")


def test_an_unknown_product_makes_a_line_for_product_0(api, store):
    answer = api.post("orders", {"line_items": [{"product_id": 4711, "quantity": 2}]})
    assert answer.status_code == 201
    assert (answer.json()["line_items"][0]["product_id"], answer.json()["line_items"][0]["sku"]) == (0, None)


@pytest.mark.parametrize(("restock", "left", "marks"), [(True, 1, ("2", "3")), (False, -2, ("5", None))])
def test_a_refund_restocks_unless_told_not_to(store, restock, left, marks):
    order = store.checkout([("MUG", 5)])
    store.refund(order, {store.line(order, "MUG"): 3}, restock=restock)
    line = store.order(order).lines[0]
    assert store.stock_of("MUG") == left
    seen = tuple(metadata.value_of(line.meta, key) for key in ("_reduced_stock", "_restock_refunded_items"))
    assert (seen, line.quantity) == (marks, 5)


def test_units_refunded_are_not_compared_with_units_ordered(api, store):
    order = store.checkout([("MUG", 5)], payment="cod")
    body = {"api_refund": False, "amount": "1.00", "line_items": [{"id": store.line(order, "MUG"), "quantity": 50}]}
    assert api.post(f"orders/{order}/refunds", body).status_code == 201
    assert store.stock_of("MUG") == 48


def test_a_full_refund_closes_the_order_and_a_status_refunds_money_alone(api, store):
    first, second = store.checkout([("LAMP", 1)]), store.checkout([("LAMP", 1)])
    api.post(f"orders/{first}/refunds", {"amount": "30.50", "api_refund": False})
    assert api.get(f"orders/{first}").json()["status"] == "refunded"
    store.set_status(second, "refunded")
    refund = api.get(f"orders/{second}/refunds").json()[0]
    assert (refund["amount"], refund["line_items"]) == ("30.50", [])
    assert store.stock_of("LAMP") == 0


def test_inventory_delta_is_relative_and_stock_quantity_absolute(api, store):
    mug, shirt = store.state.by_sku("MUG"), store.state.by_sku("SHIRT-S")
    api.put(f"products/{mug.id}", {"inventory_delta": -5})
    api.put(f"products/{shirt.parent_id}/variations/{shirt.id}", {"inventory_delta": 2})
    assert (store.stock_of("MUG"), store.stock_of("SHIRT-S")) == (-2, 6)
    api.put(f"products/{mug.id}", {"stock_quantity": 20})
    assert (store.stock_of("MUG"), mug.stock_status) == (20, "instock")


def test_staff_move_stock_on_the_one_who_counts_it(store):
    store.checkout([("HAT-1", 3)])
    assert store.restock("HAT-1", 5) == 4
    store.set_stock("HAT-1", 9)
    assert store.state.by_sku("HAT").stock == 9


def test_an_edited_line_follows_its_price_for_staff(store):
    order = store.checkout([("MUG", 5)])
    store.edit_line(order, store.line(order, "MUG"), 2)
    assert (store.order(order).lines[0].total, store.stock_of("MUG")) == (20, 1)


STEPS = st.one_of(
    st.sampled_from(["processing", "pending", "cancelled", "on-hold", "completed", "failed"]),
    st.integers(min_value=1, max_value=9),
    st.just("refund"),
)


@examples(60)
@given(steps=st.lists(STEPS, max_size=8))
def test_stock_and_what_lines_took_always_add_up(steps):
    store = WooCommerceStore(consumer_key="k", consumer_secret="s", now=lambda: datetime(2026, 11, 23, tzinfo=UTC))
    store.add_product("MUG", "Mug", "10.00", 20)
    order = store.checkout([("MUG", 4)], status="pending")
    line = store.line(order, "MUG")
    for step in steps:
        if isinstance(step, int):
            before = store.order(order).lines[0].quantity
            in_stock_statuses = store.order(order).status in {"processing", "completed", "on-hold"}
            if in_stock_statuses or before == step:
                store.edit_line(order, line, step)
        elif step == "refund":
            if metadata.units_of(store.order(order).lines[0].meta, "_reduced_stock") > 0:
                store.refund(order, {line: 1}, money=False)
        else:
            store.set_status(order, step)
        taken = metadata.units_of(store.order(order).lines[0].meta, "_reduced_stock")
        assert store.stock_of("MUG") + taken == 20
