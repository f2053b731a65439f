from dataclasses import replace


def everything(kept, shop="fern"):
    with kept.read() as unit:
        return list(unit.supply.all(shop))


def store(kept, *records):
    with kept.write() as unit:
        for record in records:
            unit.supply.put(record)


def test_rows_come_by_id_sku_and_location(kept, make):
    rows = [make.supply("B"), make.supply("A", "Z"), make.supply("A", "C", location="south"), make.supply("A", "C")]
    store(kept, *rows)
    assert everything(kept) == [rows[3], rows[2], rows[1], rows[0]]


def test_one_id_gives_its_rows(kept, make):
    store(kept, make.supply("A", "X"), make.supply("A", "Y"), make.supply("B"), make.supply("A", shop="moss"))
    with kept.read() as unit:
        assert [row.incoming.sku for row in unit.supply.get("fern", "A")] == ["X", "Y"]
        assert unit.supply.get("fern", "C") == ()


def test_putting_replaces_the_row_of_the_same_place(kept, make):
    store(kept, make.supply("A", ordered=10), replace(make.supply("A", ordered=12), supplier="Kiln", note="by sea"))
    (row,) = everything(kept)
    assert (row.incoming.ordered, row.supplier, row.note) == (12, "Kiln", "by sea")


def test_deleting_removes_all_rows_of_the_id_in_that_shop(kept, make):
    store(kept, make.supply("A", "X"), make.supply("A", "Y"), make.supply("B"), make.supply("A", shop="moss"))
    with kept.write() as unit:
        assert unit.supply.delete("fern", "A") == 2
        assert unit.supply.delete("fern", "A") == 0
    assert [row.incoming.id for row in everything(kept)] == ["B"]
    assert len(everything(kept, "moss")) == 1


def test_the_platforms_rows_are_made_exactly_these_and_the_entered_ones_stay(kept, make):
    entered = make.supply("mine")
    old, kept_row, changed = (make.supply(id, source="platform") for id in ("old", "kept", "changed"))
    store(kept, entered, old, kept_row, changed, make.supply("old", shop="moss", source="platform"))
    wanted = [kept_row, make.supply("changed", source="platform", ordered=99), make.supply("new", source="platform")]
    with kept.write() as unit:
        assert unit.supply.replace_platform("fern", wanted)
    assert everything(kept) == [wanted[1], kept_row, entered, wanted[2]]
    assert len(everything(kept, "moss")) == 1


def test_replacing_by_the_same_rows_changes_nothing(kept, make):
    rows = [make.supply("a", source="platform"), make.supply("b", source="platform")]
    with kept.write() as unit:
        assert unit.supply.replace_platform("fern", rows)
        assert not unit.supply.replace_platform("fern", rows[::-1])
        assert unit.supply.replace_platform("fern", [])
        assert not unit.supply.replace_platform("fern", [])


def test_the_rows_of_some_skus_come_in_the_same_order_and_what_became_of_them(kept, make):
    rows = [make.supply("B", "MUG"), make.supply("A", "Z"), make.supply("A", "C"), make.supply("A", "Z", shop="moss")]
    store(kept, *rows)
    with kept.write() as unit:
        for row in rows:
            unit.arrivals.put(make.arrival(row.incoming.id, row.incoming.sku, shop=row.shop))
    with kept.read() as unit:
        assert unit.supply.of_skus("fern", {"Z", "MUG"}) == (rows[1], rows[0])
        assert {arrival.sku for arrival in unit.arrivals.open("fern", {"Z", "MUG"})} == {"Z", "MUG"}
        assert len(unit.arrivals.open("fern")) == 3
        assert unit.supply.of_skus("fern", ()) == unit.arrivals.open("fern", ()) == ()
