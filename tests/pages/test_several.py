"""One choice for several orders: asked first, then done, and what cannot be done is said."""

import pytest


@pytest.fixture
def acting(client, lively, keep, make):
    keep(make.shop(policy=make.policy(mode="act")))
    return client


def manual(books, order):
    with books.read() as unit:
        return unit.orders.get("fern", order).manual


def test_first_it_is_asked_what_the_choice_would_do(acting, books):
    page = acting.get(
        "/orders/several?do=offer&order=1004&order=1003&order=1004&order=nowhere&back=/orders?state=open"
    ).text
    assert "Offer something for the wait of 1 order?" in page
    assert "End the code to undo it, as long as nobody has used it." in page
    assert page.split("What stays as it is: 1 order")[1].count("#1003") == 1
    assert 'href="/orders?state=open"' in page
    assert manual(books, "1004") == {}


def test_then_it_is_done_for_those_that_allow_it(acting, send, books):
    answer = send(acting, "/orders/several", do="hold", order=["1003", "1004"], back="/?q=x")
    assert answer.location == "/?q=x"
    assert manual(books, "1003") == manual(books, "1004") == {"hold": "1"}
    with books.read() as unit:
        assert [entry.what for entry in unit.audit.page("fern", order="1003").items] == ["chose hold"]
    send(acting, "/orders/several", do="release", order=["1003", "1001"], back="/")
    page = acting.get("/").text
    assert "Noted for 1 order." in page
    assert "#1001 stays as it is: the order is not held by a person" in page
    assert manual(books, "1003") == {}


def test_the_chosen_orders_are_sent_as_a_file(acting):
    answer = acting.get("/orders/several?do=csv&order=1004&order=1003")
    assert answer.mimetype == "text/csv"
    assert answer.text.count("\r\n") == 3


def test_nothing_chosen_says_how_to_choose(acting, send):
    assert "Tick the orders" in acting.get("/orders/several?do=hold").text
    send(acting, "/orders/several", do="hold", back="https://evil.example/")
    assert "No order was chosen." in acting.get("/").text


@pytest.mark.parametrize("do", ["", "cancel", "decline"])
def test_other_choices_are_not_offered_for_several(acting, send, do):
    assert acting.get(f"/orders/several?do={do}&order=1004").status_code == 404
    assert send(acting, "/orders/several", do=do, order="1004").status_code == 404


def test_a_day_is_promised_for_several_at_once(acting, send, books):
    page = acting.get("/orders/several?do=promise&order=1004&order=1003&order=1001").text
    assert "Promise a day for 2 orders?" in page
    assert 'type="date"' in page
    assert page.split("What stays as it is: 1 order")[1].count("#1003") == 1
    send(acting, "/orders/several", do="promise", order=["1004", "1001"], on="2026-12-12", why="told all of them")
    assert manual(books, "1004") == manual(books, "1001") == {"promised": "2026-12-12"}


def test_without_a_day_nothing_is_promised_and_the_orders_stay_chosen(acting, send, books):
    answer = send(acting, "/orders/several", do="promise", order=["1004", "1001"], on="soon", back="/orders?q=x")
    assert answer.location == "/orders/several?do=promise&order=1004&order=1001&back=/orders?q%3Dx"
    assert "Nothing was done: give a date such as" in acting.get(answer.location).text
    assert manual(books, "1004") == {}
