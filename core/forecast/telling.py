"""Orders told as demand: pure, absolute, and the same whenever it is told again."""

from collections.abc import Mapping, Sequence

from core.forecast.records import DemandRow
from core.plan import OrderPlan
from core.ports import Unit
from core.records import OrderRecord, Shop
from core.snapshots import LineSnapshot, OrderSnapshot
from core.zones import local_day


def demand_of(
    shop: str, zone: str, seen: OrderSnapshot, before: Sequence[DemandRow], plan: OrderPlan | None = None
) -> tuple[DemandRow, ...]:
    """Return the order's lines as demand, with what earlier tellings (`before`) knew and this one cannot.

    A cancellation counts as early while the order's newest change lies on the day on which it was placed. A deleted
    order was no demand. Lines that do not ship, or whose item is unknown, are left out.
    """
    known = {row.line: row for row in before}
    on, changed_on = local_day(seen.placed_at, zone), local_day(seen.version, zone)
    short = {line.id: line.backordered for line in plan.lines} if plan else {}
    rows = []
    for line in seen.lines:
        if line.item is None or not line.ships:
            continue
        gone = _gone(seen, line)
        then = known.get(line.id)
        early = gone if changed_on <= on else min(gone, then.early if then else 0)
        if seen.status == "gone":
            early = line.ordered
        rows.append(
            DemandRow(
                shop=shop, order=seen.platform_id, line=line.id, item=line.item, on=on, ordered=line.ordered,
                early=early, lost=max(0, gone - early), price=line.unit_price,
                backordered=max(short.get(line.id, 0), then.backordered if then else 0),
            )
        )  # fmt: skip
    return tuple(rows)


def keep(unit: Unit, shop: Shop, record: OrderRecord) -> None:
    """Store the order as demand, where that is news."""
    before = unit.demand.of_order(shop.id, record.id)
    after = demand_of(shop.id, shop.timezone, record.snapshot, before, record.plan)
    unit.demand.put([row for row in after if row not in before])


def in_parts(units: Mapping[str, float], kits: Mapping[str, Mapping[str, int]]) -> dict[str, float]:
    """Return units by SKU with every kit broken into its parts; a kit within a kit is broken once more."""
    found: dict[str, float] = {}
    for sku, number in units.items():
        for part, each in _parts(sku, kits, frozenset()).items():
            found[part] = found.get(part, 0.0) + number * each
    return found


def _parts(sku: str, kits: Mapping[str, Mapping[str, int]], within: frozenset[str]) -> dict[str, int]:
    # A kit that holds itself, by whatever way round, is taken as a plain item.
    if sku not in kits or sku in within:
        return {sku: 1}
    found: dict[str, int] = {}
    for part, each in kits[sku].items():
        for deeper, number in _parts(part, kits, within | {sku}).items():
            found[deeper] = found.get(deeper, 0) + each * number
    return found


def _gone(seen: OrderSnapshot, line: LineSnapshot) -> int:
    """Return the units that will never ship."""
    if seen.status == "cancelled":
        return max(0, line.ordered - line.shipped)
    return min(line.ordered, line.cancelled + line.refunded)
