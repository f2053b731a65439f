"""Backorders on an item stop while a next unit takes too long, come back by themselves, and never fight a person."""

from datetime import UTC, date, datetime, timedelta

LONG = {"enabled": True, "max_days": 30, "again_days": 20}
TODAY = datetime.now(UTC).date()
"""The same for all: a test that begins before midnight may end after it."""


def in_days(days):
    return TODAY + timedelta(days=days)


def stands(side):
    """The shop's own word for whether mugs are sold beyond stock."""
    shop = side.shop
    return shop.state.by_sku["MUG"].policy if side.platform == "shopify" else shop.state.by_sku("MUG").backorders


def set_by_hand(side, *, beyond):
    if side.platform == "shopify":
        side.shop.set_policy("MUG", "continue" if beyond else "deny")
    else:
        side.shop.set_backorders("MUG", "yes" if beyond else "no")
    side.settle()


def item(side):
    return side.api("GET", "items/MUG").json()["backorders"]


def stopped(side):
    """A shop that sold 8 mugs of 5 with nothing on the way, and stopped there."""
    before = stands(side)
    order = side.checkout(("MUG", 8))
    side.put_policy({"wait_gate": LONG})
    side.settle()
    return order, before


def test_an_item_without_a_date_stops_and_is_taken_again_as_it_was(side):
    began = datetime.now(UTC).date()
    order, before = stopped(side)
    assert stands(side) != before
    found = item(side)
    assert began <= date.fromisoformat(found.pop("stopped_since")) <= datetime.now(UTC).date()
    assert found == {"taken": False, "left_alone": False}
    assert side.order(order)["decision"] == "ship_part", "what was sold before the stop keeps its place"
    side.enter_supply("PO-1", "MUG", 10, in_days(25))
    side.settle()
    assert stands(side) != before, "sooner than the limit, but not soon enough to change every day"
    side.enter_supply("PO-2", "MUG", 10, in_days(15))
    side.settle()
    assert stands(side) == before
    assert item(side) == {"taken": True, "stopped_since": None, "left_alone": False}


def test_a_person_who_takes_backorders_again_is_left_alone_until_they_hand_it_back(side):
    stopped(side)
    writes = len(side.writes())
    set_by_hand(side, beyond=True)
    word = stands(side)
    side.set_policy()
    side.settle()
    assert (stands(side), len(side.writes())) == (word, writes)
    assert item(side)["left_alone"] is True
    assert side.api("PUT", "items/MUG", {"backorders": "take"}).status_code == 409
    assert side.api("PUT", "items/MUG", {"backorders": "hand_back"}).status_code == 200
    side.settle()
    assert stands(side) != word, "handed back, it is stopped again"
    assert side.api("PUT", "items/MUG", {"backorders": "take"}).status_code == 200
    side.settle()
    assert (stands(side), item(side)["left_alone"]) == (word, True)
    assert side.api("PUT", "items/MUG", {"backorders": "x"}).status_code == 422


def test_who_switches_it_off_or_leaves_gets_the_setting_back(side):
    _, before = stopped(side)
    side.put_policy({"wait_gate": {"enabled": False}})
    side.settle()
    assert stands(side) == before
    side.put_policy({"wait_gate": {"enabled": True}})
    side.settle()
    assert stands(side) != before
    side.house.desk.disconnect(side.record, erase=False)
    assert stands(side) == before


def test_what_a_person_stopped_is_never_taken_again(side):
    set_by_hand(side, beyond=False)
    word = stands(side)
    side.put_policy({"wait_gate": LONG})
    side.settle()
    side.enter_supply("PO-1", "MUG", 10, in_days(2))
    side.settle()
    assert stands(side) == word
    assert item(side)["stopped_since"] is None


def test_an_observed_shop_only_hears_what_would_happen(open_side):
    side = open_side(mode="observe")
    side.shop.add_product("MUG", "Enamel mug", "12.50", 0)
    side.settle()
    before, writes = stands(side), len(side.writes())
    told = side.api("POST", "policy/preview", {"wait_gate": LONG}).json()["backorders"]
    assert [(row["sku"], row["would"], row["next_unit_on"]) for row in told] == [("MUG", "stop", None)]
    side.put_policy({"wait_gate": LONG})
    side.settle()
    assert (stands(side), len(side.writes())) == (before, writes)


def told(side):
    """The day that the page of mugs tells."""
    state = side.shop.state
    if side.platform == "shopify":
        return next((meta.value for meta in state.by_sku["MUG"].metafields.values()), None)
    return next((entry.value for entry in state.by_sku("MUG").meta if entry.key == "_backorder_eta"), None)


def test_the_items_page_tells_when_a_next_unit_would_leave(side):
    side.checkout(("MUG", 8))
    side.enter_supply("PO-1", "MUG", 10, in_days(12))
    side.put_policy({"promises": {"on_items": True}})
    side.settle()
    assert told(side) == in_days(12).isoformat()
    writes = len(side.writes())
    side.set_policy()
    side.settle()
    assert len(side.writes()) == writes, "what stands is not written again"
    side.checkout(("MUG", 7))
    side.enter_supply("PO-2", "MUG", 10, in_days(20))
    side.settle()
    assert told(side) == in_days(20).isoformat(), "the first delivery is spoken for"
    side.house.desk.disconnect(side.record, erase=False)
    assert told(side) is None
