"""The API's habits: schema, tokens, versions, pages, searches, what calls cost, and what goes wrong when told to."""

import queue
import threading
from datetime import UTC, datetime
from pathlib import Path
from types import SimpleNamespace

import pytest
import requests
from graphql import parse

from connectors.simulator import faults
from connectors.simulator.shopify.cost import Bucket, Meter
from connectors.simulator.shopify.engine import VERSIONS, schema

ORDER = "query One($id: ID!) { order(id: $id) { id tags note } }"
TAG = "mutation Tag($id: ID!, $tags: [String!]!) { tagsAdd(id: $id, tags: $tags) { node { id } userErrors { field message } } }"


@pytest.fixture
def order(shop):
    shop.add_product("MUG", "Mug", "12.50", 10)
    return f"gid://shopify/Order/{shop.checkout([('MUG', 2)], customer='customer12@example.com', tags=['vip'])}"


# The contract


def test_a_field_that_the_schema_does_not_have_is_refused(api):
    answer = api.ask("{ shop { weather } }")
    assert "data" not in answer
    assert answer["errors"][0]["extensions"]["code"] == "undefinedField"


def test_a_missing_variable_is_refused_before_anything_happens(api, order):
    (error,) = api.ask(TAG, id=order)["errors"]
    assert error["extensions"]["code"] == "INVALID_VARIABLE"


def test_a_document_of_two_operations_needs_a_name(api, order):
    document = "query A { shop { name } } query B { shop { currencyCode } }"
    assert api.ask(document)["errors"][0]["message"] == "An operation name is required"
    named = api.post(document, operationName="B").json()
    assert named["data"] == {"shop": {"currencyCode": "EUR"}}


@pytest.mark.parametrize("body", [b"", b"[", b"[]", b"null", b'{"variables": {}}', b'"text"'])
def test_a_body_that_is_no_call_is_a_400(api, body):
    url = f"{api.url}/admin/api/2026-10/graphql.json"
    answer = requests.post(url, data=body, headers={"X-Shopify-Access-Token": api.token}, timeout=60)
    assert answer.status_code == 400


def test_a_wrong_token_is_a_401_with_a_text_instead_of_a_list(api):
    answer = api.post("{ shop { name } }", token="wrong")
    assert answer.status_code == 401
    assert answer.json()["errors"].startswith("[API] Invalid API key or access token")


def test_an_old_version_falls_forward_and_says_so(api):
    answer = api.post("{ shop { name } }", version="2025-01")
    assert answer.headers["X-Shopify-API-Version"] == VERSIONS[0]
    assert api.post("{ shop { name } }", version="2026-10").headers["X-Shopify-API-Version"] == "2026-10"


@pytest.mark.parametrize("version", ["2199-01", "latest", "2026-1", ".."])
def test_a_version_that_does_not_exist_is_a_404(api, version):
    assert api.post("{ shop { name } }", version=version).status_code == 404


def test_the_shop_answers_below_its_domain_and_at_the_root(api):
    for path in ("", "/shop-one.myshopify.com"):
        answer = requests.post(
            f"{api.url}{path}/admin/api/2026-10/graphql.json",
            json={"query": "{ shop { myshopifyDomain } }"},
            headers={"X-Shopify-Access-Token": api.token},
            timeout=60,
        )
        assert answer.json()["data"]["shop"]["myshopifyDomain"] == "shop-one.myshopify.com"
    assert requests.get(f"{api.url}/elsewhere", timeout=60).status_code == 404


def test_the_answer_is_dated_by_the_shops_own_clock(api):
    assert api.post("{ shop { name } }").headers["Date"] == "Mon, 02 Nov 2026 09:00:00 GMT"


def test_an_unknown_order_is_null_and_a_broken_id_an_error(api):
    assert api.data(ORDER, id="gid://shopify/Order/9") == {"order": None}
    assert api.data(ORDER, id="gid://shopify/Product/1001") == {"order": None}
    assert api.ask(ORDER, id="1001")["errors"][0]["message"] == "Invalid global id '1001'"


