"""A simulated shop's calls in words: what was asked, of which order. The journal keeps the calls themselves."""

import json
import re
from collections.abc import Callable, Mapping
from typing import Any

from connectors.simulator.journal import Entry
from connectors.simulator.script import Side
from core.sentences import counted, sentence

Words = Callable[[str, str], str]
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
    return found.group() if found else sentence("an order")


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
    return counted("%(number)s unit", "%(number)s units", units)


def _held(_: str, order: str) -> str:
    return sentence("Hold what waits of %(order)s", order=order)


def _code(detail: str, order: str) -> str:
    return sentence("Make the code %(code)s for the wait on %(order)s", code=_text(detail, "code"), order=order)


def _written(detail: str, order: str) -> str:
    meta = _meta(detail)
    if '"line_items"' in detail:
        return sentence("Change what %(order)s holds", order=order)
    if '"status": "cancelled"' in detail:
        return sentence("Cancel %(order)s for lack of stock", order=order)
    if "_backorder_tags" in meta:
        tags = meta["_backorder_tags"]
        taken = sentence("Take our marks off %(order)s", order=order)
        return sentence("Mark %(order)s: %(tags)s", order=order, tags=tags) if tags else taken
    if "_backorder_waiting" in meta:
        waiting, ready = _units(meta["_backorder_waiting"]), _units(meta.get("_backorder_ready"))
        return _left(order, waiting, ready)
    if "_backorder_eta" in meta:
        shown = sentence("Show on %(order)s what waits and until when", order=order)
        return shown if meta["_backorder_eta"] else sentence("Show nothing on %(order)s any more", order=order)
    return sentence("Write on %(order)s", order=order)


def _left(order: str, waiting: int, ready: int) -> str:
    if not waiting:
        return sentence("Write on %(order)s: nothing waits", order=order)
    named = {"order": order, "waiting": _count(waiting)}
    if not ready:
        return sentence("Write on %(order)s: %(waiting)s must wait", **named)
    return sentence("Write on %(order)s: %(waiting)s must wait, %(ready)s can go", **named, ready=_count(ready))


def _note(detail: str, order: str) -> str:
    # Its words stand in the call: they are the shop's, in one language.
    if '"customer_note": true' in detail:
        return sentence("Note for the customer of %(order)s", order=order)
    return sentence("Note for the staff of %(order)s", order=order)


def _shipped(detail: str, order: str) -> str:
    found = re.findall(r'"qty": (\d+)', detail)
    units = _count(sum(map(int, found)))
    return sentence("Record %(units)s of %(order)s as shipped", units=units, order=order)


def _refunded(_: str, order: str) -> str:
    return sentence("Refund units of %(order)s that will not come", order=order)


def _code_ended(*_: str) -> str:
    return sentence("End a code that nobody used")


def _product(detail: str, _: str) -> str:
    if "_backorder_eta" in detail:
        return sentence("Let an item's page say when a next unit would leave")
    return _sold(_text(detail, "backorders") == "no")


def _sold(stops: bool) -> str:  # noqa: FBT001  # the only thing there is to say
    again = sentence("Take backorders on an item again")
    return sentence("Stop taking backorders on an item") if stops else again


MUTATIONS: dict[str, Words] = {
    "tagsAdd": lambda detail, order: sentence("Tag %(order)s: %(tags)s", order=order, tags=_tags(detail)),
    "tagsRemove": lambda detail, order: sentence("Take tags off %(order)s: %(tags)s", order=order, tags=_tags(detail)),
    "fulfillmentOrderHold": _held,
    "fulfillmentOrderSplit": lambda _, order: sentence(
        "Split %(order)s into what ships now and what waits", order=order
    ),
    "fulfillmentOrderReleaseHold": lambda _, order: sentence("Let go what was held of %(order)s", order=order),
    "fulfillmentCreate": lambda _, order: sentence("Record a parcel of %(order)s", order=order),
    "discountCodeBasicCreate": _code,
    "discountCodeFreeShippingCreate": _code,
    "orderUpdate": lambda _, order: sentence("Write a note on %(order)s", order=order),
    "metafieldsSet": lambda _, order: sentence("Show on %(order)s what waits and until when", order=order),
    "metafieldsDelete": lambda _, order: sentence("Show nothing on %(order)s any more", order=order),
    "metafieldDefinitionCreate": lambda *_: sentence("Let themes read the expected day"),
    "fulfillmentOrdersSetFulfillmentDeadline": lambda _, order: sentence(
        "Set a ship-by date for %(order)s", order=order
    ),
    "orderEditBegin": lambda _, order: sentence("Begin to edit %(order)s", order=order),
    "orderEditSetQuantity": lambda *_: sentence("Set a quantity in the edit"),
    "orderEditCommit": lambda *_: sentence("Let the edit happen"),
    "orderCancel": lambda _, order: sentence("Cancel %(order)s for lack of stock", order=order),
    "refundCreate": _refunded,
    "discountCodeDeactivate": _code_ended,
    "productVariantsBulkUpdate": lambda detail, _: _sold(_text(detail, "inventoryPolicy") == "DENY"),
    "webhookSubscriptionCreate": lambda *_: sentence("Ask to be told of changes"),
    "webhookSubscriptionDelete": lambda *_: sentence("Ask not to be told any more"),
}
"""Shopify's mutations; the first word of each sentence is what we ask for."""

REQUESTS: tuple[tuple[str, Words], ...] = (
    (r"PUT /orders/(?P<order>\d+)", _written),
    (r"POST /orders/(?P<order>\d+)/notes", _note),
    (r"DELETE /orders/(?P<order>\d+)/notes/\d+", lambda _, order: sentence("Take a note off %(order)s", order=order)),
    (r"POST /orders/(?P<order>\d+)/fulfillments", _shipped),
    (r"POST /orders/(?P<order>\d+)/refunds", _refunded),
    (r"POST /coupons", _code),
    (r"DELETE /coupons/.*", _code_ended),
    (r"PUT /products/.*", _product),
    (r"(?:POST|PUT) /webhooks.*", lambda *_: sentence("Ask to be told of changes")),
    (r"DELETE /webhooks.*", lambda *_: sentence("Ask not to be told any more")),
)
"""WooCommerce's writing requests."""
