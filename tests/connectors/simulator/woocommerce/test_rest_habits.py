"""Paging, dates, filters and batches: the habits that a client has to know."""

import time

import pytest
import requests

from connectors.simulator.woocommerce.authentication import signature


def ids(answer):
    assert answer.status_code == 200, answer.text
    return [row["id"] for row in answer.json()]


@pytest.fixture
def three(store, clock):
    """Orders made an hour apart, the first of them changed last."""
    made = []
    for _ in range(3):
        made.append(store.checkout([("MUG", 1)]))
        clock.advance(hours=1)
    store.set_meta(made[0], "a", "b")
    return made


def test_pages_are_numbered_and_counted(api, three):
    answer = api.get("orders", params={"per_page": 2, "page": 1})
    assert ids(answer) == [three[2], three[1]]
    assert (answer.headers["X-WP-Total"], answer.headers["X-WP-TotalPages"]) == ("3", "2")
    assert 'rel="next"' in answer.headers["Link"]
    assert "oauth_consumer_key" in answer.headers["Link"]
    assert ids(api.get("orders", params={"per_page": 2, "page": 2})) == [three[0]]
    beyond = api.get("orders", params={"per_page": 2, "page": 9})
    assert ids(beyond) == []
    assert "page=2" in beyond.headers["Link"]


@pytest.mark.parametrize(
    ("params", "name"),
    [({"per_page": 101}, "per_page"), ({"per_page": 0}, "per_page"), ({"page": 0}, "page"), ({"page": "x"}, "page")],
)
def test_pages_out_of_bounds_are_refused(api, params, name):
    answer = api.get("orders", params=params)
    assert (answer.status_code, list(answer.json()["data"]["params"])) == (400, [name])


@pytest.mark.parametrize(
    ("params", "found"),
    [
        ({"modified_after": "2026-11-23T07:00:00Z"}, [2, 1, 0]),
        ({"modified_after": "2026-11-23T07:00:00", "dates_are_gmt": "true"}, [2, 1, 0]),
        ({"modified_after": "2026-11-23T08:00:00Z"}, [2, 0]),
        ({"modified_after": "2026-11-23T03:00:00"}, [2, 0]),
        ({"modified_after": "2026-11-23T08:00:00"}, []),
        ({"modified_after": "2026-11-23T09:30:00Z"}, []),
        ({"modified_before": "2026-11-23T08:00:00Z"}, [1]),
        ({"after": "2026-11-23T07:00:00Z"}, [2, 1]),
        ({"before": "2026-11-23T07:00:00Z"}, [0]),
        ({"orderby": "modified", "order": "asc"}, [1, 2, 0]),
        ({"orderby": "id", "order": "asc"}, [0, 1, 2]),
        ({"include": "{0},{2}"}, [2, 0]),
        ({"include": "{2},{0}", "orderby": "include"}, [2, 0]),
        ({"exclude": "{1}"}, [2, 0]),
        ({"status": "on-hold"}, []),
        ({"status": "on-hold,processing"}, [2, 1, 0]),
    ],
)
def test_order_lists_are_filtered_and_sorted(api, three, params, found):
    params = {name: value.format(*three) for name, value in params.items()}
    assert ids(api.get("orders", params=params)) == [three[at] for at in found]


def test_a_date_without_zone_is_the_stores_own_time(make_store, opened, clock):
    store = make_store(timezone="+05:30")
    store.add_product("MUG", "Mug", "10.00", 3)
    order = store.checkout([("MUG", 1)])
    api = opened(store)
    assert api.get(f"orders/{order}").json()["date_created"] == "2026-11-23T12:00:00"
    assert ids(api.get("orders", params={"after": "2026-11-23T11:59:59"})) == [order]
    assert ids(api.get("orders", params={"after": "2026-11-23T12:00:00"})) == []


@pytest.mark.parametrize("params", [{"after": "yesterday"}, {"orderby": "colour"}, {"status": "no-such"}])
def test_unknown_values_in_the_query_are_refused(api, params):
    assert api.get("orders", params=params).json()["code"] == "rest_invalid_param"


