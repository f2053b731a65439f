"""What waits of an order, and where it stands on the board: the column tells what a person should do about it."""

from core.dates.hand_promises import by_hand
from core.large import large_orders
from core.orders import withdrawals
from core.plan import LinePlan, OrderPlan
from core.reasons import Reason
from core.records import OrderRecord

COLUMNS = ("ready", "waiting", "risk", "needs", "preorder")
_NEEDS = frozenset({"NO_DATED_SUPPLY", "PROMISE_BROKEN", "OVERSOLD", "WITHDRAWN", "ITEM_GONE"})


def may_wait(record: OrderRecord) -> list[LinePlan]:
    """Return the planned lines of an open order that may wait: pre-orders do not."""
    if record.plan is None or record.snapshot.status != "open":
        return []
    return [line for line in record.plan.lines if line.id not in record.preorders]


def units_waiting(record: OrderRecord) -> int:
    """Return units of the order that wait for stock, pre-orders aside."""
    return sum(line.waits for line in may_wait(record))


def value_waiting(record: OrderRecord) -> int:
    """Return what the waiting units were sold for, in minor units; lines without a price count as nothing."""
    lines = [line for line in may_wait(record) if line.waits]
    prices = {line.id: line.unit_price or 0 for line in record.snapshot.lines} if lines else {}
    return sum(line.waits * prices.get(line.id, 0) for line in lines)


def board_column(record: OrderRecord) -> str:
    """Return the order's column, or "" for one that is not on the board: not open, not planned, nothing to ship.

    `needs`: a person must decide. `preorder`: it waits only for what is not released yet. `risk`: later than promised
    at first, or its supply is overdue. `waiting`: some units cannot leave yet. `ready`: all can leave, lent units
    among them.
    """
    plan = record.plan
    if record.snapshot.status != "open" or plan is None:
        return "needs" if withdrawals.outstanding(record) else ""
    # That no supply has a date yet is no news of what is not released yet.
    told = (one for one in record.exceptions if one.code != "NO_DATED_SUPPLY" or one.line not in record.preorders)
    codes = {exception.code for exception in told}
    if large_orders.todo(record) or (_needs_a_person(record, plan, codes) and not _customer_decides(record)):
        return "needs"
    if plan.decision == "none":
        return ""
    if record.preorders and not any(line.backordered for line in may_wait(record)):
        return "preorder"
    if "OVERDUE_SUPPLY" in codes or Reason.SUPPLY_LATE in plan.reasons or _late(record):
        return "risk"
    return "waiting" if any(line.waits for line in plan.lines) or _customer_decides(record) else "ready"


def _needs_a_person(record: OrderRecord, plan: OrderPlan, codes: set[str]) -> bool:
    return plan.decision in {"review", "decline"} or bool(codes & _NEEDS) or bool(record.snapshot.problems)


def _customer_decides(record: OrderRecord) -> bool:
    return record.proposal is not None and record.proposal.state == "open"


def _late(record: OrderRecord) -> bool:
    promised = by_hand(record) or record.first_promise_on or record.promised_on
    completes = record.plan.completes_on if record.plan else None
    return promised is not None and completes is not None and completes > promised
