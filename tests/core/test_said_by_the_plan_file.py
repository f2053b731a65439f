"""What an order's plan says about it: the decision, the reasons, the lines and their supply, as small documents."""

import pytest

from tests.core.plan_documents import (
    EIGHT,
    KIT,
    LATER,
    SOON,
    TODAY,
    line,
    order,
    stock,
    supply,
    told,
)

DENIED = {"sku": "mug", "backorder": "deny"}
CASES = {
    "held in one parcel": (
        {
            "stock": [stock("mug", 8), stock("cup", 1)],
            "orders": [order("a", line("mug", 8, "x"), line("cup", 1, "y"), ship="together", hold="payment")],
        },
        {"a.x.release_now": 0, "a.y.release_now": 0, "a.completes_on": TODAY, "a.decision": "wait"},
    ),
    "lines stay as they were given": (
        {"stock": [stock("mug", 1)], "orders": [order("a", line("cup", 1, "z"), line("mug", 1, "y"))]},
        {"a.lines.id": ["z", "y"], "a.lines.on_hand": [0, 1]},
    ),
    "an order is complete with its last line": (
        {
            "incoming": [supply("P", "mug", 1, SOON), supply("Q", "cup", 1, LATER)],
            "stock": [stock("pen", 1)],
            "orders": [order("a", line("mug", 1, "x"), line("cup", 1, "y"), line("pen", 1, "z"))],
        },
        {"a.completes_on": LATER, "a.decision": "ship_part", "a.release_now": True},
    ),
    "an item not sold beyond stock is no reason to decline while stock covers it": (
        {"items": [DENIED], "stock": [stock("mug", 8)], "orders": [order("a", EIGHT, hold="payment")]},
        {"a.decision": "wait", "a.reasons": ["ON_HOLD_PAYMENT", "ALL_ON_HAND"]},
    ),
    "one line beyond stock declines an order of which nothing leaves": (
        {"items": [DENIED], "orders": [order("a", line("mug", 1, "x"), line("cup", 1, "y"))]},
        {"a.decision": "decline", "a.reasons": ["SHORT_ON_HAND", "NO_DATED_SUPPLY", "BACKORDER_DENIED"]},
    ),
    "one line without a date leaves the order without one": (
        {"incoming": [supply("P", "mug", 9, SOON)], "orders": [order("a", line("mug", 2, "x"), line("cup", 1, "y"))]},
        {"a.completes_on": None, "a.x.completes_on": SOON, "a.reasons": ["SHORT_ON_HAND", "NO_DATED_SUPPLY"]},
    ),
    "one line in picking that stock does not have is told": (
        {
            "incoming": [supply("P", "mug", 9, SOON), supply("Q", "cup", 9, SOON)],
            "orders": [order("a", line("mug", 2, "x", committed=1), line("cup", 1, "y"))],
        },
        {
            "a.reasons": ["SHORT_ON_HAND", "INCOMING_COVERS", "COMMITTED_NOT_IN_STOCK"],
            "exceptions.COMMITTED_NOT_IN_STOCK": [
                {"code": "COMMITTED_NOT_IN_STOCK", "sku": "mug", "order": "a", "line": "x"}
            ],
        },
    ),
    "one line not released yet makes a pre-order": (
        {
            "items": [{"sku": "cup", "preorder_until": SOON}],
            "stock": [stock("mug", 1), stock("cup", 1)],
            "orders": [order("a", line("mug", 1, "x"), line("cup", 1, "y"))],
        },
        {"a.reasons": ["ALL_ON_HAND", "PREORDER"], "a.decision": "ship_part", "a.completes_on": SOON},
    ),
    "one parcel that is complete does not wait": (
        {
            "stock": [stock("mug", 1), stock("cup", 1)],
            "orders": [order("a", line("mug", 1, "x"), line("cup", 1, "y"), ship="together")],
        },
        {"a.reasons": ["ALL_ON_HAND"], "a.decision": "ship_all"},
    ),
    "one line below its smallest shipment is told": (
        {
            "stock": [stock("mug", 1), stock("cup", 1)],
            "incoming": [supply("P", "mug", 9, SOON)],
            "orders": [order("a", line("mug", 3, "x", min_ship=2), line("cup", 1, "y"))],
        },
        {
            "a.reasons": ["SHORT_ON_HAND", "INCOMING_COVERS", "BELOW_MIN_SHIP"],
            "a.x.release_now": 0,
            "a.y.release_now": 1,
        },
    ),
    "nothing at all is not below the smallest shipment": (
        {"incoming": [supply("P", "mug", 9, SOON)], "orders": [order("a", line("mug", 3, min_ship=2))]},
        {"a.reasons": ["SHORT_ON_HAND", "INCOMING_COVERS"]},
    ),
    "no more than what is open can be in picking": (
        {"stock": [stock("mug", 1)], "orders": [order("a", line("mug", 3, cancelled=2, committed=3))]},
        {"a.reasons": ["ALL_ON_HAND"], "exceptions.COMMITTED_NOT_IN_STOCK": []},
    ),
    "a kit in picking needs all of its parts": (
        {"items": KIT, "stock": [stock("cup", 2)], "orders": [order("a", line("set", 1, committed=1))]},
        {"a.reasons": ["SHORT_ON_HAND", "NO_DATED_SUPPLY", "COMMITTED_NOT_IN_STOCK"]},
    ),
    "a kit in picking needs as many of a part as it has": (
        {
            "items": KIT,
            "stock": [stock("cup", 1), stock("mug", 1)],
            "orders": [order("a", line("set", 1, committed=1))],
        },
        {"a.reasons": ["SHORT_ON_HAND", "NO_DATED_SUPPLY", "COMMITTED_NOT_IN_STOCK"]},
    ),
    "a promise of which nothing is open any more is kept": (
        {"orders": [order("a", line("mug", 8, shipped=8), promised_on="2026-11-01")]},
        {"a.reasons": ["NOTHING_OPEN"], "exceptions.PROMISE_BROKEN": []},
    ),
    "what a fence opens is told before the supply of the day": (
        {
            "items": [{"sku": "duo", "components": [{"sku": "mug", "units": 1}, {"sku": "cup", "units": 1}]}],
            "policy": {"ring_fences": [{"class": "vip", "sku": "cup", "units": 1, "until": SOON}]},
            "stock": [stock("cup", 2)],
            "incoming": [supply("M", "mug", 2, SOON)],
            "orders": [order("a", line("duo", 2))],
        },
        {"pegs.a.l": [("on_hand", 1, SOON), ("M", 1, SOON)]},
    ),
    "a kit of one each waits for both": (
        {
            "items": [{"sku": "duo", "components": [{"sku": "mug", "units": 1}, {"sku": "cup", "units": 1}]}],
            "stock": [stock("mug", 1)],
            "incoming": [supply("C", "cup", 1, SOON)],
            "orders": [order("a", line("duo", 1))],
        },
        {"pegs.a.l": [("C", 1, SOON)]},
    ),
    "units in picking are told with the others of the shelf": (
        {
            "stock": [stock("mug", 3)],
            "incoming": [supply("P", "mug", 9, SOON)],
            "orders": [order("a", line("mug", 4, committed=1))],
        },
        {"pegs.a.l": [("on_hand", 3, TODAY), ("P", 1, SOON)]},
    ),
}


@pytest.mark.parametrize("case", CASES)
def test_a_sentence_of_the_plan_file_holds(case):
    document, wanted = CASES[case]
    assert told(document, wanted) == wanted
