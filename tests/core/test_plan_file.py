import json

import pytest

from core import plan_file
from core.engine.planner import plan
from tests.core.builders import facts, line, order

AS_OF = "2026-11-23T09:00:00Z"
ORDER = {"id": "1001", "placed_at": "2026-11-20T10:00:00Z", "lines": [{"id": "1", "sku": "mug", "ordered": 8}]}
GOOD = {
    "as_of": AS_OF,
    "stock": [{"sku": "mug", "on_hand": 5}],
    "incoming": [{"id": "PO-1", "sku": "mug", "ordered": 10, "eta": "2026-12-01"}],
    "orders": [ORDER],
}


def run(document, **options):
    text = document if isinstance(document, str | bytes) else json.dumps(document)
    return plan_file.run(text, **{"lines": False, "explain": False} | options)


def with_line(**fields):
    return GOOD | {"orders": [ORDER | {"lines": [ORDER["lines"][0] | fields]}]}


def test_eight_wanted_and_five_there_ship_five_and_wait_for_three():
    printed, problems, code = run(GOOD)
    assert (problems, code) == ("", 0)
    assert json.loads(printed) == {
        "as_of": AS_OF,
        "orders": [
            {
                "id": "1001", "decision": "ship_part", "reasons": ["SHORT_ON_HAND", "INCOMING_COVERS"],
                "release_now": True, "completes_on": "2026-12-01",
                "lines": [
                    {
                        "id": "1", "sku": "mug", "open": 8, "ahead": 0, "on_hand": 5, "backordered": 3,
                        "release_now": 5, "completes_on": "2026-12-01",
                        "allocations": [
                            {"supply": "on_hand", "location": "main", "units": 5, "on": "2026-11-23"},
                            {"supply": "PO-1", "location": "main", "units": 3, "on": "2026-12-01"},
                        ],
                    }
                ],
            }
        ],
        "free": [{"sku": "mug", "pool": "all", "on_hand": 0, "incoming": 7}],
        "exceptions": [],
    }  # fmt: skip


@pytest.mark.parametrize(
    ("document", "place"),
    [
        ({"orders": []}, "as_of"),
        (GOOD | {"as_of": "2026-11-23T09:00:00"}, "as_of"),
        (GOOD | {"surprise": 1}, "surprise"),
        (with_line(ordered="five"), "orders[0].lines[0].ordered"),
        (with_line(ordered=5.0), "orders[0].lines[0].ordered"),
        (with_line(ordered=-1), "orders[0].lines[0].ordered"),
        (with_line(ordered=2**31), "orders[0].lines[0].ordered"),
        (with_line(ordered=True), "orders[0].lines[0].ordered"),
        (with_line(colour="red"), "orders[0].lines[0].colour"),
        (GOOD | {"orders": [ORDER, ORDER]}, "orders[1].id"),
        (GOOD | {"orders": [ORDER | {"location": "moon"}]}, "orders[0].location"),
        (GOOD | {"policy": {"allocation": "luck"}}, "policy.allocation"),
        (GOOD | {"incoming": [{"id": "P", "sku": "mug", "ordered": 1, "latest": "2026-12-01"}]}, "incoming[0].latest"),
        (GOOD | {"orders": [ORDER | {"id": "x" * 1001}]}, "orders[0].id"),
        ('{"as_of": "2026-11-23T09:00:00Z", "orders": [], "orders": []}', "orders"),
    ],
)
def test_a_problem_names_its_place(document, place):
    printed, problems, code = run(document)
    assert (printed, code) == ("", 2)
    assert any(problem.startswith(place) for problem in problems.splitlines()), problems


def test_every_problem_is_listed():
    _, problems, _ = run(with_line(ordered="five", shipped=-1) | {"surprise": 1})
    assert len(problems.splitlines()) == 3


@pytest.mark.parametrize(
    "hostile",
    [
        b"\xff\xfe", "", "null", "[]", "{", "[" * 100_000, '{"as_of": ' + "9" * 5000 + "}", '{"as_of": NaN}',
        '{"as_of": "\\ud800", "orders": []}', '{"as_of": "2026-11-23T09:00:00Z", "orders": [{"id": "\\u0000"}]}',
    ],
)  # fmt: skip
def test_hostile_input_is_a_problem_and_never_a_traceback(hostile):
    printed, problems, code = run(hostile)
    assert (printed, code) == ("", 2)
    assert problems.strip()
    assert "Traceback" not in problems


def test_many_documents_are_planned_line_by_line_and_a_bad_one_says_so_on_its_line():
    text = f"{json.dumps(GOOD)}\r\n\n[]\n{json.dumps(GOOD)}\n"
    printed, problems, code = run(text, lines=True)
    rows = [json.loads(row) for row in printed.splitlines()]
    assert (problems, code) == ("", 2)
    assert [list(row) == ["problems"] for row in rows] == [False, True, False]


def test_reasons_are_explained_on_request():
    printed, _, _ = run(GOOD, explain=True)
    assert json.loads(printed)["orders"][0]["explanations"]


def test_a_plan_of_other_facts_is_never_printed():
    mugs, cups = (facts(order(line(sku, 1), id=sku)) for sku in ("mug", "cup"))
    with pytest.raises(ValueError, match="not one of these facts"):
        plan_file.render(plan(mugs), cups)


def test_what_a_kit_itself_has_in_stock_is_ignored():
    printed, _, code = run(
        GOOD
        | {
            "items": [{"sku": "set", "components": [{"sku": "mug", "units": 2}]}],
            "stock": [{"sku": "mug", "on_hand": 5}, {"sku": "set", "on_hand": 99}],
            "orders": [ORDER | {"lines": [{"id": "1", "sku": "set", "ordered": 4}]}],
        }
    )
    made = json.loads(printed)
    assert (code, made["orders"][0]["lines"][0]["on_hand"]) == (0, 2)
    assert {row["sku"]: row["on_hand"] for row in made["free"]} == {"mug": 0, "set": 0}
