"""Who is served first: classes, tiers, promises, fences, shares and caps, as small documents with what they must give."""

import pytest

from tests.core.plan_documents import (
    EARLIER,
    EIGHT,
    LAST,
    LATER,
    NEXT,
    NEXT_BUT_ONE,
    SOON,
    TODAY,
    fenced,
    line,
    order,
    stock,
    supply,
    told,
)

CASES = {
    "class": (
        {
            "stock": [stock("mug", 8)],
            "orders": [
                order("f", line("mug", 8), **{"class": "fill"}, at=EARLIER),
                order("w", line("mug", 8), **{"class": "win"}),
            ],
        },
        {"w.l.on_hand": 8, "f.l.on_hand": 0, "f.l.ahead": 8, "w.l.ahead": 0},
    ),
    "all classes": (
        {
            "stock": [stock("mug", 3)],
            "orders": [
                order(c, line("mug", 1), **{"class": c})
                for c in ("fill", "redistribute", "vip", "standard", "gain", "win", "lose", "skip")
            ],
        },
        {
            "win.l.on_hand": 1,
            "gain.l.on_hand": 1,
            "standard.l.on_hand": 1,
            "vip.l.on_hand": 0,
            "lose.l.on_hand": 0,
            "vip.l.ahead": 3,
        },
    ),
    "lose": (
        {
            "stock": [stock("mug", 3)],
            "incoming": [supply("P", "mug", 3, SOON)],
            "orders": [order("a", line("mug", 2, committed=1), **{"class": "lose"}), order("b", line("mug", 9))],
        },
        {"a.l.on_hand": 1, "a.l.completes_on": None, "b.l.on_hand": 2, "a.l.ahead": 9, "a.l.release_now": 1},
    ),
    "tiers ignored fc": (
        {
            "stock": [stock("mug", 1)],
            "orders": [order("a", line("mug", 1), tier=5), order("b", line("mug", 1), tier=0, at=NEXT)],
        },
        {"a.l.on_hand": 1, "b.l.on_hand": 0},
    ),
    "tiers": (
        {
            "policy": {"allocation": "tiers"},
            "stock": [stock("mug", 1)],
            "orders": [order("a", line("mug", 1), tier=5), order("b", line("mug", 1), tier=-1, at=NEXT)],
        },
        {"a.l.on_hand": 0, "b.l.on_hand": 1},
    ),
    "tie ids": (
        {"stock": [stock("mug", 1)], "orders": [order("b", line("mug", 1)), order("a", line("mug", 1))]},
        {"a.l.on_hand": 1},
    ),
    "offset": (
        {
            "stock": [stock("mug", 1)],
            "orders": [
                order("b", line("mug", 1), at="2026-11-20T10:00:00+02:00"),
                order("a", line("mug", 1), at="2026-11-20T09:00:00Z"),
            ],
        },
        {"b.l.on_hand": 1},
    ),
    "promise set aside latest": (
        {
            "incoming": [supply("P1", "mug", 4, SOON), supply("P2", "mug", 4, LATER)],
            "orders": [order("a", line("mug", 4), at=EARLIER), order("b", line("mug", 4), promised_on=LATER)],
        },
        {"a.l.completes_on": SOON, "b.l.completes_on": LATER},
    ),
    "promise protects": (
        {
            "incoming": [supply("P1", "mug", 4, SOON), supply("P2", "mug", 4, LAST)],
            "orders": [order("a", line("mug", 4), at=EARLIER), order("b", line("mug", 4), promised_on=SOON)],
        },
        {"a.l.completes_on": LAST, "b.l.completes_on": SOON},
    ),
    "promise broken": (
        {"incoming": [supply("P1", "mug", 4, LAST)], "orders": [order("b", line("mug", 4), promised_on=SOON)]},
        {"exceptions.PROMISE_BROKEN": [{"code": "PROMISE_BROKEN", "order": "b"}], "b.completes_on": LAST},
    ),
    "promise on hand": (
        {
            "stock": [stock("mug", 4)],
            "incoming": [supply("P1", "mug", 4, LAST)],
            "orders": [order("a", line("mug", 4), at=EARLIER), order("b", line("mug", 4), promised_on=SOON)],
        },
        {"a.l.on_hand": 0, "a.l.completes_on": LAST, "b.l.on_hand": 4},
    ),
    "fence": (
        {
            **fenced("vip", 3, SOON),
            "stock": [stock("mug", 5)],
            "orders": [order("a", EIGHT), order("v", line("mug", 4), at=NEXT, **{"class": "vip"})],
        },
        {"a.l.on_hand": 2, "v.l.on_hand": 3},
    ),
    "fence ends": (
        {**fenced("vip", 3, SOON), "stock": [stock("mug", 5)], "orders": [order("a", line("mug", 5))]},
        {
            "a.l.on_hand": 2,
            "a.l.completes_on": SOON,
            "pegs.a.l": [("on_hand", 2, TODAY), ("on_hand", 3, SOON)],
            "a.l.backordered": 3,
        },
    ),
    "fence no end": (
        {**fenced("vip", 3), "stock": [stock("mug", 5)], "orders": [order("a", line("mug", 5))]},
        {"a.l.on_hand": 2, "a.l.completes_on": None, "free.mug": {"on_hand": 3, "incoming": 0}},
    ),
    "fence over": (
        {**fenced("vip", 3, TODAY), "stock": [stock("mug", 5)], "orders": [order("a", line("mug", 5))]},
        {"a.l.on_hand": 5},
    ),
    "fence first": (
        {
            **fenced("vip", 3, SOON),
            "stock": [stock("mug", 5)],
            "orders": [order("v", line("mug", 2), **{"class": "vip"}), order("a", line("mug", 5), at=NEXT)],
        },
        {"v.l.on_hand": 2, "a.l.on_hand": 2, "a.l.completes_on": None},
    ),
    "fence std class": (
        {
            **fenced("standard", 3, SOON),
            "stock": [stock("mug", 3)],
            "orders": [order("w", line("mug", 3), **{"class": "win"}), order("a", line("mug", 3), at=NEXT)],
        },
        {"w.l.on_hand": 0, "a.l.on_hand": 3},
    ),
    "cap": (
        {
            "policy": {"large_order_share": 0.5},
            "stock": [stock("mug", 10)],
            "orders": [order("a", line("mug", 9)), order("b", line("mug", 3), at=NEXT)],
        },
        {"a.l.on_hand": 7, "b.l.on_hand": 3},
    ),
    "cap min1": (
        {
            "policy": {"large_order_share": 0.1},
            "stock": [stock("mug", 3)],
            "orders": [order("a", line("mug", 3)), order("b", line("mug", 1), at=NEXT)],
        },
        {"a.l.on_hand": 2, "b.l.on_hand": 1},
    ),
    "cap 0": (
        {
            "policy": {"large_order_share": 0},
            "stock": [stock("mug", 3)],
            "orders": [order("a", line("mug", 3)), order("b", line("mug", 1), at=NEXT)],
        },
        {"a.l.on_hand": 2, "b.l.on_hand": 1},
    ),
    "win today": (
        {"incoming": [supply("P", "mug", 8, SOON)], "orders": [order("a", EIGHT, **{"class": "win"})]},
        {"exceptions.WIN_NOT_MET": [{"code": "WIN_NOT_MET", "order": "a"}]},
    ),
    "win promised": (
        {
            "incoming": [supply("P", "mug", 8, SOON)],
            "orders": [order("a", EIGHT, **{"class": "win"}, promised_on=LATER)],
        },
        {"exceptions.WIN_NOT_MET": []},
    ),
    "a fence without an end opens to nobody": (
        {**fenced("vip", 3), "stock": [stock("mug", 5)], "orders": [order("a", line("mug", 5))]},
        {"pegs.a.l": [("on_hand", 2, TODAY)], "free.mug": {"on_hand": 3, "incoming": 0}},
    ),
    "a cap counts all lines of an order": (
        {
            "policy": {"large_order_share": 0.5},
            "stock": [stock("mug", 8)],
            "orders": [
                order("a", line("mug", 2, "x"), line("mug", 2, "y"), line("mug", 2, "z")),
                order("b", line("mug", 3), at=NEXT),
            ],
        },
        {"a.x.on_hand": 2, "a.y.on_hand": 2, "a.z.on_hand": 1, "b.l.on_hand": 3},
    ),
    "two lines of one item are completed together or not": (
        {
            "policy": {"allocation": "completion_first"},
            "stock": [stock("mug", 5)],
            "orders": [order("a", line("mug", 3, "x"), line("mug", 3, "y")), order("b", line("mug", 5), at=NEXT)],
        },
        {"b.decision": "ship_all", "a.decision": "wait"},
    ),
    "a promise keeps the latest supply and leaves the shelf to those before it": (
        {
            "stock": [stock("mug", 4)],
            "incoming": [supply("P", "mug", 4, SOON)],
            "orders": [order("a", line("mug", 4), at=EARLIER), order("b", line("mug", 4), promised_on=SOON)],
        },
        {"a.l.on_hand": 4, "b.l.completes_on": SOON, "exceptions.PROMISE_BROKEN": []},
    ),
    "a fence counts towards a fair share": (
        {
            "policy": {
                "allocation": "fair_share",
                "ring_fences": [{"class": "standard", "sku": "mug", "units": 2}],
            },
            "stock": [stock("mug", 6)],
            "orders": [order("a", line("mug", 4)), order("b", line("mug", 4), at=NEXT)],
        },
        {"a.l.on_hand": 3, "b.l.on_hand": 3},
    ),
    "shares that tie go by the order of service": (
        {
            "policy": {"allocation": "fair_share"},
            "stock": [stock("mug", 10)],
            "orders": [
                order("a", line("mug", 6)),
                order("b", line("mug", 6), at=NEXT),
                order("c", line("mug", 2), at=NEXT_BUT_ONE),
            ],
        },
        {"a.l.on_hand": 5, "b.l.on_hand": 4, "c.l.on_hand": 1},
    ),
}


@pytest.mark.parametrize("case", CASES)
def test_a_sentence_of_the_plan_file_holds(case):
    document, wanted = CASES[case]
    assert told(document, wanted) == wanted
