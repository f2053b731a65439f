"""The list of all orders: states, search, filters, pages, saved views, and the file for a spreadsheet."""

import csv
import html
import io
import re

import pytest

from core.snapshots import Customer
from pages import order_list


@pytest.mark.parametrize(
    ("state", "shown", "hidden"),
    [
        ("backordered", "#1001", "#1003"),
        ("open", "#1003", "#990"),
        ("closed", "#990", "#1001"),
        ("all", "#990", "nothing is hidden"),
        ("ready", "#1003", "#1001"),
        ("needs", "#1007", "#1003"),
    ],
)
def test_a_state_shows_its_orders(client, lively, state, shown, hidden):
    page = client.get(f"/orders?state={state}").text
    assert f">{shown}</a>" in page
    assert f">{hidden}</a>" not in page


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ({"q": "1004"}, "#1004"),
        ({"q": "#990"}, "#990"),
        ({"q": "WHOLESALE"}, "#1007"),
        ({"q": "customer 1"}, "#1001"),
        ({"q": "wool-bl", "state": "risk"}, "#1001"),
        ({"item": "TENT-PEG"}, "#1006"),
        ({"age": "19"}, "#1001"),
        ({"country": "SE", "age": "12"}, "#1005"),
    ],
)
def test_an_order_is_found(client, lively, asked, found):
    page = client.get("/orders", query_string=asked).text
    assert f">{found}</a>" in page
    assert page.count('<th scope="row">') < 9
    for value in asked.values():
        assert f'value="{html.escape(value)}"' in page or f"<option selected>{value}</option>" in page


def test_a_search_without_hits_says_how_to_search(client, lively):
    assert "No order matches." in client.get("/orders?q=zebra").text


@pytest.mark.parametrize("asked", ["age=x", "age=-1", "tier=1.5", "age=²"])
def test_a_filter_that_is_no_number_says_what_it_takes(client, asked):
    answer = client.get(f"/orders?{asked}")
    assert answer.status_code == 400
    assert "must be a whole number from" in answer.text


@pytest.mark.parametrize("state", ["open", "ready"])
def test_pages_follow_each_other_without_gap_or_repeat(client, keep, make, monkeypatch, state):
    monkeypatch.setattr(order_list, "A_PAGE", 3)
    keep(*(make.order(str(n), make.line("a", "mug", 1, on_hand=1), days=30 - n) for n in range(8)))
    page, seen = client.get(f"/orders?state={state}&q=mug").text, []
    while True:
        seen += [int(number) for number in re.findall(r">#(\d+)</a>", page)]
        if 'rel="next"' not in page:
            break
        page = client.get(html.unescape(re.search(r'href="(/orders[^"]+)" rel="next"', page)[1])).text
    assert seen == list(range(8))


def test_all_orders_that_match_go_into_a_file_that_runs_nothing(client, keep, make, monkeypatch):
    monkeypatch.setattr(order_list, "A_READ", 2)
    evil = Customer(name="=HYPERLINK(1)", country="SE")
    keep(*(make.order(str(n), make.line("a", "mug", 2, price=1250), days=30 - n) for n in range(5)))
    keep(make.order("9", make.line("a", "mug", 2), customer=evil.name, days=1))
    answer = client.get("/orders.csv?state=backordered&q=mug")
    assert answer.mimetype == "text/csv"
    assert "orders-backordered.csv" in answer.headers["Content-Disposition"]
    rows = list(csv.DictReader(io.StringIO(answer.text.lstrip("\ufeff"))))
    assert [row["Order"] for row in rows] == ["#0", "#1", "#2", "#3", "#4", "#9"]
    assert (rows[0]["Waiting"], rows[0]["Value waiting"], rows[0]["Currency"]) == ("2", "25.00", "EUR")
    assert rows[5]["Customer"] == "'=HYPERLINK(1)"


def test_a_view_is_saved_found_again_and_forgotten(client, lively, send):
    answer = send(client, "/views", name=" Old  ones ", place="/orders", state="risk", age="10", evil="x")
    assert answer.location == "/orders?age=10&state=risk"
    page = client.get(answer.location).text
    assert '<a href="/orders?age=10&amp;state=risk" aria-current="page">Old ones</a>' in page
    assert ">Old ones</a>" in client.get("/").text
    assert send(client, "/views/forget", name="Old ones", place="/").location == "/"
    assert ">Old ones</a>" not in client.get("/").text


def test_a_view_needs_a_name_and_there_are_not_too_many(client, send, books):
    send(client, "/views", name=" ", place="https://evil.example/", q="a")
    assert "Give the view a name" in client.get("/").text
    with books.write() as unit:
        for number in range(30):
            unit.views.put("fern", f"view {number}", "/?q=a")
    send(client, "/views", name="one more", place="/", q="a")
    assert "the most that are kept" in client.get("/").text
