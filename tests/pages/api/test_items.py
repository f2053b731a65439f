"""Items: what is physically there, who waits, and what can be promised by when."""

from datetime import date

import pytest

TODAY = date(2026, 11, 23)


def test_an_item_shows_stock_demand_and_who_waits(ask):
    item = ask("GET", "/items/mug")
    assert item["on_hand"] == 7
    assert item["locations"] == [{"location": "main", "on_hand": 5}, {"location": "south", "on_hand": 2}]
    assert (item["demand"], item["backordered"]) == (10, 5)
    assert item["waiting"] == [
        {"order": "1001", "line": "a", "units": 3, "completes_on": "2026-12-03"},
        {"order": "1002", "line": "a", "units": 2, "completes_on": "2026-12-03"},
    ]
    assert [row["id"] for row in item["incoming"]] == ["PO-1", "T-9"]
    assert item["forecast"] is item["reorder_point"] is None


def test_what_can_be_promised_grows_by_date(ask):
    # 7 on hand, 5 of them taken; 10 on 3 December, 5 of them taken; 4 on 9 December.
    assert ask("GET", "/items/mug")["atp"] == [
        {"on": "2026-11-23", "units": 2},
        {"on": "2026-12-03", "units": 7},
        {"on": "2026-12-09", "units": 11},
    ]


def test_reserved_units_still_in_the_building_count_as_on_hand(ask, keep, make):
    from dataclasses import replace

    keep(make.item("cup", (3, 0), excludes_reserved=True))
    record = make.order("1009", make.line("a", "cup", 4))
    lines = tuple(replace(line, reserved=4) for line in record.snapshot.lines)
    keep(replace(record, snapshot=replace(record.snapshot, lines=lines)))
    assert ask("GET", "/items/cup")["on_hand"] == 7


@pytest.mark.parametrize("sku", ["a/b c", "Käse"])
def test_an_sku_may_hold_slashes_blanks_and_any_letters(ask, sku):
    assert ask("GET", f"/items/{sku}")["sku"] == sku


@pytest.mark.parametrize("sku", ["x//y", "/x", "x/", "x/../y", "-", "sku?", "100%"])
def test_an_sku_is_found_by_its_quoted_form(small_app, ask, keep, make, tokens, sku):
    from urllib.parse import quote

    keep(make.item(sku, (1, 0)))
    headers = {"Authorization": f"Bearer {tokens['fern']}"}
    answer = small_app.test_client().get(f"/api/v1/items/{quote(sku, safe='')}", headers=headers)
    assert answer.status_code == 200
    assert answer.json["sku"] == sku


def test_the_list_pages_by_sku(ask):
    first = ask("GET", "/items?limit=2")
    second = ask("GET", f"/items?limit=2&cursor={first['next']}")
    assert [item["sku"] for item in (*first["items"], *second["items"])] == ["Käse", "a/b c", "mug"]
    assert second["next"] is None


def test_an_unknown_sku_is_404(ask):
    ask("GET", "/items/none", status=404)


def test_an_items_own_rules_are_set_key_by_key(ask, books):
    changed = ask("PUT", "/items/mug", {"preorder_until": "2026-12-24", "substitutes": ["a/b c"]})
    assert (changed["preorder_until"], changed["substitutes"]) == ("2026-12-24", ["a/b c"])
    assert ask("PUT", "/items/mug", {"preorder_until": None})["substitutes"] == ["a/b c"]
    assert ask("PUT", "/items/mug", {"preorder_until": "soon"}, status=422)["key"] == "preorder_until"
    for wish in ({}, [], 1, "stop"):
        assert ask("PUT", "/items/mug", {"backorders": wish}, status=422)["key"] == "backorders"
    assert ask("GET", "/items/mug", shop="moss")["substitutes"] == []
    with books.read() as unit:
        assert unit.audit.page("fern").items[0].sku == "mug"
