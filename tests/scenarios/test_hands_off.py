"""What people and other apps do in the shop wins: it is seen, shown and not fought."""

from datetime import UTC, datetime, timedelta

from tests.scenarios.platforms import only

EVERYTHING_DONE = {"done", "skipped"}


def short_order(side, units=8):
    """An order for more mugs than the 5 that are there."""
    order = side.checkout(("MUG", units))
    side.settle()
    return order


def held(side, order):
    return sum(side.held_outside(order).values())


def states(side, order):
    return {action["state"] for action in side.order(order)["actions"]}


def test_a_hold_that_a_person_took_away_is_not_placed_again(side):
    order = short_order(side)
    assert held(side, order) == 3
    side.let_go(order)
    side.settle()
    before = len(side.writes())
    side.service.house.desk.sync(side.record)
    side.settle()
    assert (held(side, order), len(side.writes())) == (0, before)


def test_a_hold_that_a_person_took_away_is_shown(side):
    order = short_order(side)
    side.let_go(order)
    side.settle()
    document = side.order(order)
    assert (sum(document["hands_off"].values()), document["held"]) == (3, {})
    happened = [entry["what"] for entry in document["timeline"]]
    assert "somebody took our hold away" in happened
    told = [what for what in happened if what.startswith("told: order")]
    assert happened.index(told[0]) < happened.index("decided") < happened.index("hold")
    assert "Told of the new order" in side.page(order)


def test_units_that_a_person_let_go_are_held_again_once_the_order_changes(side):
    order = short_order(side)
    side.let_go(order)
    side.settle()
    side.edit(order, "MUG", 9)
    side.settle()
    assert held(side, order) == 4
    assert side.order(order)["hands_off"] == {}


def test_a_hold_asked_for_by_hand_overrules_that_a_person_let_go(side):
    order = short_order(side)
    side.let_go(order)
    side.settle()
    assert side.ask(order, "hold").status_code == 202
    side.settle()
    assert held(side, order) == 8


@only("shopify", because="WooCommerce has no holds: nobody else can place one.")
def test_what_another_app_holds_is_left_to_it_until_it_lets_go(side):
    side.shop.hooks.drop = 1.0
    order = side.checkout(("MUG", 8))
    side.shop.foreign_hold(order)
    side.shop.hooks.drop = 0.0
    side.service.house.desk.sync(side.record)
    side.settle()
    assert (held(side, order), "hold" in [write["kind"] for write in side.order(order)["actions"]]) == (0, False)
    side.shop.release_foreign_hold(order)
    side.settle()
    assert held(side, order) == 3


@only("shopify", because="WooCommerce has no holds: nobody else can place one.")
def test_a_foreign_hold_beside_ours_is_never_released(side):
    order = short_order(side)
    side.shop.foreign_hold(order)
    side.settle()
    side.shop.restock("MUG", 3)
    side.settle()
    rows = side.shop.state.of_order(side.shop.state.order(order))
    assert all(any(hold.app != "ours" for hold in row.holds) for row in rows if row.alive)
    assert states(side, order) <= EVERYTHING_DONE
    before = len(side.writes())
    side.settle()
    assert len(side.writes()) == before
    side.shop.release_foreign_hold(order)
    side.settle()
    assert held(side, order) == 0


@only("shopify", because="WooCommerce does not tell that an order is being picked.")
def test_units_in_picking_are_neither_held_nor_moved(side):
    side.shop.hooks.drop = 1.0
    order = side.checkout(("MUG", 8))
    side.shop.start_picking(order)
    side.shop.hooks.drop = 0.0
    side.service.house.desk.sync(side.record)
    side.settle()
    assert held(side, order) == 0
    assert states(side, order) <= EVERYTHING_DONE
    side.shop.stop_picking(order)
    side.settle()
    side.service.house.desk.sync(side.record)
    side.settle()
    assert held(side, order) == 3


@only("shopify", because="At WooCommerce a hold is words on the order: it is never too late for them.")
def test_a_hold_that_comes_too_late_for_the_parcel_is_no_failure(side):
    side.shop.hooks.drop = 1.0
    order = side.checkout(("MUG", 8))
    side.service.house.desk.sync(side.record)
    side.shop.fulfil(order)
    side.shop.hooks.drop = 0.0
    side.settle()
    document = side.order(order)
    assert [action["state"] for action in document["actions"] if action["kind"] == "hold"] == ["skipped"]
    assert (document["state"], document["tags"], sum(line["open"] for line in document["lines"])) == ("closed", [], 0)


