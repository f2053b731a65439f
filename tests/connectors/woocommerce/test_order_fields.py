"""Single fields of an order: money, spellings, and what cannot be read."""

from datetime import UTC, datetime
from decimal import Decimal

import pytest

from connectors.woocommerce.fields import amount, money
from connectors.woocommerce.order_snapshot import snapshot
from core.errors import PayloadChanged


def seen(shown):
    return snapshot(shown, refunds=[], shipments=[], read_at=datetime(2026, 11, 23, 12, tzinfo=UTC))


@pytest.mark.parametrize(
    ("currency", "price", "minor"),
    [("USD", 9.99, 999), ("USD", "1299.95", 129995), ("JPY", 1200, 1200), ("KWD", 1.2345, 1235), ("EUR", 0.333333333, 33), ("EUR", "", None), ("EUR", None, None)],
)  # fmt: skip
def test_prices_become_minor_units_of_the_currency(order, currency, price, minor):
    shown = order(currency=currency)
    shown["line_items"][0]["price"] = price
    assert seen(shown).lines[0].unit_price == minor


@pytest.mark.parametrize(
    ("where", "key", "value"),
    [
        ("order", "id", None), ("order", "id", "x"), ("order", "status", 5), ("order", "status", ""), ("order", "currency", None),
        ("order", "date_created_gmt", None), ("order", "date_created_gmt", "yesterday"), ("order", "date_modified_gmt", 5),
        ("order", "line_items", {}), ("order", "line_items", [5]), ("order", "meta_data", "x"), ("order", "customer_id", -2),
        ("line", "id", None), ("line", "quantity", 1.5), ("line", "quantity", None), ("line", "quantity", "many"), ("line", "quantity", True),
        ("line", "quantity", 2**40), ("line", "product_id", "x"), ("line", "price", "dear"),
    ],
)  # fmt: skip
def test_a_field_that_we_depend_on_and_cannot_read_is_reported(order, where, key, value):
    shown = order(date_paid_gmt=None)
    (shown if where == "order" else shown["line_items"][0])[key] = value
    with pytest.raises(PayloadChanged):
        seen(shown)


@pytest.mark.parametrize(
    ("value", "places", "written"), [("0.125", 2, "0.13"), ("-0.125", 2, "-0.13"), ("2.5", 0, "3"), ("1", 3, "1.000")]
)
def test_money_is_written_half_up(value, places, written):
    assert amount(Decimal(value), places) == written


@pytest.mark.parametrize("value", ["Infinity", "-Infinity", "NaN", "dear"])
def test_what_is_no_money_is_reported(value):
    with pytest.raises(PayloadChanged):
        money({"total": value}, "total")


@pytest.mark.parametrize(("quantity", "units"), [("8", 8), (8.0, 8), (0, 0), (-1, 0)])
def test_a_quantity_in_another_spelling_is_read(order, quantity, units):
    shown = order()
    shown["line_items"][0]["quantity"] = quantity
    assert seen(shown).lines[0].ordered == units


def test_fields_that_nobody_needs_may_be_missing_or_strange(order):
    shown = order(billing=[], shipping=None, number=None, customer_id=0, refunds=None)
    shown["line_items"][0]["name"] = "Stove\x00 Kettle"
    found = seen(shown)
    assert (found.name, found.customer.name, found.lines[0].title) == ("#33", None, "Stove Kettle")
