"""A very large order on its page and on its customer's: why, who waits, what can be chosen, by a form or by the link."""

from datetime import timedelta

import pytest

from core.large.sizes import LineSize
from core.records.proposals import Option, Proposal
from core.settings import Settings
from pages.customer_links import customer_link

SIZES = (LineSize(line="a", sku="mug", ordered=8, units=8, on_hand=5),)


def path(order):
    return customer_link(Settings(secret_key="a key for tests only"), "fern", order).removeprefix(
        "http://127.0.0.1:8000"
    )


@pytest.fixture
def shop_with(app, client, keep, make):
    """Keep order 1001, with these fields, and a later one that wants 2 of the same mugs."""

    def keeper(**fields):
        from core.policy.reading import merge
        from core.policy.shop_policy import ShopPolicy

        policy = merge(ShopPolicy(), {"large_order": {"enabled": True, "answer": "review"}})
        keep(
            make.shop(policy=policy), make.item("mug", (5, 0)),
            make.order("1001", make.line("a", "mug", 8, on_hand=5, now=0), decision="review", sizes=SIZES, **fields),
            make.order("1002", make.line("a", "mug", 2), days=1),
        )  # fmt: skip
        return client

    return keeper


def offer(make):
    options = (
        Option(key="part", now=5, later=3, on=None, price=8000, freight=490),
        Option(key="only", now=5, later=0, on=None, price=5000, serve={"a": 5}),
    )
    return Proposal(made_at=make.now, ends_at=make.now + timedelta(days=3), options=options)


def test_a_review_shows_the_numbers_who_waits_and_every_choice(shop_with):
    page = shop_with().get("/orders/fern/1001").text
    for words in ("8 x mug against the 5 on hand", "#1002", "+2", "Accept the order", "Cap the order",
                  "Offer the customer choices", "cannot be undone"):  # fmt: skip
        assert words in page


@pytest.mark.parametrize(
    ("manual", "badge", "told"),
    [({}, "b-needs", True), ({"answer": "accept"}, "b-ready", False), ({"answer": "decline"}, "b-closed", False)],
)
def test_who_waits_is_told_only_while_somebody_looks_for_it(shop_with, manual, badge, told):
    page = shop_with(manual=manual).get("/orders/fern/1001").text.split("A very large order")[1].split("</section>")[0]
    assert f'class="badge {badge}"' in page
    assert ("would be better off without it" in page) is told
    assert "Nobody waits longer" not in page


def test_the_merchant_takes_in_what_the_customer_said(shop_with, make, send, books):
    browser = shop_with(proposal=offer(make))
    assert "Stands until" in browser.get("/orders/fern/1001").text
    send(browser, "/orders/fern/1001/answer", option="swap")
    assert "must be one of part, only" in browser.get("/orders/fern/1001").text
    send(browser, "/orders/fern/1001/answer", option="only")
    with books.read() as unit:
        assert unit.orders.get("fern", "1001").proposal.answer == "only"
    assert "Take 3 x Mug off the order" in browser.get("/orders/fern/1001").text


def test_the_customer_chooses_by_the_link_alone_and_once(app, shop_with, make, books):
    shop_with(proposal=offer(make))
    customer = app.test_client()
    assert "for the second parcel" in customer.get(path("1001")).text
    assert "You chose" in customer.post(f"{path('1001')}/answer", data={"option": "part"}, follow_redirects=True).text
    late = customer.post(f"{path('1001')}/answer", data={"option": "only"}, follow_redirects=True)
    assert "no longer open" in late.text
    with books.read() as unit:
        assert unit.orders.get("fern", "1001").proposal.answer == "part"
        assert unit.audit.page("fern", order="1001").items[0].actor == "customer"


def test_an_offer_whose_time_is_over_is_shown_no_more(app_of, shop_with, make):
    made = offer(make)
    shop_with(proposal=made)
    late = app_of(now=lambda: made.ends_at).test_client()
    assert "for the second parcel" not in late.get(path("1001")).text


def test_a_forged_link_answers_nothing(app, client):
    assert app.test_client().post("/o/forged/answer", data={"option": "part"}).status_code == 404
