"""What if, asked through the API: the answer of the page, and of what happens once it comes true."""

import pytest

FIELDS = ("decision", "release_now", "backordered", "completes_on")


def test_late_supply_names_who_waits_longer(ask, books):
    told = ask("POST", "/what-if", {"late": {"PO-1": 10}})
    assert told["worse"] == len(told["items"]) > 0
    assert all(change["days_later"] > 0 for change in told["items"])
    with books.read() as unit:
        assert unit.audit.page("fern").items == (), "nothing is stored"


def test_a_declined_order_frees_its_units_and_is_not_among_those_hit(ask):
    told = ask("POST", "/what-if", {"declined": ["1001"]})
    assert [change["order"] for change in told["items"]] == ["1002"]
    assert told["worse"] == 0


def test_stock_and_settings_can_be_imagined_together(ask):
    told = ask("POST", "/what-if", {"stock": {"mug": -3}, "policy": {"ship_part": {"enabled": False}}})
    assert told["worse"] > 0


def test_it_says_what_the_page_says(ask, client):
    told = ask("POST", "/what-if", {"late": {"PO-1": 10}})
    page = client.get("/what-if?supply=PO-1&days=10").text
    assert all(change["name"] in page for change in told["items"])
    assert f"{len(told['items'])} order" in page


WRONG = [
    ({}, "body"), ({"x": 1}, "x"), ({"late": 5}, "late"), ({"late": {"PO-1": 0}}, "late.PO-1"),
    ({"late": {"PO-1": True}}, "late.PO-1"), ({"declined": "1001"}, "declined"),
    ({"stock": {"mug": 1.5}}, "stock.mug"),
    ({"policy": {"colour": 1}}, "policy.colour"), ({"policy": 3}, "policy.policy"),
]  # fmt: skip


@pytest.mark.parametrize(("body", "key"), WRONG)
def test_what_cannot_be_imagined_is_422_naming_it(ask, body, key):
    assert ask("POST", "/what-if", body, status=422)["key"] == key


UNKNOWN = [
    ({"late": {"PO-99": 3}}, "late.PO-99"),
    ({"declined": ["1001", "7"]}, "declined[1]"),
    ({"stock": {"nope": 1}}, "stock.nope"),
]


@pytest.mark.parametrize(("body", "key"), UNKNOWN)
def test_a_name_that_the_books_do_not_hold_is_a_conflict_naming_it(ask, body, key):
    assert ask("POST", "/what-if", body, status=409)["key"] == key


def test_asking_what_if_nothing_changes_tells_of_nothing(ask):
    assert ask("POST", "/what-if", {"late": {}, "declined": []})["items"] == []
