"""From what a shop's books hold to the engine's facts: physical stock, tiers, promises, the merchant's own words."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from decimal import Decimal

from core.dates.arrivals import Arrival
from core.dates.supply_dates import SupplyBook
from core.facts import Facts, Incoming, Item, Line, Location, Order, OrderHold, Policy, Ship, Stock
from core.items.kept_substitutes import keeping, kept_swaps
from core.large import large_orders
from core.large.sizes import PastOrder
from core.money import exponent
from core.orders.giving_up import given_up
from core.parcels.hazard import Waits
from core.planning import gone_items
from core.records import IncomingRecord, ItemRecord, OrderRecord, Shop
from core.snapshots import ItemSnapshot, LineSnapshot, OrderSnapshot

SOMEWHERE = "main"
USUAL_SHARE = "0.5"


# A declined order gives up its units; one whose offer lapsed stands behind all others.
CLASSES = {"declined": "lose", "lapsed": "fill"}


@dataclass(frozen=True, slots=True, kw_only=True)
class ShopState:
    """Everything of one shop that takes part in one plan. `items` is keyed by platform id and alias.

    `arrivals`: what became of its supply. `waits`: how its customers have waited. `bound_alike`: open orders to the
    same addresses as these. The last two are only there where a second parcel is weighed.
    `beside`: orders that take their share of what these share with them, and are planned elsewhere.
    `history`: by platform id of an item, its newest orders, where an order is to be measured for the first time.
    `substitutes`: by SKU, the item that the merchant lists in its place, with its free units on hand.
    """

    shop: Shop
    orders: tuple[OrderRecord, ...]
    items: Mapping[str, ItemRecord]
    supply: tuple[IncomingRecord, ...]
    arrivals: tuple[Arrival, ...] = ()
    waits: Waits = field(default_factory=Waits)
    bound_alike: tuple[OrderRecord, ...] = ()
    beside: tuple[OrderRecord, ...] = ()
    history: Mapping[str, Sequence[PastOrder]] = field(default_factory=dict)
    substitutes: Mapping[str, tuple[ItemRecord, int]] = field(default_factory=dict)

    @property
    def everybody(self) -> tuple[OrderRecord, ...]:
        """All orders that take part, those to be planned first."""
        return (*self.orders, *self.beside)


def physical_on_hand(item: ItemSnapshot, orders: Iterable[OrderRecord]) -> dict[str, int]:
    """Return units physically there by location.

    Where the platform's number has open orders taken out (`excludes_reserved`), the units of those orders that are
    still in the building are added back at the item's first location. May be negative.
    """
    return physical(item, reserved_units(orders) if item.excludes_reserved else Counter())


def physical(item: ItemSnapshot, reserved: Mapping[str, int]) -> dict[str, int]:
    """Return units physically there by location, where `reserved` units of open orders are known by item."""
    numbers = {stock.location: stock.quantity for stock in item.stock}
    if item.excludes_reserved and item.stock:
        numbers[item.stock[0].location] += sum(reserved.get(name, 0) for name in {item.platform_id, *item.aliases})
    return numbers


def for_online_orders(item: ItemSnapshot, reserved: Mapping[str, int], shop: Shop) -> int:
    """Return the physical units, those left out that lie where the shop ships no online order from."""
    return sum(units for place, units in physical(item, reserved).items() if place not in shop.apart)


def reserved_units(orders: Iterable[OrderRecord]) -> Counter[str]:
    """Return by item the units that the platform took out of its number and that are still in the building."""
    reserved: Counter[str] = Counter()
    for record in orders:
        for line in record.snapshot.lines if record.snapshot.status == "open" else ():
            if line.item and line.reserved:
                reserved[line.item] += line.reserved
    return reserved


def facts_of(state: ShopState, as_of: datetime) -> Facts:
    """Return the engine's facts: the state's orders first, behind them who takes part beside, and kept substitutes."""
    records = {record.snapshot.platform_id: record for record in state.items.values()}
    skus = {record.sku for record in records.values()}
    # Of what is gone from the shop nothing comes any more.
    living = {record.sku for record in records.values() if not record.snapshot.gone}
    places = _places(state)
    book, reserved = SupplyBook(state.shop, state.arrivals, as_of), reserved_units(state.everybody)
    orders = tuple(order_fact(record, state, places) for record in state.everybody)
    swaps = ((order, kept_swaps(record)) for order, record in zip(orders, state.everybody, strict=True))
    kept = (keeping(order, chosen) for order, chosen in swaps if chosen)
    return Facts(
        as_of=as_of,
        policy=_policy(state),
        locations=tuple(_locations(state.shop, places)),
        items=(
            *(_item(record) for record in records.values()),
            *(Item(sku=sku, tracked=False) for sku in sorted(_unknown(state) - skus)),
        ),
        stock=tuple(row for record in records.values() for row in _stock(record, reserved)),
        incoming=tuple(_incoming(book.for_engine(row), places) for row in state.supply if row.incoming.sku in living),
        orders=(*orders, *kept),
    )


def order_fact(record: OrderRecord, state: ShopState, places: Sequence[str]) -> Order:
    """Return one order as the engine sees it."""
    seen = record.snapshot
    where = large_orders.standing(record, state.shop)
    gone = given_up(record)
    return Order(
        id=seen.platform_id,
        placed_at=seen.placed_at,
        lines=tuple(_line(line, seen, state, gone.get(line.id, 0)) for line in seen.lines if line.ships),
        location=seen.location if seen.location and seen.location in places else places[0],
        order_class=CLASSES.get(where, "standard"),
        may_cap=where == "capped",
        tier=tier_of(record, state.shop),
        ship=ship_of(record, state.shop),
        hold=hold_of(record),
        promised_on=promise_of(record),
        cancelled=seen.status != "open",
    )


def tier_of(record: OrderRecord, shop: Shop) -> int:
    """Return the order's tier: the smallest of its tags', which is served earliest."""
    tiers = shop.policy.tiers_by_tag
    return min((tiers[tag] for tag in record.snapshot.merchant_tags if tag in tiers), default=0)


def ship_of(record: OrderRecord, shop: Shop) -> Ship:
    """Return how the order ships: a person's word for this order first, then its tag, then the shop's setting."""
    asked = record.manual.get("ship")
    if asked is not None:
        return "together" if asked == "together" else "as_ready"
    together = not shop.policy.ship_part.enabled or shop.policy.together_by_tag in record.snapshot.merchant_tags
    return "together" if together else "as_ready"


def promise_of(record: OrderRecord) -> date | None:
    """Return the day that the customer was told; what was never published binds nobody."""
    return record.promised_on if record.published_at else None


def hold_of(record: OrderRecord) -> OrderHold | None:
    """Return why the whole order may not ship, a person's hold included."""
    return record.snapshot.hold or ("customer" if record.manual.get("hold") else None)


