"""Taking away what is ours when the merchant leaves: metadata of orders, and coupons that nobody used."""

from connectors.woocommerce import marks
from connectors.woocommerce.client import Client
from connectors.woocommerce.fields import own_id, text, units
from core.actions import Clear, EndCode
from core.errors import NotFound
from core.outcomes import Already, Blocked, Done, Outcome
from core.sentences import sentence


def clear(client: Client, wanted: Clear) -> Outcome:
    """Take away every key of ours on the order, and its unused coupons. Notes stay: they are what people were told."""
    wrote = _cleared(client, wanted.order)
    ended = [end_code(client, EndCode(order=wanted.order, code=code)) for code in wanted.codes]
    return Done() if wrote or Done() in ended else Already()


def _cleared(client: Client, order: str) -> bool:
    try:
        meta = marks.meta_of(client.get_object(f"orders/{order}"))
    except NotFound:
        return False
    standing = {key: None for key in marks.ON_ORDERS if key in meta}
    if standing:
        client.put(f"orders/{order}", marks.written(standing))
    return bool(standing)


def end_code(client: Client, wanted: EndCode) -> Outcome:
    """Delete a coupon of ours that nobody used; one that somebody used is part of their order and stays."""
    for row in client.get_list("coupons", code=wanted.code):
        if marks.ORDER not in marks.meta_of(row) or text(row.get("code")).lower() != wanted.code.lower():
            continue
        if units(row.get("usage_count") or 0, "usage_count"):
            return Blocked(reason=sentence("The customer has used the coupon: it is part of their order."))
        client.delete(f"coupons/{own_id(row)}")
        return Done()
    return Already()
