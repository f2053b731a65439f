from datetime import timedelta

import pytest

from core.items.item_rules import ItemRules


def skus(kept, shop="fern"):
    with kept.read() as unit:
        return {record.snapshot.platform_id: record.sku for record in unit.items.all(shop)}


def test_an_item_comes_back_by_sku_and_by_platform_id(kept, put, make):
    told = {"family": "9", "kinds": ("Mugs", "Tin"), "options": (("Colour", "Red"), ("Size", "L"))}
    mug = make.item("1", "MUG", aliases=("11",), unit_price=1250, excludes_reserved=True, **told)
    put(mug)
    with kept.read() as unit:
        assert unit.items.get("fern", "MUG").snapshot == mug
        assert unit.items.get("fern", "mug") is None
        assert unit.items.get("moss", "MUG") is None
        assert unit.items.by_platform_id("fern", ["1", "11", "2"]).keys() == {"1", "11"}
        assert unit.items.by_platform_id("moss", ["1"]) == {}
        assert unit.items.by_platform_id("fern", []) == {}


def test_putting_an_item_returns_its_record(kept, make):
    with kept.write() as unit:
        record = unit.items.put("fern", make.item("1", "MUG"))
        assert record == unit.items.get("fern", "MUG")


@pytest.mark.parametrize("sku", [None, "", "   ", "x" * 256])
def test_an_item_without_a_usable_sku_gets_one_of_ours(kept, put, make, sku):
    put(make.item("77", sku))
    assert skus(kept) == {"77": "item-77"}


def test_a_sku_of_the_longest_kind_is_taken(kept, put, make):
    put(make.item("77", "x" * 255))
    assert skus(kept) == {"77": "x" * 255}


def test_the_second_item_with_a_sku_gets_one_of_ours_and_keeps_it(kept, put, make):
    put(make.item("1", "MUG"), make.item("2", "MUG"))
    put(make.item("1", "MUG"), make.item("2", "MUG"))
    assert skus(kept) == {"1": "MUG", "2": "item-2"}


def test_a_sku_of_ours_that_someone_uses_already_is_numbered(kept, put, make):
    put(make.item("1", "item-2"), make.item("2", None), make.item("3", "item-2"))
    assert skus(kept) == {"1": "item-2", "2": "item-2-2", "3": "item-3"}


def test_the_sku_follows_when_the_platform_changes_it_to_a_free_one(kept, put, make):
    put(make.item("1", "OLD"), make.item("2", "TAKEN"))
    put(make.item("1", "NEW"))
    assert skus(kept) == {"1": "NEW", "2": "TAKEN"}
    put(make.item("1", "TAKEN"))
    assert skus(kept) == {"1": "NEW", "2": "TAKEN"}


def test_the_sku_stays_when_the_platform_empties_it(kept, put, make):
    put(make.item("1", "MUG"))
    put(make.item("1", None))
    assert skus(kept) == {"1": "MUG"}


def test_two_items_that_swap_their_skus_end_with_two_different_ones(kept, put, make):
    put(make.item("1", "A"), make.item("2", "B"))
    put(make.item("1", "B"), make.item("2", "A"), make.item("1", "B"))
    assert len(set(skus(kept).values())) == 2


def test_a_deleted_item_gives_its_sku_to_the_one_made_anew(kept, put, make):
    put(make.item("1", "MUG"))
    put(make.item("1", "MUG", gone=True), make.item("2", "MUG"))
    assert skus(kept) == {"1": "item-1", "2": "MUG"}
    put(make.item("1", "MUG", gone=True))
    assert skus(kept) == {"1": "item-1", "2": "MUG"}


def test_two_shops_may_have_the_same_ids_and_skus(kept, make):
    with kept.write() as unit:
        unit.items.put("fern", make.item("1", "MUG", title="Fern's"))
        unit.items.put("moss", make.item("1", "MUG", title="Moss's"))
    with kept.read() as unit:
        assert unit.items.get("fern", "MUG").snapshot.title == "Fern's"
        assert unit.items.by_platform_id("moss", ["1"])["1"].snapshot.title == "Moss's"


