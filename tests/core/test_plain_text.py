"""Plain orders are read by columns and their plan is written from them: the words are those of the whole engine."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core import plan_file
from core.engine.planner import plan
from core.plan_file.columns import read_columns
from core.plan_file.layout import members_of
from core.plan_file.plain_text import plan_text
from tests.draws import examples

SKUS = ("mug", "cup", "Ø-lid")
PLACES = [{"id": "main"}, {"id": "annex", "rank": 0}, {"id": "far", "pool": "abroad"}]
ORDER = {"id": "1", "placed_at": "2026-11-20T10:00:00Z", "lines": [{"id": "1", "sku": "mug", "ordered": 3}]}
GOOD = {"as_of": "2026-11-23T09:00:00Z", "stock": [{"sku": "mug", "on_hand": 2}], "orders": [ORDER]}


def some(draw, fields):
    """Some of these fields, each with some value; they stand in no order."""
    chosen = draw(st.lists(st.sampled_from(sorted(fields)), unique=True)) if fields else []
    return {key: draw(st.sampled_from(fields[key])) for key in chosen}


@st.composite
def plain_documents(draw):
    def units(high):
        return draw(st.integers(0, high))

    orders = [
        some(draw, {
            "class": ["gain", "fill", "wholesale"], "tier": [-1, 1], "ship": ["as_ready"], "hold": [None],
            "promised_on": [None], "cancelled": [True, False], "location": ["annex", "far"],
        }) | {
            "id": str(number), "placed_at": f"2026-11-2{units(2)}T1{units(1)}:00:00{draw(st.sampled_from(['Z', '+01:00']))}",
            "lines": [
                some(draw, {
                    "cancelled": [0, 1], "refunded": [1], "shipped": [1, 9], "committed": [0], "min_ship": [None],
                    "unit_price": ["1.50", None],
                }) | {"id": id, "sku": SKUS[units(2)], "ordered": units(5)}
                for id in draw(st.permutations(["10", "9", "a"]))[: units(3)]
            ],
        } for number in draw(st.permutations(range(units(5))))
    ]  # fmt: skip
    return {
        "as_of": "2026-11-23T23:30:00-01:00", "orders": orders, "locations": PLACES, "items": [{"sku": "mug"}],
        "policy": some(draw, {"allocation": ["tiers"], "release": ["strict"]}),
        "stock": [{"sku": sku, "location": PLACES[units(2)]["id"], "on_hand": units(9) - 2} for sku in SKUS[units(3):]],
        "incoming": [
            {"id": f"P{number}", "sku": SKUS[units(2)], "ordered": units(6),
             "eta": draw(st.sampled_from([None, "2026-11-20", "2026-11-24", "2026-12-01"]))} for number in range(units(4))
        ],
    }  # fmt: skip


@given(plain_documents())
@examples(150)
def test_the_text_is_what_the_whole_engine_says(document):
    text = json.dumps(document, ensure_ascii=False)
    columns = read_columns(text)
    assert columns
    assert plan_text(columns) == members_of(plan_file.plan_document(plan(plan_file.parse(text))))


def with_order(**fields):
    return json.dumps(GOOD | {"orders": [ORDER | fields]})


def with_line(**fields):
    return with_order(lines=[ORDER["lines"][0] | fields])


NOT_PLAIN = {
    "ships together": with_order(ship="together"),
    "is on hold": with_order(hold="fraud"),
    "has a promise": with_order(promised_on="2026-12-01"),
    "must be met": with_order(**{"class": "win"}),
    "is in picking": with_line(committed=1),
    "has a smallest shipment": with_line(min_ship=0),
    "a policy that is no prefix": json.dumps(GOOD | {"policy": {"allocation": "fair_share"}}),
    "a kit": json.dumps(GOOD | {"items": [{"sku": "set", "components": [{"sku": "mug", "units": 1}]}]}),
    # Written with a backslash or a gap before a colon, a key could stand twice and not be found by counting.
    "an escape": json.dumps(GOOD).replace("mug", "m\\u0075g"),
    "a gap before a colon": json.dumps(GOOD, separators=(",", " : ")),
    "text that begins with a colon": with_line(sku=":mug"),
}
WRONG = {
    "no JSON": "{",
    "too deep": "[" * 100_000,
    "no object": "[]",
    "no orders": '{"as_of": "2026-11-23T09:00:00Z"}',
    "no instant": json.dumps(GOOD | {"as_of": "noon"}),
    "orders that are no list": json.dumps(GOOD | {"orders": {}}),
    "an order that is no object": json.dumps(GOOD | {"orders": [[]]}),
    "a key that is missing": json.dumps(GOOD | {"orders": [ORDER, {"id": "2", "lines": []}]}),
    "a key that is not known": with_line(colour="red"),
    "lines that are no list": with_order(lines="mug"),
    "a line that is no object": with_order(lines=["mug"]),
    "an order twice": json.dumps(GOOD | {"orders": [ORDER, ORDER]}),
    "a line twice": with_order(lines=ORDER["lines"] * 2),
    "a place that is not listed": with_order(location="moon"),
    "null for a place": with_order(location=None),
    "a fraction beside a whole number": with_order(
        lines=[{"id": str(n), "sku": "mug", "ordered": n} for n in (1, 1.0)]
    ),
    "true for one": with_order(tier=True),
    "a list for a text": with_line(sku=[]),
    "a text too long": with_line(sku="m" * 1001),
    "a date that is none": with_order(placed_at="2026-02-30T00:00:00Z"),
    "a key twice in the document": json.dumps(GOOD)[:-1] + ', "orders": []}',
    "a key twice in an order": json.dumps(GOOD).replace('"placed_at"', '"id": "0", "placed_at"'),
    "a key twice in a line": json.dumps(GOOD).replace('"ordered"', '"sku": "cup", "ordered"'),
    "a key twice in a row of stock": json.dumps(GOOD).replace('"on_hand"', '"sku": "cup", "on_hand"'),
}


@pytest.mark.parametrize("case", NOT_PLAIN)
def test_what_is_not_plain_is_read_by_rows(case):
    assert read_columns(NOT_PLAIN[case]) is None
    assert plan_file.parse(NOT_PLAIN[case])


@pytest.mark.parametrize("case", WRONG)
def test_what_is_wrong_is_left_to_the_reader_that_names_it(case):
    assert read_columns(WRONG[case]) is None
    with pytest.raises(plan_file.PlanFileProblems):
        plan_file.parse(WRONG[case])


def test_the_document_of_the_other_cases_is_plain():
    assert read_columns(json.dumps(GOOD))
