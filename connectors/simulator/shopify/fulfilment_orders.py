"""What can happen to fulfilment orders: hold, release, split, merge, move, as recorded from the platform.

The traps are kept: a partial hold leaves the *requested* units on the old id, a split puts them on a new one;
releasing a partial hold merges the siblings back and closes them with 0/0 lines that stay listed.
"""

from collections.abc import Iterable, Mapping

from connectors.simulator.shopify import inventory
from connectors.simulator.shopify.graphql_errors import Refused
from connectors.simulator.shopify.rows import FoLine, FulfilmentOrder, Hold, Order
from connectors.simulator.shopify.state import State

HOLDS_PER_APP = 10
OURS = "ours"
MERGEABLE = ("OPEN",)


def create(state: State, order: Order, place: int, units: Mapping[int, int], *, ships: bool = True) -> FulfilmentOrder:
    """Make a fulfilment order of `units` per order line and commit its stock."""
    made = _empty(state, order, place, ships=ships, group=None)
    for line, count in units.items():
        made.lines.append(FoLine(id=state.new_id("FoLine"), line=line, total=count, remaining=count))
        inventory.commit(state, order, made, line, count)
    return made


def _empty(state: State, order: Order, place: int, *, ships: bool, group: int | None) -> FulfilmentOrder:
    number = state.new_id("FulfilmentOrder")
    made = FulfilmentOrder(
        id=number,
        order=order.id,
        place=place,
        ships=ships,
        group=number if group is None else group,
        created_at=state.now(),
        updated_at=state.now(),
    )
    state.fulfilment_orders[number] = made
    order.fulfilment_orders.append(number)
    return made


def supported_actions(state: State, row: FulfilmentOrder) -> list[str]:
    """Return what may be asked of it now, in the platform's order."""
    if row.status == "OPEN":
        actions = ["CREATE_FULFILLMENT", "REPORT_PROGRESS", "MOVE", "HOLD"]
        actions += ["SPLIT"] if row.remaining > 1 else []
        return actions + (["MERGE"] if any(_siblings(state, row)) else [])
    if row.status == "IN_PROGRESS":
        return ["CREATE_FULFILLMENT", "REPORT_PROGRESS", "HOLD", "MARK_AS_OPEN"]
    return ["RELEASE_HOLD", "HOLD", "MOVE"] if row.status == "ON_HOLD" else []


def _siblings(state: State, row: FulfilmentOrder) -> Iterable[FulfilmentOrder]:
    for other in state.of_order(state.orders[row.order]):
        if other.id != row.id and other.status == "OPEN" and (other.place, other.ships) == (row.place, row.ships):
            yield other


def hold(
    state: State, row: FulfilmentOrder, placed: Hold, wanted: list[tuple[int, int]]
) -> tuple[Hold, FulfilmentOrder | None]:
    """Put a hold on (fulfilment order line, units) pairs, or on all when none are given.

    Returns the hold, numbered, and the sibling with the units that are not held. Raises Refused.
    """
    _check_hold(row, placed, wanted)
    rest = _rest(row, wanted) if wanted else {}
    sibling = None
    if rest:
        sibling = _part(state, row, rest, group=row.group)
    placed.id = state.new_id("FulfillmentHold")
    row.holds.append(placed)
    row.status = "ON_HOLD"
    _changed(state, row)
    return placed, sibling