def test_aliases_follow_the_platform(kept, put, make):
    put(make.item("1", "A", aliases=("11", "12")), make.item("2", "B"))
    put(make.item("1", "A", aliases=("12",)), make.item("2", "B", aliases=("11",)))
    with kept.read() as unit:
        found = unit.items.by_platform_id("fern", ["11", "12", "1"])
    assert {id: record.sku for id, record in found.items()} == {"11": "B", "12": "A", "1": "A"}


def test_an_alias_moves_to_the_item_that_claims_it_last(kept, put, make):
    put(make.item("1", "A", aliases=("11",)), make.item("2", "B", aliases=("11",)))
    with kept.read() as unit:
        assert unit.items.by_platform_id("fern", ["11"])["11"].sku == "B"


def test_an_items_own_id_wins_over_an_alias(kept, put, make):
    put(make.item("1", "A", aliases=("1", "2")), make.item("2", "B"))
    with kept.read() as unit:
        assert unit.items.by_platform_id("fern", ["1", "2"])["2"].sku == "B"


def test_many_items_are_found_at_once(kept, put, make):
    put(*(make.item(str(n), f"S{n}", aliases=(f"a{n}",)) for n in range(700)))
    wanted = [str(n) for n in range(700)] + [f"a{n}" for n in range(700)]
    with kept.read() as unit:
        assert len(unit.items.by_platform_id("fern", wanted)) == 1400


@pytest.mark.parametrize("limit", [1, 2, 9])
def test_pages_give_every_item_once_by_sku(kept, put, make, limit):
    put(*(make.item(sku, sku) for sku in ("b", "A", "a", "Ö", "10", "9")))
    found, cursor = [], None
    while True:
        with kept.read() as unit:
            page = unit.items.page("fern", cursor=cursor, limit=limit)
        found += [record.sku for record in page.items]
        cursor = page.next
        if cursor is None:
            break
    assert found == ["10", "9", "A", "a", "b", "Ö"]
    with kept.read() as unit:
        assert [record.sku for record in unit.items.all("fern")] == found


def test_what_is_known_of_a_sku_follows_when_the_platform_changes_it(kept, put, make):
    put(make.item("1", "OLD"), make.item("2", "SET"))
    long_ago = make.day - timedelta(days=300)
    with kept.write() as unit:
        unit.planning.put_terms(make.terms("OLD", supplier="Mill", pack=12))
        unit.planning.put_terms(make.terms("SET", parts={"OLD": 2}))
        unit.planning.put([(make.forecast("OLD"), "0OLD")], since={"OLD": long_ago})
        unit.supply.put(make.supply("PO-1", "OLD", ordered=9))
        unit.demand.put_sold_out([make.sold_out("OLD")])
        unit.demand.put_shelves([make.shelf("OLD")])
        unit.arrivals.put(make.arrival("PO-1", "OLD"))
        unit.items.put_rules("fern", "SET", ItemRules(substitutes=("CUP", "OLD")))
    put(make.item("1", "NEW"))
    with kept.read() as unit:
        terms = unit.planning.terms("fern")
        assert (terms["NEW"].pack, terms["SET"].parts, set(terms)) == (12, {"NEW": 2}, {"NEW", "SET"})
        assert unit.planning.known_since("fern") == {"NEW": long_ago}
        assert unit.planning.get("fern", "NEW").sku == "NEW"
        assert [(row.incoming.sku, row.incoming.ordered) for row in unit.supply.get("fern", "PO-1")] == [("NEW", 9)]
        assert [day.sku for day in unit.demand.sold_out("fern", long_ago)] == ["NEW"]
        assert set(unit.demand.shelves("fern")) == {"NEW"}
        assert [one.sku for one in unit.arrivals.open("fern")] == ["NEW"]
        assert unit.items.get("fern", "SET").rules.substitutes == ("CUP", "NEW")


def test_what_is_known_of_the_new_sku_already_stands(kept, put, make):
    put(make.item("1", "OLD"))
    with kept.write() as unit:
        for sku, pack in (("OLD", 12), ("NEW", 6)):
            unit.planning.put_terms(make.terms(sku, pack=pack))
            unit.planning.put([(make.forecast(sku), f"0{sku}")], since={})
            unit.demand.put_shelves([make.shelf(sku)])
    put(make.item("1", "NEW"))
    with kept.read() as unit:
        assert {sku: own.pack for sku, own in unit.planning.terms("fern").items()} == {"NEW": 6}
