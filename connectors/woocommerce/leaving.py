"""Taking away what is ours when the merchant leaves: metadata of orders, and coupons that nobody used."""

from connectors.woocommerce import marks
from connectors.woocommerce.client import Client
from connectors.woocommerce.fields import own_id, text, units
from core.actions import Already, Clear, Done, Outcome
from core.errors import NotFound


def clear(client: Client, wanted: Clear) -> Outcome:
    """Take away every key of ours on the order, and its unused coupons. Notes stay: they are what people were told."""
    wrote = _cleared(client, wanted.order)
    ended = [code for code in wanted.codes if _ended(client, code)]
    return Done() if wrote or ended else Already()


def _cleared(client: Client, order: str) -> bool:
    try:
        meta = marks.meta_of(client.get_object(f"orders/{order}"))
    except NotFound:
        return False
    standing = {key: None for key in marks.ON_ORDERS if key in meta}
    if standing:
        client.put(f"orders/{order}", marks.written(standing))
    return bool(standing)


def _ended(client: Client, code: str) -> bool:
    """Delete a coupon of ours that nobody used; one that somebody used is part of their order and stays."""
    for row in client.get_list("coupons", code=code):
        ours = marks.ORDER in marks.meta_of(row) and text(row.get("code")).lower() == code.lower()
        if ours and not units(row.get("usage_count") or 0, "usage_count"):
            client.delete(f"coupons/{own_id(row)}")
            return True
    return False
