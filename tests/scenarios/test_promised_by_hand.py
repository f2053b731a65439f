"""A day that a person told the customer, over real HTTP: shown in the shop, kept when supply moves, missed aloud."""

from datetime import UTC, datetime, timedelta

from tests.scenarios.test_shown_in_the_shop import expect


def test_a_day_told_by_a_person_stands_until_it_is_taken_back(side):
    today = datetime.now(UTC).date()
    coming, told, late = (today + timedelta(days=days) for days in (8, 14, 21))
    side.enter_supply("PO-1", "MUG", 10, coming)
    order = side.checkout(("MUG", 8))
    side.settle()
    first = side.order(order)["promise"]["first"]
    answer = side.api("POST", f"orders/{order}/actions", {"do": "promise", "on": told.isoformat(), "why": "by phone"})
    assert answer.status_code == 202, answer.text
    side.settle()
    expect(side, order, ready="5", waiting="3", eta=told.isoformat())
    assert side.api("PUT", "incoming/PO-1", {"eta": late.isoformat(), "latest": None}).status_code == 200
    side.settle()
    shown = side.order(order)
    assert shown["promise"] == {"first": first, "current": told.isoformat(), "by_hand": True}
    assert "PROMISE_BROKEN" in {exception["code"] for exception in shown["exceptions"]}
    assert side.ask(order, "end_promise").status_code == 202
    side.settle()
    assert side.order(order)["promise"] == {
        "first": first,
        "current": side.order(order)["completes_on"],
        "by_hand": False,
    }
