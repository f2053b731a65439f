"""From a delivery to what must be read again. Pure. The body is signed, yet only its ids are used."""

from collections.abc import Callable, Mapping
from typing import Any

from connectors.woocommerce.client import parsed
from connectors.woocommerce.fields import identity, own_id
from core.errors import PayloadChanged
from core.planning.hints import Hint, ItemHint, OrderHint

# A shopper who opens the checkout makes one of these: no order yet.
DRAFTS = frozenset({"checkout-draft", "auto-draft"})
PING = b"webhook_id="


def translate(topic: str, body: bytes) -> tuple[Hint, ...]:
    """Return the hints of one delivery; none for pings, drafts, topics of others and signed error bodies.

    Raises PayloadChanged on a body of one of our topics that cannot be read.
    """
    read = READERS.get(topic.partition(".")[0])
    if read is None or body.startswith(PING):
        return ()
    record = parsed(body)
    if not isinstance(record, dict):
        raise PayloadChanged(f"{topic}: the body is no object")
    if _is_error(record):
        return ()
    return read(record)


def _is_error(record: Mapping[str, Any]) -> bool:
    """Whether the object was gone or the key's owner had lost permission when the store built the body."""
    return "id" not in record and "code" in record and "message" in record


def _order(record: Mapping[str, Any]) -> tuple[Hint, ...]:
    if str(record.get("status")) in DRAFTS:
        return ()
    return (OrderHint(platform_id=own_id(record)),)


def _product(record: Mapping[str, Any]) -> tuple[Hint, ...]:
    """Read the product again: trashing a coupon announces a deleted product with the coupon's id as well."""
    item = ItemHint(platform_id=own_id(record))
    parent = identity(record, "parent_id")
    if record.get("manage_stock") == "parent" and parent:
        return (item, ItemHint(platform_id=parent))
    return (item,)


def _action(record: Mapping[str, Any]) -> tuple[Hint, ...]:
    """Read `action.*` topics, which hand on the first argument of a WordPress hook: an id, where it is a number."""
    name = record.get("action")
    if not isinstance(name, str):
        raise PayloadChanged("action: a body without its action")
    argument = record.get("arg")
    if isinstance(argument, bool) or not isinstance(argument, int | str) or not str(argument).isdigit():
        return ()
    found = identity(record, "arg")
    if not found:
        return ()
    if "order" in name:
        return (OrderHint(platform_id=found),)
    return (ItemHint(platform_id=found),) if "product" in name or "stock" in name else ()


READERS: Mapping[str, Callable[[Mapping[str, Any]], tuple[Hint, ...]]] = {
    "order": _order,
    "product": _product,
    "action": _action,
}
