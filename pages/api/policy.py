"""The shop's settings: shown, merged, and previewed before they are merged."""

from dataclasses import replace

from flask.typing import ResponseReturnValue

from core import replanning
from core.ports import Unit
from core.records import Shop
from core.shop_policy import ShopPolicy, as_document, merge
from pages.api import reading
from pages.api.answers import answer
from pages.api.changes import changing_shop, machine_now, note_change
from pages.api.door import house, shop_of
from pages.api.paging import listed
from pages.changes import differences


def show_policy() -> ResponseReturnValue:
    """Answer with every setting."""
    with house().books.read() as unit:
        return answer(as_document(shop_of(unit).policy))


def change_policy() -> ResponseReturnValue:
    """Merge the keys given and answer with every setting."""
    body = reading.body()
    with changing_shop() as (unit, shop):
        after = merge(shop.policy, body)
        if after != shop.policy:
            _store(unit, shop, after)
    return answer(as_document(after))


def preview_policy() -> ResponseReturnValue:
    """Answer with the orders whose decision or date the settings given would change. Stores nothing."""
    body = reading.body()
    with house().books.read() as unit:
        shop = shop_of(unit)
        return listed(replanning.preview(unit, shop, merge(shop.policy, body), house().now()))


def _store(unit: Unit, shop: Shop, after: ShopPolicy) -> None:
    unit.shops.save(replace(shop, policy=after))
    note_change(unit, shop, "changed the settings", detail={"changed": differences(shop.policy, after)})
    if after.mode == shop.policy.mode:
        return
    if after.mode == "act":
        unit.outbox.make_pending(shop.id, now=machine_now())
    else:
        # What is queued was wanted while acting; the new plan writes down again what it would do.
        unit.outbox.skip_all(shop.id, now=machine_now(), why="the shop was set to observe only")