def test_any_status_leaves_out_the_trash_and_lost_statuses(make_store, opened):
    store = make_store(custom_statuses=("waiting",))
    store.add_product("MUG", "Mug", "10.00", 9)
    api = opened(store)
    kept, trashed, odd = (store.checkout([("MUG", 1)]) for _ in range(3))
    store.trash(trashed)
    assert api.put(f"orders/{odd}", {"status": "waiting"}).status_code == 200
    assert ids(api.get("orders", params={"status": "any"})) == [odd, kept]
    assert ids(api.get("orders", params={"status": "any,trash"})) == [odd, kept]
    assert ids(api.get("orders", params={"status": "trash"})) == [trashed]
    store.state.custom_statuses.clear()
    assert ids(api.get("orders", params={"status": "any"})) == [kept]
    assert api.get(f"orders/{odd}").json()["status"] == "waiting"


def test_trashing_answers_with_the_old_status_and_only_once(api, store):
    order = store.checkout([("MUG", 1)])
    assert api.delete(f"orders/{order}").json()["status"] == "processing"
    assert api.delete(f"orders/{order}").status_code == 410


def test_the_product_list_has_no_variations_but_a_sku_finds_them(api, store):
    names = {store.state.products[row].sku for row in ids(api.get("products", params={"per_page": 100}))}
    assert names == {"MUG", "GUIDE", "LAMP", "SHIRT", "HAT"}
    found = api.get("products", params={"sku": "SHIRT-M,MUG,none"}).json()
    assert [(row["sku"], row["type"]) for row in found] == [("SHIRT-M", "variation"), ("MUG", "simple")]
    shirt = store.state.by_sku("SHIRT").id
    assert {row["sku"] for row in api.get(f"products/{shirt}/variations").json()} == {"SHIRT-S", "SHIRT-M"}
    assert {row["sku"] for row in api.get("variations").json()} == {"SHIRT-S", "SHIRT-M", "HAT-1"}


def test_a_batch_answers_for_each_row(api, store):
    mug, variation = store.state.by_sku("MUG").id, store.state.by_sku("SHIRT-S")
    rows = [
        {"id": mug, "stock_quantity": 7},
        {"id": 99999, "stock_quantity": 7},
        {"id": variation.id, "stock_quantity": 7},
    ]
    answer = api.post("products/batch", {"update": rows})
    assert answer.status_code == 200
    first, *others = answer.json()["update"]
    assert (first["id"], first["stock_quantity"]) == (mug, 7)
    assert [row["error"]["data"]["status"] for row in others] == [400, 400]
    assert store.stock_of("SHIRT-S") == 4
    answer = api.post(
        f"products/{variation.parent_id}/variations/batch", {"update": [{"id": variation.id, "stock_quantity": 9}]}
    )
    assert (answer.json()["update"][0]["stock_quantity"], store.stock_of("SHIRT-S")) == (9, 9)


def test_orders_are_changed_in_batches_too(api, store):
    order = store.checkout([("MUG", 2)])
    answer = api.post(
        "orders/batch", {"update": [{"id": order, "status": "cancelled"}, {"id": 88888}], "delete": [order]}
    )
    assert (answer.json()["update"][0]["status"], store.stock_of("MUG")) == ("cancelled", 3)
    assert answer.json()["update"][1]["error"]["code"] == "woocommerce_rest_shop_order_invalid_id"
    assert api.get(f"orders/{order}").status_code == 404


def test_a_body_that_is_not_json_is_refused(api):
    url = f"{api.url}/wp-json/wc/v3/orders"
    parameters = {
        "oauth_consumer_key": "ck_example",
        "oauth_timestamp": str(int(time.time())),
        "oauth_nonce": "n",
        "oauth_signature_method": "HMAC-SHA256",
    }
    made = signature("POST", url, parameters, "cs_example", "HMAC-SHA256")
    answer = requests.post(url, params={**parameters, "oauth_signature": made}, data=b"{", timeout=60)
    assert (answer.status_code, answer.json()["code"]) == (400, "rest_invalid_json")


def test_orders_are_found_by_customer_and_product(api, store):
    customer = store.add_customer("Customer 12", "customer12@example.com")
    first = store.checkout([("MUG", 1)], customer=customer)
    second = store.checkout([("SHIRT-S", 1)])
    assert ids(api.get("orders", params={"customer": customer})) == [first]
    assert ids(api.get("orders", params={"product": store.state.by_sku("SHIRT-S").id})) == [second]
    assert ids(api.get("customers", params={"email": "customer12@example.com"})) == [customer]
    assert api.get("customers/99").status_code == 404
    assert api.get("orders/statuses").json()[1] == {"slug": "pending", "name": "Pending payment"}
    assert api.get("settings/odd").status_code == 404
    assert api.get("settings/general/odd").status_code == 404
