"""Our marks at a store: metadata keys of ours on an order, and notes that say whose they are."""

import hashlib
import re
from collections.abc import Mapping
from typing import Any

import orjson

from connectors.woocommerce.client import Client
from connectors.woocommerce.fields import Json, own_id, rows, units
from core.errors import PayloadChanged

TAGS = "_backorder_tags"
WAITING = "_backorder_waiting"
READY = "_backorder_ready"
SAID = "_backorder_said"
SHIPPED = "_backorder_shipped"
PARCELS = "_backorder_parcels"
EXPECTED = "_backorder_eta"
REFERENCE = "_backorder_reference"
ORDER = "_backorder_order"
# Other plugins use the prefix too: only these are ours to delete.
ON_ORDERS = (TAGS, WAITING, READY, SAID, SHIPPED, PARCELS, EXPECTED)


def meta_of(record: Mapping[str, Any]) -> dict[str, Any]:
    """Return the record's metadata by key; of two entries with one key the later one counts."""
    return {row["key"]: row.get("value") for row in rows(record, "meta_data") if isinstance(row.get("key"), str)}


def tags_in(meta: Mapping[str, Any]) -> frozenset[str]:
    """Return our tags on an order."""
    value = meta.get(TAGS)
    return (
        frozenset(tag for part in value.split(",") if (tag := part.strip())) if isinstance(value, str) else frozenset()
    )


def tags_text(tags: frozenset[str]) -> str | None:
    """Return our tags as metadata; None, which deletes, for none."""
    return ", ".join(sorted(tags)) or None


def units_in(meta: Mapping[str, Any], key: str) -> dict[str, int]:
    """Return units per line id from our metadata, zeros left out; none where a person wrote something else there."""
    value = meta.get(key)
    try:
        found = orjson.loads(value) if isinstance(value, str) else value
        pairs = found.items() if isinstance(found, dict) else ()
        return {str(line): count for line, number in pairs if (count := units(number, key)) > 0}
    except (orjson.JSONDecodeError, PayloadChanged):
        return {}


def units_text(wanted: Mapping[str, int]) -> str | None:
    """Return units per line id as metadata, the same text for the same units; None, which deletes, for none."""
    kept = {line: count for line, count in wanted.items() if count > 0}
    return orjson.dumps(kept, option=orjson.OPT_SORT_KEYS).decode() if kept else None


def parcels_in(meta: Mapping[str, Any]) -> tuple[str, ...]:
    """Return the references of the parcels that we wrote into the order's metadata."""
    value = meta.get(PARCELS)
    return tuple(value.split()) if isinstance(value, str) else ()


def written(changes: Mapping[str, str | None]) -> Json:
    """Return the body of a PUT that changes these keys; WooCommerce updates by key and deletes on null."""
    return {"meta_data": [{"key": key, "value": value} for key, value in changes.items()]}


def marker_of(*parts: str) -> str:
    """Return a short marker that is a pure function of the parts."""
    return hashlib.sha256("\x1f".join(parts).encode("utf-8", "surrogatepass")).hexdigest()[:12]


def ending(marker: str) -> str:
    """Return what a note of ours ends with. Visible: WordPress strips comments that hide it."""
    return f"[backorder {marker if re.fullmatch(r'[A-Za-z0-9_-]{1,40}', marker) else marker_of(marker)}]"


def note_with(client: Client, order: str, marker: str) -> str | None:
    """Return the id of the order's note with this marker, or None. The list of notes has no pages."""
    for note in client.get_list(f"orders/{order}/notes"):
        if isinstance(note.get("note"), str) and ending(marker) in note["note"]:
            return own_id(note)
    return None


def saying(marker: str, words: str) -> str:
    """Return the marker of the note that says these words, one of those that `notes_of` finds."""
    return f"{marker}-{marker_of(words)}"


def notes_of(client: Client, order: str, marker: str) -> dict[str, str]:
    """Return the order's private notes of ours that say something under this marker: their ids by `saying`."""
    ours = re.compile(rf"\[backorder ({re.escape(marker)}-[0-9a-f]{{12}})\]")
    found = {}
    for note in client.get_list(f"orders/{order}/notes"):
        text = note.get("note")
        if isinstance(text, str) and not note.get("customer_note") and (match := ours.search(text)):
            found[match[1]] = own_id(note)
    return found


def note_stands(client: Client, order: str, marker: str, words: str, *, to_customer: bool) -> str:
    """Return the id of the note with this marker, written now if need be; "" where there is nothing to say."""
    if not words.strip():
        return ""
    return note_with(client, order, marker) or write_note(client, order, marker, words, to_customer=to_customer)


def write_note(client: Client, order: str, marker: str, words: str, *, to_customer: bool) -> str:
    """Write a note with its marker and return its id. WooCommerce mails a customer's note at once."""
    body = {"note": f"{words.strip()} {ending(marker)}", "customer_note": to_customer}
    return str(client.post(f"orders/{order}/notes", body).get("id", ""))
