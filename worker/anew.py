"""After old books were put back in place: what they say of the shops is no longer so."""

from dataclasses import replace
from datetime import UTC, datetime

from core.house import House
from core.planning import wake_ups
from core.ports.books import Unit
from core.records import Shop


def begin_anew(house: House) -> int:
    """Drop what was still to be done, forget what stood at the shops, and ask for a comparison; return how many shops.

    What was done since the copy is found by looking: every effect has a name of its own at the shop.
    """
    now = datetime.now(UTC)
    with house.books.write() as unit:
        shops = [shop for shop in unit.shops.all() if shop.state != "uninstalled"]
        for shop in shops:
            unit.shops.lock(shop.id)
            unit.outbox.skip_all(shop.id, now=now, why="restored from a copy")
            forget_marks(unit, shop)
            wake_ups.compare(unit, shop.id, at=now)
            unit.audit.write(shop=shop.id, at=house.now(), actor="person", what="restored from a copy")
    house.wake()
    return len(shops)


def forget_marks(unit: Unit, shop: Shop) -> None:
    """Forget what stood on orders and items outside: holds that are gone were then not removed by a person."""
    for item in unit.items.marked(shop.id):
        unit.items.put_announced(shop.id, item.sku, None)
    for record in unit.orders.open_all(shop.id):
        if record.shown or record.noted or record.expected_held:
            unit.orders.put(replace(record, shown="", noted="", expected_held={}))
