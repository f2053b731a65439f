"""Metafields on orders and variants, in the app's own namespace: all set or none, gone when deleted."""

import re
from collections.abc import Mapping

from connectors.simulator.shopify.connections import connection
from connectors.simulator.shopify.graphql_errors import Refused
from connectors.simulator.shopify.rows import Metafield, Order, Variant
from connectors.simulator.shopify.state import APP_ID, Json, State, gid

OURS = "$app:"
MOST = 25
Owner = Order | Variant
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
    checked = [(_checked(state, entry, position), entry) for position, entry in enumerate(wanted)]
    return {"metafields": [_shown(state, owner, _put(state, owner, entry)) for owner, entry in checked]}


def _checked(state: State, entry: Json, position: int) -> Owner:
    where = ("metafields", str(position))
    owner = _owner(state, entry["ownerId"])
    if owner is None:
        raise Refused("Owner does not exist.", field=(*where, "ownerId"), code="INVALID")
    pattern = VALUES.get(entry.get("type") or "")
    if pattern is None:
        raise Refused("Type can't be blank", field=(*where, "type"), code="BLANK")
    if not re.fullmatch(pattern, entry["value"]):
        raise Refused(f"Value must be a {entry['type']}.", field=(*where, "value"), code="INVALID_VALUE")
    return owner


def _put(state: State, owner: Owner, entry: Json) -> Metafield:
    key = (whole(entry.get("namespace")), entry["key"])
    known = owner.metafields.get(key)
    if known is None or (known.kind, known.value) != (entry["type"], entry["value"]):
        made = known or Metafield(id=state.new_id("Metafield"), namespace=key[0], key=key[1], kind="", value="")
        made.kind, made.value = entry["type"], entry["value"]
        owner.metafields[key] = made
        _touch(state, owner)
    return owner.metafields[key]


def delete(state: State, args: Json) -> Json:
    """Delete metafields; one that is not there is passed over."""
    gone = []
    for entry in args["metafields"]:
        owner = _owner(state, entry["ownerId"])
        key = (whole(entry["namespace"]), entry["key"])
        found = owner.metafields.pop(key, None) if owner else None
        if owner is not None and found is not None:
            _touch(state, owner)
        gone.append({"ownerId": entry["ownerId"], "namespace": key[0], "key": key[1]} if found else None)
    return {"deletedMetafields": gone}


def define(state: State, args: Json) -> Json:
    """Define a metafield, once. Raises Refused."""
    wanted = args["definition"]
    key = (wanted["ownerType"], whole(wanted.get("namespace")), wanted["key"])
    if key in state.definitions:
        raise Refused(f"Key is in use for {wanted['ownerType']} metafields.", field=("definition", "key"), code="TAKEN")
    state.definitions[key] = state.new_id("MetafieldDefinition")
    return {"createdDefinition": _definition(state, key)}


def of(state: State, owner: Owner, args: Json) -> Json:
    """Return the owner's metafields, of one namespace where it is given."""
    wanted = whole(args["namespace"]) if args.get("namespace") else None
    rows = [row for row in owner.metafields.values() if wanted in {None, row.namespace}]
    return connection(rows, args, lambda row: _shown(state, owner, row), lambda row: (row.id,))


def _shown(state: State, owner: Owner, row: Metafield) -> Json:
    kind = "ORDER" if isinstance(owner, Order) else "PRODUCTVARIANT"
    return {
        "__typename": "Metafield",
        "id": gid("Metafield", row.id),
        "namespace": row.namespace,
        "key": row.key,
        "type": row.kind,
        "value": row.value,
        "definition": _definition(state, (kind, row.namespace, row.key)),
    }


def _definition(state: State, key: tuple[str, str, str]) -> Json | None:
    number = state.definitions.get(key)
    return None if number is None else {"id": gid("MetafieldDefinition", number)}


def _owner(state: State, global_id: str) -> Owner | None:
    kind, _, number = global_id.rpartition("/")
    owners: dict[str, Mapping[int, Owner]] = {
        "gid://shopify/Order": state.orders, "gid://shopify/ProductVariant": state.variants,
    }  # fmt: skip
    return owners[kind].get(int(number)) if kind in owners and number.isdigit() else None


def _touch(state: State, owner: Owner) -> None:
    if isinstance(owner, Order):
        state.touch(owner)
    else:
        owner.updated_at = state.now()
