"""Reading products and variations as stock-keeping items."""

import re
from collections.abc import Callable, Collection, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import datetime
from functools import partial
from html import unescape

from connectors.left_out import named, read_or_left_out
from connectors.well_formed import well_formed
from connectors.woocommerce.client import AT_ONCE, PER_PAGE, Client, another_page
from connectors.woocommerce.fields import Json, identity, instant, own_id, rows, text
from connectors.woocommerce.order_snapshot import PLACE
from connectors.woocommerce.orders import PLAIN_ID
from core.errors import NotFound, PayloadChanged
from core.facts import MAX_UNITS, Backorder
from core.money import minor
from core.snapshots import ItemSnapshot, StockSnapshot

# No order line is ever about one of these itself.
NO_ITEMS = frozenset({"grouped", "external"})
NO_CATEGORY = "uncategorized"
TRASH = "trash"
"""Nobody can buy it or take more of it into stock. It comes back as it was, or is deleted for good after 30 days."""


class Items:
    """Reads a store's items. Prices are read where the shop's currency is known."""

    def __init__(self, client: Client, now: Callable[[], datetime], currency: str | None) -> None:
        self._client = client
        self._now = now
        self._currency = currency

    def read(self, ids: Collection[str]) -> tuple[ItemSnapshot, ...]:
        """Return items. A variation whose parent keeps the stock comes as the parent, with the variation as alias.

        A variable product without stock of its own comes as its variations, and is itself `gone`: no item.
        """
        found: dict[str, ItemSnapshot] = {}
        parents: set[str] = set()
        for product_id, product, read_at in self._products(sorted(set(ids))):
            if product is None:
                found[product_id] = _gone(product_id, read_at)
            elif parent_id := _keeper(product):
                parents.add(parent_id)
            else:
                found |= {item.platform_id: item for item in self._items(product, read_at)}
        for parent_id, parent, read_at in self._products(sorted(parents - set(found))):
            family = self._items(parent, read_at) if parent is not None else [_gone(parent_id, read_at)]
            found |= {item.platform_id: item for item in family if item.platform_id == parent_id}
        return tuple(found.values())

    def all(self, unread: set[str] | None = None) -> Iterator[ItemSnapshot]:
        """Yield every item of the store, page by page; `unread` takes the ids of products not to be understood."""
        number, full, before = 1, True, None
        with ThreadPoolExecutor(AT_ONCE, thread_name_prefix="woocommerce") as hands:
            while full:
                read_at = self._now()
                page = self._client.get_list("products", per_page=PER_PAGE, page=number, orderby="id", order="asc")
                before = another_page(page, before)
                together = hands.map if any(product.get("type") == "variable" for product in page) else map
                for items in together(partial(self._listed, read_at=read_at, unread=unread), page):
                    yield from (item for item in items if not item.gone)
                number, full = number + 1, len(page) == PER_PAGE

    def _products(self, ids: Sequence[str]) -> Iterator[tuple[str, Json | None, datetime]]:
        """Yield products by id, None for an unknown one. Lists leave variations and the trash out: one by one."""
        numbers = [one for one in ids if PLAIN_ID.fullmatch(one)]
        listed: set[str] = set()
        for start in range(0, len(numbers) if len(numbers) > 1 else 0, PER_PAGE):
            read_at, some = self._now(), ",".join(numbers[start : start + PER_PAGE])
            for product in self._client.get_list("products", include=some, per_page=PER_PAGE):
                listed.add(own_id(product))
                yield own_id(product), product, read_at
        for one in ids:
            if one in listed:
                continue
            read_at = self._now()
            yield one, self._single(one), read_at

    def _single(self, one: str) -> Json | None:
        try:
            return self._client.get_object(f"products/{one}") if PLAIN_ID.fullmatch(one) else None
        except NotFound:
            return None

    def _listed(self, product: Json, read_at: datetime, unread: set[str] | None) -> list[ItemSnapshot]:
        family = partial(self._items, product, read_at)
        return read_or_left_out(family, unread, partial(own_id, product)) or []

    def _items(self, product: Json, read_at: datetime) -> list[ItemSnapshot]:
        """Return the items behind one product: itself, or its variations and what they share."""
        with named(f"product {own_id(product)}"):
            return self._of_kind(product, read_at)

    def _of_kind(self, product: Json, read_at: datetime) -> list[ItemSnapshot]:
        if str(product.get("type")) in NO_ITEMS:
            return [replace(_gone(own_id(product), read_at), tracked=False)]
        if product.get("type") != "variable":
            kinds = None if product.get("type") == "variation" else kinds_of(product)
            return [self._item(product, text(product.get("name")), read_at, kinds)]
        variations = [row for page in self._client.pages(f"products/{own_id(product)}/variations") for row in page]
        sharing = [own_id(row) for row in variations if row.get("manage_stock") == "parent"]
        own = [row for row in variations if row.get("manage_stock") != "parent"]
        kinds = kinds_of(product)
        items = [self._item(row, variation_title(product, row), read_at, kinds) for row in own]
        if not sharing:
            return [*items, _gone(own_id(product), read_at)]
        whole = self._item(product, text(product.get("name")), read_at, kinds, tuple(sharing))
        # A product with variations is never virtual itself: they are, each by itself.
        ships = any(row.get("virtual") is not True for row in variations if own_id(row) in sharing)
        return [*items, replace(whole, ships=ships)]

    def _item(
        self, product: Json, title: str, read_at: datetime, kinds: tuple[str, ...] | None, aliases: tuple[str, ...] = ()
    ) -> ItemSnapshot:
        tracked, backorder, stock, excludes = stock_of(product)
        price, created = text(product.get("price")), instant(product, "date_created_gmt")
        seen = ItemSnapshot(
            platform_id=own_id(product), sku=text(product.get("sku")) or None, title=title or f"#{own_id(product)}",
            read_at=read_at, tracked=tracked, backorder=backorder, stock=stock, excludes_reserved=excludes,
            backorder_setting=text(product.get("backorders")) if excludes else "",
            aliases=aliases, unit_price=minor(price, self._currency) if price and self._currency else None,
            family=identity(product, "parent_id") or own_id(product), kinds=kinds, options=tuple(options_of(product)),
            created_on=created.date() if created else None, gone=product.get("status") == TRASH,
            ships=product.get("virtual") is not True,
        )  # fmt: skip
        return well_formed(seen)


