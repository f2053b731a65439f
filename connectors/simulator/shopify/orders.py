"""What can happen to an order: shipped, refunded, edited, cancelled. Numbers follow the platform's rules."""

from collections.abc import Mapping
from decimal import Decimal

from connectors.simulator.shopify import fulfilment_orders, inventory, payloads
from connectors.simulator.shopify.graphql_errors import Refused
from connectors.simulator.shopify.rows import FoLine, Fulfilment, FulfilmentOrder, Line, Order, Refund
from connectors.simulator.shopify.state import State

REMOVAL_ORDER = ("OPEN", "ON_HOLD", "IN_PROGRESS", "SCHEDULED")


def display_fulfilment(state: State, order: Order) -> str:
    """Return the order's displayFulfillmentStatus: ON_HOLD only when everything that is left is held."""
    shipped = sum(line.fulfilled for line in order.lines)
    open_units = sum(line.unfulfilled for line in order.lines)
    if shipped:
        return "PARTIALLY_FULFILLED" if open_units else "FULFILLED"
    states = {row.status for row in state.of_order(order) if row.alive}
    if states == {"ON_HOLD"}:
        return "ON_HOLD"
    return "IN_PROGRESS" if "IN_PROGRESS" in states else "UNFULFILLED"


def check_fulfil(parts: list[tuple[FulfilmentOrder, list[tuple[int, int]]]]) -> None:
    """Raise Refused when these (fulfilment order, [(its line, units)]) cannot leave as one parcel."""
    where = ("fulfillment",)
    for row, lines in parts:
        if row.status not in {"OPEN", "IN_PROGRESS"}:
            raise Refused(f"Fulfillment order {row.id} has an unfulfillable status= {row.status.lower()}.", field=where)
        remaining = {line.id: line.remaining for line in row.lines}
        if any(units <= 0 for _, units in lines):
            raise Refused("Quantity must be greater than 0", field=where)
        if any(units > remaining.get(line, 0) for line, units in lines):
            raise Refused("Invalid fulfillment order line item quantity requested.", field=where)
    if len({row.order for row, _ in parts}) != 1:
        raise Refused(
            "All fulfillment orders must belong to the same order. "
            f"Fulfillment orders: {', '.join(str(row.id) for row, _ in parts)}",
            field=where,
        )
    if len({row.place for row, _ in parts}) != 1:
        raise Refused("All fulfillment orders must be assigned to a single location.", field=where)


def fulfil(
    state: State, parts: list[tuple[FulfilmentOrder, list[tuple[int, int]]]], tracking: Mapping[str, str | None]
) -> Fulfilment:
    """Ship units (all of a fulfilment order when it names none). Raises Refused."""
    check_fulfil(parts)
    order = state.orders[parts[0][0].order]
    units: dict[int, int] = {}
    for row, lines in parts:
        wanted = dict(lines) or {line.id: line.remaining for line in row.lines}
        for line in row.lines:
            if count := wanted.get(line.id, 0):
                _ship(state, order, row, line, count)
                units[line.line] = units.get(line.line, 0) + count
        row.status = "IN_PROGRESS" if row.remaining else row.status
        fulfilment_orders.settle(state, row)
    return _parcel(state, order, parts[0][0].place, units, tracking)


def _ship(state: State, order: Order, row: FulfilmentOrder, line: FoLine, units: int) -> None:
    line.remaining -= units
    order.line(line.line).fulfilled += units
    inventory.leave(state, order, row.place, line.line, units)


def _parcel(
    state: State, order: Order, place: int, units: dict[int, int], tracking: Mapping[str, str | None]
) -> Fulfilment:
    parcel = Fulfilment(
        id=state.new_id("Fulfillment"),
        order=order.id,
        name=f"{order.name}-F{len(order.fulfilments) + 1}",
        place=place,
        created_at=state.now(),
        updated_at=state.now(),
        units=units,
        tracking=dict(tracking),
    )
    order.fulfilments.append(parcel)
    state.fulfilments[parcel.id] = parcel
    state.touch(order)
    whole = display_fulfilment(state, order) == "FULFILLED"
    if whole and order.financial in {"PAID", "PARTIALLY_REFUNDED"}:
        order.closed_at = state.now()
    state.news("fulfillments/create", lambda: payloads.fulfilment(state, parcel))
    state.news("orders/fulfilled" if whole else "orders/partially_fulfilled", lambda: payloads.order(state, order))
    return parcel


def cancel_fulfilment(state: State, parcel: Fulfilment) -> None:
    """Undo a parcel: its units wait again, in a new fulfilment order. Twice is once."""
    if parcel.status == "CANCELLED":
        return
    order = state.orders[parcel.order]
    parcel.status, parcel.updated_at = "CANCELLED", state.now()
    for line, units in parcel.units.items():
        order.line(line).fulfilled -= units
        if (level := inventory.level_at(state, order, line, parcel.place)) is not None:
            level.on_hand += units
    fulfilment_orders.create(state, order, parcel.place, parcel.units)
    order.closed_at = None
    state.touch(order)
    state.news("fulfillments/update", lambda: payloads.fulfilment(state, parcel))