def test_a_field_that_the_simulator_does_not_keep_says_so_instead_of_inventing(api, order):
    (error,) = api.ask("query($id: ID!) { order(id: $id) { cartToken } }", id=order)["errors"]
    assert error["message"] == "The simulator does not know Order.cartToken"


def test_personal_data_comes_back_null_without_the_approval(api, shop, order):
    query = "query($id: ID!) { order(id: $id) { email customer { firstName defaultEmailAddress { emailAddress } } } }"
    named = {"firstName": "Customer 1", "defaultEmailAddress": {"emailAddress": "customer12@example.com"}}
    assert api.data(query, id=order)["order"] == {"email": "customer12@example.com", "customer": named}
    shop.state.personal_data = False
    hidden = {"firstName": None, "defaultEmailAddress": None}
    assert api.data(query, id=order)["order"] == {"email": None, "customer": hidden}


# Writes


def test_tags_are_added_once_whatever_their_case_and_removed(api, shop, order):
    api.ask(TAG, id=order, tags=["Backorder", "VIP", "backorder"])
    assert api.data(ORDER, id=order)["order"]["tags"] == ["Backorder", "vip"]
    api.data(
        'mutation($id: ID!) { tagsRemove(id: $id, tags: ["BACKORDER"]) { node { id } userErrors { message } } }',
        id=order,
    )
    assert api.data(ORDER, id=order)["order"]["tags"] == ["vip"]


def test_a_write_that_changes_nothing_is_no_news(api, shop, order, clock):
    before = shop.state.order(1001).updated_at
    clock.forward(minutes=5)
    api.ask(TAG, id=order, tags=["vip"])
    assert shop.state.order(1001).updated_at == before


def test_tagging_an_unknown_order_is_a_user_error(api):
    told = api.data(TAG, id="gid://shopify/Order/9", tags=["x"])["tagsAdd"]
    assert told == {"node": None, "userErrors": [{"field": ["id"], "message": "Order does not exist"}]}


def test_an_order_update_overwrites_what_it_names_and_nothing_else(api, order):
    update = (
        "mutation($input: OrderInput!) { orderUpdate(input: $input) { order { note tags } userErrors { message } } }"
    )
    told = api.data(update, input={"id": order, "note": "Ships in two parcels"})["orderUpdate"]
    assert told["order"] == {"note": "Ships in two parcels", "tags": ["vip"]}


PERCENT = """mutation($input: DiscountCodeBasicInput!) { discountCodeBasicCreate(basicCodeDiscount: $input) {
    codeDiscountNode { id } userErrors { code field message } } }"""
CODE = {
    "title": "For the wait",
    "code": "sorry-1001",
    "startsAt": "2026-11-02T00:00:00Z",
    "endsAt": "2027-01-02T00:00:00Z",
    "customerGets": {"value": {"percentage": 0.1}, "items": {"all": True}},
    "context": {"customers": {"add": ["gid://shopify/Customer/1001"]}},
}


def test_a_code_is_made_once_whatever_its_case(api, shop):
    made = api.data(PERCENT, input=CODE)["discountCodeBasicCreate"]
    assert made["userErrors"] == []
    (error,) = api.data(PERCENT, input={**CODE, "code": "SORRY-1001"})["discountCodeBasicCreate"]["userErrors"]
    assert (error["code"], error["field"]) == ("TAKEN", ["basicCodeDiscount", "code"])
    found = api.data(
        '{ codeDiscountNodeByCode(code: "Sorry-1001") { id } codeless: codeDiscountNodeByCode(code: "x") { id } }'
    )
    assert found == {"codeDiscountNodeByCode": made["codeDiscountNode"], "codeless": None}
    assert shop.state.discounts["sorry-1001"].customers == ("gid://shopify/Customer/1001",)


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"code": ""}, "BLANK"),
        ({"code": "x" * 256}, "TOO_LONG"),
        ({"title": ""}, "BLANK"),
        ({"endsAt": "2026-11-01T00:00:00Z"}, "END_DATE_BEFORE_START_DATE"),
        ({"customerGets": {"value": {"percentage": 10}, "items": {"all": True}}}, "VALUE_OUTSIDE_RANGE"),
    ],
)
def test_a_code_that_makes_no_sense_is_refused_with_its_code(api, shop, change, code):
    (error,) = api.data(PERCENT, input={**CODE, **change})["discountCodeBasicCreate"]["userErrors"]
    assert error["code"] == code
    assert shop.state.discounts == {}


