"""From a ledger that is served to order plans: dates, what may leave today, the decision and its reasons."""

from collections.abc import Iterator
from datetime import date

from core.ledger import NEVER, NOW, Ledger, LineEntry, OrderEntry
from core.oversell import is_denied
from core.pegs import allocations_of
from core.plan import Decision, LinePlan, OrderPlan
from core.reasons import Reason

HOLDS = {
    "payment": Reason.ON_HOLD_PAYMENT,
    "fraud": Reason.ON_HOLD_FRAUD,
    "customer": Reason.ON_HOLD_CUSTOMER,
}


def order_plan(ledger: Ledger, entry: OrderEntry, *, oversold: bool) -> OrderPlan:
    """Return the order's plan, its lines in the order of the facts."""
    moments = moments_of(entry)
    releases = _releases(entry, moments)
    entries = entry.lines
    if len(entries) > 1:
        places = {line.id: place for place, line in enumerate(entry.order.lines)}
        entries = sorted(entries, key=lambda line: places[line.line.id])
    lines = tuple(_line_plan(ledger, line, moments[line.line.id], releases[line.line.id]) for line in entries)
    leaves = any(line.release_now for line in lines)
    return OrderPlan(
        id=entry.order.id,
        decision=_decision(entry, lines, oversold=oversold),
        reasons=tuple(_reasons(ledger, entry, moments, lines, oversold=oversold)),
        release_now=leaves,
        completes_on=ledger.date_of(latest_of(entry, moments)) if entry.open else None,
        lines=lines,
    )


def moments_of(entry: OrderEntry) -> dict[str, int]:
    """Return by line id when each line is complete: today where all of it could leave, a hold aside."""
    moments = {line.line.id: NOW if _complete_today(line) else line.moment for line in entry.lines}
    if entry.together:
        ready = all(_complete_today(line) for line in entry.lines)
        alike = NOW if ready else max((line.moment for line in entry.lines if line.open), default=NOW)
        return dict.fromkeys(moments, alike)
    return moments


def latest_of(entry: OrderEntry, moments: dict[str, int]) -> int:
    """Return when the order is complete: with its last open line."""
    return max((moments[line.line.id] for line in entry.lines if line.open), default=NOW)


def completion_date(ledger: Ledger, entry: OrderEntry) -> date | None:
    """Return the order's date, None where a line with open units has none."""
    return ledger.date_of(latest_of(entry, moments_of(entry)))


def _complete_today(line: LineEntry) -> bool:
    return line.available >= line.open and line.preorder == NOW


def _releases(entry: OrderEntry, moments: dict[str, int]) -> dict[str, int]:
    """Return by line id the units that may leave today, after holds, parcels, pre-orders and `min_ship`."""
    if entry.order.hold:
        return dict.fromkeys(moments, 0)
    if entry.together:
        whole = all(_complete_today(line) for line in entry.lines)
        return {line.line.id: line.open if whole else 0 for line in entry.lines}
    return {line.line.id: _part(line) for line in entry.lines}


def _part(line: LineEntry) -> int:
    if line.preorder > NOW or _below_min_ship(line):
        return 0
    return line.available


def _below_min_ship(line: LineEntry) -> bool:
    least = line.line.min_ship
    return least is not None and line.available < min(least, line.open)


def _line_plan(ledger: Ledger, line: LineEntry, moment: int, release: int) -> LinePlan:
    return LinePlan(
        id=line.line.id,
        sku=line.line.sku,
        open=line.open,
        ahead=line.ahead,
        on_hand=line.on_hand,
        backordered=line.open - line.on_hand,
        release_now=release,
        completes_on=ledger.date_of(moment) if line.open else None,
        allocations=allocations_of(ledger, line),
    )


def _decision(entry: OrderEntry, lines: tuple[LinePlan, ...], *, oversold: bool) -> Decision:
    if not any(line.open for line in lines):
        return "none"
    if entry.order.hold == "fraud":
        return "review"
    leaves = any(line.release_now for line in lines)
    if not leaves and _denied_short(entry):
        return "decline"
    if oversold:
        return "review"
    if all(line.release_now == line.open for line in lines):
        return "ship_all"
    return "ship_part" if leaves else "wait"


def _denied_short(entry: OrderEntry) -> bool:
    return any(line.backordered and is_denied(line) for line in entry.lines)


def _reasons(
    ledger: Ledger, entry: OrderEntry, moments: dict[str, int], lines: tuple[LinePlan, ...], *, oversold: bool
) -> Iterator[Reason]:
    """Yield why, what keeps the order back first."""
    waiting = [line for line in entry.lines if line.open]
    if not waiting:
        yield Reason.NOTHING_OPEN
        return
    if entry.order.hold:
        yield HOLDS[entry.order.hold]
    yield from _supply_reasons(entry, waiting, moments, lines)
    yield from _parcel_reasons(entry, waiting, moments)
    if entry.capped:
        yield Reason.CAPPED
    if any(picking_falls_short(line) for line in waiting):
        yield Reason.COMMITTED_NOT_IN_STOCK
    if _denied_short(entry):
        yield Reason.BACKORDER_DENIED
    elif oversold:
        yield Reason.OVERSOLD
    if breaks_promise(ledger, entry):
        yield Reason.PROMISE_BROKEN


def _supply_reasons(
    entry: OrderEntry, waiting: list[LineEntry], moments: dict[str, int], lines: tuple[LinePlan, ...]
) -> Iterator[Reason]:
    short = [line for line in waiting if line.backordered]
    if not short:
        yield Reason.ALL_ON_HAND
        return
    yield Reason.SHORT_ON_HAND
    if not entry.served:
        yield Reason.CLASS_NOT_SERVED
    if any(line.release_now > line.on_hand for line in lines):
        yield Reason.LENT
    if any(line.moment >= NEVER and moments[line.line.id] >= NEVER for line in short):
        yield Reason.NO_DATED_SUPPLY
    elif any(moments[line.line.id] > NOW for line in short):
        yield Reason.INCOMING_COVERS


def _parcel_reasons(entry: OrderEntry, waiting: list[LineEntry], moments: dict[str, int]) -> Iterator[Reason]:
    if any(line.preorder > NOW for line in waiting):
        yield Reason.PREORDER
    if entry.together:
        if moments[waiting[0].line.id] > NOW and any(line.available for line in waiting):
            yield Reason.WAITS_TOGETHER
    elif any(line.available and _below_min_ship(line) for line in waiting):
        yield Reason.BELOW_MIN_SHIP


def picking_falls_short(line: LineEntry) -> bool:
    """Return whether units of the line are in picking that stock does not have."""
    committed = min(line.line.committed, line.open)
    return bool(committed) and any(claim.picked_units < committed * claim.per for claim in line.claims)


def breaks_promise(ledger: Ledger, entry: OrderEntry) -> bool:
    """Return whether the published date passes before the order is complete."""
    if entry.order.promised_on is None or not entry.open:
        return False
    day = completion_date(ledger, entry)
    return day is None or day > entry.order.promised_on
