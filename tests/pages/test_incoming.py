"""Incoming supply: added, edited, received and deleted, with problems beside their fields."""

from datetime import date

import pytest

from pages import incoming as incoming_pages

DECEMBER = date(2026, 12, 8)
GOOD = {"sku": "mug", "ordered": "40", "id": "PO-1", "location": "main", "eta": "2026-12-01", "latest": "2026-12-04",
        "supplier": "Northern Mill", "note": "two pallets"}  # fmt: skip
ROW = "/incoming/fern/{}?id=PO-1&sku=mug&location=main"


@pytest.fixture
def shelf(client, keep, make):
    keep(make.item("mug", (3, 0)))
    return client


def rows(books):
    with books.read() as unit:
        return unit.supply.all("fern")


def wake_ups(books):
    with books.read() as unit:
        return unit.inbox.next_due()


def field(page, name):
    """The part of the page that belongs to one field."""
    start = page.index(f'id="{name}"')
    return page[page.rindex('class="field"', 0, start) : page.index("</div>", start)]


def test_a_row_is_added_logged_and_planned(shelf, send, books):
    assert send(shelf, "/incoming", **GOOD).status_code == 303
    (row,) = rows(books)
    assert (row.incoming.ordered, row.incoming.eta, row.incoming.latest) == (40, date(2026, 12, 1), date(2026, 12, 4))
    assert (row.supplier, row.note, row.source) == ("Northern Mill", "two pallets", "entered")
    with books.read() as unit:
        entry = unit.audit.page("fern").items[0]
    assert (entry.actor, entry.what, entry.sku) == ("merchant", "added incoming stock", "mug")
    assert wake_ups(books) is not None
    assert "Added. The plan is being made anew." in shelf.get("/incoming").text


def test_a_row_without_a_number_gets_one(shelf, send, books):
    send(shelf, "/incoming", **(GOOD | {"id": ""}))
    assert rows(books)[0].incoming.id.startswith("IN-")


@pytest.mark.parametrize(
    ("name", "typed", "words"),
    [
        ("sku", "", "Say which item is coming."),
        ("sku", "cup", "No item of the shop has this SKU."),
        ("sku", "x" * 1001, "at most 1,000 ordinary characters"),
        ("ordered", "", "Give a whole number of units, 1 or more."),
        ("ordered", "0", "Give a whole number of units, 1 or more."),
        ("ordered", "4.5", "Give a whole number of units, 1 or more."),
        ("ordered", "٤", "Give a whole number of units, 1 or more."),
        ("ordered", "9999999999", "Give a whole number of units, 1 or more."),
        ("id", "on_hand", "This word means the stock itself"),
        ("id", "a\0b", "at most 1,000 ordinary characters"),
        ("location", "nowhere", "Choose one of the shop"),
        ("eta", "2026-02-30", "Give a date such as 2026-12-01."),
        ("eta", "soon", "Give a date such as 2026-12-01."),
        ("latest", "2026-11-30", "cannot be before the expected one"),
        ("note", "n" * 1001, "at most 1,000 ordinary characters"),
    ],
)
def test_a_problem_stands_beside_its_field_and_nothing_typed_is_lost(shelf, send, books, name, typed, words):
    answer = send(shelf, "/incoming", **(GOOD | {name: typed}))
    assert answer.status_code == 422
    assert words in field(answer.text, name)
    assert 'aria-describedby="' in field(answer.text, name)
    assert 'aria-invalid="true"' in field(answer.text, name)
    kept = "note" if name != "note" else "supplier"
    assert GOOD[kept] in field(answer.text, kept)
    assert rows(books) == ()
    assert wake_ups(books) is None


def test_a_cautious_date_needs_an_expected_one(shelf, send):
    answer = send(shelf, "/incoming", **(GOOD | {"eta": ""}))
    assert "needs an expected date as well" in field(answer.text, "latest")


def test_all_problems_are_told_at_once(shelf, send):
    page = send(shelf, "/incoming", sku="", ordered="many", eta="soon", location="main").text
    assert page.count('class="wrong"') == 3


def test_the_same_row_is_not_added_twice(shelf, send, books):
    send(shelf, "/incoming", **GOOD)
    answer = send(shelf, "/incoming", **(GOOD | {"ordered": "7"}))
    assert "in the list already" in field(answer.text, "id")
    assert rows(books)[0].incoming.ordered == 40


