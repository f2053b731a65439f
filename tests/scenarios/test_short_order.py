"""The main job: an order for more than there is, on both platforms, over real HTTP."""

from datetime import date, timedelta

from tests.scenarios.platforms import only


def units(document, key):
    return sum(line[key] for line in document["lines"])


def kinds(document):
    return [action["kind"] for action in document["actions"] if action["state"] == "done"]


def test_eight_wanted_and_five_there_ships_five_and_holds_three(side):
    order = side.checkout(("MUG", 8))
    side.settle()
    document = side.order(order)
    assert (units(document, "release_now"), units(document, "backordered")) == (5, 3)
    assert sum(document["held"].values()) == 3
    assert {"backorder-waiting", "backorder-part-ready"} <= set(document["tags"])
    assert {"hold", "tag"} <= set(kinds(document))


def test_a_restock_of_two_releases_two_units_of_the_oldest_order(side):
    oldest, later = side.checkout(("MUG", 8)), None
    side.settle()
    later = side.checkout(("MUG", 4))
    side.settle()
    side.shop.restock("MUG", 2)
    side.settle()
    assert sum(side.order(oldest)["held"].values()) == 1
    assert sum(side.order(later)["held"].values()) == 4


def test_full_stock_is_left_untouched(side):
    order = side.checkout(("MUG", 2))
    side.settle()
    document = side.order(order)
    assert document["decision"] == "ship_all"
    assert document["tags"] == []
    assert side.writes() == []


def test_the_same_delivery_twice_writes_nothing_more(side):
    side.shop.hooks.duplicate = 1.0
    side.checkout(("MUG", 8))
    side.settle()
    before = len(side.writes())
    side.settle()
    assert len(side.writes()) == before


def test_an_unchanged_plan_writes_nothing(side):
    side.checkout(("MUG", 8))
    side.settle()
    before = len(side.writes())
    report = side.service.house.desk.sync(side.record)
    side.settle()
    assert report.orders == ()
    assert len(side.writes()) == before


def test_observe_mode_writes_nothing(open_side):
    side = open_side(mode="observe")
    side.shop.add_product("MUG", "Enamel mug", "12.50", 5)
    order = side.checkout(("MUG", 8))
    side.settle()
    document = side.order(order)
    assert document["decision"] == "ship_part"
    assert {action["state"] for action in document["actions"]} == {"planned"}
    assert side.writes() == []


def test_lost_deliveries_are_healed_by_one_sync(side):
    side.shop.hooks.drop = 1.0
    order = side.checkout(("MUG", 8))
    side.settle()
    report = side.service.house.desk.sync(side.record)
    side.settle()
    assert report.orders == (order,)
    assert sum(side.order(order)["held"].values()) == 3


def test_a_cancelled_order_is_only_untagged_and_its_units_go_to_the_next(side):
    first = side.checkout(("MUG", 5))
    side.settle()
    second = side.checkout(("MUG", 4))
    side.settle()
    assert sum(side.order(second)["held"].values()) == 4
    side.cancel(first)
    side.settle()
    assert side.order(second)["tags"] == []
    assert side.order(second)["held"] == {}


def test_a_long_wait_earns_one_code_and_never_a_second(side):
    side.set_policy(offers={"enabled": True, "min_wait_days": 0})
    order = side.checkout(("MUG", 8))
    side.settle()
    side.shop.restock("MUG", 1)
    side.settle()
    document = side.order(order)
    assert len(document["offers"]) == 1
    assert kinds(document).count("code") == 1


def test_a_part_is_recorded_as_shipped_where_the_merchant_asks_for_it(side):
    side.set_policy(fulfil="create")
    order = side.checkout(("MUG", 8))
    side.settle()
    document = side.order(order)
    assert kinds(document).count("fulfil") == 1
    assert units(document, "open") == 3
    assert units(document, "release_now") == 0


def test_a_lost_answer_is_looked_up_and_nothing_happens_twice(side):
    side.set_policy(fulfil="create", offers={"enabled": True, "min_wait_days": 0})
    side.shop.faults.add("lost", times=3)
    order = side.checkout(("MUG", 8))
    side.settle()
    document = side.order(order)
    assert units(document, "open") == 3
    assert sum(document["held"].values()) == 3
    assert len(document["offers"]) == 1


