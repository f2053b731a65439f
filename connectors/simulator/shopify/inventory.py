"""Stock: on hand, committed, incoming. An order commits; a parcel takes from on hand; available is the difference."""

from connectors.simulator.shopify.graphql_errors import Refused, bad_request, invalid_argument
from connectors.simulator.shopify.rows import FulfilmentOrder, Level, Order
from connectors.simulator.shopify.state import Json, State, gid

QUANTITY_NAMES = (
    "available", "on_hand", "committed", "incoming", "reserved", "damaged", "safety_stock", "quality_control",
)  # fmt: skip
LIMIT = 1_000_000_000


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


def give_up(state: State, order: Order, fulfilment_order: FulfilmentOrder, line: int, units: int, *, back: bool) -> None:
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


def set_quantities(state: State, wanted: Json) -> list[tuple[Level, str, int]]:
    """Set `available` or `on_hand` absolutely; return (level, name, change) rows. Raises Refused."""
    name = wanted["name"]
    if name not in {"available", "on_hand"}:
        raise Refused(
            "The quantity name must be either 'available' or 'on_hand'.", field=("input", "name"), code="INVALID_NAME"
        )
    levels = [_checked(state, row, name, position) for position, row in enumerate(wanted["quantities"])]
    changes = []
    for level, row in zip(levels, wanted["quantities"], strict=True):
        delta = row["quantity"] - getattr(level, name)
        change_on_hand(state, level, delta)
        changes.append((level, name, delta))
    return changes


def adjust_quantities(state: State, wanted: Json) -> list[tuple[Level, str, int]]:
    """Change `available` by deltas; return (level, name, change) rows. Raises Refused."""
    if wanted["name"] != "available":
        raise Refused("Only available quantities can be adjusted.", field=("input", "name"), code="INVALID_NAME")
    rows = [{**row, "quantity": 0} for row in wanted["changes"]]
    levels = [_checked(state, row, "available", position) for position, row in enumerate(rows)]
    for level, row in zip(levels, rows, strict=True):
        change_on_hand(state, level, row["delta"])
    return [(level, "available", row["delta"]) for level, row in zip(levels, rows, strict=True)]


def _checked(state: State, row: Json, name: str, position: int) -> Level:
    at = ("input", "quantities", str(position))
    if "changeFromQuantity" not in row:
        raise invalid_argument("The quantity must include the following argument: changeFromQuantity.")
    item, place = _number(row["inventoryItemId"]), _number(row["locationId"])
    if item not in state.by_item:
        raise Refused(
            "The specified inventory item could not be found.",
            field=(*at, "inventoryItemId"),
            code="INVALID_INVENTORY_ITEM",
        )
    if place not in state.places:
        raise Refused(
            "The specified location could not be found.", field=(*at, "locationId"), code="INVALID_LOCATION"
        )
    if abs(row["quantity"]) > LIMIT:
        raise Refused(
            "The quantity can't be higher than 1,000,000,000.", field=(*at, "quantity"), code="INVALID_QUANTITY_TOO_HIGH"
        )
    level = state.level(item, place)
    expected = row["changeFromQuantity"]
    if expected is not None and expected != getattr(level, name):
        raise Refused(
            "The specified change from quantity does not match the current quantity.",
            field=(*at, "changeFromQuantity"),
            code="CHANGE_FROM_QUANTITY_STALE",
        )
    return level


def _number(global_id: str) -> int:
    tail = global_id.rsplit("/", 1)[-1].split("?", 1)[0]
    if not tail.isascii() or not tail.isdigit():
        raise bad_request(f"Invalid global id '{global_id}'")
    return int(tail)


def level_gid(level: Level) -> str:
    """Return the API's id of a level, which names the item as well."""
    return f"{gid('InventoryLevel', level.place)}?inventory_item_id={level.item}"
