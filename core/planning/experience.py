"""What a shop's books tell of its past: deliveries that came, customers who waited, orders to the same door.

A use case over the books' promises (`core.ports`), used where a shop is planned.
"""

from collections.abc import Collection
from dataclasses import replace
from datetime import datetime

from core.dates.arrivals import Arrival, changes
from core.dates.supply_dates import NEWEST
from core.parcels.part_weighing import is_priced
from core.planning.shop_facts import ShopState
from core.ports.books import Unit
from core.records import Shop
from core.zones import local_day


def note_deliveries(unit: Unit, shop: Shop, as_of: datetime) -> None:
    """Write down what the rows of incoming supply tell today: what is expected, all here, or called off."""
    supply, known = unit.supply.all(shop.id), unit.arrivals.open(shop.id)
    if not supply and not known:
        return
    told = changes(known, supply, local_day(as_of, shop.timezone))
    for arrival in told.put:
        unit.arrivals.put(arrival)
    for arrival in told.forget:
        unit.arrivals.forget(arrival)


def arrivals_of(unit: Unit, shop: Shop, skus: Collection[str] | None = None) -> tuple[Arrival, ...]:
    """Return the deliveries that dates of supply are made from: the newest that came, and those under way.

    `skus`: only those under way are limited to them.
    """
    newest = unit.arrivals.received(shop.id, limit=NEWEST)
    return tuple(dict.fromkeys((*newest, *unit.arrivals.open(shop.id, skus))))


def experienced(
    unit: Unit, state: ShopState, *, weighing: bool | None = None, skus: Collection[str] | None = None
) -> ShopState:
    """Return the state with what the past tells; customers' waits only where a second parcel is weighed.

    `weighing`: None leaves that to the shop's settings. `skus`: whose supply the state holds; None for all.
    """
    shop = state.shop
    if any(row.incoming.remaining for row in state.supply):
        state = replace(state, arrivals=arrivals_of(unit, shop, skus))
    if not (is_priced(shop.policy.ship_part) if weighing is None else weighing):
        return state
    doors = {record.snapshot.customer.address for record in state.orders if record.snapshot.customer.address}
    return replace(state, waits=unit.orders.waits(shop.id), bound_alike=unit.orders.bound_for(shop.id, doors))