def _policy(state: ShopState) -> Policy:
    policy = state.shop.policy
    capped = any(large_orders.standing(record, state.shop) == "capped" for record in state.everybody)
    return Policy(
        allocation=policy.allocation, release=policy.release,
        large_order_share=Decimal(policy.large_order.share or USUAL_SHARE) if capped else None,
        lending_age_days=policy.lending_age_days or None,
    )  # fmt: skip


def _places(state: ShopState) -> tuple[str, ...]:
    """Every location that anything names: active ones first, in the platform's order, those that ship online ahead."""
    ranked = sorted(state.shop.places, key=lambda place: not place.ships_online)
    known = [place.id for place in ranked if place.active]
    known += [stock.location for record in state.items.values() for stock in record.snapshot.stock]
    known += [record.snapshot.location for record in state.everybody if record.snapshot.location]
    return tuple(dict.fromkeys(known)) or (SOMEWHERE,)


def _locations(shop: Shop, places: Sequence[str]) -> Iterator[Location]:
    """Yield the places; one from which no online order ships keeps its stock for the orders that are bound to it."""
    apart = shop.apart
    for rank, place in enumerate(places, 1):
        yield Location(id=place, rank=rank, pool=place) if place in apart else Location(id=place, rank=rank)


def _item(record: ItemRecord) -> Item:
    seen = record.snapshot
    # Where we stopped it ourselves, what was sold before was sold on purpose; of what is gone nothing is sold.
    backorder = "allow" if seen.gone or (record.gate and record.gate.stopped) else seen.backorder
    return Item(
        sku=record.sku, backorder=backorder, tracked=seen.tracked, preorder_until=record.rules.preorder_until
    )  # fmt: skip


def _stock(record: ItemRecord, reserved: Counter[str]) -> list[Stock]:
    if not record.snapshot.tracked or gone_items.is_taken_over(record):
        return []
    return [
        Stock(sku=record.sku, location=place, on_hand=units, observed_at=record.snapshot.read_at)
        for place, units in sorted(physical(record.snapshot, reserved).items())
    ]


def _incoming(row: Incoming, places: Sequence[str]) -> Incoming:
    if row.location in places:
        return row
    return replace(row, location=places[0])


def _line(line: LineSnapshot, order: OrderSnapshot, state: ShopState, given_up: int) -> Line:
    price, least = None, state.shop.policy.ship_part.min_units
    if line.unit_price is not None:
        price = Decimal(line.unit_price).scaleb(-exponent(order.currency))
    return Line(
        # What was given up is on the order until the shop has taken it off.
        id=line.id, sku=sku_of(line, state.items), ordered=line.ordered, cancelled=line.cancelled + given_up,
        refunded=line.refunded, shipped=line.shipped, committed=line.committed, unit_price=price,
        min_ship=least if least > 1 else None,
    )  # fmt: skip


def sku_of(line: LineSnapshot, items: Mapping[str, ItemRecord]) -> str:
    """Return our SKU of the line; a custom or deleted item, which no stock stands behind, gets one of its own."""
    if line.item is not None and line.item in items:
        return items[line.item].sku
    return f"custom-{line.id}"


def _unknown(state: ShopState) -> set[str]:
    return {
        sku_of(line, state.items)
        for record in state.everybody
        for line in record.snapshot.lines
        if line.ships and (line.item is None or line.item not in state.items)
    }