def test_an_unpaid_order_keeps_its_place_and_ships_nothing(side):
    side.set_policy(fulfil="create")
    now = datetime.now(UTC)
    unpaid = str(side.unpaid(("MUG", 4), at=now - timedelta(hours=2)))
    later = side.checkout(("MUG", 3), at=now - timedelta(hours=1))
    side.settle()
    assert (side.order(unpaid)["release_now"], side.shipped_outside(unpaid)) == (False, {})
    assert sum(side.shipped_outside(later).values()) == 1
    assert (side.order(later)["lines"][0]["backordered"], held(side, later)) == (2, 2)


def test_a_payment_frees_what_stock_covers(side):
    side.set_policy(fulfil="create")
    unpaid = str(side.unpaid(("MUG", 8)))
    side.settle()
    assert (side.shipped_outside(unpaid), held(side, unpaid)) == ({}, 3)
    side.pay(unpaid)
    side.settle()
    assert (sum(side.shipped_outside(unpaid).values()), held(side, unpaid)) == (5, 3)


@only("woocommerce", because="Shopify keeps held units back itself: what is ready is not written there.")
def test_what_a_store_is_told_of_units_that_are_ready_stays_true(side):
    """Where a hold is only words: a payment makes units ready, and a parcel takes them, while as many wait."""
    order = str(side.unpaid(("MUG", 8)))
    side.settle()
    assert (side.ready_outside(order), held(side, order)) == ({}, 3)
    side.pay(order)
    side.settle()
    assert (sum(side.ready_outside(order).values()), held(side, order)) == (5, 3)
    side.shop.ship_part(order, {side.shop.line(order, "MUG"): 5})
    side.settle()
    assert (side.ready_outside(order), held(side, order)) == ({}, 3)
    assert side.doubles(order) == []


@only("woocommerce", because="At Shopify holds end with the order by themselves.")
def test_an_order_that_ends_is_left_without_a_word_of_waiting(side):
    order = short_order(side)
    side.cancel(order)
    side.settle()
    assert (side.held_outside(order), side.ready_outside(order), side.tags_outside(order)) == ({}, {}, set())


def test_a_person_holds_and_releases_an_order_by_hand(side):
    order = short_order(side, 4)
    assert held(side, order) == 0
    assert side.ask(order, "hold").status_code == 202
    side.settle()
    assert held(side, order) == 4
    assert side.ask(order, "release").status_code == 202
    side.settle()
    assert held(side, order) == 0
    assert side.ask(order, "release").status_code == 409


def test_a_person_ships_the_part_that_the_rules_keep_back(side):
    side.set_policy(ship_part={"enabled": False})
    order = short_order(side)
    assert held(side, order) == 8
    assert side.ask(order, "ship_part").status_code == 202
    side.settle()
    assert held(side, order) == 3


def test_an_order_that_cannot_be_read_yet_waits_its_turn_and_harms_no_other(side):
    side.shop.faults.add("error", times=1000, match=side.item_reads)
    side.shop.add_product("CUP", "Enamel cup", "9.00", 2)
    order = side.checkout(("CUP", 3))
    assert side.shop.hooks.flush()
    side.service.hands.run_until_idle()
    assert side.api("GET", f"orders/{order}").status_code == 404
    side.shop.faults.clear()
    side.settle()
    assert held(side, order) == 1


def test_a_product_that_the_shop_no_longer_knows_stops_nothing(side):
    order = side.checkout(("MUG", 2))
    side.shop.add_product("CUP", "Enamel cup", "9.00", 1)
    gone = side.checkout(("CUP", 2), ("MUG", 4))
    side.forget_product("CUP")
    side.settle()
    assert side.order(order)["decision"] == "ship_all"
    line = {line["sku"]: line for line in side.order(gone)["lines"]}["MUG"]
    assert line["backordered"] == 1


def test_what_was_only_observed_is_done_once_the_shop_acts(open_side):
    side = open_side(mode="observe")
    side.shop.add_product("MUG", "Enamel mug", "12.50", 5)
    order = short_order(side)
    assert (states(side, order), side.writes()) == ({"planned"}, [])
    side.put_policy({"mode": "act"})
    side.settle()
    assert held(side, order) == 3
    assert states(side, order) == {"done"}


