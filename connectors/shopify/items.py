"""Reading items: an inventory item with its physical stock by location, and how its variant is sold."""

from collections.abc import Callable, Collection, Iterator, Mapping
from datetime import datetime, timedelta
from functools import partial

from connectors.shopify import documents
from connectors.shopify.answers import Json, read_value
from connectors.shopify.bulk import Bulk
from connectors.shopify.client import Client
from connectors.shopify.ids import bare, gid
from connectors.shopify.order_snapshot import instant
from connectors.shopify.understood import one_of_many, understood
from connectors.well_formed import well_formed
from core.errors import Rejected
from core.facts import Backorder
from core.money import minor
from core.snapshots import ItemSnapshot, StockSnapshot

LEVELS = 20
VARIANTS = 50
FEW = 250
"""So many items are read page by page; a larger shop's come from one file."""
A_MOMENT = timedelta(minutes=5)
ONLY_VARIANT = "Default Title"
# CONTINUE sells beyond the stock, DENY stops at zero.
POLICY: Mapping[str, Backorder] = {"CONTINUE": "allow", "DENY": "deny"}


class Items:
    """Reads the items of one shop. An item's id is the bare number of its inventory item."""

    def __init__(self, client: Client, now: Callable[[], datetime]) -> None:
        self._client = client
        self._now = now
        self._bulk = Bulk(client, now)

    def read(self, platform_ids: Collection[str]) -> tuple[ItemSnapshot, ...]:
        """Return items with their stock, `gone` those that the platform does not know."""
        return tuple(self._one(platform_id) for platform_id in dict.fromkeys(platform_ids))

    def all(self, unread: set[str] | None = None) -> Iterator[ItemSnapshot]:
        """Yield every item of the shop, each once. Of a large shop they are as old as the file that holds them.

        `unread` takes the ids of those that cannot be understood.
        """
        seen: set[str] = set()
        for item in self._listed(unread):
            if item.platform_id not in seen:
                seen.add(item.platform_id)
                yield item

    def _listed(self, unread: set[str] | None) -> Iterator[ItemSnapshot]:
        sizes: Json = {"first": VARIANTS, "after": None, "levels": LEVELS}
        read, by_pages = 0, False
        while True:
            began = self._now()
            answer = self._client.ask("variants", sizes)
            page = read_value(answer, root="productVariants")
            with understood("list of items"):
                items = tuple(self._one_of(node, answer.data, began, unread) for node in page["nodes"])
                more, cursor = page["pageInfo"]["hasNextPage"], page["pageInfo"]["endCursor"]
            yield from (item for item in items if item)
            read += len(items)
            if not more:
                return
            if read >= FEW and not by_pages:
                by_pages = True
                try:
                    yield from self._at_once(answer.data, unread)
                except Rejected:
                    pass  # pages show what a missing scope still lets us see
                else:
                    return
            sizes["after"] = cursor

    def _at_once(self, data: Json, unread: set[str] | None) -> Iterator[ItemSnapshot]:
        """Yield the items of one bulk reading; `data` holds the shop's currency, which a file does not."""
        with understood("bulk reading of items"):
            reading, looked = self._bulk.begin(documents.bulk("bulk_items", ""), fresh=A_MOMENT)
            for head, levels in self._bulk.families(reading):
                stock = {"inventoryLevels": {"nodes": levels, "pageInfo": {"hasNextPage": False}}}
                whole = {**head, "inventoryItem": {**head["inventoryItem"], **stock}}
                if item := self._one_of(whole, data, looked, unread):
                    yield item

    def _one(self, platform_id: str) -> ItemSnapshot:
        began = self._now()
        with understood(f"item {platform_id}"):
            answer = self._client.ask("item", {"id": gid("InventoryItem", platform_id), "levels": LEVELS})
            node = read_value(answer, root="inventoryItem")
            if node is None:
                return ItemSnapshot(platform_id=platform_id, sku=None, title=platform_id, read_at=began, gone=True)
            variants = (node.get("variants") or {}).get("nodes") or [{}]
            return self._item(node, variants[0], answer.data, began)

    def _one_of(self, node: Json, data: Json, began: datetime, unread: set[str] | None) -> ItemSnapshot | None:
        name = bare(node["inventoryItem"]["id"])
        return one_of_many("item", partial(self._variant, node, data, began), unread, name=name)

    def _variant(self, node: Json, data: Json, began: datetime) -> ItemSnapshot:
        return self._item(node["inventoryItem"], node, data, began)

    def _item(self, node: Json, variant: Json, data: Json, began: datetime) -> ItemSnapshot:
        currency = (data.get("shop") or {}).get("currencyCode")
        price, product = variant.get("price"), variant.get("product")
        seen = ItemSnapshot(
            platform_id=bare(node["id"]),
            sku=node.get("sku") or None,
            title=title(variant) or node.get("sku") or bare(node["id"]),
            read_at=began,
            tracked=bool(node["tracked"]),
            backorder=POLICY.get(variant.get("inventoryPolicy") or "CONTINUE", "allow"),
            backorder_setting=variant.get("inventoryPolicy") or "",
            stock=tuple(self._stock(node)),
            unit_price=minor(price, currency) if price is not None and currency else None,
            family=bare(product["id"]) if product else "",
            kinds=tuple(kinds_of(product)) if product else None,
            options=tuple(options_of(variant)),
            created_on=instant(variant["createdAt"]).date() if variant.get("createdAt") else None,
        )
        return well_formed(seen)

    def _stock(self, node: Json) -> Iterator[StockSnapshot]:
        """Yield what is physically there. `available` has open orders taken out already, so it is not asked for."""
        sizes = {"id": node["id"], "first": LEVELS}
        for level in self._client.rest(
            node["inventoryLevels"], "item_levels", ("inventoryItem", "inventoryLevels"), sizes
        ):
            numbers = {entry["name"]: entry["quantity"] for entry in level["quantities"]}
            if level.get("isActive", True) and "on_hand" in numbers:
                yield StockSnapshot(location=bare(level["location"]["id"]), quantity=int(numbers["on_hand"]))


def kinds_of(product: Json) -> Iterator[str]:
    """Yield the merchant's own word for the type and the taxonomy's leaf, such as `Mugs`, where they are set."""
    own, leaf = (
        product.get("productType") or "",
        ((product.get("category") or {}).get("fullName") or "").split(" > ")[-1],
    )
    yield from dict.fromkeys(kind for kind in (own, leaf) if kind)


def options_of(variant: Json) -> Iterator[tuple[str, str]]:
    """Yield the variant's options. A product without any has one by a filler's name."""
    for option in variant.get("selectedOptions") or []:
        if option["value"] != ONLY_VARIANT:
            yield option["name"], option["value"]


def title(variant: Json) -> str:
    """Return the product's title with the variant's, which is a filler where there is only one."""
    product, own = (variant.get("product") or {}).get("title") or "", variant.get("title") or ""
    return " - ".join(part for part in (product, own if own != ONLY_VARIANT else "") if part)