def test_a_shop_that_refuses_what_only_tells_still_gets_its_units_held_and_freed(side):
    for call in side.only_tells:
        side.shop.faults.add("error", times=10_000, match=call)
    side.set_policy(offers={"enabled": True, "min_wait_days": 0})
    order = side.checkout(("MUG", 8))
    side.settle_until(lambda: sum(side.held_outside(order).values()) == 3)
    side.shop.restock("MUG", 2)
    side.settle_until(lambda: sum(side.held_outside(order).values()) == 1)
    waiting = {action["kind"] for action in side.order(order)["actions"] if action["state"] == "pending"}
    assert "code" in waiting


def test_a_customer_status_page_opens_without_an_account(side):
    import requests

    order = side.checkout(("MUG", 8))
    side.settle()
    link = side.order(order)["customer_status_url"]
    assert link.startswith(side.service.server.url)
    page = requests.get(link, timeout=60)
    assert page.status_code == 200
    assert "Enamel mug" in page.text


def test_supply_on_its_way_gives_the_wait_a_date(side):
    from datetime import UTC, date, datetime, timedelta

    due = datetime.now(UTC) + timedelta(days=9)
    if side.platform == "shopify":
        side.shop.add_transfer("MUG", 13, due)
    else:
        side.enter_supply("PO-1", "MUG", 13, due.date())
    order = side.checkout(("MUG", 8))
    side.settle()
    document = side.order(order)
    assert date.fromisoformat(document["completes_on"]) >= due.date()
    assert "backorder-no-date" not in document["tags"]


def test_disconnecting_takes_every_mark_of_ours_away(side):
    order = side.checkout(("MUG", 8))
    side.settle()
    assert any("backorder" in text for text in marks_outside(side, order))
    side.service.house.desk.disconnect(side.record, erase=False)
    with side.service.house.books.read() as unit:
        assert unit.shops.credentials(side.record.id) == {}
    assert not any("backorder" in text for text in marks_outside(side, order))


def marks_outside(side, order):
    if side.platform == "shopify":
        row = side.shop.state.orders[int(order)]
        holds = [hold for fo in side.shop.state.fulfilment_orders.values() for hold in getattr(fo, "holds", ())]
        return [*row.tags, *(hold.handle or "" for hold in holds)]
    return [f"{meta.key}" for meta in side.shop.order(order).meta]


def test_webhooks_that_the_store_switched_off_are_found_and_what_they_missed_is_fetched(side):
    if side.platform == "woocommerce":
        side.shop.disable_webhooks()
    else:
        side.shop.state.subscriptions.clear()
    order = side.checkout(("MUG", 8))
    side.settle()
    report = side.service.house.desk.sync(side.record)
    side.settle()
    assert report.webhooks
    assert sum(side.order(order)["held"].values()) == 3
    later = side.checkout(("MUG", 1))
    side.settle()
    assert sum(side.order(later)["held"].values()) == 1


@only("shopify", because="WooCommerce has no ship-by date.")
def test_the_promised_day_is_the_ship_by_date_of_what_waits(side):
    side.set_policy(promises={"ship_by": True})
    arrives, later = date.today() + timedelta(days=9), date.today() + timedelta(days=30)
    side.enter_supply("PO-1", "MUG", 20, arrives)
    order = side.checkout(("MUG", 8))
    side.settle()

    def due():
        rows = side.shop.state.of_order(side.shop.state.order(order))
        return sorted((row.remaining, row.fulfil_by and row.fulfil_by.date()) for row in rows if row.alive)

    assert due() == [(3, arrives), (5, None)]
    assert side.api("PUT", "incoming/PO-1", {"id": "PO-1", "sku": "MUG", "ordered": 20, "eta": str(later)}).ok
    side.settle()
    assert due() == [(3, later), (5, None)]
    before = len(side.writes())
    side.service.house.desk.sync(side.record)
    side.settle()
    assert len(side.writes()) == before


def test_a_part_that_we_record_tells_its_carrier_and_number(side):
    side.set_policy(
        fulfil="create",
        parcels={"carrier": "DHL", "tracking_number": "{order}-{parcel}", "notify_customer": True,
                 "tracking_url": "https://track.example.com/?ref={number}"},
    )  # fmt: skip
    order = side.checkout(("MUG", 8))
    side.settle()
    [told] = side.tracking_outside(order)
    name = side.order(order)["name"].lstrip("#")
    assert told == ("DHL", f"{name}-1", f"https://track.example.com/?ref={name}-1")
