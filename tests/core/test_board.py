"""What waits of an order, and in which column of the board a person finds it."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from core.orders.board import COLUMNS, board_column, units_waiting, value_waiting
from core.plan import LinePlan, OrderPlan, PlanException
from core.reasons import Reason
from core.records import OrderRecord
from core.records.endings import Withdrawal
from core.records.proposals import Proposal
from tests.core.shop_builders import NOW, line, order

DAY = date(2026, 12, 1)


def planned(
    waits=None,
    *,
    decision="wait",
    status="open",
    codes=(),
    problems=(),
    completes=None,
    reasons=(),
    price=1250,
    **record,
):
    """An order of five mugs; planned where it is said how many of them wait."""
    seen = replace(order("1001", line("mug", 5, unit_price=price)), status=status, problems=problems)
    plan = None
    if waits is not None:
        made = LinePlan(id="a", sku="mug", open=5, ahead=0, on_hand=5 - waits, backordered=waits, release_now=0,
                        completes_on=completes)  # fmt: skip
        plan = OrderPlan(
            id="1001", decision=decision, reasons=reasons, release_now=False, completes_on=completes, lines=(made,)
        )
    exceptions = tuple(PlanException(code=code, detail="a reason", line="a") for code in codes)
    return OrderRecord(shop="fern", snapshot=seen, plan=plan, exceptions=exceptions, **record)


def with_a_cup(record):
    """The order with a cup that is there."""
    cup = LinePlan(id="b", sku="cup", open=1, ahead=0, on_hand=1, backordered=0, release_now=1, completes_on=DAY)
    return replace(record, plan=replace(record.plan, lines=(*record.plan.lines, cup)))


EARLY = {"preorders": {"a": DAY}}
OFFERED = {"proposal": Proposal(made_at=NOW, ends_at=NOW + timedelta(days=3), options=())}
LAPSED = {"proposal": replace(OFFERED["proposal"], state="lapsed")}
WITHDRAWN = {"withdrawals": (Withdrawal(at=NOW, units={"a": 5}, keep={"a": 0}),)}


@pytest.mark.parametrize(
    ("column", "record"),
    [
        ("ready", planned(0, decision="ship_all")),
        ("waiting", planned(1)),
        ("waiting", planned(1, decision="ship_part")),
        ("waiting", with_a_cup(planned(1))),
        ("waiting", with_a_cup(planned(1, preorders={"b": DAY}))),
        ("needs", planned(1, decision="review")),
        ("needs", planned(1, decision="decline")),
        ("needs", planned(1, codes=("NO_DATED_SUPPLY",))),
        ("needs", planned(1, codes=("PROMISE_BROKEN",))),
        ("needs", planned(0, codes=("OVERSOLD",))),
        ("needs", planned(0, codes=("OVERSOLD",), **EARLY)),
        ("needs", planned(1, codes=("ITEM_GONE",))),
        ("needs", planned(1, codes=("WITHDRAWN",))),
        ("needs", planned(0, decision="review", **LAPSED)),
        ("needs", planned(0, problems=("the store's number stands",))),
        ("needs", planned(1, manual={"answer": "decline"})),
        ("needs", planned(status="closed", **WITHDRAWN)),
        ("risk", planned(1, codes=("OVERDUE_SUPPLY",))),
        ("risk", planned(1, reasons=(Reason.SUPPLY_LATE,))),
        ("risk", planned(1, completes=DAY + timedelta(days=1), manual={"promised": DAY.isoformat()})),
        ("waiting", planned(1, codes=("NEGATIVE_ON_HAND",))),
        ("waiting", planned(0, decision="review", **OFFERED)),
        ("preorder", planned(1, codes=("NO_DATED_SUPPLY",), **EARLY)),
        ("", planned(0, decision="none")),
        ("", planned()),
        ("", planned(1, status="closed")),
        ("", planned(1, status="cancelled", codes=("OVERSOLD",))),
        ("", planned(1, status="gone")),
        ("", planned(problems=("not planned yet",))),
    ],
)
def test_an_order_stands_in_its_column(column, record):
    assert board_column(record) == column
    assert column in {"", *COLUMNS}


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
def test_an_order_is_at_risk_when_it_completes_after_its_promise(completes, promised, first, column):
    def on(days):
        return None if days is None else DAY + timedelta(days=days)

    record = planned(1, completes=on(completes), promised_on=on(promised), first_promise_on=on(first))
    assert board_column(record) == column


@pytest.mark.parametrize(
    ("record", "units", "value"),
    [
        (planned(2), 2, 2500),
        (planned(2, price=None), 2, 0),
        (planned(0), 0, 0),
        (planned(2, **EARLY), 0, 0),
        (planned(2, status="cancelled"), 0, 0),
        (planned(), 0, 0),
    ],
)
def test_what_waits_is_counted_and_valued_while_the_order_is_open(record, units, value):
    assert (units_waiting(record), value_waiting(record)) == (units, value)
