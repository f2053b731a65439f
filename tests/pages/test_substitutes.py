"""Candidates that could stand in for an item: alike, about as dear, free; or bought by those who cancelled."""

from dataclasses import replace

import pytest

from core.forecast.records import DemandRow
from core.items.item_rules import ItemRules
from core.items.substitute_candidates import candidates
from core.records import ItemRecord
from tests.pages.builders import NOW, item, line, order


def record(sku, title, price=1000, **fields):
    return ItemRecord(shop="fern", sku=sku, snapshot=item(sku, title=title, unit_price=price, **fields))


MUG = record("mug", "Camp mug, blue")
CATALOGUE = [
    MUG, record("mug-red", "Camp mug, red"), record("mug-dear", "Camp mug, gold", 1301), record("cup", "Tin mug", 900),
    record("rope", "Rope, 20 m"), record("mug-gone", "Camp mug, green", gone=True), record("mug-out", "Camp mug, black"),
    record("tent", "Tent"), record("axe", "Axe"), record("lamp", "Lamp"), record("pot", "Pot"),
]  # fmt: skip
FREE = {"mug": 9, "mug-red": 4, "mug-dear": 4, "cup": 2, "rope": 30, "mug-gone": 5, "mug-out": 0}


def test_what_is_alike_about_as_dear_and_free_is_found_the_most_alike_first():
    found = candidates(MUG, CATALOGUE, FREE, {})
    assert [one.record.sku for one in found] == ["mug-red", "cup"]
    assert "; ".join(found[0].reasons) == "both are called camp, mug; the same price"
    assert "; ".join(found[1].reasons) == "both are called mug; 10% cheaper"


def test_what_those_who_cancelled_bought_comes_first_alike_or_not():
    found = candidates(MUG, CATALOGUE, FREE, {"rope": 2, "mug-dear": 1})
    assert [one.record.sku for one in found] == ["rope", "mug-dear", "mug-red", "cup"]
    assert "; ".join(found[0].reasons) == "the same price; 2 who cancelled bought it"
    assert "; ".join(found[1].reasons) == "both are called camp, mug; 30% dearer; one who cancelled bought it"


def test_what_is_listed_already_is_not_found_again():
    listed = replace(MUG, rules=ItemRules(substitutes=("mug-red",)))
    assert [one.record.sku for one in candidates(listed, CATALOGUE, FREE, {})] == ["cup"]


SHIRT = record(
    "shirt-m", "Shirt - Blue / M", family="7", kinds=("Shirts",), options=(("Colour", "Blue"), ("Size", "M"))
)
WARDROBE = [  # SKU, title, price, what the platform says -> why, in the order in which they are offered
    ("shirt-red-m", "Shirt - Red / M", 1500, "7", "Red", "M", "the same product in Colour Red; 50% dearer"),
    ("belt", "Belt", 1000, "5", None, None, "the same price; one who cancelled bought it"),
    ("shirt-red-l", "Shirt - Red / L", 1000, "7", "Red", "L", "the same product in Colour Red, Size L; the same price"),
    ("polo-m", "Polo", 1100, "8", "Green", "M", "the same type: Shirts; the same in Size M; 10% dearer"),
    ("polo-s", "Polo", 1000, "8", "Green", "S", "the same type: Shirts; the same price"),
    ("polo-dear", "Polo", 1400, "8", "Blue", "M", None),
    ("scarf", "Shirt scarf", 1000, "6", None, None, "both are called shirt; the same price"),
    *((f"thing-{number}", f"Thing{number}x", 1000, f"t{number}", None, None, None) for number in range(6)),
]  # fmt: skip


def test_other_variants_of_the_product_come_first_then_the_same_type_in_the_same_options():
    def made(sku, title, price, family, colour, size):
        options = (("Colour", colour), ("Size", size)) if colour else ()
        return record(sku, title, price, family=family, kinds=("Shirts",) if colour else None, options=options)

    rows = [SHIRT, *(made(*row[:-1]) for row in reversed(WARDROBE))]
    free = dict.fromkeys((one.sku for one in rows), 3)
    found = [(one.record.sku, "; ".join(one.reasons)) for one in candidates(SHIRT, rows, free, {"belt": 1})]
    assert found == [(row[0], row[-1]) for row in WARDROBE if row[-1]]


def test_a_type_that_most_items_have_tells_nothing():
    rows = [record(str(number), f"Thing{number}x", kinds=("Goods",)) for number in range(8)]
    assert candidates(rows[0], rows, dict.fromkeys("01234567", 5), {}) == ()


def test_words_that_most_items_have_tell_nothing():
    rows = [record(str(number), f"Northern thing{number}x") for number in range(8)]
    assert candidates(rows[0], rows, dict.fromkeys("01234567", 5), {}) == ()


@pytest.fixture
def shelf(client, keep):
    keep(
        item("mug", (0, 0), title="Camp mug, blue"),
        item("mug-red", (4, 0), title="Camp mug, red"),
        item("rope", (30, 0)),
    )
    return client


def test_the_merchant_confirms_what_is_offered(shelf, send, books):
    page = shelf.get("/items/fern/substitutes?sku=mug").text
    assert "Camp mug, red" in page
    assert "Rope" not in page
    assert send(shelf, "/items/fern/substitutes", sku="mug", chosen=["mug-red", "nothing", "mug"]).status_code == 303
    with books.read() as unit:
        assert unit.items.get("fern", "mug").rules.substitutes == ("mug-red",)
    assert "Nothing alike has units free." in shelf.get("/items/fern/substitutes?sku=mug").text
    assert shelf.get("/items/fern/substitutes?sku=none").status_code == 404


ORDERS = [  # order, customer, days ago, item, units lost
    ("1", "a", 9, "mug", 1), ("2", "a", 5, "rope", 0), ("3", "a", 4, "rope", 0),  # one customer, twice
    ("4", "b", 9, "mug", 1), ("5", "b", 20, "rope", 0),  # bought before, not instead
    ("6", "c", 3, "rope", 0),  # cancelled nothing
    ("7", None, 9, "mug", 1), ("8", None, 2, "rope", 0),  # a guest, known by the address alone
]  # fmt: skip


def test_what_customers_bought_after_they_cancelled_is_counted_once_each(any_books, make):
    with any_books.write() as unit:
        unit.shops.add(make.shop(), {"token": "t"})
        for number, customer, days, sku, lost in ORDERS:
            made = order(number, line("a", sku, 1), days=days)
            known = replace(made.snapshot.customer, id=customer, email=f"{customer}@example.com")
            unit.orders.put(replace(made, snapshot=replace(made.snapshot, customer=known)))
            unit.demand.put(
                [
                    DemandRow(
                        shop="fern", order=number, line="a", item=f"item-{sku}", on=NOW.date(), ordered=1, lost=lost
                    )
                ]
            )
    with any_books.read() as unit:
        assert unit.orders.bought_instead("fern", ["item-mug"]) == {"item-rope": 2}
        assert unit.orders.bought_instead("moss", ["item-mug"]) == {}