def test_a_row_is_edited_where_it_stands(shelf, send, books):
    send(shelf, "/incoming", **GOOD)
    form = shelf.get(ROW.format("row")).text
    assert 'value="2026-12-01"' in form
    answer = send(shelf, ROW.format("row"), ordered="50", received="5", eta="2026-12-09", latest="", closed="1")
    assert answer.status_code == 303
    (row,) = rows(books)
    assert (row.incoming.ordered, row.incoming.received, row.incoming.closed) == (50, 5, True)
    assert (row.incoming.eta, row.incoming.latest, row.supplier) == (date(2026, 12, 9), None, None)


def test_a_bad_edit_keeps_what_was_typed(shelf, send, books):
    send(shelf, "/incoming", **GOOD)
    answer = send(shelf, ROW.format("row"), ordered="-3", received="0", supplier="Other Mill")
    assert answer.status_code == 422
    assert "1 or more" in field(answer.text, "ordered")
    assert "Other Mill" in field(answer.text, "supplier")
    assert rows(books)[0].incoming.ordered == 40


def test_what_comes_in_is_added_to_what_came_before(shelf, send, books):
    send(shelf, "/incoming", **GOOD)
    for units in ("12", "8"):
        assert send(shelf, ROW.format("receive"), units=units).status_code == 303
    assert rows(books)[0].incoming.received == 20
    answer = send(shelf, ROW.format("receive"), units="none")
    assert answer.status_code == 422
    assert "1 or more" in field(answer.text, "units")
    assert "1 or more" not in field(answer.text, "ordered")


def test_more_than_can_be_counted_is_not_received(shelf, send, books):
    send(shelf, "/incoming", **GOOD)
    send(shelf, ROW.format("receive"), units="5")
    answer = send(shelf, ROW.format("receive"), units="2147483647")
    assert "more than can be counted" in field(answer.text, "units")


def test_deleting_takes_one_row_and_leaves_its_siblings(shelf, send, books, keep, make):
    keep(make.item("cup", (0, 0)))
    send(shelf, "/incoming", **GOOD)
    send(shelf, "/incoming", **(GOOD | {"sku": "cup"}))
    assert send(shelf, ROW.format("delete")).status_code == 303
    assert [row.incoming.sku for row in rows(books)] == ["cup"]


def test_rows_of_the_platform_are_only_read(shelf, send, books, keep, make):
    keep(make.supply("PO-1", "mug", 9, DECEMBER, source="platform"))
    before = rows(books)
    assert "This row comes from the shop itself" in shelf.get(ROW.format("row")).text
    for what in ("row", "receive", "delete"):
        answer = send(shelf, ROW.format(what), ordered="1", units="1")
        assert answer.status_code == 403
        assert "change it there" in answer.text
    assert rows(books) == before


@pytest.mark.parametrize("query", ["", "?id=PO-9&sku=mug&location=main", "?id=PO-1&sku=mug&location=south"])
def test_a_row_that_is_not_there_is_a_404(shelf, send, query):
    send(shelf, "/incoming", **GOOD)
    assert shelf.get(f"/incoming/fern/row{query}").status_code == 404
    assert send(shelf, f"/incoming/fern/delete{query}").status_code == 404


def test_the_next_arrival_comes_first_and_what_is_finished_last(client, lively):
    table = client.get("/incoming").text
    places = [table.index(f'scope="row">{number}') for number in ("PO-99", "PO-107", "PO-108", "PO-110", "T-5")]
    assert places == sorted(places)
    assert "4 days late" in table


def test_a_long_list_is_paged(shelf, keep, make, monkeypatch):
    monkeypatch.setattr(incoming_pages, "A_PAGE", 2)
    keep(*(make.supply(f"PO-{n}", "mug", 9, date(2026, 12, n + 1)) for n in range(5)))
    first = shelf.get("/incoming").text
    assert first.count('scope="row"') == 2
    assert shelf.get(first.split('class="button" href="')[1].split('"')[0]).text.count('scope="row"') == 2


def test_a_shop_without_known_places_has_one(app, keep, make, link_for, send, books):
    keep(make.shop(places=()), make.item("mug", ()))
    browser = app.test_client()
    browser.get(f"/login?login={link_for()}")
    send(browser, "/incoming", **GOOD)
    assert rows(books)[0].incoming.location == "main"
