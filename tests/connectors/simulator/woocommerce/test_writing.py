"""Orders, products, coupons, notes and shipments as they are written, by clients and by people."""

import pytest

from connectors.simulator.woocommerce.rest import RestError


def ids(answer):
    assert answer.status_code == 200, answer.text
    return [row["id"] for row in answer.json()]


def test_metadata_is_changed_in_place_and_deleted_by_null(api, store):
    order = store.checkout([("MUG", 1)])

    def put(*rows):
        seen = api.put(f"orders/{order}", {"meta_data": list(rows)}).json()["meta_data"]
        return [(entry["key"], entry["value"]) for entry in seen if entry["key"] != "is_vat_exempt"]

    assert put({"key": "_a", "value": {"n": [1, None]}}, {"key": "_b", "value": "x"}) == [
        ("_a", {"n": [1, None]}),
        ("_b", "x"),
    ]
    assert put({"key": "_a", "value": "y"}) == [("_a", "y"), ("_b", "x")]
    assert put({"key": "_a", "value": None}) == [("_b", "x")]
    entry = api.get(f"orders/{order}").json()["meta_data"][-1]
    assert put({"id": entry["id"], "key": "_b", "value": 5}) == [("_b", 5)]
    assert put({"id": entry["id"], "value": None}) == []


def test_fields_trims_the_answer(api, store):
    order = store.checkout([("MUG", 1)])
    assert api.get(f"orders/{order}", params={"_fields": "id,status"}).json() == {"id": order, "status": "processing"}
    assert api.get("orders", params={"_fields": "id"}).json() == [{"id": order}]


@pytest.mark.parametrize(
    ("payment", "status", "paid"),
    [("cod", "completed", True), ("card", "processing", True), ("bacs", "processing", True)],
)
def test_a_payment_leads_to_the_status_of_its_method(api, payment, status, paid):
    body = {"payment_method": payment, "set_paid": True, "line_items": [{"sku": "MUG", "quantity": 1}]}
    seen = api.post("orders", body).json()
    assert (seen["status"], seen["date_paid"] is not None) == (status, paid)


@pytest.mark.parametrize(("payment", "paid"), [("cod", False), ("card", True)])
def test_cash_on_delivery_is_not_paid_while_processing(store, payment, paid):
    assert (store.order(store.checkout([("MUG", 1)], payment=payment)).paid is not None) is paid


def test_notes_are_listed_newest_first_with_the_stores_own_among_them(api, store):
    order = store.checkout([("MUG", 5)])
    store.complete(order)
    api.post(f"orders/{order}/notes", {"note": "Waiting", "customer_note": True})
    seen = [(note["note"], note["customer_note"]) for note in api.get(f"orders/{order}/notes").json()]
    assert seen == [
        ("Waiting", True),
        ("Order status changed from Processing to Completed.", False),
        ("Stock levels reduced: Mug (MUG) 3&rarr;-2", False),
    ]
    assert len(api.get(f"orders/{order}/notes", params={"type": "customer"}).json()) == 1
    assert api.post(f"orders/{order}/notes", {}).status_code == 400
    assert api.get("orders/999/notes").json()["code"] == "woocommerce_rest_order_invalid_id"


def test_an_expiry_in_utc_is_silently_ignored(api):
    seen = api.post("coupons", {"code": "a", "date_expires_gmt": "2027-01-31T00:00:00"}).json()
    assert (seen["date_expires"], seen["date_expires_gmt"]) == (None, None)


def test_codes_are_lower_case_unique_and_free_again_after_the_trash(api):
    made = api.post("coupons", {"code": "SORRY-9"}).json()
    assert ids(api.get("coupons", params={"code": "Sorry-9"})) == [made["id"]]
    assert ids(api.get("coupons", params={"code": "none"})) == []
    assert api.post("coupons", {"code": "sorry-9"}).status_code == 400
    assert api.delete(f"coupons/{made['id']}").status_code == 200
    assert api.post("coupons", {"code": "sorry-9"}).status_code == 201


def test_a_coupon_is_used_once_by_its_customer_only(api, store):
    fields = {"usage_limit": 1, "email_restrictions": ["customer12@example.com"], "discount_type": "percent"}
    coupon = api.post("coupons", {"code": "sorry", "amount": "10", **fields}).json()["id"]
    with pytest.raises(RestError, match="valid email"):
        store.checkout([("MUG", 1)], customer="Customer 13", coupon="sorry")
    order = store.checkout([("MUG", 3)], customer="Customer 12", coupon="SORRY")
    seen = api.get(f"orders/{order}").json()
    assert (seen["discount_total"], seen["total"], seen["coupon_lines"][0]["discount"]) == ("3.00", "32.00", "3.00")
    assert api.get(f"coupons/{coupon}").json()["used_by"] == ["customer12@example.com"]
    with pytest.raises(RestError, match="Usage limit"):
        store.checkout([("MUG", 1)], customer="Customer 12", coupon="sorry")
    store.set_status(order, "cancelled")
    assert api.get(f"coupons/{coupon}").json()["usage_count"] == 0


