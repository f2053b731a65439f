"""Shipments of an order, where the store's owner switched the feature on. Almost nothing is checked.

More units than ordered and unknown lines are accepted; writing metadata replaces all of it.
"""

from collections import Counter
from collections.abc import Mapping
from typing import Any

from connectors.simulator.woocommerce import metadata
from connectors.simulator.woocommerce.rest import Answer, Call, RestError
from connectors.simulator.woocommerce.rows import Fulfillment, Json, Meta, Order
from connectors.simulator.woocommerce.state import State

ITEMS = "_items"
DATE = "_date_fulfilled"
STATUS = "_fulfillment_status"


def listed(state: State, call: Call, order: Order) -> Answer:  # noqa: ARG001  # one shape for all routes
    """All shipments of an order; not paged."""
    return _answer(state, {"fulfillments": [_shown(state, order, row) for row in order.fulfillments]})


def get(state: State, call: Call, order: Order, row_id: int) -> Answer:  # noqa: ARG001  # one shape for all routes
    """One shipment."""
    return _answer(state, {"fulfillment": _shown(state, order, _found(order, row_id))})


def create(state: State, call: Call, order: Order) -> Answer:
    """Record a shipment."""
    row = record(state, order, call.body.get("meta_data") or [], fulfilled=_wants(call.body))
    return _answer(state, {"fulfillment": _shown(state, order, row)}, 201)


def update(state: State, call: Call, order: Order, row_id: int) -> Answer:
    """Change a shipment. Metadata keys left out are deleted."""
    row = _found(order, row_id)
    if "meta_data" in call.body:
        entries = _entries(state, call.body["meta_data"])
        _not_empty(entries)
        row.meta = entries
    if "status" in call.body or "is_fulfilled" in call.body:
        row.fulfilled = _wants(call.body)
    _settle(state, order, row)
    return _answer(state, {"fulfillment": _shown(state, order, row)})


def delete(state: State, call: Call, order: Order, row_id: int) -> Answer:  # noqa: ARG001  # one shape for all routes
    """Remove a shipment."""
    order.fulfillments.remove(_found(order, row_id))
    _follow(state, order)
    return Answer({"message": "Fulfillment deleted successfully."})


def get_metadata(state: State, call: Call, order: Order, row_id: int) -> Answer:  # noqa: ARG001  # shape of routes
    """The metadata of one shipment."""
    return _answer(state, {"meta_data": metadata.shown(_found(order, row_id).meta)})


def record(state: State, order: Order, posted: list[dict[str, Any]], *, fulfilled: bool) -> Fulfillment:
    """Add a shipment made from posted metadata. Raises RestError 400 when it has no items."""
    entries = _entries(state, posted)
    _not_empty(entries)
    row = Fulfillment(id=state.new_id("fulfillment"), fulfilled=fulfilled, updated=state.now(), meta=entries)
    order.fulfillments.append(row)
    _settle(state, order, row)
    return row


def items(row: Fulfillment) -> Counter[int]:
    """Units by line id in one shipment."""
    units: Counter[int] = Counter()
    for item in metadata.value_of(row.meta, ITEMS) or []:
        units[int(item["item_id"])] += int(item["qty"])
    return units


def _answer(state: State, wrapped: Mapping[str, Json], status: int = 200) -> Answer:
    """Answer with the one thing in `wrapped`, or, as 10.2 does, with an object that holds it."""
    return Answer(dict(wrapped) if _wraps(state) else next(iter(wrapped.values())), status)


def _wraps(state: State) -> bool:
    return tuple(int(number) for number in state.version.split(".")[:2]) < (10, 3)


def _wants(body: dict[str, Any]) -> bool:
    """An unknown status is not refused: it counts as not fulfilled."""
    return body.get("status") == "fulfilled" or (body.get("is_fulfilled") is True and "status" not in body)


def _entries(state: State, posted: list[dict[str, Any]]) -> list[Meta]:
    return [
        Meta(id=int(row.get("id") or state.new_id("fulfillment meta")), key=str(row["key"]), value=row.get("value"))
        for row in posted
        if row.get("key")
    ]


def _not_empty(entries: list[Meta]) -> None:
    if not metadata.value_of(entries, ITEMS):
        raise RestError(400, 0, "The fulfillment should contain at least one item.")


def _settle(state: State, order: Order, row: Fulfillment) -> None:
    if row.fulfilled and metadata.value_of(row.meta, DATE) is None:
        row.meta.append(Meta(id=state.new_id("fulfillment meta"), key=DATE, value=_stamp(state)))
    _follow(state, order)


def _follow(state: State, order: Order) -> None:
    """Say in the order's metadata how far it is; the order's own status stays, and `order.updated` fires."""
    # An order that has none any more says so in 10.5 and nothing in 10.2.
    if _wraps(state) and not order.fulfillments:
        metadata.drop(order.meta, STATUS)
    else:
        metadata.put(state, order.meta, STATUS, _progress(order))
    order.modified = state.now()
    state.fire("order.updated", order.id)


def _progress(order: Order) -> str:
    rows = order.fulfillments
    if not rows:
        return "no_fulfillments"
    if not any(row.fulfilled for row in rows):
        return "unfulfilled"
    packed: Counter[int] = sum((items(row) for row in rows), Counter())
    given = Counter({line.id: line.quantity for line in order.lines})
    for refund in order.refunds:
        for line in refund.lines:
            given[metadata.units_of(line.meta, "_refunded_item_id")] += line.quantity
    done = all(row.fulfilled for row in rows) and all(packed[line] >= units for line, units in given.items())
    return "fulfilled" if done else "partially_fulfilled"


def _stamp(state: State) -> str:
    return state.now().astimezone(state.zone).strftime("%Y-%m-%d %H:%M:%S")


def _shown(state: State, order: Order, row: Fulfillment) -> dict[str, Json]:
    return {
        "id": row.id,
        "entity_type": "WC_Order",
        "entity_id": str(order.id),
        "is_fulfilled": row.fulfilled,
        "status": "fulfilled" if row.fulfilled else "unfulfilled",
        "date_updated": row.updated.astimezone(state.zone).strftime("%Y-%m-%d %H:%M:%S"),
        "meta_data": metadata.shown(row.meta),
    }


def _found(order: Order, row_id: int) -> Fulfillment:
    for row in order.fulfillments:
        if row.id == row_id:
            return row
    raise RestError(404, "woocommerce_rest_fulfillment_invalid_id", "Invalid fulfillment ID.")
