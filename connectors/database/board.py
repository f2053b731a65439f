"""Where an order stands on the board: the column tells what a person should do about it."""

from core.records import OrderRecord

COLUMNS = ("ready", "waiting", "risk", "needs")
_NEEDS = frozenset(
    {"NO_DATED_SUPPLY", "PROMISE_BROKEN", "OVERSOLD", "LAW_NOTICE_DUE", "LAW_REFUND_DUE", "LAW_LATE", "MAIL_BOUNCED"}
)


def board_column(record: OrderRecord) -> str:
    """Return the order's column, or "" for one that is not on the board: not open, not planned, nothing to ship.

    `needs`: a person must decide. `risk`: later than promised, or its supply is overdue. `waiting`: some units are
    backordered. `ready`: all is in stock.
    """
    plan = record.plan
    if record.snapshot.status != "open" or plan is None:
        return ""
    codes = {exception.code for exception in record.exceptions}
    if plan.decision in {"review", "decline"} or codes & _NEEDS or record.snapshot.problems:
        return "needs"
    if plan.decision == "none":
        return ""
    if codes & {"OVERDUE_SUPPLY", "LAW_AT_RISK"} or _late(record):
        return "risk"
    return "waiting" if plan.backordered else "ready"


def _late(record: OrderRecord) -> bool:
    promised = record.promised_on or record.first_promise_on
    completes = record.plan.completes_on if record.plan else None
    return promised is not None and completes is not None and completes > promised
