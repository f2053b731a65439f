"""Incoming supply from a file: shown first, row by row, then the right rows are stored; and a row that is split."""

import io
from datetime import date

import pytest

from core.dates.arrivals import Arrival

FILE = """number,sku,ordered,expected_on,supplier
PO-1,mug,40,2026-12-01,Northern Mill
PO-2,cup,5,,
PO-3,mug,many,2026-12-01,
PO-4,mug,3,2026-13-01,
"""
ROW = "/incoming/fern/{}?id=PO-1&sku=mug&location=main"


@pytest.fixture
def shelf(client, keep, make):
    keep(make.item("mug", (3, 0)), make.supply("PO-9", "mug", 8, date(2026, 12, 8), received=2))
    return client


def rows(books):
    with books.read() as unit:
        return {row.incoming.id: row for row in unit.supply.all("fern")}


def test_a_file_is_shown_before_anything_is_stored(shelf, send, books):
    page = send(shelf, "/incoming/import", text=FILE).text
    assert "1 new row, 0 changed, 0 as they are, 3 left out." in page
    for words in ("No item of the shop has this SKU", "Give a whole number of units", "Give a date such as"):
        assert words in page
    assert page.index("left out</span>") < page.index("new</span>")
    assert f">{FILE}</textarea>" in page, "its lines stay, to be mended"
    assert set(rows(books)) == {"PO-9"}


def test_rows_that_are_right_are_imported_and_the_others_counted(shelf, send, books):
    assert send(shelf, "/incoming/import", text=FILE, apply="1").status_code == 303
    found = rows(books)
    assert set(found) == {"PO-9", "PO-1"}
    assert (found["PO-1"].incoming.eta, found["PO-1"].supplier) == (date(2026, 12, 1), "Northern Mill")
    page = shelf.get("/incoming").text
    assert "1 row was imported." in page
    assert "3 rows were left out" in page


def test_columns_that_are_missing_leave_a_known_row_as_it_is(shelf, send, books):
    send(shelf, "/incoming/import", text="Number;SKU;Units;Expected on\nPO-9;mug;12;2026-12-20\n", apply="1")
    row = rows(books)["PO-9"]
    assert (row.incoming.ordered, row.incoming.received, row.supplier) == (12, 2, "Northern Mill")
    assert row.incoming.eta == date(2026, 12, 20)


def test_what_is_downloaded_changes_nothing_when_it_is_read_back(shelf, send, keep, make, books):
    keep(make.supply("=PO", "mug", 8, None))
    before = rows(books)
    text = shelf.get("/incoming.csv").data.decode()
    assert "'=PO" in text
    page = send(shelf, "/incoming/import", file=(io.BytesIO(text.encode()), "incoming.csv")).text
    assert "0 new rows, 0 changed, 2 as they are, 0 left out." in page
    assert rows(books) == before


def test_a_row_of_the_shops_own_is_left_alone(shelf, send, keep, make):
    keep(make.supply("T-1", "mug", 8, None, source="platform"))
    page = send(shelf, "/incoming/import", text="number,sku,ordered\nT-1,mug,9\n").text
    assert "This row comes from the shop itself" in page


def test_the_same_key_twice_in_a_file_is_taken_once(shelf, send):
    page = send(shelf, "/incoming/import", text="number,sku,ordered\nA,mug,9\nA,mug,8\n").text
    assert "1 new row, 0 changed, 0 as they are, 1 left out." in page


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "Choose a file, or paste its lines."),
        ("a,b\n1,2\n", "The first line must name the columns; sku and ordered is missing there."),
        ("sku,ordered\n", "The file has no rows below its first line."),
        ("sku,ordered\n" + "mug,1\n" * 5001, "rows: import it in parts"),
        ("sku,ordered\n" + "m" * 1_000_001, "bytes: import it in parts"),
        ('sku,ordered\n"mug' + "x" * 200_000, "cannot be read as CSV"),
    ],
)
def test_a_file_that_cannot_be_read_is_refused_in_one_line(shelf, send, text, words):
    answer = send(shelf, "/incoming/import", text=text)
    assert answer.status_code == 422
    assert words in answer.text


def test_a_part_that_comes_later_is_a_row_of_its_own_held_to_the_first_date(shelf, send, books):
    told = Arrival(shop="fern", supply="PO-9", sku="mug", location="main", noted_on=date(2026, 11, 1),
                   first_on=date(2026, 12, 1), last_on=date(2026, 12, 8), supplier="northern mill")  # fmt: skip
    with books.write() as unit:
        unit.arrivals.put(told)
    path = ROW.format("split").replace("PO-1", "PO-9")
    assert send(shelf, path, part_units="4", part_eta="2026-12-20").status_code == 303
    found = rows(books)
    assert (found["PO-9"].incoming.ordered, found["PO-9"].incoming.remaining) == (4, 2)
    assert (found["PO-9-2"].incoming.ordered, found["PO-9-2"].incoming.eta) == (4, date(2026, 12, 20))
    with books.read() as unit:
        assert {one.supply: one.first_on for one in unit.arrivals.open("fern")} == dict.fromkeys(
            ("PO-9", "PO-9-2"), date(2026, 12, 1)
        )
    assert "moved by 7 days" in shelf.get(ROW.format("row").replace("PO-1", "PO-9")).text


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"part_units": "6"}, "Fewer than the 6 that are to come"),
        ({"part_units": "0"}, "Give a whole number of units, 1 or more."),
        ({"part_units": "2", "part_latest": "2026-12-20"}, "needs an expected date"),
    ],
)
def test_a_part_that_makes_no_sense_is_refused_beside_its_field(shelf, send, books, fields, words):
    answer = send(shelf, ROW.format("split").replace("PO-1", "PO-9"), **fields)
    assert answer.status_code == 422
    assert words in answer.text
    assert set(rows(books)) == {"PO-9"}
