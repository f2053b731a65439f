"""The page Offers: a ladder as a form, what it would have meant, the month's budget, what was given and changed."""

from dataclasses import replace
from datetime import timedelta

import pytest

from core.consolation.consolations import Consolation
from core.consolation.offer_sum import OfferSum
from core.forecast.records import DemandRow
from core.policy.reading import merge
from core.policy.shop_policy import ShopPolicy
from core.records.waits import Wait
from pages.ladder_form import filled, rows_of
from pages.offers import CAPS
from tests.pages.builders import NOW, line, order
from tests.pages.conftest import SUPPORTS

SUM = OfferSum(
    currency="EUR", value=3000, days=30, until=None, chance=0.139292, loss=418, cost=300, order_days=0, lost=0
)


def given(key="1", number=1, **fields):
    row = {"arm": "offered", "rung": 1, "state": "made", "on": NOW.date(), "customer": f"c{key}", "code": f"sorry-{key}",
           "kind": "discount_code", "percent": 10, "amount": "0", "minimum": "0", "combines": False, "worth": 300, "value": 3000,
           "currency": "EUR", "starts_at": NOW, "ends_at": NOW + timedelta(days=60), "weighed": SUM}  # fmt: skip
    return Consolation(shop="fern", order=key, number=number, **row | fields)


def form(*rungs, **caps):
    """What a browser sends for these rungs and caps."""
    typed = {"offers.per_order": "1", "offers.per_customer": "0", "offers.monthly_budget": "", "offers.min_margin": "0",
             "offers.hold_out": "0", "offers.valid_days": "60", "offers.minimum": "0"}  # fmt: skip
    for number, rung in enumerate(rungs, 1):
        fields = {"days": "14", "after": "ahead", "tier": "1000", "min_value": "", "told": "any", "kind": "discount_code",
                  "percent": "10", "amount": "", "weigh": "1"}  # fmt: skip
        typed |= {f"rung-{number}-{key}": value for key, value in (fields | rung).items()}
    return typed | {f"offers.{key}": value for key, value in caps.items()}


def read(answer):
    """The page's text in one line, with plain blanks."""
    return " ".join(answer.text.replace("\N{NO-BREAK SPACE}", " ").split())


def stored(books):
    with books.read() as unit:
        return unit.shops.get("fern").policy.offers


def test_the_ladder_and_its_caps_are_saved_together_logged_and_planned(client, send, books):
    typed = form(
        {"days": "21"}, {"after": "late", "days": "7", "amount": "5.00", "weigh": ""}, enabled="1", monthly_budget="100"
    )
    assert send(client, "/offers", **typed).status_code == 303
    found = stored(books)
    assert [(rung.after, rung.days, rung.amount, rung.weigh) for rung in found.ladder] == [
        ("ahead", 21, "0", True),
        ("late", 7, "5.00", False),
    ]
    assert (found.enabled, found.monthly_budget) == (True, "100")
    page = client.get("/offers").text
    assert 'name="rung-2-amount" value="5.00"' in page
    assert "Offers: The ladder" in client.get("/policy").text, "the change stands in the history"


def test_a_row_without_days_is_no_rung(client, send, books):
    send(client, "/offers", **form({"days": "21"}, {"days": "7"}))
    send(client, "/offers", **form({"days": ""}, {"days": "7"}))
    assert [rung.days for rung in stored(books).ladder] == [7]


@pytest.mark.parametrize(("rung", "caps", "field", "words"), [
    ({"days": "many"}, {}, "rung-1-days", "Must be a whole number"),
    ({"percent": "101"}, {}, "rung-1-percent", "Must be a whole number from 1 to 100"),
    ({"amount": "5,00"}, {}, "rung-1-amount", "Must be an amount"),
    ({"after": "never"}, {}, "rung-1-after", "Must be one of"),
    ({}, {"hold_out": "2"}, "offers-hold_out", "Must be an amount"),
])  # fmt: skip
def test_a_problem_stands_beside_its_field_and_nothing_is_saved(client, send, books, rung, caps, field, words):
    answer = send(client, "/offers", **form(rung, **caps))
    assert answer.status_code == 422
    assert f'id="{field}-wrong"' in answer.text
    assert words in answer.text
    assert stored(books).ladder == ()


