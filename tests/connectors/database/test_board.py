from datetime import timedelta

import pytest

from connectors.database.board import board_column


@pytest.mark.parametrize(
    ("column", "fields"),
    [
        ("ready", {"backordered": 0, "decision": "ship_all"}),
        ("waiting", {"backordered": 1}),
        ("waiting", {"backordered": 1, "decision": "ship_part"}),
        ("needs", {"backordered": 1, "decision": "review"}),
        ("needs", {"backordered": 1, "decision": "decline"}),
        ("needs", {"backordered": 1, "codes": ("NO_DATED_SUPPLY",)}),
        ("needs", {"backordered": 1, "codes": ("PROMISE_BROKEN",)}),
        ("needs", {"backordered": 0, "codes": ("OVERSOLD",)}),
        ("needs", {"backordered": 0, "problems": ("the store's number stands",)}),
        ("risk", {"backordered": 1, "codes": ("OVERDUE_SUPPLY",)}),
        ("waiting", {"backordered": 1, "codes": ("NEGATIVE_ON_HAND",)}),
        ("", {"backordered": 0, "decision": "none"}),
        ("", {}),
        ("", {"backordered": 1, "status": "closed"}),
        ("", {"backordered": 1, "status": "cancelled", "codes": ("OVERSOLD",)}),
        ("", {"backordered": 1, "status": "gone"}),
        ("", {"problems": ("not planned yet",)}),
    ],
)
def test_an_order_stands_in_its_column(make, column, fields):
    assert board_column(make.order("1", **fields)) == column


@pytest.mark.parametrize(
    ("completes", "promised", "first", "column"),
    [
        (0, None, None, "waiting"),
        (0, 0, None, "waiting"),
        (1, 0, None, "risk"),
        (1, None, 0, "risk"),
        (1, 1, 0, "risk"),
        (1, 0, 1, "waiting"),
        (None, 0, 0, "waiting"),
    ],
)
def test_an_order_is_at_risk_when_it_completes_after_its_promise(make, completes, promised, first, column):
    def on(days):
        return None if days is None else make.day + timedelta(days=days)

    record = make.order(
        "1", backordered=1, completes=on(completes), promised_on=on(promised), first_promise_on=on(first)
    )
    assert board_column(record) == column
