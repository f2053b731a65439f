"""What would change and what if: shown before it happens, stored never."""

import pytest

from core.policy.shop_policy import ShopPolicy
from pages.changes import flat
from pages.policy_form import typed_of


@pytest.fixture
def busy(client, keep, make):
    """Two orders for 5 mugs; the second waits for PO-1."""
    from datetime import date

    keep(
        make.item("mug", (5, 0)), make.supply("PO-1", "mug", 10, date(2026, 12, 1)),
        make.order("1001", make.line("a", "mug", 4, on_hand=4), days=3),
        make.order("1002", make.line("a", "mug", 6, on_hand=1, waits=(("PO-1", 5, date(2026, 12, 1)),)), days=2),
    )  # fmt: skip
    return client


def form(**changed):
    return {key: values for key, values in typed_of(flat(ShopPolicy())).items() if values} | changed


def test_the_policy_page_shows_what_would_change_before_it_is_saved(busy, send, books):
    page = send(busy, "/policy/preview", **form(**{"ship_part.max_parcels": ["1"]})).get_data(as_text=True)
    assert "ship_part.max_parcels" in page
    assert "#1002" in page
    assert "#1001" not in page
    assert "fewer units today" in page
    with books.read() as unit:
        assert unit.shops.get("fern").policy == ShopPolicy()


def test_what_was_shown_can_be_saved_from_the_same_page(busy, send, books):
    page = send(busy, "/policy/preview", **form(**{"ship_part.max_parcels": ["1"]})).get_data(as_text=True)
    assert '<input type="hidden" name="ship_part.max_parcels" value="1">' in page
    send(busy, "/policy", **form(**{"ship_part.max_parcels": ["1"]}))
    with books.read() as unit:
        assert unit.shops.get("fern").policy.ship_part.max_parcels == 1


def test_a_preview_of_what_cannot_be_saved_names_the_field(busy, send):
    answer = send(busy, "/policy/preview", **form(**{"ship_part.max_parcels": ["0"]}))
    assert answer.status_code == 422
    assert "must be a whole number" in answer.get_data(as_text=True).lower()


def test_a_preview_without_the_forms_token_is_refused(busy):
    assert busy.post("/policy/preview", data={}).status_code == 400


def test_late_supply_names_who_is_hit(busy):
    page = busy.get("/what-if?supply=PO-1&days=10").get_data(as_text=True)
    assert "1 order would fare differently, 1 of them worse" in page
    assert "10 days later" in page


def test_a_declined_order_is_found_by_its_name_and_helps_the_next(busy):
    page = busy.get("/what-if?order=1001").get_data(as_text=True)
    assert "1 order would fare differently, 0 of them worse" in page
    assert "more units today" in page


def test_stock_that_falls_hits_somebody(busy):
    assert "1 order would fare differently, 1 of them worse" in busy.get("/what-if?sku=mug&units=-1").get_data(
        as_text=True
    )


WRONG = [
    ("supply=PO-9&days=2", "on its way"), ("supply=PO-1&days=x", "how many days"), ("supply=PO-1&days=-3", "how many days"),
    ("supply=PO-1", "how many days"), ("order=77", "No open order"), ("sku=cup&units=2", "No item has this SKU"),
    ("sku=mug&units=", "by how many units"), ("sku=mug&units=0", "by how many units"), ("sku=mug&units=99999999999", "by how many units"),
]  # fmt: skip


@pytest.mark.parametrize(("query", "words"), WRONG)
def test_what_cannot_be_imagined_is_said_beside_its_field(busy, query, words):
    answer = busy.get(f"/what-if?{query}")
    assert answer.status_code == 422
    assert words in answer.get_data(as_text=True)


def test_nothing_asked_shows_the_form_alone(busy):
    page = busy.get("/what-if").get_data(as_text=True)
    assert "Nothing is stored" in page
    assert "fare differently" not in page


def test_stock_for_everybody_makes_nobody_worse(busy):
    assert "0 of them worse" in busy.get("/what-if?sku=mug&units=40").get_data(as_text=True)