def stock_of(product: Json) -> tuple[bool, Backorder, tuple[StockSnapshot, ...], bool]:
    """Return (tracked, backorder, stock, whether open orders are taken out of the number).

    Managed: the store's number has reduced orders taken out and may be negative. Unmanaged: `instock` is unlimited;
    the other statuses mean that there is none, and only `onbackorder` sells on.
    """
    if product.get("manage_stock") is True:
        backorder: Backorder = "deny" if product.get("backorders") == "no" else "allow"
        return True, backorder, (StockSnapshot(location=PLACE, quantity=_quantity(product)),), True
    status = text(product.get("stock_status"))
    if status == "instock":
        return False, "allow", (), False
    if status not in {"outofstock", "onbackorder"}:
        # A plugin's own status says nothing about units.
        return False, "deny" if product.get("backorders") == "no" else "allow", (), False
    none = (StockSnapshot(location=PLACE, quantity=0),)
    return True, "allow" if status == "onbackorder" else "deny", none, False


def variation_title(product: Json, variation: Json) -> str:
    """Return the name that WooCommerce itself gives a variation, which its list of variations leaves out.

    Up to two attributes are named; with two, none may hold a hyphen (WC_Product_Variation_Data_Store_CPT).
    """
    options = [text(row.get("option")) for row in rows(variation, "attributes")]
    named = [option for option in options if option]
    if not named or len(options) > 2 or (len(options) == 2 and any("-" in option for option in named)):
        return text(product.get("name"))
    return f"{text(product.get('name'))} - {', '.join(named)}"


def kinds_of(product: Json) -> tuple[str, ...]:
    """Return the product's categories, without the one that stands for none. A variation shows none of its own.

    WordPress keeps the names of terms escaped for HTML.
    """
    named = (unescape(text(row.get("name"))) for row in rows(product, "categories") if row.get("slug") != NO_CATEGORY)
    return tuple(dict.fromkeys(name for name in named if name))


def options_of(product: Json) -> Iterator[tuple[str, str]]:
    """Yield a variation's attributes; one that is left open ("any") says nothing, and a product lists all it has."""
    for row in rows(product, "attributes"):
        if (name := text(row.get("name"))) and (option := text(row.get("option"))):
            yield unescape(name), unescape(option)


def _keeper(product: Json) -> str:
    """Return the id of the parent that keeps this variation's stock, or ""."""
    if product.get("type") == "variation" and product.get("manage_stock") == "parent":
        return identity(product, "parent_id")
    return ""


def _quantity(product: Json) -> int:
    """Return the store's number, fractions of a unit cut off downwards (a plugin may allow them); None is 0."""
    value = product.get("stock_quantity")
    if value is None:
        return 0
    number = str(value)
    if isinstance(value, bool) or not re.fullmatch(r"-?\d{1,10}(\.\d+)?", number):
        raise PayloadChanged(f"stock_quantity is no number: {number[:40]}")
    whole = int(float(number) // 1)
    if abs(whole) > MAX_UNITS:
        raise PayloadChanged(f"stock_quantity is out of bounds: {number[:40]}")
    return whole


def _gone(product_id: str, read_at: datetime) -> ItemSnapshot:
    return ItemSnapshot(platform_id=product_id, sku=None, title=f"#{product_id}", read_at=read_at, gone=True)