def test_free_shipping_and_expiry_are_honoured(api, store, clock):
    api.post("coupons", {"code": "free", "free_shipping": True, "date_expires": "2026-11-24T00:00:00"})
    order = store.checkout([("MUG", 1)], coupon="free")
    assert api.get(f"orders/{order}").json()["shipping_total"] == "0.00"
    clock.advance(days=2)
    with pytest.raises(RestError, match="expired"):
        store.checkout([("MUG", 1)], coupon="free")


def test_currency_without_decimals(make_store, opened):
    store = make_store(currency="JPY", decimals=0, timezone="Asia/Tokyo")
    store.add_product("MUG", "Mug", "1200", 3)
    api = opened(store)
    seen = api.get(f"orders/{store.checkout([('MUG', 2)])}").json()
    assert (seen["total"], seen["currency"], seen["line_items"][0]["price"]) == ("2405", "JPY", 1200)
    values = {row["id"]: row["value"] for row in api.get("settings/general").json()}
    assert (values["woocommerce_currency"], values["woocommerce_price_num_decimals"]) == ("JPY", "0")
    assert api.get("settings/general/woocommerce_currency").json()["value"] == "JPY"
    assert api.get("data/currencies/current").json()["code"] == "JPY"
    assert api.get("system_status").json()["settings"]["HPOS_enabled"] is True


def test_fulfillments_are_replaced_whole_and_never_checked(make_store, opened):
    store = make_store(fulfillments=True)
    store.add_product("MUG", "Mug", "10.00", 9)
    api = opened(store)
    order = store.checkout([("MUG", 4)])
    line = store.line(order, "MUG")

    def progress():
        entries = {entry["key"]: entry["value"] for entry in api.get(f"orders/{order}").json()["meta_data"]}
        return entries.get("_fulfillment_status"), api.get(f"orders/{order}").json()["status"]

    first = store.ship_part(order, {line: 1})
    assert progress() == ("partially_fulfilled", "processing")
    body = {"status": "fulfilled", "meta_data": [{"key": "_items", "value": [{"item_id": line, "qty": 50}]}]}
    seen = api.put(f"orders/{order}/fulfillments/{first}", body).json()
    assert [entry["key"] for entry in seen["meta_data"]] == ["_items", "_date_fulfilled"]
    assert progress() == ("fulfilled", "processing")
    draft = api.post(
        f"orders/{order}/fulfillments",
        {"status": "odd", "meta_data": [{"key": "_items", "value": [{"item_id": 1, "qty": 1}]}]},
    )
    assert (draft.status_code, draft.json()["status"], progress()[0]) == (201, "unfulfilled", "partially_fulfilled")
    assert len(api.get(f"orders/{order}/fulfillments").json()) == 2
    for row in (first, draft.json()["id"]):
        assert api.get(f"orders/{order}/fulfillments/{row}/metadata").json()[0]["key"] == "_items"
        assert api.delete(f"orders/{order}/fulfillments/{row}").json() == {
            "message": "Fulfillment deleted successfully."
        }
    assert progress()[0] == "no_fulfillments"


def test_deleting_a_refund_moves_no_stock(api, store):
    order = store.checkout([("MUG", 2)])
    refund = store.refund(order, {store.line(order, "MUG"): 2})
    assert store.stock_of("MUG") == 3
    assert api.delete(f"orders/{order}/refunds/{refund}").status_code == 501
    assert api.delete(f"orders/{order}/refunds/{refund}", params={"force": "true"}).json()["id"] == refund
    assert (api.get(f"orders/{order}/refunds").json(), store.stock_of("MUG")) == ([], 3)


def test_unpaid_orders_are_cancelled_after_an_hour(store, clock):
    order = store.checkout([("MUG", 1)], status="pending")
    clock.advance(minutes=59)
    assert store.cancel_unpaid() == ()
    clock.advance(minutes=2)
    assert store.cancel_unpaid() == (order,)
    assert store.order(order).status == "cancelled"


def test_orders_may_be_dated_back(api, store, clock):
    order = store.checkout([("MUG", 1)], at=clock.at.replace(year=2025))
    seen = api.get(f"orders/{order}").json()
    assert (seen["date_created_gmt"], seen["date_paid_gmt"]) == ("2025-11-23T06:30:00",) * 2


@pytest.mark.parametrize(
    "act",
    [
        lambda s: s.order(99),
        lambda s: s.restock("NONE", 1),
        lambda s: s.set_status(1, "odd"),
        lambda s: s.add_product("MUG", "Other", "1"),
        lambda s: s.ship_part(1, {}),
        lambda s: s.checkout([("MUG", 1)], customer=99),
    ],
)
def test_staff_and_shoppers_who_mistype_are_told(store, act):
    with pytest.raises(LookupError):
        act(store)


