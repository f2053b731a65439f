"""Items: sold beyond stock or not, on pre-order, not counted, kits, and in pools, as small documents."""

import pytest

from tests.core.plan_documents import (
    EIGHT,
    KIT,
    LATER,
    NEXT,
    NEXT_BUT_ONE,
    POOLS,
    SOON,
    TODAY,
    line,
    order,
    stock,
    supply,
    told,
)

CASES = {
    "deny": (
        {
            "items": [{"sku": "mug", "backorder": "deny"}],
            "incoming": [supply("P", "mug", 10, SOON)],
            "orders": [order("a", EIGHT)],
        },
        {
            "a.decision": "decline",
            "a.l.completes_on": SOON,
            "a.l.backordered": 8,
            "exceptions.OVERSOLD": [{"code": "OVERSOLD", "sku": "mug", "order": "a", "line": "l"}],
        },
    ),
    "deny part": (
        {"items": [{"sku": "mug", "backorder": "deny"}], "stock": [stock("mug", 2)], "orders": [order("a", EIGHT)]},
        {"a.decision": "review", "a.l.release_now": 2},
    ),
    "deny later": (
        {
            "items": [{"sku": "mug", "backorder": "deny"}],
            "stock": [stock("mug", 2)],
            "orders": [order("a", line("mug", 3)), order("b", line("mug", 3), at=NEXT)],
        },
        {"a.decision": "review", "b.decision": "decline"},
    ),
    "limit": (
        {
            "items": [{"sku": "mug", "oversell_limit": 3}],
            "orders": [
                order("a", line("mug", 3)),
                order("b", line("mug", 1), at=NEXT),
                order("c", line("mug", 1), at=NEXT_BUT_ONE),
            ],
        },
        {"a.decision": "wait", "b.decision": "review", "c.decision": "review"},
    ),
    "limit over pools": (
        {
            "locations": [{"id": "x"}, {"id": "y", "pool": "z"}],
            "items": [{"sku": "mug", "oversell_limit": 3}],
            "orders": [order("a", line("mug", 3)), order("b", line("mug", 1), at=NEXT, location="y")],
        },
        {"b.decision": "review"},
    ),
    "preorder": (
        {"items": [{"sku": "mug", "preorder_until": LATER}], "stock": [stock("mug", 8)], "orders": [order("a", EIGHT)]},
        {"a.l.on_hand": 8, "a.l.release_now": 0, "a.l.completes_on": LATER, "a.decision": "wait"},
    ),
    "preorder today": (
        {"items": [{"sku": "mug", "preorder_until": TODAY}], "stock": [stock("mug", 8)], "orders": [order("a", EIGHT)]},
        {"a.l.release_now": 8, "a.l.completes_on": TODAY},
    ),
    "preorder later supply": (
        {
            "items": [{"sku": "mug", "preorder_until": SOON}],
            "incoming": [supply("P", "mug", 8, LATER)],
            "orders": [order("a", EIGHT)],
        },
        {"a.l.completes_on": LATER},
    ),
    "preorder none": (
        {"items": [{"sku": "mug", "preorder_until": SOON}], "orders": [order("a", EIGHT)]},
        {"a.l.completes_on": None},
    ),
    "untracked": (
        {"items": [{"sku": "mug", "tracked": False}], "stock": [stock("mug", 3)], "orders": [order("a", EIGHT)]},
        {
            "a.l.on_hand": 8,
            "a.l.release_now": 8,
            "a.l.completes_on": TODAY,
            "pegs.a.l": [],
            "free.mug": {"on_hand": 3, "incoming": 0},
            "a.decision": "ship_all",
        },
    ),
    "kit": (
        {
            "items": KIT,
            "stock": [stock("cup", 5), stock("mug", 9), stock("set", 99)],
            "orders": [order("a", line("set", 4))],
        },
        {"a.l.on_hand": 2, "a.l.backordered": 2, "a.l.release_now": 2, "free.set": {"on_hand": 0, "incoming": 0}},
    ),
    "kit ahead": (
        {
            "items": KIT,
            "stock": [stock("cup", 4), stock("mug", 9)],
            "orders": [order("a", line("set", 1)), order("b", line("cup", 3), at=NEXT)],
        },
        {"b.l.ahead": 0, "b.l.on_hand": 2},
    ),
    "kit date": (
        {
            "items": KIT,
            "stock": [stock("cup", 2)],
            "incoming": [supply("C", "cup", 2, SOON), supply("M", "mug", 2, LATER)],
            "orders": [order("a", line("set", 2))],
        },
        {"a.l.completes_on": LATER, "a.l.on_hand": 0},
    ),
    "kit of kit": (
        {"items": [*KIT, {"sku": "big", "components": [{"sku": "set", "units": 1}]}], "orders": []},
        "items[1]",
    ),
    "kit part preorder": (
        {
            "items": [*KIT, {"sku": "cup", "preorder_until": SOON}],
            "stock": [stock("cup", 5), stock("mug", 9)],
            "orders": [order("a", line("set", 1))],
        },
        {"a.l.completes_on": SOON, "a.l.release_now": 0},
    ),
    "kit untracked part": (
        {
            "items": [*KIT, {"sku": "cup", "tracked": False}],
            "stock": [stock("mug", 9)],
            "orders": [order("a", line("set", 4))],
        },
        {"a.l.on_hand": 4},
    ),
    "kit twice part": (
        {
            "items": [{"sku": "set", "components": [{"sku": "cup", "units": 1}, {"sku": "cup", "units": 2}]}],
            "orders": [],
        },
        "items[0].components[1].sku",
    ),
    "kit itself": ({"items": [{"sku": "set", "components": [{"sku": "set", "units": 1}]}], "orders": []}, "items[0]"),
    "kit 0 units": (
        {"items": [{"sku": "set", "components": [{"sku": "c", "units": 0}]}], "orders": []},
        "items[0].components[0].units",
    ),
    "pools rank": (
        {
            **POOLS,
            "stock": [stock("mug", 5, location="x"), stock("mug", 5, location="y"), stock("mug", 5, location="z")],
            "orders": [order("a", line("mug", 7)), order("b", line("mug", 7), location="z")],
        },
        {
            "a.l.on_hand": 7,
            "b.l.on_hand": 5,
            "free.mug.all": {"on_hand": 3, "incoming": 0},
            "free.mug.far": {"on_hand": 0, "incoming": 0},
        },
    ),
    "a kit is there when the last of its parts is": (
        {
            "items": KIT,
            "stock": [stock("cup", 2), stock("mug", 9)],
            "incoming": [supply("C", "cup", 4, SOON)],
            "orders": [order("a", line("set", 3))],
        },
        {"pegs.a.l": [("on_hand", 1, TODAY), ("C", 2, SOON)]},
    ),
    "a kit of two needs both of them": (
        {
            "items": [{"sku": "pair", "components": [{"sku": "cup", "units": 2}]}],
            "stock": [stock("cup", 3)],
            "incoming": [supply("C", "cup", 5, SOON)],
            "orders": [order("a", line("pair", 3))],
        },
        {"pegs.a.l": [("on_hand", 1, TODAY), ("C", 2, SOON)], "a.l.on_hand": 1},
    ),
    "supply that completes no kit is not told": (
        {
            "items": [{"sku": "pair", "components": [{"sku": "cup", "units": 2}]}],
            "stock": [stock("cup", 1)],
            "incoming": [supply("C", "cup", 1, SOON), supply("D", "cup", 1, LATER)],
            "orders": [order("a", line("pair", 2))],
        },
        {"pegs.a.l": [("C", 1, SOON)], "a.l.on_hand": 0},
    ),
    "units in picking come before those that are on their way": (
        {
            "items": KIT,
            "stock": [stock("cup", 6), stock("mug", 1)],
            "incoming": [supply("M", "mug", 4, SOON)],
            "orders": [order("a", line("set", 3, committed=1), line("mug", 1, "m"))],
        },
        {"pegs.a.l": [("on_hand", 1, TODAY), ("M", 2, SOON)], "pegs.a.m": [("M", 1, SOON)]},
    ),
}


@pytest.mark.parametrize("case", CASES)
def test_a_sentence_of_the_plan_file_holds(case):
    document, wanted = CASES[case]
    assert told(document, wanted) == wanted
