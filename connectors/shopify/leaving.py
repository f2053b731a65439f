"""Taking away what is ours when the merchant leaves: tags, holds, metafields, and codes that nobody used."""

from connectors.shopify import fulfilment_orders, holding, promises
from connectors.shopify.client import Client
from connectors.shopify.ids import gid
from core.actions import Already, Blocked, Clear, Done, EndCode, Outcome
from core.our_tags import is_ours

USABLE = frozenset({"ACTIVE", "SCHEDULED"})


def clear(client: Client, wanted: Clear) -> Outcome:
    """Take away all that is ours, also where another app holds as well: its own hold stays.

    Holds go first: they keep goods back. A code that somebody used is part of their order and stays.
    """
    order = gid("Order", wanted.order)
    found = client.read("order_marks", "order", {"id": order})
    wrote = False
    if found is not None:
        held = [row for row in fulfilment_orders.read_all(client, order) if row.own_holds]
        holding.release(client, held)
        tags = sorted(tag for tag in found["tags"] if is_ours(tag))
        if tags:
            client.write("tags_remove", "tagsRemove", {"id": order, "tags": tags})
        stands = sorted(promises.standing(client, order) or ())
        if stands:
            promises.withdraw(client, order, stands)
        wrote = bool(held or tags or stands)
    ended = [end_code(client, EndCode(order=wanted.order, code=code)) for code in wanted.codes]
    return Done() if wrote or Done() in ended else Already()


def end_code(client: Client, wanted: EndCode) -> Outcome:
    """Make a code that nobody used unusable. One that is gone, or at its end, is so already."""
    found = client.read("code_usage", "codeDiscountNodeByCode", {"code": wanted.code})
    discount = (found or {}).get("codeDiscount") or {}
    if discount.get("status") not in USABLE:
        return Already()
    if discount.get("asyncUsageCount"):
        return Blocked(reason="The customer has used the code: it is part of their order.")
    client.write("code_deactivate", "discountCodeDeactivate", {"id": (found or {})["id"]})
    return Done()
