"""Stock: on hand, committed, incoming. An order commits; a parcel takes from on hand; available is the difference."""

from connectors.simulator.shopify.graphql_errors import invalid_argument
from connectors.simulator.shopify.rows import FulfilmentOrder, Level, Order
from connectors.simulator.shopify.state import State

QUANTITY_NAMES = (
    "available", "on_hand", "committed", "incoming", "reserved", "damaged", "safety_stock", "quality_control",
)  # fmt: skip


def level_at(state: State, order: Order, line: int, place: int) -> Level | None:
    """Return the stock that an order line draws on at a place; None when it is not tracked."""
    item = order.line(line).item
    variant = None if item is None else state.by_item.get(item)
    return None if item is None or variant is None or not variant.tracked else state.level(item, place)


def commit(state: State, order: Order, fulfilment_order: FulfilmentOrder, line: int, units: int) -> None:
    """Take `units` out of what is available for sale (negative: give them back)."""
    if (level := level_at(state, order, line, fulfilment_order.place)) is not None and units:
        level.committed += units
        state.moved(level)


def leave(state: State, order: Order, place: int, line: int, units: int) -> None:
    """Let committed units leave the building: available stays as it is, so nobody hears of the level."""
    if (level := level_at(state, order, line, place)) is not None:
        level.on_hand -= units
        level.committed -= units


def give_up(
    state: State, order: Order, fulfilment_order: FulfilmentOrder, line: int, units: int, *, back: bool
) -> None:
    """Stop committing units that will not ship. Not put `back` they are lost: on hand falls instead."""
    if (level := level_at(state, order, line, fulfilment_order.place)) is not None and units:
        level.committed -= units
        level.on_hand -= 0 if back else units
        state.moved(level)


def put_back(state: State, order: Order, place: int, line: int, units: int) -> None:
    """Take returned units into stock."""
    if (level := level_at(state, order, line, place)) is not None and units:
        level.on_hand += units
        state.moved(level)


def change_on_hand(state: State, level: Level, units: int) -> None:
    """Receive units (negative: lose them)."""
    if units:
        level.on_hand += units
        state.moved(level)


def incoming(state: State, level: Level) -> int:
    """Return the units on their way to this place."""
    total = 0
    for transfer in state.transfers.values():
        if (transfer.item, transfer.place) == (level.item, level.place) and transfer.status in {
            "IN_PROGRESS",
            "READY_TO_SHIP",
        }:
            shipment = state.shipments.get(transfer.shipment or 0)
            total += transfer.quantity - (shipment.received + shipment.rejected if shipment else 0)
    return total


def quantity(state: State, level: Level, name: str) -> int:
    """Return one named quantity. Raises GraphQLError for a name that the platform does not have."""
    if name not in QUANTITY_NAMES:
        raise invalid_argument(f"The quantity name {name} is invalid. Valid names are: {', '.join(QUANTITY_NAMES)}.")
    if name == "incoming":
        return incoming(state, level)
    return int(getattr(level, name, 0))