def test_a_code_for_free_shipping_shares_the_names_with_the_others(api):
    create = """mutation($input: DiscountCodeFreeShippingInput!) { discountCodeFreeShippingCreate(
        freeShippingCodeDiscount: $input) { codeDiscountNode { id } userErrors { code } } }"""
    wanted = {key: CODE[key] for key in ("title", "code", "startsAt", "endsAt")} | {"destination": {"all": True}}
    assert api.data(create, input=wanted)["discountCodeFreeShippingCreate"]["userErrors"] == []
    assert api.data(PERCENT, input=CODE)["discountCodeBasicCreate"]["userErrors"][0]["code"] == "TAKEN"


# Lists


def pages(api, document, /, **variables):
    after, found = None, []
    while True:
        page = api.data(document, after=after, **variables)["orders"]
        found.append([node["name"] for node in page["nodes"]])
        if not page["pageInfo"]["hasNextPage"]:
            return found
        after = page["pageInfo"]["endCursor"]


LIST = """query($after: String, $query: String, $reverse: Boolean) {
    orders(first: 2, after: $after, query: $query, reverse: $reverse, sortKey: UPDATED_AT) {
    nodes { name } pageInfo { hasNextPage endCursor } } }"""


@pytest.fixture
def five(shop, clock):
    """Orders #1001 to #1005, a minute apart, the second one touched last."""
    shop.add_product("MUG", "Mug", "12.50", 10)
    orders = []
    for _ in range(5):
        orders.append(shop.checkout([("MUG", 1)]))
        clock.forward(minutes=1)
    shop.tag(orders[1], "late")
    return orders


def test_orders_come_page_by_page_oldest_change_first(api, five):
    assert pages(api, LIST) == [["#1001", "#1003"], ["#1004", "#1005"], ["#1002"]]
    assert pages(api, LIST, reverse=True) == [["#1002", "#1005"], ["#1004", "#1003"], ["#1001"]]


def test_an_order_that_changes_between_two_pages_is_seen_again_and_none_is_skipped(api, shop, five, clock):
    first = api.data(LIST)["orders"]
    clock.forward(minutes=1)
    shop.tag(five[0], "changed")
    after = first["pageInfo"]["endCursor"]
    rest = [node["name"] for node in api.data(LIST, after=after)["orders"]["nodes"]]
    assert rest == ["#1004", "#1005"]
    assert pages(api, LIST)[-1] == ["#1001"]


@pytest.mark.parametrize(
    ("query", "names"),
    [
        ("", ["#1001", "#1002", "#1003", "#1004", "#1005"]),
        ("updated_at:>='2026-11-02T09:04:00Z'", ["#1002", "#1005"]),
        ("updated_at:>2026-11-02T09:04:00Z", ["#1002"]),
        ("status:not_closed", ["#1001", "#1002", "#1003", "#1004", "#1005"]),
        ("status:open", ["#1001", "#1002", "#1004", "#1005"]),
        ("status:cancelled", ["#1003"]),
        ("fulfillment_status:fulfilled", ["#1004"]),
        ("fulfillment_status:on_hold", ["#1005"]),
        ("tag:late", ["#1002"]),
        ("-tag:late status:open", ["#1001", "#1004", "#1005"]),
        ("id:1001 OR id:1003", ["#1001", "#1003"]),
        ("(id:1001 OR id:1003) AND status:open", ["#1001"]),
        ("name:#1002", ["#1002"]),
        ("sku:MU*", ["#1001", "#1002", "#1003", "#1004", "#1005"]),
    ],
)
def test_orders_are_found_by_the_platforms_search_syntax(api, shop, five, query, names):
    frozen = {order: shop.state.order(order).updated_at for order in five}
    shop.cancel(five[2])
    shop.fulfil(five[3])
    shop.state.order(five[3]).closed_at = None
    shop.foreign_hold(five[4])
    for order, at in frozen.items():
        shop.state.order(order).updated_at = at
    assert sorted(name for page in pages(api, LIST, query=query) for name in page) == names