def _check_hold(row: FulfilmentOrder, placed: Hold, wanted: list[tuple[int, int]]) -> None:
    own = [held for held in row.holds if held.app == placed.app]
    where = ("fulfillmentHold", "fulfillmentOrderLineItems")
    if not row.alive:
        raise Refused("The fulfillment order is not in a state that can be held.", field=("id",))
    if len({line for line, _ in wanted}) != len(wanted):
        raise Refused("must contain unique line item ids", field=where, code="DUPLICATED_FULFILLMENT_ORDER_LINE_ITEMS")
    for position, (_, units) in enumerate(wanted):
        if units <= 0:
            raise Refused(
                "You must select at least one item to place on partial hold.",
                field=(*where, str(position), "quantity"),
                code="GREATER_THAN_ZERO",
            )
    if any(held.handle == placed.handle for held in own):
        raise Refused(
            "The handle provided for the fulfillment hold is already in use by this app for another hold on this "
            "fulfillment order.",
            field=("fulfillmentHold", "handle"),
            code="DUPLICATE_FULFILLMENT_HOLD_HANDLE",
        )
    if len(own) >= HOLDS_PER_APP:
        raise Refused(
            "The maximum number of fulfillment holds for this fulfillment order has been reached for this app. An app "
            "can only have up to 10 holds on a single fulfillment order at any one time.",
            field=("id",),
            code="FULFILLMENT_ORDER_HOLD_LIMIT_REACHED",
        )
    if wanted and row.status != "OPEN":
        raise Refused(
            "The fulfillment order is not in a splittable state.",
            field=where,
            code="FULFILLMENT_ORDER_NOT_SPLITTABLE",
        )


def _rest(row: FulfilmentOrder, wanted: list[tuple[int, int]]) -> dict[int, int]:
    """Return what is left per fulfilment order line once `wanted` is taken out. Raises Refused."""
    asked = dict(wanted)
    if unknown := set(asked) - {line.id for line in row.lines}:
        raise Refused(f"Fulfillment order line item {min(unknown)} does not exist.", code="INVALID_LINE_ITEM_QUANTITY")
    if any(asked.get(line.id, 0) > line.remaining for line in row.lines):
        raise Refused("Invalid fulfillment order line item quantity requested.", code="INVALID_LINE_ITEM_QUANTITY")
    rest = {line.id: line.remaining - asked.get(line.id, 0) for line in row.lines}
    return {line: units for line, units in rest.items() if units}


def _part(state: State, row: FulfilmentOrder, units: Mapping[int, int], *, group: int | None) -> FulfilmentOrder:
    """Move units per fulfilment order line into a new fulfilment order with new line ids."""
    order = state.orders[row.order]
    made = _empty(state, order, row.place, ships=row.ships, group=group)
    for line in list(row.lines):
        if not (count := units.get(line.id, 0)):
            continue
        made.lines.append(FoLine(id=state.new_id("FoLine"), line=line.line, total=count, remaining=count))
        line.total -= count
        line.remaining -= count
        if not line.total:
            row.lines.remove(line)
    return made


def release(state: State, row: FulfilmentOrder, holds: Iterable[int] | None) -> list[Hold]:
    """Take holds away (all of them, every app's, when None) and return them. Unknown ids are passed over.

    When the last one goes, the open siblings that a partial hold parted merge back into this one.
    """
    gone = [held for held in row.holds if holds is None or held.id in set(holds)]
    row.holds = [held for held in row.holds if held not in gone]
    if gone and not row.holds:
        row.status = "OPEN"
        for sibling in _siblings(state, row):
            if sibling.group == row.group:
                _absorb(state, row, sibling)
    if gone:
        _changed(state, row)
    return gone


def _absorb(state: State, row: FulfilmentOrder, other: FulfilmentOrder) -> None:
    """Take over what `other` has left; it closes and stays listed."""
    for line in other.lines:
        mine = next((known for known in row.lines if known.line == line.line), None)
        if mine is None:
            mine = FoLine(id=state.new_id("FoLine"), line=line.line, total=0, remaining=0)
            row.lines.append(mine)
        mine.total += line.remaining
        mine.remaining += line.remaining
        line.total -= line.remaining
        line.remaining = 0
    other.status = "CLOSED"
    other.updated_at = state.now()


def split(state: State, row: FulfilmentOrder, wanted: list[tuple[int, int]]) -> FulfilmentOrder:
    """Put (fulfilment order line, units) pairs into a new fulfilment order and return it; see `check_split`."""
    made = _part(state, row, dict(wanted), group=None)
    _changed(state, row)
    return made


