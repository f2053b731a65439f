"""Orders over the wire: which requests are sent, and lists that lose nothing while orders change."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from core.errors import PayloadChanged, Unavailable

NOW = datetime(2026, 11, 23, 12, 0, 0, tzinfo=UTC)


def test_an_order_without_refunds_is_one_request(store, shop, order):
    store.answers("orders/33", order(status="processing"))
    found = shop.read_order("33")
    assert found.read_at == NOW
    assert store.paths == ["orders/33"]


def test_refunds_are_read_where_there_are_any(store, shop, captured):
    store.answers("orders/50", captured("order-after-partial-refund.json"))
    store.answers("orders/50/refunds", [captured("refund-partial-restock.json")])
    assert shop.read_order("50").lines[0].refunded == 3


def test_an_order_that_does_not_tell_whether_it_has_refunds_is_not_believed(store, shop, captured):
    """One that was made, and whose answer was lost, would be made a second time."""
    shown = captured("order-checkout-backordered.json")
    del shown["refunds"]
    store.answers(f"orders/{shown['id']}", shown)
    with pytest.raises(PayloadChanged, match="refunds"):
        shop.read_order(str(shown["id"]))


def test_fulfilments_are_read_where_the_feature_is_on(store, connect, captured):
    store.answers("orders/68", captured("order-with-partial-fulfillment.json"))
    store.answers("orders/68/fulfillments", captured("fulfillments-list.json"))
    assert connect(features={"fulfillments"}).read_order("68").lines[1].shipped == 2


def test_a_feature_that_was_turned_off_meanwhile_costs_nothing(store, connect, captured):
    store.answers("orders/68", captured("order-with-partial-fulfillment.json"))
    store.answers("orders/68/fulfillments", captured("fulfillments-feature-off.json"), status=404)
    assert connect(features={"fulfillments"}).read_order("68").lines[1].shipped == 0


def test_an_order_that_the_store_does_not_know_is_gone(store, shop, captured):
    store.answers("orders/99999", captured("order-not-found.json"), status=404)
    found = shop.read_order("99999")
    assert (found.status, found.platform_id, found.read_at) == ("gone", "99999", NOW)


@pytest.mark.parametrize("strange", ["", "x", "7/notes", "../7", "7?x=1", "٣", "7\n"])
def test_an_id_that_no_store_gives_is_gone_without_a_request(store, shop, strange):
    assert shop.read_order(strange).status == "gone"


def test_a_store_whose_shop_plugin_is_off_has_not_lost_its_orders(store, shop, captured):
    store.answers("orders/33", captured("fulfillments-feature-off.json"), status=404)
    with pytest.raises(Unavailable):
        shop.read_order("33")


def listed(number, minute, status="processing", **more):
    row = {"id": number * 10, "product_id": 1, "quantity": 1, "name": "Mug"}
    stamp = (datetime(2026, 11, 23, 6, tzinfo=UTC) + timedelta(minutes=minute)).strftime("%Y-%m-%dT%H:%M:%S")
    fields = {"currency": "EUR", "date_created_gmt": stamp, "date_modified_gmt": stamp, "line_items": [row]}
    fields |= {"meta_data": [], "refunds": []}
    return {"id": number, "status": status, **fields} | more


def query(status, page=1, after=None):
    paging = {"status": status, "orderby": "modified", "order": "asc", "per_page": "100", "page": str(page)}
    return paging | ({"modified_after": after, "dates_are_gmt": "true"} if after else {})


SINCE = datetime(2026, 11, 23, 6, 0, 0, 500_000, tzinfo=UTC)
AFTER = "2026-11-23T05:59:59"  # the filter leaves the second itself out, so it starts one earlier


def test_changes_come_with_the_trash_oldest_first_and_without_drafts(store, shop):
    store.answers(
        "orders", [listed(1, 1), listed(2, 4), listed(9, 5, "checkout-draft")], query=query("any", after=AFTER)
    )
    store.answers("orders", [listed(3, 2, "trash"), listed(4, 6, "trash")], query=query("trash", after=AFTER))
    assert [(o.platform_id, o.status) for o in shop.orders_changed(SINCE)] == [
        ("1", "open"), ("3", "cancelled"), ("2", "open"), ("4", "cancelled"),
    ]  # fmt: skip


def test_a_time_in_another_zone_is_asked_for_in_utc(store, shop):
    for status in ("any", "trash"):
        store.answers("orders", [], query=query(status, after=AFTER))
    assert list(shop.orders_changed(SINCE.astimezone(ZoneInfo("America/New_York")))) == []


def test_an_order_that_changes_while_we_page_pushes_none_over_the_edge(store, shop):
    """After a full page the list begins anew after its last change, so a shorter list cannot hide anything."""
    first = [listed(n, n) for n in range(1, 101)]
    again = [listed(100, 100), listed(101, 101), listed(1, 102)]  # order 1 changed meanwhile and moved to the end
    store.answers("orders", first, query=query("any", after=AFTER))
    store.answers("orders", again, query=query("any", after="2026-11-23T07:39:59"))
    store.answers("orders", [], query=query("trash", after=AFTER))
    assert [o.platform_id for o in shop.orders_changed(SINCE)] == [*(str(n) for n in range(1, 102)), "1"]


def test_more_than_a_page_within_one_second_is_read_by_page_number(store, shop):
    same = [listed(n, 0) for n in range(1, 251)]
    store.answers("orders", same[:100], query=query("any", after=AFTER))
    store.answers("orders", same[100:200], query=query("any", 2, after=AFTER))
    store.answers("orders", same[200:], query=query("any", 3, after=AFTER))
    store.answers("orders", [], query=query("trash", after=AFTER))
    assert len({o.platform_id for o in shop.orders_changed(SINCE)}) == 250


def test_all_open_orders_include_those_in_a_plugins_status(store, shop, captured):
    totals_ = [*captured("order-statuses.json"), {"slug": "awaiting-pickup", "total": 1}, {"slug": "x,trash"}, {}]
    store.answers("reports/orders/totals", totals_)
    store.answers(
        "orders",
        [listed(1, 1), listed(2, 2, "awaiting-pickup")],
        query=query("pending,processing,on-hold,awaiting-pickup"),
    )
    assert [o.platform_id for o in shop.orders_changed(None)] == ["1", "2"]


@pytest.mark.parametrize(
    "refusal", [{"code": "rest_no_route", "message": ""}, {"code": "woocommerce_rest_cannot_view", "message": ""}]
)
def test_where_statuses_are_not_listed_finished_orders_are_left_out_here(store, shop, refusal):
    for path in ("reports/orders/totals", "orders/statuses"):
        store.answers(path, refusal, status=404 if refusal["code"] == "rest_no_route" else 403)
    store.answers("orders", [listed(1, 1), listed(2, 2, "completed"), listed(3, 3, "odd")], query=query("any"))
    assert [o.platform_id for o in shop.orders_changed(None)] == ["1", "3"]


def test_lists_and_single_reads_say_the_same(store, connect, captured):
    """Otherwise every sync would find differences."""
    shop = connect(features={"fulfillments"})
    shown, refunded = captured("order-with-partial-fulfillment.json"), captured("order-after-partial-refund.json")
    store.answers("reports/orders/totals", captured("order-statuses.json"))
    store.answers("orders", [shown, refunded])
    store.answers("orders/68", shown)
    store.answers("orders/50", refunded)
    store.answers("orders/68/fulfillments", captured("fulfillments-list.json"))
    store.answers("orders/50/fulfillments", [])
    store.answers("orders/50/refunds", [captured("refund-partial-restock.json")])
    assert list(shop.orders_changed(None)) == [shop.read_order("68"), shop.read_order("50")]


def test_an_order_deleted_while_its_refunds_are_read_is_left_to_a_single_read(store, shop, captured):
    store.answers("reports/orders/totals", captured("order-statuses.json"))
    store.answers("orders", [listed(1, 1, refunds=[{"id": 4}]), listed(2, 2)])
    store.answers("orders/1/refunds", captured("order-not-found.json"), status=404)
    assert [o.platform_id for o in shop.orders_changed(None)] == ["2"]