@pytest.mark.parametrize("query", ["mood:good", "status:", "updated_at:>=yesterday", "(id:1", "id:x", "lonely words"])
def test_a_search_that_the_simulator_does_not_know_is_an_error_rather_than_everything(api, five, query):
    assert api.ask(LIST, query=query)["errors"][0]["extensions"]["code"] == "BAD_REQUEST"


def test_a_page_must_have_a_size_and_not_too_large_a_one(api):
    assert "one of first or last" in api.ask("{ orders { nodes { id } } }")["errors"][0]["message"]
    assert "between 0 and 250" in api.ask("{ orders(first: 251) { nodes { id } } }")["errors"][0]["message"]
    assert "Invalid cursor" in api.ask('{ orders(first: 1, after: "!") { nodes { id } } }')["errors"][0]["message"]


# What it costs


@pytest.mark.parametrize(
    ("query", "points"),
    [
        ("{ shop { name } }", 1),
        ("{ locations(first: 20) { nodes { id name } } }", 7),
        ('mutation { tagsAdd(id: "x", tags: []) { node { id } userErrors { message } } }', 10),
        (
            """query($n: Int = 50) { order(id: "x") { id customer { id defaultEmailAddress { emailAddress } }
            shippingAddress { countryCodeV2 } lineItems(first: $n) { nodes { id variant { id inventoryItem { id } }
            discountedUnitPriceAfterAllDiscountsSet { shopMoney { amount } } } pageInfo { hasNextPage } } } }""",
            26,
        ),
    ],
)  # fmt: skip
def test_a_query_costs_what_the_fitted_rule_says(query, points):
    document = parse(query)
    meter = Meter(schema("2026-10"), document, {})
    assert meter.cost(document.definitions[0]) == points


def test_fragments_and_aliases_cost_what_they_stand_for():
    plain = parse('{ order(id: "x") { customer { id } } }')
    dressed = parse('fragment C on Order { who: customer { id } } { it: order(id: "x") { ...C ... on Order { id } } }')
    assert Meter(schema("2026-10"), plain, {}).cost(plain.definitions[0]) == 2
    assert Meter(schema("2026-10"), dressed, {}).cost(dressed.definitions[1]) == 2


def test_every_answer_tells_its_cost_and_rows_that_are_not_there_are_free(api, order):
    query = """query($id: ID!) { order(id: $id) { fulfillmentOrders(first: 5) { nodes { id
        lineItems(first: 5) { nodes { id lineItem { id } } } } } } }"""
    cost = api.ask(query, id=order)["extensions"]["cost"]
    assert (cost["requestedQueryCost"], cost["actualQueryCost"]) == (30, 6)
    assert cost["throttleStatus"]["currentlyAvailable"] >= 1994
    assert cost["throttleStatus"]["maximumAvailable"] == 2000


def test_an_empty_bucket_throttles_with_a_200_and_nothing_happens(api, shop, order):
    shop.bucket.set(0.001)
    answer = api.post(TAG, {"id": order, "tags": ["x"]})
    assert answer.status_code == 200
    told = answer.json()
    assert told["errors"][0]["extensions"]["code"] == "THROTTLED"
    assert told["extensions"]["cost"]["actualQueryCost"] is None
    assert shop.state.order(1001).tags == ["vip"]