def remove(state: State, order: Order, line: int, units: int, *, back: bool) -> None:
    """Take units of a line out before they ship. Raises Refused when fewer are left."""
    row = order.line(line)
    if units > row.unfulfilled:
        raise Refused(f"Only {row.unfulfilled} units of line item {line} are not fulfilled.", field=("quantity",))
    row.removed += units
    candidates = [fo for fo in state.of_order(order) if fo.alive]
    for fo in sorted(candidates, key=lambda fo: (REMOVAL_ORDER.index(fo.status), fo.id)):
        for part in fo.lines:
            count = min(units, part.remaining) if part.line == line else 0
            if count:
                fulfilment_orders.shrink(state, fo, part, count, back=back)
                units -= count


def refund(
    state: State,
    order: Order,
    rows: list[tuple[int, int, str]],
    *,
    amount: Decimal | None = None,
    note: str | None = None,
) -> Refund:
    """Refund (line, units, restock type) rows; CANCEL and NO_RESTOCK of unshipped units remove them. Raises Refused.

    RETURN takes shipped units back into stock; NO_RESTOCK of unshipped units loses them.
    """
    worth = Decimal(0)
    for line, units, _ in rows:
        row = order.line(line)
        if units > row.current:
            raise Refused("Quantity cannot refund more items than were purchased", field=("refundLineItems",))
        worth += row.price * units
    for line, units, kind in rows:
        _take_back(state, order, line, units, kind)
    made = Refund(
        id=state.new_id("Refund"),
        order=order.id,
        created_at=state.now(),
        rows=rows,
        amount=worth if amount is None else amount,
        note=note,
    )
    order.refunds.append(made)
    if order.financial in {"PAID", "PARTIALLY_REFUNDED"}:
        order.financial = "PARTIALLY_REFUNDED" if order.total() else "REFUNDED"
    state.touch(order)
    state.news("refunds/create", lambda: payloads.refund(state, made))
    return made


def _take_back(state: State, order: Order, line: int, units: int, kind: str) -> None:
    row = order.line(line)
    unshipped = min(units, row.unfulfilled) if kind != "RETURN" else 0
    if unshipped:
        remove(state, order, line, unshipped, back=kind == "CANCEL")
    if returned := units - unshipped:
        row.returned += returned
        if kind == "RETURN":
            place = next(parcel.place for parcel in order.fulfilments if parcel.units.get(line))
            inventory.put_back(state, order, place, line, returned)


def edit_quantity(state: State, order: Order, line: int, quantity: int, *, restock: bool = True) -> None:
    """Set how many units of a line are wanted: fewer are removed, more come in a new fulfilment order.

    Raises Refused below what is shipped, and for a cancelled order.
    """
    row = order.line(line)
    if order.cancelled_at is not None:
        raise Refused("The order is cancelled and cannot be edited.", field=("id",))
    delta = quantity - row.current
    if quantity < row.fulfilled - row.returned:
        raise Refused("Cannot remove more items than are unfulfilled.", field=("quantity",))
    if delta < 0:
        remove(state, order, line, -delta, back=restock)
    elif delta > 0:
        row.quantity += delta
        places = [fo.place for fo in state.of_order(order)]
        fulfilment_orders.create(state, order, places[0], {line: delta}, ships=row.ships)
        order.closed_at = None
    if delta:
        state.touch(order)
        state.news("orders/edited", lambda: payloads.edited(state, order, {line: delta}))


def add_line(state: State, order: Order, line: Line) -> None:
    """Put a line of an edit on the order: its units come in a new fulfilment order."""
    order.lines.append(line)
    places = [fo.place for fo in state.of_order(order)]
    fulfilment_orders.create(state, order, places[0], {line.id: line.quantity}, ships=line.ships)
    order.closed_at = None
    state.touch(order)
    state.news("orders/edited", lambda: payloads.edited(state, order, {line.id: line.quantity}))


def cancel(state: State, order: Order, *, reason: str, restock: bool, refunded: bool) -> None:
    """Cancel the order. Raises Refused when something of it has shipped or is being picked, or it is cancelled.

    Refunded, its lines fall to zero; not refunded, their numbers stay and only the fulfilment orders close.
    """
    if order.cancelled_at is not None:
        raise Refused("Cannot cancel an order that has already been canceled", field=("orderId",), code="INVALID")
    busy = any(row.status == "IN_PROGRESS" for row in state.of_order(order))
    if busy or any(parcel.status == "SUCCESS" for parcel in order.fulfilments):
        raise Refused("Cannot cancel an order that has outstanding fulfillments", field=("orderId",), code="INVALID")
    paid = order.financial in {"PAID", "PARTIALLY_REFUNDED"}
    rows = [(line.id, line.unfulfilled, "CANCEL" if restock else "NO_RESTOCK") for line in order.lines]
    order.cancelled_at, order.cancel_reason = state.now(), reason
    if refunded and paid:
        refund(state, order, [row for row in rows if row[1]])
    else:
        _close_all(state, order, restock=restock)
        order.financial = order.financial if paid else "VOIDED"
    state.touch(order)
    state.news("orders/cancelled", lambda: payloads.order(state, order))


def _close_all(state: State, order: Order, *, restock: bool) -> None:
    for row in state.of_order(order):
        if row.alive:
            for line in row.lines:
                inventory.give_up(state, order, row, line.line, line.remaining, back=restock)
            row.status = "CLOSED"
            row.holds.clear()
            row.updated_at = state.now()


def pay(state: State, order: Order) -> None:
    """Take the payment."""
    order.financial, order.received = "PAID", order.total()
    state.touch(order)
    state.news("orders/paid", lambda: payloads.order(state, order))
