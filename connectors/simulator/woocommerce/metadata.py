"""Custom fields on orders, lines, products and coupons: found, written and merged by key."""

from typing import Any

from connectors.simulator.woocommerce.rows import Json, Meta
from connectors.simulator.woocommerce.state import State


def value_of(meta: list[Meta], key: str) -> Json:
    """The value of the first entry with this key, or None."""
    return next((entry.value for entry in meta if entry.key == key), None)


def units_of(meta: list[Meta], key: str) -> int:
    """The whole number under this key, 0 when there is none."""
    return int(value_of(meta, key) or 0)


def put(state: State, meta: list[Meta], key: str, value: Json) -> None:
    """Change the first entry with this key in place, or add one."""
    for entry in meta:
        if entry.key == key:
            entry.value = value
            return
    meta.append(Meta(id=state.new_id("meta"), key=key, value=value))


def drop(meta: list[Meta], key: str) -> None:
    """Remove every entry with this key."""
    meta[:] = [entry for entry in meta if entry.key != key]


def merge(state: State, meta: list[Meta], posted: list[dict[str, Any]]) -> None:
    """Write posted entries: by id where one is given, else by key. The value null removes the entry."""
    for row in posted:
        known = [entry for entry in meta if row.get("id") and entry.id == row["id"]]
        key = row.get("key") or (known[0].key if known else "")
        if row.get("value") is None:
            meta[:] = [entry for entry in meta if entry not in known and (known or entry.key != key)]
        elif known:
            known[0].key, known[0].value = key, row["value"]
        elif key:
            put(state, meta, key, row["value"])


def shown(meta: list[Meta]) -> list[dict[str, Json]]:
    """The entries as the API shows them."""
    return [{"id": entry.id, "key": entry.key, "value": entry.value} for entry in meta]


def shown_on_line(meta: list[Meta]) -> list[dict[str, Json]]:
    """A line's entries: keys of product attributes are shown with a capital letter."""
    return [
        {
            "id": entry.id,
            "key": entry.key,
            "value": entry.value,
            "display_key": entry.key.capitalize() if entry.key.islower() and entry.key[0] != "_" else entry.key,
            "display_value": entry.value,
        }
        for entry in meta
    ]