def test_the_bucket_fills_again_with_time():
    at = [0.0]
    bucket = Bucket(restore=100, clock=lambda: at[0])
    bucket.drain()
    assert not bucket.pay(50)
    at[0] = 0.5
    assert bucket.pay(50)
    at[0] = 1000.0
    assert bucket.status()["currentlyAvailable"] == 2000


def test_a_query_of_more_than_a_thousand_points_is_never_run(api):
    query = """{ orders(first: 250) { nodes { fulfillmentOrders(first: 250) { nodes { lineItems(first: 250) {
        nodes { lineItem { id } } } } } } } }"""
    (error,) = api.ask(query)["errors"]
    assert error["extensions"]["code"] == "MAX_COST_EXCEEDED"


# What goes wrong when told to


def test_a_throttle_comes_as_a_200_or_with_seconds_as_a_429(api, shop, order):
    shop.faults.add("throttle", match="Tag")
    assert api.ask(TAG, id=order, tags=["x"])["errors"][0]["extensions"]["code"] == "THROTTLED"
    shop.faults.add("throttle", match="tagsAdd", seconds=3)
    answer = api.post(TAG, {"id": order, "tags": ["x"]})
    assert (answer.status_code, answer.headers["Retry-After"]) == (429, "3")
    assert shop.state.order(1001).tags == ["vip"]


@pytest.mark.parametrize(("kind", "status"), [("error", 500), ("html", 200)])
def test_an_error_and_an_html_page_come_before_anything_happens(api, shop, order, kind, status):
    shop.faults.add(kind, match="tagsAdd")
    answer = api.post(TAG, {"id": order, "tags": ["x"]})
    assert answer.status_code == status
    assert "data" not in answer.text
    assert shop.state.order(1001).tags == ["vip"]
    assert api.post(TAG, {"id": order, "tags": ["x"]}).json()["data"]["tagsAdd"]["userErrors"] == []


def test_a_lost_answer_really_did_the_write(api, shop, order):
    shop.faults.add("lost", match="tagsAdd")
    with pytest.raises(requests.ConnectionError):
        api.post(TAG, {"id": order, "tags": ["x"]})
    assert shop.state.order(1001).tags == ["vip", "x"]
    assert [(entry.name, entry.status) for entry in shop.journal.writes()] == [("tagsAdd", 0)]


def test_a_truncated_answer_did_the_write_too(api, shop, order):
    shop.faults.add("truncated", match="tagsAdd")
    answer = api.post(TAG, {"id": order, "tags": ["x"]})
    with pytest.raises(requests.JSONDecodeError):
        answer.json()
    assert shop.state.order(1001).tags == ["vip", "x"]


def test_a_slow_answer_outlives_the_callers_patience_and_the_write_is_done(api, shop, order, monkeypatch):
    asleep, over = queue.SimpleQueue(), threading.Event()
    monkeypatch.setattr(faults, "time", SimpleNamespace(sleep=lambda seconds: (asleep.put(seconds), over.wait(60))))
    shop.faults.add("slow", match="tagsAdd", seconds=0.4)
    with pytest.raises(requests.ReadTimeout):
        api.post(TAG, {"id": order, "tags": ["x"]}, timeout=(60, 0.1))
    assert asleep.get(timeout=60) == 0.4
    assert shop.state.order(1001).tags == ["vip", "x"]
    over.set()


def test_a_refusal_is_a_user_error_of_a_write_and_an_error_of_a_read(api, shop, order):
    shop.faults.add("refuse", times=2)
    told = api.ask(TAG, id=order, tags=["x"])["data"]["tagsAdd"]
    assert told["node"] is None
    assert told["userErrors"][0]["message"] == "The simulator was told to refuse this"
    assert api.ask(ORDER, id=order)["errors"][0]["extensions"]["code"] == "ACCESS_DENIED"
    assert shop.state.order(1001).tags == ["vip"]


