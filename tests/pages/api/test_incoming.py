"""Incoming supply: the plan file's keys, checked like the plan file's; the platform's own rows stay its own."""

from dataclasses import replace

import pytest

NEW = {"id": "PO-2", "sku": "mug", "ordered": 6}


def test_a_row_is_added_with_the_plan_files_defaults(ask, books, locked):
    row = ask("POST", "/incoming", NEW, status=201)
    assert row == {
        "id": "PO-2", "sku": "mug", "location": "main", "ordered": 6, "received": 0, "closed": False, "eta": None,
        "latest": None, "supplier": None, "note": None, "source": "entered",
    }  # fmt: skip
    assert locked == ["fern"]
    with books.read() as unit:
        assert unit.supply.get("fern", "PO-2")[0].incoming.ordered == 6
        assert unit.supply.get("moss", "PO-2") == ()
        entry = unit.audit.page("fern").items[0]
        assert (entry.actor, entry.what, entry.sku) == ("api", "added incoming supply", "mug")


def test_every_change_asks_the_worker_to_plan_anew(ask, books):
    from datetime import UTC, datetime, timedelta

    for method, path, body, status in [
        ("POST", "/incoming", NEW, 201), ("PUT", "/incoming/PO-2", {"received": 6}, 200), ("DELETE", "/incoming/PO-2", None, 204),
    ]:  # fmt: skip
        ask(method, path, body, status=status)
        with books.write() as unit:
            taken, fence = unit.inbox.claim(now=datetime.now(UTC), lease=timedelta(minutes=1), limit=9)
            assert [(row.shop, row.topic) for row in taken] == [("fern", "backorder/replan")]
            unit.inbox.finish(taken, fence)


def test_the_new_rows_address_is_given_and_answers(small_app, ask, tokens):
    headers = {"Authorization": f"Bearer {tokens['fern']}"}
    client = small_app.test_client()
    made = client.post("/api/v1/incoming", json=NEW | {"id": "PO/3 ä"}, headers=headers)
    assert made.status_code == 201
    found = client.get(made.headers["Location"], headers=headers)
    assert [row["id"] for row in found.json["items"]] == ["PO/3 ä"]


def test_a_row_without_an_id_gets_one(ask):
    body = {key: value for key, value in NEW.items() if key != "id"}
    first, second = (ask("POST", "/incoming", body, status=201)["id"] for _ in range(2))
    assert first != second


def test_what_get_gives_can_be_put(ask):
    row = ask("GET", "/incoming/PO-1")["items"][0]
    assert ask("PUT", "/incoming/PO-1", row) == row


def test_a_put_without_a_difference_writes_nothing_down(ask, books):
    ask("PUT", "/incoming/PO-1", {"ordered": 10})
    with books.read() as unit:
        assert unit.audit.page("fern").items == ()


def test_put_replaces_the_keys_given_and_keeps_the_rest(ask, books):
    row = ask("PUT", "/incoming/PO-1", {"received": 4, "note": "half came", "latest": None})
    assert (row["ordered"], row["received"], row["note"], row["eta"], row["latest"]) == (
        10,
        4,
        "half came",
        "2026-12-01",
        None,
    )
    with books.read() as unit:
        assert unit.supply.get("moss", "PO-1")[0].incoming.received == 0
        changed = unit.audit.page("fern").items[0].detail["changed"]
        assert changed["received"] == {"before": 0, "after": 4}


def test_a_row_may_move_to_another_item(ask, books):
    ask("PUT", "/incoming/PO-1", {"sku": "a/b c"})
    assert [(row["sku"], row["ordered"]) for row in ask("GET", "/incoming/PO-1")["items"]] == [("a/b c", 10)]


def test_an_id_may_have_a_row_for_each_sku_and_location(ask):
    ask("POST", "/incoming", {"id": "PO-1", "sku": "Käse", "ordered": 3}, status=201)
    ask("POST", "/incoming", {"id": "PO-1", "sku": "mug", "location": "south", "ordered": 2}, status=201)
    assert ask("PUT", "/incoming/PO-1", {"received": 1}, status=409)["key"] == "sku"
    row = ask("PUT", "/incoming/PO-1", {"sku": "mug", "location": "south", "received": 1})
    assert (row["location"], row["received"]) == ("south", 1)
    assert [row["received"] for row in ask("GET", "/incoming/PO-1")["items"]] == [0, 0, 1]


def test_the_same_row_twice_is_409(ask):
    ask("POST", "/incoming", NEW, status=201)
    ask("POST", "/incoming", NEW, status=409)


@pytest.mark.parametrize(
    ("method", "path", "body"),
    [
        ("PUT", "/incoming/T-9", {"received": 1}),
        ("DELETE", "/incoming/T-9", None),
        ("POST", "/incoming", {"id": "T-9", "sku": "Käse", "ordered": 1}),
    ],
)
def test_the_platforms_own_rows_cannot_be_changed(ask, books, method, path, body):
    ask(method, path, body, status=409)
    with books.read() as unit:
        assert [row.incoming.received for row in unit.supply.get("fern", "T-9")] == [0]


