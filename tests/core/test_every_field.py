"""Every field of a plan file with every kind of wrong value: one line names the place, and nothing is planned."""

import copy
import json

import pytest

from core import plan_file

GOOD = {
    "as_of": "2026-11-23T09:00:00Z",
    "policy": {
        "allocation": "first_come", "release": "need_date", "large_order_share": 0.5,
        "ring_fences": [{"class": "wholesale", "sku": "mug", "units": 3, "until": "2026-12-01"}],
    },
    "locations": [{"id": "main", "pool": "all", "rank": 1}, {"id": "annex"}],
    "items": [{
        "sku": "set", "backorder": "allow", "oversell_limit": 1, "tracked": True, "preorder_until": "2026-12-01",
        "components": [{"sku": "mug", "units": 1}],
    }],
    "stock": [{"sku": "mug", "location": "annex", "on_hand": 5, "observed_at": "2026-11-23T08:00:00Z"}],
    "incoming": [{
        "id": "PO-1", "sku": "mug", "location": "annex", "ordered": 10, "received": 0, "closed": False,
        "eta": "2026-12-01", "latest": "2026-12-02",
    }],
    "orders": [{
        "id": "1001", "placed_at": "2026-11-20T10:00:00Z", "class": "standard", "tier": 0, "ship": "as_ready",
        "hold": "payment", "promised_on": "2026-12-01", "cancelled": False, "location": "annex",
        "lines": [{
            "id": "1", "sku": "mug", "ordered": 8, "cancelled": 0, "refunded": 0, "shipped": 0, "committed": 0,
            "min_ship": 1, "unit_price": "12.50",
        }],
    }],
}  # fmt: skip
NULL_IS_FINE = {"large_order_share", "until", "oversell_limit", "preorder_until", "eta", "latest", "hold", "promised_on", "min_ship", "unit_price"}  # fmt: skip
REQUIRED = {"as_of", "orders", "id", "placed_at", "lines", "sku", "ordered", "units", "on_hand", "class"}
WRONG = {
    "an object": {"surprise": 1},
    "a list": [1],
    "a broken number": 1.5,
    "a number with an exponent": 1e400,
    "a number that is too large": 2**31,
    "a number that is far too large": 10**30,
    "a number that is too small": -(2**31),
    "text that is too long": "x" * 1001,
    "a lone surrogate": "\ud800",
    "a list in a list": [[]],
}


def places(tree, path=()):
    if path:
        yield path
    entries = tree.items() if isinstance(tree, dict) else enumerate(tree) if isinstance(tree, list) else ()
    for key, value in entries:
        yield from places(value, (*path, key))


def name_of(path):
    return "".join(f"[{key}]" if isinstance(key, int) else f".{key}" for key in path).lstrip(".")


def with_value(path, value):
    tree = copy.deepcopy(GOOD)
    inner = tree
    for key in path[:-1]:
        inner = inner[key]
    inner[path[-1]] = value
    return tree


def without(path):
    tree = with_value(path, None)
    inner = tree
    for key in path[:-1]:
        inner = inner[key]
    del inner[path[-1]]
    return tree


def run(tree):
    return plan_file.run(json.dumps(tree), lines=False, explain=False)


def test_the_document_itself_is_good():
    assert run(GOOD)[1:] == ("", 0)


@pytest.mark.parametrize("wrong", WRONG)
def test_no_field_takes_it(wrong):
    for path in places(GOOD):
        printed, problems, code = run(with_value(path, WRONG[wrong]))
        assert (printed, code) == ("", 2), name_of(path)
        assert any(line.startswith(name_of(path)) for line in problems.splitlines()), problems
        assert all(len(line) < 300 and line.isprintable() for line in problems.splitlines())


@pytest.mark.parametrize(
    ("path", "value"),
    [
        (("policy", "large_order_share"), 0), (("policy", "large_order_share"), 1), (("orders", 0, "id"), "x" * 1000),
        (("incoming", 0, "latest"), GOOD["incoming"][0]["eta"]), (("stock", 0, "on_hand"), 2**31 - 1),
    ],
)  # fmt: skip
def test_the_last_value_that_a_field_takes_is_taken(path, value):
    assert run(with_value(path, value))[1:] == ("", 0)


def test_null_is_taken_where_it_means_none_and_nowhere_else():
    for path in places(GOOD):
        printed, problems, code = run(with_value(path, None))
        alone = path[-1] == "eta"  # `latest` needs it
        assert (code == 0) == (path[-1] in NULL_IS_FINE and not alone), name_of(path)
        assert bool(printed) != bool(problems)


def test_a_key_that_is_required_is_missed_by_name():
    for path in places(GOOD):
        if isinstance(path[-1], str):
            _, problems, code = run(without(path))
            required = path[-1] in REQUIRED and not (path[-1] == "class" and path[0] == "orders")
            if required:
                assert f"{name_of(path)}: is missing" in problems.splitlines()
            elif path[-1] != "eta" and path != ("locations",):
                assert (problems, code) == ("", 0), name_of(path)


REPEATED = [path for path in places(GOOD) if isinstance(path[-1], int) and "ring_fences" not in path]


@pytest.mark.parametrize("path", REPEATED, ids=name_of)
def test_a_second_row_of_the_same_key_is_named_with_the_first(path):
    tree = copy.deepcopy(GOOD)
    rows = tree
    for key in path[:-1]:
        rows = rows[key]
    rows.append(rows[path[-1]])
    _, problems, code = run(tree)
    assert code == 2
    assert "repeats" in problems
    assert f"as {name_of(path)}" in problems


@pytest.mark.parametrize(
    ("path", "value", "words"),
    [
        (("as_of",), "2026-02-30T10:00:00Z", "must be an instant"),
        (("as_of",), "0001-01-01T00:00:00+14:00", "must be an instant"),
        (("orders", 0, "promised_on"), "2026-02-30", "must be a date"),
        (("orders", 0, "lines", 0, "unit_price"), "12,50", "must be an amount"),
        (("policy", "large_order_share"), 2, "must be a number from 0 to 1"),
        (("incoming", 0, "latest"), "2026-11-30", "must not be before the eta"),
        (("items", 0, "components", 0, "units"), 0, "must be a whole number >= 1"),
        (("items", 0, "components", 0, "sku"), "set", "is a kit and cannot be a part"),
        (("stock", 0, "location"), "moon", "is not a listed location"),
        (("incoming", 0, "location"), "moon", "is not a listed location"),
    ],
)
def test_the_line_says_what_is_meant(path, value, words):
    _, problems, code = run(with_value(path, value))
    assert code == 2
    assert problems.startswith(name_of(path))
    assert words in problems
