"""Whether an item is sold beyond its stock: a product's or variation's `backorders`."""

from connectors.woocommerce.client import Client
from connectors.woocommerce.fields import identity, text
from connectors.woocommerce.orders import PLAIN_ID
from core.actions import Already, Blocked, Done, Outcome, SellOn
from core.errors import NotFound

STOPPED = "no"


def sell_on(client: Client, wanted: SellOn) -> Outcome:
    """Set it where what stands there is what we know; a person's own word is left alone.

    A variation is read like a product, and written below its parent only.
    """
    if not PLAIN_ID.fullmatch(wanted.item):
        raise NotFound("A store's product ids are numbers.")
    shown = client.get_object(f"products/{wanted.item}")
    before, after = (STOPPED, wanted.setting) if wanted.beyond else (wanted.setting, STOPPED)
    stands = text(shown.get("backorders"))
    if shown.get("manage_stock") is not True:
        return Blocked(reason="The store does not count this item's units any more.")
    if stands == after:
        return Already()
    if stands != before:
        return Blocked(reason="Somebody changed at the store whether backorders are taken.")
    parent = identity(shown, "parent_id") if shown.get("type") == "variation" else ""
    place = f"products/{parent}/variations/{wanted.item}" if parent else f"products/{wanted.item}"
    client.put(place, {"backorders": after})
    return Done()
