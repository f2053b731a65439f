"""From a ledger that is served to order plans: dates, what may leave today, the decision and its reasons."""

from collections.abc import Iterator

from core.engine.ledger import NEVER, NOW, Ledger, LineEntry, OrderEntry
from core.engine.oversell import is_denied
from core.engine.pegs import allocations_of
from core.plan import Decision, LinePlan, OrderPlan
from core.reasons import Reason

HOLDS = {
    "payment": Reason.ON_HOLD_PAYMENT,
    "fraud": Reason.ON_HOLD_FRAUD,
    "customer": Reason.ON_HOLD_CUSTOMER,
}


def settle(entry: OrderEntry) -> None:
    """Note of each line when it completes and what of it may leave today, and of the order when it completes."""
    if entry.together:
        _settle_together(entry)
    else:
        for line in entry.lines:
            line.completes = NOW if _complete_today(line) else line.moment
            line.release = 0 if entry.order.hold else _part(line)
    # A line of which nothing is open completes now.
    entry.completes = max((line.completes for line in entry.lines), default=NOW)


def order_plan(ledger: Ledger, entry: OrderEntry, *, oversold: bool) -> OrderPlan:
    """Return the plan of a settled order, its lines in the order of the facts."""
    lines = tuple(_line_plan(ledger, line) for line in entry.lines)
    if len(lines) > 1:
        made = {line.id: line for line in lines}
        lines = tuple(made[line.id] for line in entry.order.lines)
    waiting = [line for line in entry.lines if line.open]
    return OrderPlan(
        id=entry.order.id,
        decision=_decision(entry, waiting, oversold=oversold),
        reasons=tuple(_reasons(ledger, entry, waiting, oversold=oversold)),
        release_now=any(line.release for line in waiting),
        completes_on=ledger.date_of(entry.completes) if waiting else None,
        lines=lines,
    )


def _settle_together(entry: OrderEntry) -> None:
    """One parcel: all lines have one date, and all units leave or none."""
    whole = all(_complete_today(line) for line in entry.lines)
    latest = NOW if whole else max(line.moment for line in entry.lines)
    for line in entry.lines:
        line.completes = latest
        line.release = line.open if whole and not entry.order.hold else 0


def _complete_today(line: LineEntry) -> bool:
    return line.available >= line.open and line.preorder == NOW


def _part(line: LineEntry) -> int:
    return 0 if line.preorder > NOW or _below_min_ship(line) else line.available


def _below_min_ship(line: LineEntry) -> bool:
    least = line.line.min_ship
    return least is not None and line.available < min(least, line.open)


def _line_plan(ledger: Ledger, line: LineEntry) -> LinePlan:
    return LinePlan(
        id=line.line.id,
        sku=line.line.sku,
        open=line.open,
        ahead=line.ahead,
        on_hand=line.on_hand,
        backordered=line.open - line.on_hand,
        release_now=line.release,
        completes_on=ledger.date_of(line.completes) if line.open else None,
        allocations=allocations_of(ledger, line),
    )


def _decision(entry: OrderEntry, waiting: list[LineEntry], *, oversold: bool) -> Decision:
    if not waiting:
        return "none"
    if entry.order.hold == "fraud":
        return "review"
    leaves = any(line.release for line in waiting)
    if not leaves and _denied_short(waiting):
        return "decline"
    if oversold:
        return "review"
    if all(line.release == line.open for line in waiting):
        return "ship_all"
    return "ship_part" if leaves else "wait"


def _denied_short(waiting: list[LineEntry]) -> bool:
    return any(is_denied(line) and line.backordered for line in waiting)


def _reasons(ledger: Ledger, entry: OrderEntry, waiting: list[LineEntry], *, oversold: bool) -> Iterator[Reason]:
    """Yield why, what keeps the order back first."""
    if not waiting:
        yield Reason.NOTHING_OPEN
        return
    if entry.order.hold:
        yield HOLDS[entry.order.hold]
    yield from _supply_reasons(entry, waiting)
    yield from _parcel_reasons(entry, waiting)
    if entry.capped:
        yield Reason.CAPPED
    if any(picking_falls_short(line) for line in waiting):
        yield Reason.COMMITTED_NOT_IN_STOCK
    if _denied_short(waiting):
        yield Reason.BACKORDER_DENIED
    elif oversold:
        yield Reason.OVERSOLD
    if breaks_promise(ledger, entry):
        yield Reason.PROMISE_BROKEN


def _supply_reasons(entry: OrderEntry, waiting: list[LineEntry]) -> Iterator[Reason]:
    short = [line for line in waiting if line.backordered]
    if not short:
        yield Reason.ALL_ON_HAND
        return
    yield Reason.SHORT_ON_HAND
    if not entry.served:
        yield Reason.CLASS_NOT_SERVED
    if any(line.release > line.on_hand for line in short):
        yield Reason.LENT
    if any(line.completes >= NEVER for line in short):
        yield Reason.NO_DATED_SUPPLY
    elif any(line.completes > NOW for line in short):
        yield Reason.INCOMING_COVERS


def _parcel_reasons(entry: OrderEntry, waiting: list[LineEntry]) -> Iterator[Reason]:
    if any(line.preorder > NOW for line in waiting):
        yield Reason.PREORDER
    if entry.together:
        # Units of this order that others borrow are not available, but it is for the parcel that they wait.
        if entry.completes > NOW and any(line.available or line.on_hand for line in waiting):
            yield Reason.WAITS_TOGETHER
    elif any(line.available and _below_min_ship(line) for line in waiting):
        yield Reason.BELOW_MIN_SHIP


def picking_falls_short(line: LineEntry) -> bool:
    """Return whether units of the line are in picking that stock does not have."""
    committed = min(line.line.committed, line.open)
    return bool(committed) and any(claim.picked_units < committed * claim.per for claim in line.claims)


def breaks_promise(ledger: Ledger, entry: OrderEntry) -> bool:
    """Return whether the published date passes before the order, of which something is open, is complete."""
    if entry.order.promised_on is None:
        return False
    day = ledger.date_of(entry.completes)
    return day is None or day > entry.order.promised_on
