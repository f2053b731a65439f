"""Measuring orders when they are first planned: from the shop's rows and what was ordered of each item before."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta

from core.large.sizes import RECENT_DAYS, LineSize, percentile_95
from core.planning.shop_facts import ShopState, for_online_orders, reserved_units, sku_of
from core.records import OrderRecord
from core.snapshots import LineSnapshot


@dataclass(frozen=True, slots=True, kw_only=True)
class Yard:
    """What orders are measured against, by SKU: the shelf and dated supply. `ahead` grows as orders are passed."""

    state: ShopState
    as_of: datetime
    shelf: Mapping[str, int]
    coming: Mapping[str, int]
    ahead: dict[str, int] = field(default_factory=dict)


def measured(state: ShopState, as_of: datetime) -> tuple[OrderRecord, ...]:
    """Return the state's orders, those not measured yet (or grown since) with their sizes."""
    # Rarely is anything new: the shelf of every item is not counted up for nothing.
    if not any(map(is_unmeasured, state.orders)):
        return state.orders
    yard = Yard(state=state, as_of=as_of, shelf=_shelf(state), coming=_coming(state, as_of.date()))
    found: dict[str, OrderRecord] = {}
    for record in sorted(state.orders, key=lambda one: (one.snapshot.placed_at, one.id)):
        sizes = record.sizes
        if is_unmeasured(record):
            sizes = tuple(_size(line, record, yard) for line in _lines(record))
        found[record.id] = record if sizes is record.sizes else replace(record, sizes=sizes)
        for line in _lines(record):
            sku = sku_of(line, state.items)
            yard.ahead[sku] = yard.ahead.get(sku, 0) + line.open
    return tuple(found[record.id] for record in state.orders)


def is_unmeasured(record: OrderRecord) -> bool:
    """Return whether an open order was never measured, or a line of it grew since."""
    if record.snapshot.status != "open":
        return False
    if record.sizes is None:
        return True
    known = {size.line: size.ordered for size in record.sizes}
    return any(line.ordered > known.get(line.id, 0) for line in record.snapshot.lines if line.ships)


def _lines(record: OrderRecord) -> list[LineSnapshot]:
    return [line for line in record.snapshot.lines if line.ships] if record.snapshot.status == "open" else []


def _shelf(state: ShopState) -> dict[str, int]:
    reserved = reserved_units(state.orders)
    return {item.sku: max(0, for_online_orders(item.snapshot, reserved, state.shop)) for item in state.items.values()}


def _coming(state: ShopState, today: date) -> dict[str, int]:
    coming: dict[str, int] = {}
    for row in state.supply:
        if row.incoming.eta is not None and row.incoming.eta >= today:
            coming[row.incoming.sku] = coming.get(row.incoming.sku, 0) + row.incoming.remaining
    return coming


def _size(line: LineSnapshot, record: OrderRecord, yard: Yard) -> LineSize:
    sku = sku_of(line, yard.state.items)
    item = yard.state.items.get(line.item) if line.item else None
    past = yard.state.history.get(item.snapshot.platform_id, ()) if item else ()
    others = [one for one in past if one.order != record.id]
    since = yard.as_of.date() - timedelta(days=RECENT_DAYS)
    return LineSize(
        line=line.id, sku=sku, ordered=line.ordered, units=line.open, on_hand=yard.shelf.get(sku, 0),
        coming=yard.coming.get(sku, 0), ahead=yard.ahead.get(sku, 0),
        usual=percentile_95([one.units for one in others]),
        recent=sum(one.units for one in others if one.on >= since),
    )  # fmt: skip
