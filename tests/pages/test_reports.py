"""The reports' page and files: the paper shop's figures as people read them, its periods and its files."""

import csv
from datetime import UTC, datetime

import pytest

from tests.connectors.database.paper_shop import fill

LAST_WEEK = "from=2026-11-02&to=2026-11-08"


@pytest.fixture
def shopkeeper(app_of, keep, make, link_for, books):
    """Signed in to the paper shop on Monday, 9 November."""
    keep(make.shop(timezone="UTC"))
    fill(books)
    browser = app_of(now=lambda: datetime(2026, 11, 9, 9, tzinfo=UTC)).test_client()
    browser.get(f"/login?login={link_for()}")
    return browser


def rows_of(answer):
    assert answer.status_code == 200
    return list(csv.reader(answer.text.lstrip("\N{ZERO WIDTH NO-BREAK SPACE}").splitlines()))


def test_the_page_shows_the_figures_beside_those_of_the_week_before(shopkeeper):
    page = shopkeeper.get(f"/reports?{LAST_WEEK}").text
    for words in ("68.8%", "22 of 32", "50.0%", "€6.90", "4.6", "Northern Mill", "The item is sold beyond stock"):
        assert words in page
    assert 'd="M0 100V28.57H10V0.0H20V0.0H30V42.86H40V57.14H50V57.14H60V57.14H70V100Z"' in page
    assert "2 Nov" in page
    assert "8 Nov" in page


def test_the_usual_period_ends_today(shopkeeper):
    page = shopkeeper.get("/reports").text
    assert 'name="from" value="2026-10-13"' in page
    assert 'name="to" value="2026-11-09"' in page


@pytest.mark.parametrize(
    ("asked", "words"),
    [
        ("from=2026-11-09&to=2026-11-01", "cannot be after the last one"),
        ("to=0001-01-01", "has at most"),
        ("from=0001-01-01", "has at most"),
        ("to=9999-12-31", "ahead of today"),
        ("to=2026-11-10", "cannot lie ahead of today"),
        ("from=1999-01-01&to=2026-11-01", "at most 1,100 days"),
        ("from=yesterday", "Give a date such as 2026-12-01."),
        ("from=2026-02-30", "Give a date such as 2026-12-01."),
        ("days=0", "Give a number of days"),
    ],
)
def test_dates_that_make_no_sense_are_refused_beside_their_field(shopkeeper, asked, words):
    answer = shopkeeper.get(f"/reports?{asked}")
    assert answer.status_code == 422
    assert words in answer.text
    assert words in shopkeeper.get(f"/reports.csv?{asked}").text


def test_the_file_of_all_figures_holds_values_counts_and_meanings(shopkeeper):
    rows = rows_of(shopkeeper.get(f"/reports.csv?{LAST_WEEK}"))
    assert rows[0][:3] == ["group", "figure", "value"]
    values = {row[1]: row[2:6] for row in rows[1:]}
    assert values["Units filled at once"] == ["0.6875", "", "22", "32"]
    assert values["Freight for them"] == ["6.9", "0.0", "", ""]
    assert values["Their cost at most"] == ["5.0", "2.0", "", ""]


@pytest.mark.parametrize(
    ("of", "row"),
    [
        ("items", ["mug", "19", "7", "0.3684", "1", "3"]),
        ("suppliers", ["Northern Mill", "19", "7", "0.3684", "2", "1", "1.0"]),
        ("days", ["2026-11-02", "5"]),
        ("weeks", ["2026-11-02", "2026-11-08", "4", "2", "0.5"]),
        ("ageing", ["0-7", "1", "3"]),
        ("waits", ["0-3", "1", "1", "1.0"]),
        ("causes", ["sold_on_purpose", "The item is sold beyond stock, and there was not enough left.", "2", "6"]),
    ],
)
def test_every_table_has_its_file(shopkeeper, of, row):
    assert rows_of(shopkeeper.get(f"/reports.csv?{LAST_WEEK}&of={of}"))[1] == row


def test_an_unknown_table_is_not_there(shopkeeper):
    assert shopkeeper.get("/reports.csv?of=secrets").status_code == 404


def test_the_view_for_printing_opens_every_table(shopkeeper):
    assert "<details>" in shopkeeper.get(f"/reports?{LAST_WEEK}").text
    assert "<details>" not in shopkeeper.get(f"/reports?{LAST_WEEK}&print=1").text
