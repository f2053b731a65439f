"""A consumer in the EU withdraws from the contract: a step that confirms, a receipt, the end of what has not left."""

import pytest
import requests

from tests.scenarios.test_customer_choices import Page, open_units
from tests.scenarios.test_mails_and_laws import NOTICES, buys


@pytest.fixture
def short(side, post):
    """8 mugs ordered from Ireland, 5 there; the shop keeps the EU's clocks and offers the function."""
    side.set_policy(choices={"withdraw": True}, laws=["eu_2011_83"], notices=NOTICES)
    order = buys(side, "IE")
    return order, Page(side, order)


def test_what_has_not_left_is_ended_and_what_has_left_needs_a_person(side, post, short):
    made, later = post
    order, page = short
    assert "Withdraw from contract here" in page.text()
    side.set_policy(fulfil="create")
    side.settle()
    assert side.shipped_outside(order), "the five that were there have left"
    name = "units-" + side.order(order)["lines"][0]["id"]
    asked = requests.post(f"{page.link}/withdraw", data={name: "7"}, timeout=60).text
    assert "Confirm withdrawal" in asked
    side.settle()
    assert "Your withdrawal" not in page.text(), "nothing happens before it is confirmed"
    assert page.send("withdraw/confirm", **{name: "9"}) is True
    assert page.send("withdraw/confirm", **{name: "7"}) is False
    assert page.send("withdraw/confirm", **{name: "7"}) is True, "a second click withdraws from nothing more"
    assert [(units, money) for units, money in side.refunds_outside(order)] == [(3, "37.50")]
    told = [one["detail"] for one in side.order(order)["exceptions"] if one["code"] == "WITHDRAWN"]
    assert ["4 of Enamel mug" in detail for detail in told] == [True]
    later(minutes=20)
    (receipt,) = [mail for mail in made.taken if "Receipt of your withdrawal" in mail["Subject"]]
    body = receipt.get_body(("plain",)).get_content()
    assert "7 × Enamel mug" in body
    assert "UTC" in body
    side.refund(order, "MUG", 4)
    side.settle()
    assert "WITHDRAWN" not in str(side.order(order)["exceptions"])
    assert open_units(side, order) == 0


def test_the_whole_order_is_cancelled_its_clock_ends_and_nobody_else_finds_the_function(side, post, short):
    order, page = short
    abroad = buys(side)
    assert "Withdraw from contract here" not in Page(side, abroad).text()
    name = "units-" + side.order(order)["lines"][0]["id"]
    page.send("withdraw/confirm", **{name: "8"})
    assert side.order(order)["state"] == "cancelled"
    assert "<li>The customer has withdrawn from the contract.</li>" in side.page(order)
    with side.house.books.read() as unit:
        (case,) = unit.laws.of_orders(side.record.id, [order])[order]
        (edge, *_) = unit.laws.edges(side.record.id, order)[-1:] or [None]
    assert case.over, edge
