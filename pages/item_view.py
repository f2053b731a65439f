"""One item as a page shows it: what is there, what is on its way, and who waits for it in which order."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from core.plan import LinePlan
from core.planning.root_causes import SENTENCES
from core.planning.shop_facts import physical, physical_on_hand
from core.records import IncomingRecord, ItemRecord, OrderRecord, Shop
from core.records.finding import Demanded


@dataclass(frozen=True, slots=True, kw_only=True)
class Claim:
    """One order line that wants units of the item, in its place in the queue."""

    order: OrderRecord
    line: LinePlan


@dataclass(frozen=True, slots=True, kw_only=True)
class ItemRow:
    """An item in a list, in units. `on_hand` is physical, in all."""

    record: ItemRecord
    on_hand: int
    demand: int
    short: int
    coming: int
    next_on: date | None


@dataclass(frozen=True, slots=True, kw_only=True)
class ItemView:
    """An item with its numbers, all in units. `on_hand` is physical, by location and in all."""

    record: ItemRecord
    places: tuple[tuple[str, int], ...]
    on_hand: int
    demand: int
    short: int
    coming: int
    next_on: date | None
    claims: tuple[Claim, ...]
    supply: tuple[IncomingRecord, ...]
    causes: tuple[tuple[str, int], ...] = ()

    @property
    def scale(self) -> int:
        """Units that the picture's full width stands for."""
        return max(1, self.demand, max(0, self.on_hand) + self.coming)

    @property
    def uncovered(self) -> int:
        """Units of the demand that nothing on hand or on its way covers."""
        return max(0, self.demand - max(0, self.on_hand) - self.coming)


def item_view(
    record: ItemRecord, shop: Shop, orders: Sequence[OrderRecord], supply: Sequence[IncomingRecord]
) -> ItemView:
    """Return the view of an item from the open orders that have it and the shop's incoming supply."""
    names = {place.id: place.name for place in shop.places}
    stock = physical_on_hand(record.snapshot, orders) if record.snapshot.tracked else {}
    claims = tuple(sorted(_claims(record, orders), key=lambda claim: (claim.line.ahead, _place_in_queue(claim))))
    rows = _coming(record, supply)
    return ItemView(
        record=record,
        places=tuple((names.get(place, place), units) for place, units in stock.items()),
        on_hand=sum(stock.values()),
        demand=sum(claim.line.open for claim in claims),
        short=sum(claim.line.backordered for claim in claims),
        coming=sum(row.incoming.remaining for row in rows),
        next_on=_next(rows),
        claims=claims,
        supply=rows,
        causes=_causes(claims),
    )


def _causes(claims: Sequence[Claim]) -> tuple[tuple[str, int], ...]:
    """Return why lines of the item came to wait, with how many, the most frequent first."""
    found = (claim.order.causes.get(claim.line.id) for claim in claims)
    return tuple((SENTENCES[cause], count) for cause, count in Counter(filter(None, found)).most_common())


def item_row(record: ItemRecord, demanded: Demanded, supply: Sequence[IncomingRecord]) -> ItemRow:
    """Return an item's row from what the shop's open orders ask for."""
    claims = demanded.of(record.sku)
    rows = _coming(record, supply)
    return ItemRow(
        record=record,
        on_hand=sum(physical(record.snapshot, demanded.reserved).values()),
        demand=claims.open,
        short=claims.short,
        coming=sum(row.incoming.remaining for row in rows),
        next_on=_next(rows),
    )


def _coming(record: ItemRecord, supply: Sequence[IncomingRecord]) -> tuple[IncomingRecord, ...]:
    if record.snapshot.gone:
        return ()
    return tuple(row for row in supply if row.incoming.remaining and _is_of(row, record))


def _next(rows: Sequence[IncomingRecord]) -> date | None:
    dates = (row.incoming.latest or row.incoming.eta for row in rows)
    return min((day for day in dates if day), default=None)


def _is_of(row: IncomingRecord, record: ItemRecord) -> bool:
    """Whether the row brings this item: by the platform's id where it told one, else by SKU."""
    if row.item is not None:
        return row.item in {record.snapshot.platform_id, *record.snapshot.aliases}
    return row.incoming.sku == record.sku


def _claims(record: ItemRecord, orders: Sequence[OrderRecord]) -> list[Claim]:
    plans = ((order, line) for order in orders if order.plan for line in order.plan.lines)
    return [Claim(order=order, line=line) for order, line in plans if line.sku == record.sku and line.open]


def _place_in_queue(claim: Claim) -> tuple[str, str]:
    return claim.order.snapshot.placed_at.isoformat(), claim.order.id