def check_split(row: FulfilmentOrder, wanted: list[tuple[int, int]], position: int) -> None:
    """Raise Refused when it cannot be split like this: a batch is all or nothing."""
    where = ("fulfillmentOrderSplits", str(position), "fulfillmentOrderLineItems")
    if not wanted:
        raise Refused(
            "There must be at least one item selected in this fulfillment to split it.",
            field=where,
            code="NO_LINE_ITEMS_PROVIDED_TO_SPLIT",
        )
    for at, (_, units) in enumerate(wanted):
        if units <= 0:
            raise Refused(
                "You must select at least one item to split into a new fulfillment order.",
                field=(*where, str(at), "quantity"),
                code="GREATER_THAN",
            )
    if row.status != "OPEN":
        raise Refused(f"Fulfillment order: {row.id} is currently not in a splittable state.")
    if not _rest(row, wanted):
        raise Refused("Invalid fulfillment order line item quantity requested.", code="INVALID_LINE_ITEM_QUANTITY")


def check_merge(rows: list[FulfilmentOrder]) -> None:
    """Raise Refused when these cannot become one."""
    for row in rows:
        if row.status not in MERGEABLE:
            raise Refused(f"Fulfillment order: {row.id} is currently not in a mergeable state.")
    if len({(row.order, row.place, row.ships) for row in rows}) != 1 or len({row.id for row in rows}) != len(rows):
        raise Refused("Fulfillment orders must belong to the same order and be assigned to the same location.")


def merge(state: State, rows: list[FulfilmentOrder]) -> FulfilmentOrder:
    """Make one of several: the first takes over the others."""
    first = rows[0]
    for other in rows[1:]:
        _absorb(state, first, other)
    _changed(state, first)
    return first


def move(state: State, row: FulfilmentOrder, place: int, wanted: list[tuple[int, int]]) -> FulfilmentOrder:
    """Ship it, or some of it, from another place: all keeps its id, a part gets a new one. Raises Refused."""
    if row.status == "IN_PROGRESS":
        raise Refused(
            "Cannot move a fulfillment order that has had progress reported. To move a fulfillment order that has had "
            "progress reported, the fulfillment order must first be marked as open resolving the ongoing progress "
            "state.",
            field=("id",),
            code="CANNOT_MOVE_FULFILLMENT_ORDER_WITH_REPORTED_PROGRESS",
        )
    if not row.alive or row.place == place:
        raise Refused("Cannot change location.")
    moved = _part(state, row, dict(wanted), group=None) if wanted and _rest(row, wanted) else row
    order = state.orders[row.order]
    for line in moved.lines:
        inventory.commit(state, order, moved, line.line, -line.remaining)
    moved.place = place
    for line in moved.lines:
        inventory.commit(state, order, moved, line.line, line.remaining)
    _changed(state, row)
    return moved


def start(state: State, row: FulfilmentOrder) -> None:
    """Report progress: picking has begun. Raises Refused on a held or finished one."""
    if row.status not in {"OPEN", "IN_PROGRESS"}:
        raise Refused("Cannot report progress on a fulfillment order in this state.")
    row.status = "IN_PROGRESS"
    _changed(state, row)


def shrink(state: State, row: FulfilmentOrder, line: FoLine, units: int, *, back: bool) -> None:
    """Take units out that will not ship; an emptied fulfilment order closes. `back`: into stock."""
    inventory.give_up(state, state.orders[row.order], row, line.line, units, back=back)
    line.total -= units
    line.remaining -= units
    settle(state, row)


def settle(state: State, row: FulfilmentOrder) -> None:
    """Close it when nothing is left to ship."""
    row.updated_at = state.now()
    if not row.remaining:
        row.status = "CLOSED"
        row.holds.clear()


def _changed(state: State, row: FulfilmentOrder) -> None:
    row.updated_at = state.now()
    state.touch(state.orders[row.order])
