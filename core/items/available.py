"""Available to promise: what nobody claims of an item, cumulative by the date from which it can leave. Pure."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import date
from itertools import accumulate

from core.plan import ON_HAND, LinePlan
from core.records import IncomingRecord
from core.snapshots import ItemSnapshot


def promisable(
    item: ItemSnapshot, places: Mapping[str, int], supply: Iterable[IncomingRecord], apart: Collection[str]
) -> tuple[int, list[IncomingRecord]]:
    """Return the units there and the supply that anybody can be promised: none of what is gone from the shop.

    `places`: physical units by location. `apart`: locations from which no online order ships.
    """
    if item.gone:
        return 0, []
    there = sum(max(0, units) for place, units in places.items() if place not in apart)
    return there, [row for row in supply if row.incoming.location not in apart]


def available_by_date(
    on_hand: int, plans: Sequence[LinePlan], supply: Sequence[IncomingRecord], *, as_of: date
) -> tuple[tuple[date, int], ...]:
    """Return (date, units) from which on so many units are free, the first of them today.

    Supply counts with its cautious date; what is overdue or has no date can be promised to nobody and is left out.
    """
    claimed: dict[str, int] = {}
    for allocation in (allocation for line in plans for allocation in line.allocations):
        claimed[allocation.supply] = claimed.get(allocation.supply, 0) + allocation.units
    free = {as_of: on_hand - claimed.get(ON_HAND, 0)}
    for supply_id, rows in _by_id(supply).items():
        _take_in(free, rows, claimed.get(supply_id, 0), as_of)
    dates = sorted(free)
    totals = accumulate(free[on] for on in dates)
    return tuple((on, max(0, units)) for on, units in zip(dates, totals, strict=True))


def _by_id(supply: Sequence[IncomingRecord]) -> dict[str, list[IncomingRecord]]:
    found: dict[str, list[IncomingRecord]] = {}
    for row in supply:
        found.setdefault(row.incoming.id, []).append(row)
    return found


def _take_in(free: dict[date, int], rows: Sequence[IncomingRecord], claimed: int, as_of: date) -> None:
    """Add what the plan left of one supply id to its dates, its rows (one per location) being claimed in turn."""
    for row in rows:
        coming = row.incoming
        taken = min(claimed, coming.remaining)
        claimed -= taken
        if coming.eta is None or coming.eta < as_of or not coming.remaining:
            continue
        on = coming.latest or coming.eta
        free[on] = free.get(on, 0) + coming.remaining - taken