def test_what_the_platform_cannot_give_is_refused_beside_its_field():
    typed = {key: [value] for key, value in form({"kind": "store_credit"}).items()}
    found = filled(ShopPolicy(), typed, SUPPORTS["woocommerce"])
    assert list(found.rows[0].wrong) == ["kind"]
    assert filled(ShopPolicy(), typed, SUPPORTS["shopify"]).wrong == 0


def test_a_ladder_is_tried_on_the_last_90_days_before_it_is_saved(client, send, books):
    with books.write() as unit:
        for key, days in (("21", 20), ("22", 70)):
            wait = Wait(since=NOW.date() - timedelta(days=days))
            unit.orders.put(replace(order(key, line("a", "mug", 5, price=1000), days=days), wait=wait))
            unit.demand.put([DemandRow(shop="fern", order=key, line="a", item="mug", on=NOW.date() - timedelta(days=days), ordered=5, price=1000, backordered=5, at_once=0)])  # fmt: skip
    answer = send(
        client, "/offers/preview", **form({"days": "14", "weigh": ""}, {"days": "60", "weigh": "", "percent": "20"})
    )
    assert answer.status_code == 200
    assert "2 orders would have got something. 1 by rung 1 and 1 by rung 2. That costs €15.00 at most." in read(answer)
    assert stored(books).ladder == ()


def test_the_month_shows_what_was_given_used_and_left(client, books):
    with books.write() as unit:
        shop = unit.shops.get("fern")
        unit.shops.save(replace(shop, policy=merge(ShopPolicy(), {"offers": {"monthly_budget": "20"}})))
        for key, fields in (("1", {}), ("2", {"state": "used", "worth": 500, "used_by": "9"}), ("3", {"state": "void"}),
                            ("4", {"ends_at": NOW - timedelta(days=2), "worth": 200})):  # fmt: skip
            unit.consolations.put(given(key, **fields))
    page = read(client.get("/offers"))
    for words in ("<dd>€20.00</dd>", "<dd>€10.00<small>at most", "<dd>€5.00<small>1 offer", "<dd>€3.00<small>1 offer not used",
                  "<dt>Left</dt><dd>€10.00", "ran out unused", "a later order", "about €4.18 to lose, against €3.00"):  # fmt: skip
        assert words in page


def outcomes(unit, arm, count, lost, start):
    for number in range(start, start + count):
        wait = Wait(since=NOW.date(), until=NOW.date(), lost=number - start < lost)
        unit.orders.put(replace(order(str(number), line("a", "mug", 1)), wait=wait))
        unit.consolations.put(given(str(number), arm=arm, state="none" if arm == "held_out" else "made"))


def test_what_offers_change_is_told_in_plain_words_with_its_interval(client, books):
    assert "Nobody is held out, so nobody can tell" in client.get("/offers").text
    with books.write() as unit:
        outcomes(unit, "offered", 80, 4, 1000)
        outcomes(unit, "held_out", 40, 10, 2000)
    page = read(client.get("/offers"))
    assert "Of 80 customers offered something whose wait has ended, 4 (5.0%) cancelled." in page
    assert "Of 40 customers held out whose wait has ended, 10 (25.0%) cancelled." in page
    assert "by −20.0 points (between −35.5 and −7.0, in 95 of 100 such trials). So they keep customers." in page
    assert "For each order they kept €6.00 more of what waited" in page


def test_the_order_shows_both_sides_of_the_sum(client, books):
    with books.write() as unit:
        shop = unit.shops.get("fern")
        unit.shops.save(
            replace(shop, policy=merge(shop.policy, {"offers": {"enabled": True, "ladder": [{"days": 1}]}}))
        )
        unit.orders.put(order("1001", line("a", "mug", 3)))
    page = client.get("/orders/fern/1001").text
    assert "Something for the wait costs at most" in page
    assert "Waiting is likely to lose" in page


def test_every_cap_has_its_field_and_an_untouched_form_changes_nothing(client, send, books):
    page = client.get("/offers").text
    assert all(f'name="{key}"' in page for key in CAPS)
    assert len(rows_of(())) == 1
    send(client, "/offers", **form({"days": "21"}))
    before = stored(books)
    send(client, "/offers", **form({"days": "21"}))
    assert stored(books) == before


def test_a_usual_ladder_fills_the_form_and_is_not_stored(client, books):
    page = client.get("/offers?start=1").text
    assert 'name="rung-3-days" value="21"' in page
    assert stored(books).ladder == ()
