"""Items: what is physically there, who waits for it, and what can be promised by which date."""

from flask import abort
from flask.typing import ResponseReturnValue

from core.items import gating
from core.items.item_rules_reading import RuleProblem, merge
from core.ports.books import Unit
from core.records import IncomingRecord, ItemRecord, Shop
from pages.api import reading
from pages.api.answers import answer
from pages.api.changes import changing_shop, machine_now, note_change
from pages.api.door import asking_shop, house
from pages.api.item_document import item_document
from pages.api.paging import asked_page, listed
from pages.api.problems import KeyProblem


def list_items() -> ResponseReturnValue:
    """Answer with a page of items by SKU."""
    with house().books.read() as unit:
        items, shop = unit.items, asking_shop()
        found = asked_page(lambda cursor, limit: items.page(shop, cursor=cursor, limit=limit))
        supply = unit.supply.all(shop)
        return listed([_document(unit, item, supply) for item in found.items], found.next)


def show_item(sku: str) -> ResponseReturnValue:
    """Answer with one item."""
    with house().books.read() as unit:
        item = unit.items.get(asking_shop(), sku)
        if item is None:
            abort(404, "no item with this SKU")
        return answer(_document(unit, item, unit.supply.all(asking_shop())))


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
        gating.take_again(unit, item, now=machine_now(), act=shop.policy.mode == "act")
        note_change(unit, shop, "took backorders on the item again", sku=item.sku)
    else:
        gating.hand_back(unit, item)
        note_change(unit, shop, "handed the item's backorders back", sku=item.sku)


def _document(unit: Unit, item: ItemRecord, supply: tuple[IncomingRecord, ...]) -> dict[str, object]:
    mine = [row for row in supply if row.incoming.sku == item.sku]
    orders = unit.orders.with_items(item.shop, [item.snapshot.platform_id])
    forecast = unit.planning.get(item.shop, item.sku)
    return item_document(item, orders, mine, forecast, as_of=house().now().date())