def test_a_shop_that_goes_back_to_observing_is_left_alone(side):
    side.put_policy({"mode": "observe"})
    order = short_order(side)
    assert (states(side, order), side.writes()) == ({"planned"}, [])


@only("shopify", because="WooCommerce tells nobody that a key was revoked: it shows at the next read.")
def test_a_shop_that_removed_us_is_never_called_again(side):
    order = short_order(side)
    side.shop.hooks.pause()
    side.shop.restock("MUG", 2)
    side.shop.uninstall()
    side.shop.hooks.resume()
    side.shop.hooks.flush()
    side.service.hands.run_until_idle()
    calls = len(side.shop.journal.entries())
    side.put_policy({"ship_part": {"enabled": False}})
    side.service.hands.run_until_idle()
    assert len(side.shop.journal.entries()) == calls
    with side.house.books.read() as unit:
        assert unit.shops.get(side.record.id).state == "uninstalled"
        assert unit.shops.credentials(side.record.id) == {}
    assert states(side, order) <= EVERYTHING_DONE


@only("shopify", because="WooCommerce asks no app to forget a customer.")
def test_a_customer_who_asks_to_be_forgotten_is(side):
    order = str(side.shop.checkout([("MUG", 8)], customer="customer12@example.com"))
    side.settle()
    assert "customer12@example.com" in side.everything_stored()
    side.shop.hooks.pause()
    side.shop.redact_customer("customer12@example.com")
    side.shop.hooks.resume()
    side.settle()
    assert "customer12@example.com" not in side.everything_stored()
    assert (sum(side.order(order)["held"].values()), held(side, order)) == (3, 3)


@only("shopify", because="WooCommerce has no fulfilment orders, and asks no app for a customer's data.")
def test_an_order_that_a_person_moved_is_shown_as_such_and_keeps_its_hold(side):
    other = side.shop.add_location("Second shelf")
    order = short_order(side)
    assert held(side, order) == 3
    side.shop.move(order, other)
    side.settle()
    document = side.order(order)
    assert held(side, order) == 3
    assert "the order was moved to another location" in [entry["what"] for entry in document["timeline"]]
    assert "moved to another location" in side.page(order)
    side.shop.restock("MUG", 8, location=other)
    side.settle()
    assert (held(side, order), side.order(order)["decision"]) == (0, "ship_all")
    before = len(side.writes())
    side.service.house.desk.sync(side.record)
    side.settle()
    assert len(side.writes()) == before


@only("shopify", because="WooCommerce has no fulfilment orders, and asks no app for a customer's data.")
def test_what_others_did_stands_on_the_orders_page(side):
    order = short_order(side)
    side.let_go(order)
    side.settle()
    assert "A person took our hold off" in side.page(order)
    blocked = short_order(side, 2)
    side.shop.foreign_hold(blocked)
    side.settle()
    assert "Another app or person holds" in side.page(blocked)
    assert side.order(blocked)["reasons"].count("FOREIGN_HOLD") == 1


@only("shopify", because="WooCommerce has no fulfilment orders, and asks no app for a customer's data.")
def test_a_request_for_personal_data_says_whose_until_they_are_forgotten(side):
    mine = str(side.shop.checkout([("MUG", 8)], customer="customer12@example.com"))
    side.shop.checkout([("MUG", 1)], customer="customer13@example.com")
    side.settle()
    side.shop.request_customer_data("customer12@example.com")
    side.settle()
    with side.house.books.read() as unit:
        (person,) = [e.detail["person"] for e in unit.audit.page(side.record.id).items if "person" in e.detail]
        kept = list(unit.retention.export(side.record.id, orders=person["orders"], customer=person["customer"]))
    assert person["orders"] == [mine]
    assert ("customer12@example.com" in str(kept), "customer13@example.com" in str(kept)) == (True, False)
    side.shop.redact_customer("customer12@example.com")
    side.settle()
    with side.house.books.read() as unit:
        assert not [e for e in unit.audit.page(side.record.id).items if "person" in e.detail]


@only("shopify", because="WooCommerce asks no app to forget a store: `disconnect --erase` does it.")
def test_a_shop_that_asks_to_be_forgotten_leaves_nothing(side):
    order = short_order(side)
    assert all(word in side.everything_stored() for word in ("north-store", "Enamel mug", order))
    side.shop.hooks.pause()
    side.shop.redact_shop()
    side.shop.hooks.resume()
    side.shop.hooks.flush()
    side.service.hands.run_until_idle()
    assert side.everything_stored().strip() == ""
