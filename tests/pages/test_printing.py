"""Money, dates, waits and units as people read them."""

from datetime import UTC, date, datetime, timedelta

import pytest

from core.zones import zone_of
from pages.printing import printer_for

pytestmark = pytest.mark.usefixtures("_app_context")


@pytest.fixture
def printer(make):
    return printer_for(make.shop(timezone="Europe/London"), make.now)


@pytest.mark.parametrize(
    ("amount", "currency", "printed"),
    [
        (1250, "GBP", "£12.50"),
        (1250, "JPY", "JP¥1,250"),
        (1250, "KWD", "KWD\xa01.250"),
        (1_234_567_89, "EUR", "€1,234,567.89"),
        (5, "EUR", "€0.05"),
        (0, "ISK", "ISK\xa00"),
        (-995, "GBP", "-£9.95"),
        (1, "IQD", "IQD\xa00.001"),
        (10**16 + 1, "GBP", "£100,000,000,000,000.01"),
    ],
)
def test_money_has_the_decimals_of_its_currency(printer, amount, currency, printed):
    assert printer.money(amount, currency) == printed


def test_a_missing_price_is_said(printer):
    assert printer.money(None, "EUR") == "no price"


@pytest.mark.parametrize(
    ("zone", "printed"),
    [("America/New_York", "€12.50"), ("Europe/Berlin", "€12.50"), ("+02:00", "€12.50"), ("UTC", "€12.50")],
)
def test_money_in_english_pages_is_written_as_in_english_wherever_the_shop_is(make, zone, printed):
    assert printer_for(make.shop(timezone=zone), make.now).money(1250, "EUR") == printed


def test_a_shop_reads_its_own_regions_dates(make):
    assert printer_for(make.shop(timezone="America/New_York"), make.now).day(date(2026, 12, 1)) == "Tue, Dec 1"
    assert printer_for(make.shop(timezone="Europe/London"), make.now).day(date(2026, 12, 1)) == "Tue 1 Dec"


def test_another_year_is_named(printer):
    assert printer.day(date(2027, 1, 4)) == "4 Jan 2027"
    assert printer.day(None) == "no date yet"
    assert printer.month(date(2026, 12, 1)) == "December 2026"


def test_instants_are_those_of_the_shops_clock(make):
    at = datetime(2026, 11, 23, 23, 30, tzinfo=UTC)
    assert printer_for(make.shop(timezone="Asia/Tokyo"), make.now).moment(at) == "24 Nov, 08:30"
    assert printer_for(make.shop(), make.now).moment(None) == "never"


def test_today_is_the_day_at_the_shop(make):
    late = datetime(2026, 11, 23, 20, 0, tzinfo=UTC)
    assert printer_for(make.shop(timezone="Asia/Tokyo"), late).today == date(2026, 11, 24)


@pytest.mark.parametrize(
    ("ago", "printed"),
    [
        (timedelta(seconds=20), "1 minute"),
        (timedelta(minutes=1), "1 minute"),
        (timedelta(hours=5, minutes=59), "5 hours"),
        (timedelta(days=1), "1 day"),
        (timedelta(days=1234), "1,234 days"),
        (timedelta(days=-3), "1 minute"),
    ],
)
def test_a_wait_is_told_in_one_unit(printer, ago, printed):
    assert printer.wait(printer.now - ago) == printed


@pytest.mark.parametrize(
    ("days", "printed"), [(0, "today"), (1, "in 1 day"), (8, "in 8 days"), (-1, "1 day late"), (-3, "3 days late")]
)
def test_a_date_is_told_from_today(printer, days, printed):
    assert printer.until(printer.today + timedelta(days=days)) == printed


@pytest.mark.parametrize(("days", "printed"), [(-3, "a new date follows"), (0, "today"), (8, "in 8 days")])
def test_a_plans_date_that_has_passed_is_about_to_be_replaced(printer, days, printed):
    assert printer.awaited(printer.today + timedelta(days=days)) == printed


def test_a_plan_for_today_in_utc_is_for_today_where_the_next_day_has_begun(make):
    there = printer_for(make.shop(timezone="Asia/Tokyo"), datetime(2026, 11, 23, 20, 0, tzinfo=UTC))
    assert there.awaited(date(2026, 11, 23)) == "today"


def test_units_have_their_plural(printer):
    assert [printer.units(1), printer.units(2), printer.units(0, "order")] == ["1 unit", "2 units", "0 orders"]


@pytest.mark.parametrize("name", ["", "Nowhere/City", "+01:00", "/etc/passwd", "\0"])
def test_a_zone_that_is_no_zone_counts_as_utc(name):
    assert zone_of(name) is UTC
