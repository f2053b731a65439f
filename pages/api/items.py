"""Items: what is physically there, who waits for it, and what can be promised by which date."""

from collections.abc import Sequence
from typing import Any

from flask import abort
from flask.typing import ResponseReturnValue

from core.items import gating
from core.items.item_rules_reading import RuleProblem, merge
from core.ports.books import Unit
from core.records import IncomingRecord, ItemRecord, Shop
from pages.api import reading
from pages.api.answers import answer
from pages.api.changes import changing_shop, note_change
from pages.api.door import asking_shop
from pages.api.item_document import item_document, shares_by_sku
from pages.api.paging import asked_page, listed
from pages.api.problems import KeyProblem
from pages.changes import machine_time
from pages.visitor import house


def list_items() -> ResponseReturnValue:
    """Answer with a page of items by SKU."""
    with house().books.read() as unit:
        items, shop = unit.items, asking_shop()
        found = asked_page(lambda cursor, limit: items.page(shop, cursor=cursor, limit=limit))
        return listed(_documents(unit, shop, found.items), found.next)


def show_item(sku: str) -> ResponseReturnValue:
    """Answer with one item."""
    with house().books.read() as unit:
        item = unit.items.get(asking_shop(), sku)
        if item is None:
            abort(404, "no item with this SKU")
        (shown,) = _documents(unit, item.shop, [item])
        return answer(shown)


def change_item(sku: str) -> ResponseReturnValue:
    """Merge the item's own rules given (`preorder_until`, `substitutes`) and answer with the item.

    `backorders` is a wish about the longest wait: `take` them again, or `hand_back` an item that was left alone.
    """
    with house().books.read() as unit:
        if unit.items.get(asking_shop(), sku) is None:
            abort(404, "no item with this SKU")
    body = reading.body()
    with changing_shop() as (unit, shop):
        item = unit.items.get(shop.id, sku) or abort(404, "no item with this SKU")
        if "backorders" in body:
            _wished(unit, shop, item, body.pop("backorders"))
        try:
            rules = merge(item.rules, body)
        except RuleProblem as problem:
            raise KeyProblem(problem.key, str(problem).removeprefix(f"{problem.key}: ")) from problem
        if rules != item.rules:
            unit.items.put_rules(shop.id, sku, rules)
            note_change(unit, shop, "changed the item's rules", sku=sku)
    return show_item(sku)


def _wished(unit: Unit, shop: Shop, item: ItemRecord, wish: object) -> None:
    """Carry out what is asked about taking backorders on the item. Raises NotAllowed, KeyProblem."""
    if wish not in ("take", "hand_back"):  # a list or object is no key of a set
        raise KeyProblem("backorders", "must be take or hand_back")
    if wish == "take":
        gating.take_again(unit, item, now=machine_time(), act=shop.policy.mode == "act")
        note_change(unit, shop, "took backorders on the item again", sku=item.sku)
    else:
        gating.hand_back(unit, item)
        note_change(unit, shop, "handed the item's backorders back", sku=item.sku)


def _documents(unit: Unit, shop: str, items: Sequence[ItemRecord]) -> list[dict[str, Any]]:
    """Return the documents of items, read together: one statement for each kind of fact."""
    skus, today = [item.sku for item in items], house().now().date()
    orders = unit.orders.with_items_each(shop, [item.snapshot.platform_id for item in items])
    shares, forecasts = shares_by_sku(items, orders), unit.planning.many(shop, skus)
    supply: dict[str, list[IncomingRecord]] = {sku: [] for sku in skus}
    for row in unit.supply.of_skus(shop, skus):
        supply[row.incoming.sku].append(row)
    known = unit.shops.get(shop)
    apart = known.apart if known else frozenset()
    return [
        item_document(item, shares[item.sku], supply[item.sku], forecasts.get(item.sku), as_of=today, apart=apart)
        for item in items
    ]
