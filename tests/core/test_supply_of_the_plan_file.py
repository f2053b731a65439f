"""Stock and supply: what is there, what comes when, and what of an order is open, as small documents."""

import pytest

from tests.core.plan_documents import (
    EIGHT,
    LATER,
    SOON,
    TODAY,
    line,
    order,
    stock,
    supply,
    told,
)

CASES = {
    "basic": (
        {"stock": [stock("mug", 5)], "incoming": [supply("P", "mug", 10, SOON)], "orders": [order("a", EIGHT)]},
        {
            "a.l.on_hand": 5,
            "a.l.backordered": 3,
            "a.l.completes_on": SOON,
            "pegs.a.l": [("on_hand", 5, TODAY), ("P", 3, SOON)],
            "free.mug": {"on_hand": 0, "incoming": 7},
            "a.decision": "ship_part",
            "a.release_now": True,
            "a.completes_on": SOON,
        },
    ),
    "no stock row": (
        {"orders": [order("a", EIGHT)]},
        {
            "a.decision": "wait",
            "free.mug": {"on_hand": 0, "incoming": 0},
            "exceptions.NO_DATED_SUPPLY": [{"code": "NO_DATED_SUPPLY", "sku": "mug", "order": "a", "line": "l"}],
        },
    ),
    "negative": (
        {
            "locations": [{"id": "x"}, {"id": "y"}],
            "stock": [stock("mug", -3, location="x"), stock("mug", 5, location="y")],
            "orders": [order("a", EIGHT)],
        },
        {"a.l.on_hand": 2, "exceptions.NEGATIVE_ON_HAND": [{"code": "NEGATIVE_ON_HAND", "sku": "mug"}]},
    ),
    "negative sum": (
        {"stock": [stock("mug", -3)], "incoming": [supply("P", "mug", 8, SOON)], "orders": [order("a", EIGHT)]},
        {"a.l.completes_on": SOON, "a.l.on_hand": 0, "free.mug": {"on_hand": 0, "incoming": 0}},
    ),
    "open": (
        {"stock": [stock("mug", 9)], "orders": [order("a", line("mug", 5, shipped=3, refunded=1, cancelled=3))]},
        {"a.l.open": 0, "a.decision": "none", "a.completes_on": None, "a.l.completes_on": None},
    ),
    "cancelled": (
        {"stock": [stock("mug", 9)], "orders": [order("a", line("mug", 5), cancelled=True)]},
        {"a.l.open": 0, "a.decision": "none", "free.mug": {"on_hand": 9, "incoming": 0}, "a.release_now": False},
    ),
    "closed": (
        {"incoming": [supply("P", "mug", 10, SOON, received=4, closed=True)], "orders": [order("a", EIGHT)]},
        {"a.l.completes_on": None, "free.mug": {"on_hand": 0, "incoming": 0}},
    ),
    "over receipt": (
        {"incoming": [supply("P", "mug", 10, SOON, received=14)], "orders": [order("a", EIGHT)]},
        {"free.mug": {"on_hand": 0, "incoming": 0}},
    ),
    "latest": (
        {"incoming": [supply("P", "mug", 10, SOON, latest=LATER)], "orders": [order("a", EIGHT)]},
        {"a.l.completes_on": LATER},
    ),
    "overdue": (
        {"incoming": [supply("P", "mug", 10, "2026-11-22")], "orders": [order("a", EIGHT)]},
        {
            "a.l.completes_on": None,
            "pegs.a.l": [("P", 8, None)],
            "free.mug": {"on_hand": 0, "incoming": 2},
            "exceptions.OVERDUE_SUPPLY": [{"code": "OVERDUE_SUPPLY", "sku": "mug", "incoming": "P"}],
        },
    ),
    "overdue latest future": (
        {"incoming": [supply("P", "mug", 10, "2026-11-22", latest=SOON)], "orders": [order("a", EIGHT)]},
        {
            "a.l.completes_on": None,
            "exceptions.OVERDUE_SUPPLY": [{"code": "OVERDUE_SUPPLY", "sku": "mug", "incoming": "P"}],
        },
    ),
    "due today": (
        {"incoming": [supply("P", "mug", 10, TODAY)], "orders": [order("a", EIGHT)]},
        {
            "a.l.completes_on": TODAY,
            "a.l.on_hand": 0,
            "a.l.release_now": 0,
            "exceptions.OVERDUE_SUPPLY": [],
            "a.decision": "wait",
        },
    ),
    "undated after dated": (
        {"incoming": [supply("A", "mug", 10, None), supply("P", "mug", 4, SOON)], "orders": [order("a", EIGHT)]},
        {"pegs.a.l": [("P", 4, SOON), ("A", 4, None)], "a.l.completes_on": None},
    ),
    "latest without eta": (
        {"incoming": [supply("A", "mug", 10, None, latest=SOON)], "orders": []},
        "incoming[0].latest",
    ),
    "latest before eta": (
        {"incoming": [supply("A", "mug", 10, LATER, latest=SOON)], "orders": []},
        "incoming[0].latest",
    ),
    "dup line ids ok across orders": ({"orders": [order("a", EIGHT), order("b", EIGHT)]}, {}),
    "dup order": ({"orders": [order("a", EIGHT), order("a", EIGHT)]}, "orders[1].id"),
    "what is left of the shelf leaves supply untouched": (
        {
            "stock": [stock("mug", 5), stock("cup", 1)],
            "incoming": [supply("P", "mug", 10, SOON)],
            "orders": [order("a", line("mug", 3))],
        },
        {"free.mug": {"on_hand": 2, "incoming": 10}, "free.cup": {"on_hand": 1, "incoming": 0}},
    ),
    "items do not mix": (
        {
            "stock": [stock("pen", 4), stock("mug", 2), stock("cup", 1)],
            "incoming": [supply("M", "mug", 3, SOON), supply("C", "cup", 5, SOON), supply("N", "pen", 1, LATER)],
            "orders": [
                order("a", line("mug", 3, "x"), line("cup", 2, "y"), line("pen", 1, "z")),
                order("b", line("mug", 1, "x"), line("cup", 3, "y"), line("pen", 5, "z")),
            ],
        },
        {
            "pegs.a.x": [("on_hand", 2, TODAY), ("M", 1, SOON)],
            "pegs.a.y": [("on_hand", 1, TODAY), ("C", 1, SOON)],
            "pegs.a.z": [("on_hand", 1, TODAY)],
            "pegs.b.x": [("M", 1, SOON)],
            "pegs.b.y": [("C", 3, SOON)],
            "pegs.b.z": [("on_hand", 3, TODAY), ("N", 1, LATER)],
            "a.completes_on": SOON,
            "b.completes_on": None,
            "free.mug": {"on_hand": 0, "incoming": 1},
            "free.cup": {"on_hand": 0, "incoming": 1},
            "free.pen": {"on_hand": 0, "incoming": 0},
        },
    ),
    "a line of which nothing is open has no supply": (
        {"stock": [stock("mug", 5)], "orders": [order("a", line("mug", 3)), order("b", line("mug", 2, cancelled=2))]},
        {"pegs.a.l": [("on_hand", 3, TODAY)], "pegs.b.l": [], "free.mug": {"on_hand": 2, "incoming": 0}},
    ),
    "a place that a wrong count empties gives nothing": (
        {
            "locations": [{"id": "x"}, {"id": "y", "rank": 2}, {"id": "z", "rank": 3}],
            "stock": [stock("mug", 2, location="x"), stock("mug", 1, location="y"), stock("mug", -1, location="z")],
            "incoming": [supply("P", "mug", 1, SOON, location="x")],
            "orders": [order("a", line("mug", 3), location="x")],
        },
        {"pegs.a.l": [("on_hand", 2, TODAY), ("P", 1, SOON)]},
    ),
    "unlisted loc": ({"orders": [order("a", EIGHT, location="zz")]}, "orders[0].location"),
    "same sku twice": (
        {"stock": [stock("mug", 5)], "orders": [order("a", line("mug", 3, "x"), line("mug", 4, "y"))]},
        {"a.x.on_hand": 3, "a.y.on_hand": 2, "a.y.ahead": 3},
    ),
}


@pytest.mark.parametrize("case", CASES)
def test_a_sentence_of_the_plan_file_holds(case):
    document, wanted = CASES[case]
    assert told(document, wanted) == wanted