def test_a_removed_id_is_gone_for_this_shop_only(ask):
    ask("DELETE", "/incoming/PO-1", status=204)
    ask("GET", "/incoming/PO-1", status=404)
    ask("DELETE", "/incoming/PO-1", status=404)
    ask("GET", "/incoming/PO-1", shop="moss")


WRONG = [
    ("sku", None), ("sku", ""), ("sku", 5), ("sku", "x" * 1001), ("sku", ["mug"]),
    ("ordered", "five"), ("ordered", -1), ("ordered", 5.5), ("ordered", True), ("ordered", 2**31), ("ordered", 2**70), ("ordered", None),
    ("received", -1), ("received", {}), ("closed", "no"), ("closed", 0), ("closed", None),
    ("location", ""), ("location", None), ("id", ""), ("id", "on_hand"), ("id", 7), ("id", "x" * 1001),
    ("eta", "soon"), ("eta", "2026-02-30"), ("eta", "2026-12-01T00:00:00Z"), ("eta", "20261201"), ("eta", 20261201), ("eta", "２０２６-12-01"),
    ("supplier", 5), ("supplier", "x" * 1001), ("note", []), ("source", "platform"), ("surprise", 1),
    ("note", "nul\0"), ("note", "\ud800"), ("s\0", 1),
]  # fmt: skip


@pytest.mark.parametrize(("key", "value"), WRONG, ids=range(len(WRONG)))
def test_a_value_that_cannot_be_taken_is_422_naming_the_key(ask, books, key, value):
    named = key.replace("\0", "?")
    assert ask("POST", "/incoming", NEW | {key: value}, status=422)["key"] == named
    assert ask("PUT", "/incoming/PO-1", {"eta": None, "latest": None, key: value}, status=422)["key"] == named
    with books.read() as unit:
        assert len(unit.supply.all("fern")) == 2


@pytest.mark.parametrize("key", ["sku", "ordered"])
def test_a_required_key_that_is_missing_is_named(ask, key):
    body = {name: value for name, value in NEW.items() if name != key}
    assert ask("POST", "/incoming", body, status=422)["key"] == key


@pytest.mark.parametrize(("key", "value"), [("sku", "unknown"), ("location", "nowhere"), ("latest", "2026-12-01")])
def test_a_value_that_the_books_or_another_value_contradict_is_a_conflict_naming_the_key(ask, key, value):
    told = ask("POST", "/incoming", NEW | {"eta": None, "latest": None, key: value}, status=409)
    assert told["key"] == key


def test_new_supply_goes_to_locations_in_use_and_items_not_deleted_while_what_is_there_stays_changeable(ask, books):
    ask("POST", "/incoming", {"id": "PO-1", "sku": "mug", "location": "south", "ordered": 2}, status=201)
    with books.write() as unit:
        shop = unit.shops.get("fern")
        places = tuple(replace(place, active=place.id != "south") for place in shop.places)
        unit.shops.save(replace(shop, places=places))
    there = {"sku": "mug", "location": "south"}
    assert ask("PUT", "/incoming/PO-1", {**there, "received": 1})["received"] == 1
    assert ask("POST", "/incoming", {**NEW, **there}, status=409)["key"] == "location"
    with books.write() as unit:
        unit.items.put("fern", replace(unit.items.get("fern", "mug").snapshot, gone=True))
    assert ask("PUT", "/incoming/PO-1", {**there, "received": 2})["received"] == 2
    assert ask("POST", "/incoming", NEW, status=409)["key"] == "sku"


def test_latest_cannot_be_before_eta(ask):
    body = NEW | {"eta": "2026-12-05", "latest": "2026-12-04"}
    assert ask("POST", "/incoming", body, status=409)["key"] == "latest"
    assert ask("PUT", "/incoming/PO-1", {"eta": "2026-12-04"}, status=409)["key"] == "latest"


def test_an_id_cannot_be_changed(ask):
    assert ask("PUT", "/incoming/PO-1", {"id": "PO-5"}, status=409)["key"] == "id"


def test_the_list_pages_through_every_row_once(ask):
    for number in range(5):
        ask("POST", "/incoming", NEW | {"id": f"ä-{number}"}, status=201)
    seen, cursor = [], ""
    while cursor is not None:
        found = ask("GET", f"/incoming?limit=2&cursor={cursor}")
        seen += [row["id"] for row in found["items"]]
        cursor = found["next"]
    assert ask("GET", "/incoming?limit=7")["next"] is None
    assert seen == ["PO-1", "T-9", *(f"ä-{number}" for number in range(5))]