def test_coupons_are_changed_and_deleted_for_good(api):
    first, second = (api.post("coupons", {"code": code}).json()["id"] for code in ("first", "second"))
    seen = api.put(f"coupons/{second}", {"code": "Third", "amount": "5", "usage_limit": 2}).json()
    assert (seen["code"], seen["amount"], seen["usage_limit"]) == ("third", "5.00", 2)
    assert api.put(f"coupons/{second}", {"code": "first"}).status_code == 400
    assert api.delete(f"coupons/{first}", params={"force": "true"}).json()["id"] == first
    assert ids(api.get("coupons")) == [second]
    assert api.get(f"coupons/{first}").json()["code"] == "woocommerce_rest_shop_coupon_invalid_id"


@pytest.mark.parametrize("bad", [{"discount_type": "odd"}, {"amount": "much"}, {"date_expires": "soon"}])
def test_a_coupon_with_a_bad_field_is_refused(api, bad):
    assert api.post("coupons", {"code": "a", **bad}).status_code == 400
    assert api.get("coupons").json() == []


def test_a_minimum_is_asked_of_the_goods(api, store):
    api.post("coupons", {"code": "big", "minimum_amount": "100", "amount": "5"})
    with pytest.raises(RestError, match="minimum spend"):
        store.checkout([("MUG", 2)], coupon="big")
    order = store.checkout([("MUG", 20)], coupon="big")
    assert api.get(f"orders/{order}").json()["discount_total"] == "5.00"


def test_notes_are_read_one_by_one_and_deleted_with_force(api, store):
    order = store.checkout([("LAMP", 1)])
    note = api.post(f"orders/{order}/notes", {"note": "Waiting", "added_by_user": True}).json()
    assert (note["author"], api.get(f"orders/{order}/notes/{note['id']}").json()) == ("admin", note)
    assert api.delete(f"orders/{order}/notes/{note['id']}").status_code == 501
    assert api.delete(f"orders/{order}/notes/{note['id']}", params={"force": "true"}).status_code == 200
    assert api.get(f"orders/{order}/notes/{note['id']}").status_code == 404


def test_products_and_variations_are_made_and_removed_over_rest(api, store):
    made = api.post("products", {"name": "Cap", "type": "variable"}).json()
    fields = {"sku": "CAP-S", "regular_price": "7.5", "manage_stock": True, "stock_quantity": 2}
    option = [{"name": "Size", "option": "S"}]
    path = f"products/{made['id']}/variations"
    child = api.post(path, {**fields, "attributes": option, "backorders": "yes"}).json()
    assert (child["name"], child["price"], child["stock_quantity"], child["parent_id"]) == ("S", "7.50", 2, made["id"])
    assert api.get(f"products/{made['id']}").json()["variations"] == [child["id"]]
    assert api.post(path, {"sku": "MUG"}).status_code == 400
    assert api.put(f"{path}/{child['id']}", {"backorders": "maybe"}).status_code == 400
    assert api.delete(f"{path}/{child['id']}").status_code == 501
    assert api.delete(f"{path}/{child['id']}", params={"force": "true"}).status_code == 200
    assert api.get(f"{path}/{child['id']}").status_code == 404
    assert api.get("products/999/variations").status_code == 404
    assert api.get(f"products/{made['id']}").json()["variations"] == []


@pytest.mark.parametrize("bad", [{"stock_quantity": "many"}, {"inventory_delta": "few"}, {"regular_price": "dear"}])
def test_a_product_with_a_bad_field_is_refused(api, store, bad):
    assert api.put(f"products/{store.state.by_sku('MUG').id}", bad).status_code == 400


def test_an_order_takes_addresses_prices_and_shipping(api, store):
    line = {"sku": "MUG", "quantity": 2, "total": "15.00", "name": "Mug, chipped"}
    made = api.post(
        "orders",
        {
            "billing": {"first_name": "Customer", "country": "DE"},
            "shipping": {"country": "FR"},
            "line_items": [line],
            "shipping_lines": [{"method_id": "flat_rate", "method_title": "Flat rate", "total": "4.90"}],
            "currency": "EUR",
        },
    ).json()
    assert (made["billing"]["country"], made["shipping"]["country"]) == ("DE", "FR")
    assert (made["total"], made["currency_symbol"], made["line_items"][0]["name"]) == ("19.90", "€", "Mug, chipped")
    assert api.put(f"orders/{made['id']}", {"line_items": [{"id": 4711, "quantity": 1}]}).status_code == 400
    assert api.post("orders", {"line_items": [{"quantity": 1}]}).status_code == 400


def test_staff_can_shrink_an_order_to_nothing_and_unknown_lines_are_named(store):
    order = store.checkout([("MUG", 2)])
    store.edit_line(order, store.line(order, "MUG"), 0)
    assert (store.order(order).lines, store.stock_of("MUG")) == ([], 3)
    with pytest.raises(LookupError, match="no line"):
        store.line(order, "MUG")
    with pytest.raises(LookupError, match="no line 4711"):
        store.refund(order, {4711: 1})
