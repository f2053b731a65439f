"""A customer swaps what waits for a substitute that is in stock; the shop's order follows once that is final."""

import re

import pytest
import requests

from tests.scenarios.test_customer_choices import Page, later_without_news, open_units


@pytest.fixture
def short(side):
    """8 mugs ordered, 5 there; cups may take their place, and cost less."""
    side.shop.add_product("CUP", "Cup", "10", 4)
    side.set_policy(choices={"swap": True})
    order = side.checkout(("MUG", 8))
    side.settle()
    assert side.api("PUT", "items/MUG", {"substitutes": ["CUP"]}).status_code == 200
    side.settle()
    return order, Page(side, order)


def swapping(page):
    """The hidden fields of the page's form for swapping, and how many units it allows; none where it has none."""
    shown = requests.get(page.link, timeout=60).text
    _, found, form = shown.partition("/swap")
    named = dict(re.findall(r'name="(line|item)" value="([^"]+)"', form))
    return named | {"units": re.search(r'max="(\d+)"', form)[1]} if found else {}


def on_order(side, order):
    return {line["sku"]: line["open"] for line in side.order(order)["lines"] if line["open"]}


def test_what_waits_is_swapped_once_it_is_final_and_the_difference_comes_back(side, post, short):
    _, later = post
    order, page = short
    form = swapping(page)
    assert form["units"] == "3"
    assert page.send("swap", **form | {"units": "4"}) is True, "more than waits is not swapped"
    page.send("swap", **form)
    assert "3 × Cup, instead of Enamel mug" in page.text()
    assert "The customer wants Cup instead of what waits" in side.page(order)
    assert page.send("undo", about=page.about()) is False
    later(minutes=31)
    assert on_order(side, order) == {"MUG": 8}
    page.send("swap", **form | {"units": "2"})
    other = side.checkout(("CUP", 3))
    side.settle()
    assert side.order(other)["lines"][0]["on_hand"] == 2, "its cups are kept, also while it may change its mind"
    later(minutes=31)
    assert on_order(side, order) == {"MUG": 6, "CUP": 2}
    assert [money for _, money in side.refunds_outside(order)] == ["5.00"]
    assert sum(side.held_outside(order).values()) == 1, "the mug that still waits"
    assert "2 units are swapped for: Cup." in page.text()
    assert "2 units: Swapped by the customer for Cup, which is in stock." in (told := side.page(order))
    assert "Cancelled by the customer" not in told
    later(minutes=31)
    assert (open_units(side, order), len(side.refunds_outside(order))) == (8, 1)
    assert swapping(page) == {}, "no cup is free any more"


def test_what_ships_before_its_swap_is_carried_out_comes_and_is_not_doubled(side, post, short):
    _, later = post
    order, page = short
    page.send("swap", **swapping(page))
    side.shop.hooks.pause()
    side.let_go(order)
    side.ship_all(order)
    side.service.hands.run_until_idle()
    later_without_news(side, post)
    side.shop.hooks.resume()
    later(minutes=31)
    later(minutes=31)
    told, cups = page.text(), sum(line["ordered"] for line in side.order(order)["lines"] if line["sku"] == "CUP")
    swapped, left = "3 units are swapped for: Cup." in told, "that you wanted to swap had left already" in told
    assert (cups, swapped, left) in {(0, False, True), (3, True, False)}, "one of the two wins, and the page says which"