def test_the_journal_names_the_call_its_order_and_whether_it_writes(api, shop, order):
    api.ask(ORDER, id=order)
    api.hold(1001)
    read, write = shop.journal.entries()
    assert (read.name, read.order, read.write, read.status) == ("order", "1001", False, 200)
    assert (write.name, write.order, write.write) == ("fulfillmentOrderHold", "1001", True)
    assert "backorder-1" in write.detail


# The shape of things


def test_incoming_supply_tells_its_expected_date_in_the_shipment(api, shop):
    shop.add_product("MUG", "Mug", "12.50", 0)
    transfer = shop.add_transfer("MUG", 30, datetime(2026, 12, 1, 8, tzinfo=UTC))
    shop.late_transfer(transfer, datetime(2026, 12, 10, 8, tzinfo=UTC))
    shop.receive_transfer(transfer, 12, rejected=1)
    query = """query($id: ID!) { inventoryTransfer(id: $id) { status totalQuantity
        destination { name location { id } } lineItems(first: 5) { nodes { totalQuantity inventoryItem { sku } } }
        shipments(first: 5) { nodes { status tracking { arrivesAt } lineItems(first: 5) {
        nodes { quantity unreceivedQuantity inventoryItem { sku } } } } } } }"""
    found = api.data(query, id=f"gid://shopify/InventoryTransfer/{transfer}")["inventoryTransfer"]
    assert found["destination"] == {"name": "Main warehouse", "location": {"id": "gid://shopify/Location/1001"}}
    assert found["lineItems"]["nodes"] == [{"totalQuantity": 30, "inventoryItem": {"sku": "MUG"}}]
    (shipment,) = found["shipments"]["nodes"]
    assert (shipment["status"], shipment["tracking"]["arrivesAt"]) == ("PARTIALLY_RECEIVED", "2026-12-10T08:00:00Z")
    assert shipment["lineItems"]["nodes"][0]["unreceivedQuantity"] == 17


def test_items_and_variants_lead_to_each_other(api, shop):
    item = shop.add_product("MUG", "Mug", "12.50", 4, policy="deny")
    query = """query($id: ID!) { inventoryItem(id: $id) { sku tracked variants(first: 1) { nodes {
        price inventoryPolicy product { title } inventoryItem { id } } } }
        productVariants(first: 5) { nodes { sku } } }"""
    found = api.data(query, id=f"gid://shopify/InventoryItem/{item}")
    (variant,) = found["inventoryItem"]["variants"]["nodes"]
    assert (variant["price"], variant["inventoryPolicy"], variant["product"]["title"]) == ("12.50", "DENY", "Mug")
    assert found["productVariants"]["nodes"] == [{"sku": "MUG"}]
    shop.delete_product("MUG")
    gone = api.data(query, id=f"gid://shopify/InventoryItem/{item}")
    assert (gone["inventoryItem"], gone["productVariants"]["nodes"]) == (None, [])


def test_two_lines_of_one_sku_stay_two_lines(api, shop):
    shop.add_product("MUG", "Mug", "12.50", 4)
    order = shop.checkout([("MUG", 1), ("MUG", 2)])
    assert api.fulfilment_orders(order) == [(1001, "OPEN", [(1001, 1, 1), (1002, 2, 2)])]


def test_what_is_not_shipped_has_a_fulfilment_order_of_its_own(api, shop):
    shop.add_product("MUG", "Mug", "12.50", 4)
    shop.add_product("GIFT", "Gift card", "50", 0, tracked=False, ships=False, gift_card=True)
    order = shop.checkout([("MUG", 1), ("GIFT", 1)])
    assert [row[2] for row in api.fulfilment_orders(order)] == [[(1001, 1, 1)], [(1002, 1, 1)]]


def test_the_simulator_never_leans_on_the_connector_that_it_tests():
    room = Path(schema.__wrapped__.__code__.co_filename).parent
    for path in room.glob("*.py"):
        assert "connectors.shopify" not in path.read_text(encoding="utf-8"), path.name
