"""Whether an item is sold beyond its stock: its variant's inventory policy."""

from connectors.shopify.answers import Json
from connectors.shopify.client import Client
from connectors.shopify.ids import gid
from core.item_actions import SellOn
from core.outcomes import Already, Blocked, Done, Outcome
from core.sentences import sentence

STOPPED = "DENY"


def sell_on(client: Client, wanted: SellOn) -> Outcome:
    """Set the policy where what stands there is what we know; a person's own word is left alone."""
    found = client.read("selling", "inventoryItem", {"id": gid("InventoryItem", wanted.item)})
    variants: list[Json] = found["variants"]["nodes"] if found else []
    before, after = (STOPPED, wanted.setting) if wanted.beyond else (wanted.setting, STOPPED)
    differing = [variant for variant in variants if variant["inventoryPolicy"] != after]
    if not variants:
        return Blocked(reason=sentence("The item is not in the shop any more."))
    if not differing:
        return Already()
    if any(variant["inventoryPolicy"] != before for variant in differing):
        return Blocked(reason=sentence("Somebody changed in the shop whether the item is sold beyond its stock."))
    for product in sorted({variant["product"]["id"] for variant in differing}):
        inputs = [{"id": one["id"], "inventoryPolicy": after} for one in differing if one["product"]["id"] == product]
        client.write("selling_set", "productVariantsBulkUpdate", {"product": product, "variants": inputs})
    return Done()
