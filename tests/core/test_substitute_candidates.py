"""Which items could stand in for one that is short."""

from dataclasses import replace

import pytest

from core.items.substitute_candidates import MOST, candidates
from core.records import ItemRecord, ItemRules
from tests.core.shop_builders import item


def known(sku, title, price=1000, **more):
    return ItemRecord(shop="fern", sku=sku, snapshot=item(sku, 5, title=title, unit_price=price, **more))


BLUE = (("Colour", "blue"), ("Size", "L"))
MUG = known("mug", "Enamel camp mug", family="camp-mug", options=BLUE, kinds=("Mugs",))


def found(*others, free=9, bought=None, of=MUG):
    rows = candidates(of, [of, *others], {one.sku: free for one in (of, *others)}, bought or {})
    return [(one.record.sku, "; ".join(one.reasons)) for one in rows]


@pytest.mark.parametrize(
    ("title", "price", "bought", "why"),
    [
        ("Camp cup", 1000, 0, "both are called camp; the same price"),
        ("Camp cup", 1200, 1, "both are called camp; 20% dearer; one who cancelled bought it"),
        ("Camp cup", 800, 2, "both are called camp; 20% cheaper; 2 who cancelled bought it"),
        ("Camp cup", None, 0, "both are called camp"),
        ("Kettle", 5000, 3, "400% dearer; 3 who cancelled bought it"),
    ],
)
def test_what_speaks_for_an_item_is_said(title, price, bought, why):
    assert found(known("other", title, price), bought={"other": bought}) == [("other", why)]


@pytest.mark.parametrize(
    "other", [known("x", "Camp cup", 1400), known("x", "Kettle"), known("x", "Camp cup", gone=True)]
)
def test_what_is_too_dear_or_unlike_or_gone_is_no_candidate(other):
    assert found(other) == []


@pytest.mark.parametrize(
    ("more", "why"),
    [
        (
            {"family": "camp-mug", "options": (("Colour", "red"), ("Size", "L"))},
            "the same product in Colour red; the same price",
        ),
        ({"family": "camp-mug"}, "the same product; the same price"),
        ({"kinds": ("Mugs",)}, "the same type: Mugs; the same price"),
        ({"kinds": ("Mugs",), "options": BLUE}, "the same type: Mugs; the same in Colour blue, Size L; the same price"),
    ],
)
def test_what_a_platform_tells_of_an_items_kind_is_said(more, why):
    assert found(known("other", "Tin", **more)) == [("other", why)]


def test_what_is_not_free_or_confirmed_already_is_no_candidate():
    cup = known("cup", "Camp cup")
    assert found(cup, free=0) == []
    assert found(cup, of=replace(MUG, rules=ItemRules(substitutes=("cup",)))) == []


def test_words_that_half_of_the_catalogue_has_tell_nothing_and_a_few_are_enough():
    camp = [known(f"camp-{n}", f"Camp thing{n}") for n in range(12)]
    assert found(*camp) == []
    many = [known(f"mug-{n:02}", f"Mug {n}") for n in range(10)]
    plain = [known(f"rope-{n}", f"Rope {n}") for n in range(12)]
    assert [sku for sku, _ in found(*plain, *many)] == [f"mug-{n:02}" for n in range(MOST)]
