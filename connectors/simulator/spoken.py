"""A simulated shop's calls in words: what was asked, of which order. The journal keeps the calls themselves."""

import json
import re
from collections.abc import Callable, Mapping
from typing import Any

from connectors.simulator.journal import Entry
from connectors.simulator.script import Side

Words = Callable[[str, str], str]
MARKER = re.compile(r"\s*\[backorder [^\]]*\]")
AN_ORDER = re.compile(r"#[^\s\"]+")


def in_words(side: Side, entry: Entry, name_of: Callable[[str], str]) -> str:
    """Return a call as a short sentence. `name_of` gives an order's name by its id."""
    say, order = _found(side, entry.name)
    return say(entry.detail, name_of(order or entry.order or "") if order or entry.order else _named(entry.detail))


def _found(side: Side, name: str) -> tuple[Words, str | None]:
    if side == "shopify":
        return MUTATIONS.get(name, lambda *_: name), None
    for pattern, say in REQUESTS:
        if found := re.fullmatch(pattern, name):
            return say, found.groupdict().get("order")
    return lambda *_: name, None


def _named(detail: str) -> str:
    """Return the order that the call's own words name, such as a code's title."""
    found = AN_ORDER.search(detail)
    return found.group() if found else "an order"


def _text(detail: str, key: str) -> str:
    """Return a text by its key, from JSON that may be cut off at the end."""
    found = re.search(rf'"{key}": ("(?:[^"\\]|\\.)*")', detail)
    return str(json.loads(found.group(1))) if found else ""


def _tags(detail: str) -> str:
    found = re.search(r'"tags": \[([^\]]*)', detail)
    return found.group(1).replace('"', "") if found else "tags"


def _meta(detail: str) -> Mapping[str, Any]:
    """Return the metadata that a request writes, by key; nothing where the journal cut it off."""
    try:
        rows = json.loads(detail).get("meta_data", [])
    except ValueError:
        return {}
    return {row["key"]: row["value"] for row in rows}


def _units(text: object) -> int:
    return sum(json.loads(text).values()) if isinstance(text, str) and text.startswith("{") else 0


def _count(units: int) -> str:
    return f"{units} unit{'' if units == 1 else 's'}"


def _held(detail: str, order: str) -> str:
    return f"Hold what waits of {order}. {_text(detail, 'reasonNotes')}".strip()


def _code(detail: str, order: str) -> str:
    return f"Make the code {_text(detail, 'code')} for the wait on {order}"


def _written(detail: str, order: str) -> str:
    meta = _meta(detail)
    if "_backorder_tags" in meta:
        tags = meta["_backorder_tags"]
        return f"Mark {order}: {tags}" if tags else f"Take our marks off {order}"
    if "_backorder_waiting" in meta:
        waiting, ready = _units(meta["_backorder_waiting"]), _units(meta.get("_backorder_ready"))
        rest = f", {_count(ready)} can go" if ready else ""
        return f"Write on {order}: {_count(waiting)} must wait{rest}" if waiting else f"Write on {order}: nothing waits"
    return f"Write on {order}"


def _note(detail: str, order: str) -> str:
    reader = "the customer" if '"customer_note": true' in detail else "the staff"
    return f"Note for {reader} of {order}. {MARKER.sub('', _text(detail, 'note'))}"


def _shipped(detail: str, order: str) -> str:
    found = re.findall(r'"qty": (\d+)', detail)
    return f"Record {_count(sum(map(int, found)))} of {order} as shipped"


def _sold(stops: bool) -> str:  # noqa: FBT001  # the only thing there is to say
    return "Stop taking backorders on an item" if stops else "Take backorders on an item again"


MUTATIONS: dict[str, Words] = {
    "tagsAdd": lambda detail, order: f"Tag {order}: {_tags(detail)}",
    "tagsRemove": lambda detail, order: f"Take tags off {order}: {_tags(detail)}",
    "fulfillmentOrderHold": _held,
    "fulfillmentOrderSplit": lambda _, order: f"Split {order} into what ships now and what waits",
    "fulfillmentOrderReleaseHold": lambda _, order: f"Let go what was held of {order}",
    "fulfillmentCreate": lambda _, order: f"Record a parcel of {order}",
    "discountCodeBasicCreate": _code,
    "discountCodeFreeShippingCreate": _code,
    "orderUpdate": lambda _, order: f"Write a note on {order}",
    "metafieldsSet": lambda _, order: f"Show on {order} what waits and until when",
    "metafieldsDelete": lambda _, order: f"Show nothing on {order} any more",
    "metafieldDefinitionCreate": lambda *_: "Let themes read the expected day",
    "fulfillmentOrdersSetFulfillmentDeadline": lambda _, order: f"Set a ship-by date for {order}",
    "orderEditBegin": lambda _, order: f"Begin to edit {order}",
    "orderEditSetQuantity": lambda *_: "Set a quantity in the edit",
    "orderEditCommit": lambda *_: "Let the edit happen",
    "orderCancel": lambda _, order: f"Cancel {order} for lack of stock",
    "refundCreate": lambda _, order: f"Refund units of {order} that will not come",
    "discountCodeDeactivate": lambda *_: "End a code that nobody used",
    "productVariantsBulkUpdate": lambda detail, _: _sold(_text(detail, "inventoryPolicy") == "DENY"),
    "webhookSubscriptionCreate": lambda *_: "Ask to be told of changes",
    "webhookSubscriptionDelete": lambda *_: "Ask not to be told any more",
}
"""Shopify's mutations; the first word of each sentence is what we ask for."""

REQUESTS: tuple[tuple[str, Words], ...] = (
    (r"PUT /orders/(?P<order>\d+)", _written),
    (r"POST /orders/(?P<order>\d+)/notes", _note),
    (r"POST /orders/(?P<order>\d+)/fulfillments", _shipped),
    (r"POST /coupons", _code),
    (r"PUT /products/.*", lambda detail, _: _sold(_text(detail, "backorders") == "no")),
    (r"(?:POST|PUT) /webhooks.*", lambda *_: "Ask to be told of changes"),
    (r"DELETE /webhooks.*", lambda *_: "Ask not to be told any more"),
)
"""WooCommerce's writing requests."""
