"""What ends for good: what waits, or the whole order, by a person, its customer or the policy. On both shops."""

import requests


def kinds(side, order, state="done"):
    """The kinds of everything that was asked for the order and ended so."""
    return [row["kind"] for row in side.order(order)["actions"] if row["state"] == state]


def open_units(side, order):
    return sum(line["open"] for line in side.order(order)["lines"])


def short(side, units=8, **more):
    order = side.checkout(("MUG", units), **more)
    side.settle()
    return order


def test_what_waits_is_refunded_once_and_the_rest_ships(side):
    order = short(side)
    assert side.ask(order, "cancel_waiting").status_code == 202
    side.settle()
    assert (open_units(side, order), side.order(order)["decision"]) == (5, "ship_all")
    assert side.refunds_outside(order) == [(3, "37.50")]
    assert (side.held_outside(order), side.tags_outside(order)) == ({}, set())
    before = len(side.writes())
    side.service.house.desk.sync(side.record)
    side.settle()
    assert len(side.writes()) == before


def test_an_order_of_which_nothing_has_left_is_cancelled_whole(side):
    order = short(side)
    assert side.ask(order, "cancel").status_code == 202
    side.settle()
    document = side.order(order)
    assert document["state"] == "cancelled"
    assert kinds(side, order).count("cancel") == 1
    assert sum(units for units, _ in side.refunds_outside(order)) == 8
    assert side.ask(order, "cancel").status_code == 409


def test_what_was_not_paid_is_taken_off_and_no_money_moves(side):
    order = str(side.unpaid(("MUG", 8)))
    side.settle()
    assert side.ask(order, "cancel_waiting").status_code == 202
    side.settle()
    assert (open_units(side, order), side.refunds_outside(order)) == (5, [])
    assert "remove" in kinds(side, order)


def test_an_answer_that_is_lost_refunds_once(side):
    order = short(side)
    side.shop.faults.add("lost", match=side.refund_call)
    assert side.ask(order, "cancel_waiting").status_code == 202
    side.settle()
    assert side.refunds_outside(order) == [(3, "37.50")]
    assert kinds(side, order).count("refund") == 1


def test_a_refund_in_the_shop_meanwhile_is_not_given_twice(side):
    order = short(side)
    side.shop.hooks.pause()
    assert side.ask(order, "cancel_waiting").status_code == 202
    side.refund(order, "MUG", 3)
    side.shop.hooks.resume()
    side.settle()
    assert (open_units(side, order), sum(units for units, _ in side.refunds_outside(order))) == (5, 3)


def test_a_customer_who_takes_only_what_is_there_gets_the_rest_paid_back(side):
    side.set_policy(
        large_order={"enabled": True, "share": "0.5", "answer": "counter"}, cancelling={"by_customer": True}
    )
    order = short(side)
    link = side.order(order)["customer_status_url"]
    requests.post(f"{link}/answer", data={"option": "only"}, timeout=60)
    side.settle()
    assert side.refunds_outside(order) == [(3, "37.50")]
    assert side.order(order)["large_order"]["todo"] == []


def test_the_policy_cancels_what_it_declines(side):
    usual = short(side, 2)
    side.set_policy(large_order={"enabled": True, "share": "0.5", "answer": "decline"}, cancelling={"declined": True})
    order = short(side)
    assert side.order(order)["state"] == "cancelled"
    assert side.order(usual)["state"] == "open"


def test_a_person_keeps_an_order_that_the_shop_refuses_to_cancel(side):
    order = short(side)
    side.shop.hooks.pause()
    side.shop.faults.add("refuse", match=side.cancel_call, times=100)
    side.ask(order, "cancel")
    side.service.hands.run_until_idle()
    assert "cancel" in kinds(side, order, "failed")
    assert side.order(order)["decision"] == "none"
    assert side.ask(order, "keep").status_code == 202
    side.shop.faults.clear()
    side.shop.hooks.resume()
    side.settle()
    assert (side.order(order)["state"], open_units(side, order)) == ("open", 8)


def test_what_is_added_after_a_cancellation_is_served(side):
    order = short(side)
    side.ask(order, "cancel_waiting")
    side.settle()
    # One platform takes refunded units out of a line's number, the other does not.
    side.edit(order, "MUG", 7 if side.platform == "shopify" else 10)
    side.settle()
    assert (open_units(side, order), len(side.refunds_outside(order))) == (7, 1)
    assert sum(side.held_outside(order).values()) == 2
