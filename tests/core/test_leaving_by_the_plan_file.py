"""What may leave today: one parcel, lent units, the smallest shipment, picking and holds, as small documents."""

import pytest

from tests.core.plan_documents import (
    EARLIER,
    LATER,
    NEXT,
    SOON,
    TODAY,
    line,
    order,
    stock,
    supply,
    told,
)


def held(reason, decision):
    """A hold keeps the place and the promise, and ships nothing."""
    wanted = {"a.l.release_now": 0, "a.l.on_hand": 8, "a.l.completes_on": TODAY, "a.decision": decision}
    return {"stock": [stock("mug", 8)], "orders": [order("a", line("mug", 8, committed=2), hold=reason)]}, wanted


CASES = {
    "together": (
        {
            "stock": [stock("mug", 8), stock("cup", 1)],
            "incoming": [supply("P", "cup", 5, SOON)],
            "orders": [order("a", line("mug", 2, "x"), line("cup", 3, "y"), ship="together")],
        },
        {
            "a.decision": "wait",
            "a.x.release_now": 0,
            "a.x.completes_on": SOON,
            "a.y.completes_on": SOON,
            "a.x.on_hand": 2,
            "a.release_now": False,
        },
    ),
    "lend": (
        {
            "stock": [stock("mug", 2)],
            "incoming": [supply("Q", "mug", 2, SOON), supply("P", "cup", 3, SOON)],
            "orders": [
                order("a", line("mug", 2, "x"), line("cup", 3, "y"), ship="together"),
                order("b", line("mug", 2), at=NEXT),
            ],
        },
        {"a.completes_on": SOON, "b.l.release_now": 2, "b.l.on_hand": 0, "b.l.completes_on": TODAY, "a.x.on_hand": 2},
    ),
    "no lend strict": (
        {
            "policy": {"release": "strict"},
            "stock": [stock("mug", 2)],
            "incoming": [supply("Q", "mug", 2, SOON), supply("P", "cup", 3, SOON)],
            "orders": [
                order("a", line("mug", 2, "x"), line("cup", 3, "y"), ship="together"),
                order("b", line("mug", 2), at=NEXT),
            ],
        },
        {"b.l.release_now": 0, "b.l.completes_on": SOON},
    ),
    "no lend without date": (
        {
            "stock": [stock("mug", 2)],
            "incoming": [supply("Q", "mug", 2, SOON)],
            "orders": [
                order("a", line("mug", 2, "x"), line("cup", 3, "y"), ship="together"),
                order("b", line("mug", 2), at=NEXT),
            ],
        },
        {"b.l.release_now": 0, "a.completes_on": None, "a.x.completes_on": None},
    ),
    "no lend hold": (
        {
            "stock": [stock("mug", 2)],
            "incoming": [supply("Q", "mug", 2, SOON), supply("P", "cup", 3, SOON)],
            "orders": [
                order("a", line("mug", 2, "x"), line("cup", 3, "y"), ship="together", hold="payment"),
                order("b", line("mug", 2), at=NEXT),
            ],
        },
        {"b.l.release_now": 0},
    ),
    "no lend later supply": (
        {
            "stock": [stock("mug", 2)],
            "incoming": [supply("Q", "mug", 2, LATER), supply("P", "cup", 3, SOON)],
            "orders": [
                order("a", line("mug", 2, "x"), line("cup", 3, "y"), ship="together"),
                order("b", line("mug", 2), at=NEXT),
            ],
        },
        {"b.l.release_now": 0, "b.l.completes_on": LATER},
    ),
    "min_ship below": (
        {
            "stock": [stock("mug", 2)],
            "incoming": [supply("Q", "mug", 6, SOON)],
            "orders": [order("a", line("mug", 8, min_ship=3))],
        },
        {"a.l.release_now": 0, "a.l.on_hand": 2, "a.decision": "wait"},
    ),
    "min_ship at": (
        {
            "stock": [stock("mug", 3)],
            "incoming": [supply("Q", "mug", 6, SOON)],
            "orders": [order("a", line("mug", 8, min_ship=3))],
        },
        {"a.l.release_now": 3},
    ),
    "min_ship complete": (
        {"stock": [stock("mug", 2)], "orders": [order("a", line("mug", 2, min_ship=5))]},
        {"a.l.release_now": 2},
    ),
    "min_ship committed": (
        {"stock": [stock("mug", 2)], "orders": [order("a", line("mug", 8, min_ship=5, committed=1))]},
        {"a.l.on_hand": 2},
    ),
    "committed first": (
        {
            "stock": [stock("mug", 5)],
            "orders": [order("a", line("mug", 5), at=EARLIER), order("b", line("mug", 5, committed=3))],
        },
        {"a.l.on_hand": 2, "b.l.on_hand": 3, "b.l.release_now": 3, "b.l.ahead": 5},
    ),
    "committed not in stock": (
        {
            "stock": [stock("mug", 3)],
            "orders": [order("a", line("mug", 2, committed=2)), order("b", line("mug", 2, committed=2), at=NEXT)],
        },
        {
            "exceptions.COMMITTED_NOT_IN_STOCK": [
                {"code": "COMMITTED_NOT_IN_STOCK", "sku": "mug", "order": "b", "line": "l"}
            ],
            "b.l.on_hand": 1,
            "a.l.on_hand": 2,
        },
    ),
    "committed > open": (
        {"stock": [stock("mug", 9)], "orders": [order("a", line("mug", 5, shipped=3, committed=4))]},
        {"a.l.open": 2, "a.l.on_hand": 2, "free.mug": {"on_hand": 7, "incoming": 0}},
    ),
    "overdue no lend": (
        {
            "stock": [stock("mug", 2)],
            "incoming": [supply("Q", "mug", 2, "2026-11-01", latest=SOON), supply("P", "cup", 3, SOON)],
            "orders": [
                order("a", line("mug", 2, "x"), line("cup", 3, "y"), ship="together"),
                order("b", line("mug", 2), at=NEXT),
            ],
        },
        {"b.l.release_now": 0},
    ),
    "order none date": (
        {"stock": [stock("mug", 5)], "orders": [order("a", line("mug", 3, "x"), line("cup", 4, "y"))]},
        {"a.completes_on": None, "a.decision": "ship_part"},
    ),
    "empty lines": ({"orders": [order("a")]}, {"a.decision": "none", "a.release_now": False}),
    "line with nothing open": (
        {"stock": [stock("mug", 5)], "orders": [order("a", line("mug", 3, "x"), line("cup", 4, "y", cancelled=4))]},
        {"a.completes_on": TODAY, "a.decision": "ship_all", "a.y.completes_on": None},
    ),
    "together with zero line": (
        {
            "stock": [stock("mug", 5)],
            "orders": [order("a", line("mug", 3, "x"), line("cup", 4, "y", cancelled=4), ship="together")],
        },
        {"a.completes_on": TODAY, "a.decision": "ship_all", "a.y.completes_on": None, "a.y.release_now": 0},
    ),
    "held for payment": held("payment", "wait"),
    "held for fraud": held("fraud", "review"),
    "held by the customer": held("customer", "wait"),
    "held and nothing open": (
        {"orders": [order("a", line("mug", 8, shipped=8), hold="fraud")]},
        {"a.decision": "none", "exceptions.NO_DATED_SUPPLY": []},
    ),
    "picking that stock covers is no reason to wait": (
        {"stock": [stock("mug", 5)], "orders": [order("a", line("mug", 8, committed=3))]},
        {"a.reasons": ["SHORT_ON_HAND", "NO_DATED_SUPPLY"], "exceptions.COMMITTED_NOT_IN_STOCK": []},
    ),
}


@pytest.mark.parametrize("case", CASES)
def test_a_sentence_of_the_plan_file_holds(case):
    document, wanted = CASES[case]
    assert told(document, wanted) == wanted
