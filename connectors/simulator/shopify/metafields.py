"""Metafields on orders, in the app's own namespace: set all or none, read by namespace, gone when deleted."""

import re

from connectors.simulator.shopify.connections import connection
from connectors.simulator.shopify.graphql_errors import Refused
from connectors.simulator.shopify.rows import Metafield, Order
from connectors.simulator.shopify.state import APP_ID, Json, State, gid

OURS = "$app:"
MOST = 25
VALUES = {"date": r"\d{4}-\d{2}-\d{2}", "number_integer": r"-?\d+", "single_line_text_field": r"[^\n]*"}


def whole(namespace: str | None) -> str:
    """Return the namespace as it is kept: the app's own one carries the app's id."""
    text = namespace or "$app"
    return f"app--{APP_ID}--{text.removeprefix(OURS)}" if text.startswith(OURS) else text


def put(state: State, args: Json) -> Json:
    """Set metafields, all of them or none. Raises Refused."""
    wanted = args["metafields"]
    if len(wanted) > MOST:
        raise Refused("The input array size is greater than the maximum allowed of 25.", code="INVALID")
    for position, entry in enumerate(wanted):
        _check(state, entry, position)
    return {"metafields": [_shown(state, _put(state, entry)) for entry in wanted]}


def _check(state: State, entry: Json, position: int) -> None:
    where = ("metafields", str(position))
    if _owner(state, entry["ownerId"]) is None:
        raise Refused("Owner does not exist.", field=(*where, "ownerId"), code="INVALID")
    pattern = VALUES.get(entry.get("type") or "")
    if pattern is None:
        raise Refused("Type can't be blank", field=(*where, "type"), code="BLANK")
    if not re.fullmatch(pattern, entry["value"]):
        raise Refused(f"Value must be a {entry['type']}.", field=(*where, "value"), code="INVALID_VALUE")


def _put(state: State, entry: Json) -> Metafield:
    order = _owner(state, entry["ownerId"])
    if order is None:
        raise ValueError("checked before")
    key = (whole(entry.get("namespace")), entry["key"])
    known = order.metafields.get(key)
    if known is None or (known.kind, known.value) != (entry["type"], entry["value"]):
        made = known or Metafield(id=state.new_id("Metafield"), namespace=key[0], key=key[1], kind="", value="")
        made.kind, made.value = entry["type"], entry["value"]
        order.metafields[key] = made
        state.touch(order)
    return order.metafields[key]


def delete(state: State, args: Json) -> Json:
    """Delete metafields; one that is not there is passed over."""
    gone = []
    for entry in args["metafields"]:
        order = _owner(state, entry["ownerId"])
        key = (whole(entry["namespace"]), entry["key"])
        found = order.metafields.pop(key, None) if order else None
        if order is not None and found is not None:
            state.touch(order)
        gone.append({"ownerId": entry["ownerId"], "namespace": key[0], "key": key[1]} if found else None)
    return {"deletedMetafields": gone}


def define(state: State, args: Json) -> Json:
    """Define a metafield, once. Raises Refused."""
    wanted = args["definition"]
    key = (whole(wanted.get("namespace")), wanted["key"])
    if key in state.definitions:
        raise Refused("Key is in use for Order metafields.", field=("definition", "key"), code="TAKEN")
    state.definitions[key] = state.new_id("MetafieldDefinition")
    return {"createdDefinition": _definition(state, key)}


def of(state: State, order: Order, args: Json) -> Json:
    """Return the order's metafields, of one namespace where it is given."""
    wanted = whole(args["namespace"]) if args.get("namespace") else None
    rows = [row for row in order.metafields.values() if wanted in {None, row.namespace}]
    return connection(rows, args, lambda row: _shown(state, row), lambda row: (row.id,))


def _shown(state: State, row: Metafield) -> Json:
    return {
        "__typename": "Metafield",
        "id": gid("Metafield", row.id),
        "namespace": row.namespace,
        "key": row.key,
        "type": row.kind,
        "value": row.value,
        "definition": _definition(state, (row.namespace, row.key)),
    }


def _definition(state: State, key: tuple[str, str]) -> Json | None:
    number = state.definitions.get(key)
    return None if number is None else {"id": gid("MetafieldDefinition", number)}


def _owner(state: State, global_id: str) -> Order | None:
    kind, _, number = global_id.rpartition("/")
    return state.orders.get(int(number)) if kind == "gid://shopify/Order" and number.isdigit() else None
