"""Orders told as demand: pure, absolute, and the same whenever it is told again."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from core.forecast.records import DemandRow
from core.ports.books import Unit
from core.records import OrderRecord, Shop
from core.snapshots import LineSnapshot, OrderSnapshot
from core.zones import local_day


def demand_of(
    shop: str, zone: str, seen: OrderSnapshot, before: Sequence[DemandRow], record: OrderRecord | None = None
) -> tuple[DemandRow, ...]:
    """Return the order's lines as demand, with what earlier tellings (`before`) knew and this one cannot.

    `record`: the order as we have planned it; None for one of the shop's past. A cancellation counts as early while
    the order's newest change lies on the day on which it was placed. A deleted order was no demand. Lines that do not
    ship, or whose item is unknown, are left out.
    """
    known = {row.line: row for row in before}
    on, changed_on = local_day(seen.placed_at, zone), local_day(seen.version, zone)
    plans = {line.id: line for line in record.plan.lines} if record and record.plan else {}
    causes, preorders = (record.causes, record.preorders) if record else ({}, {})
    rows = []
    for line in seen.lines:
        if line.item is None or not line.ships:
            continue
        gone = _gone(seen, line)
        then = known.get(line.id)
        early = gone if changed_on <= on else min(gone, then.early if then else 0)
        if seen.status == "gone":
            early = line.ordered
        told = then or DemandRow(shop=shop, order=seen.platform_id, line=line.id, item=line.item, on=on, ordered=0)
        plan = plans.get(line.id)
        rows.append(
            replace(
                told, item=line.item, on=on, ordered=line.ordered, early=early, lost=max(0, gone - early),
                shipped=line.shipped, price=line.unit_price,
                backordered=max(plan.backordered if plan else 0, told.backordered),
                at_once=plan.on_hand if plan and told.at_once is None else told.at_once,
                preorder=told.preorder or line.id in preorders, cause=told.cause or causes.get(line.id),
            )
        )  # fmt: skip
    return tuple(rows)


def keep(unit: Unit, shop: Shop, records: Sequence[OrderRecord]) -> None:
    """Store the orders as demand, where that is news."""
    known = unit.demand.of_orders(shop.id, [record.id for record in records])
    told = ((record, known.get(record.id, ())) for record in records)
    unit.demand.put(
        [
            row
            for record, before in told
            for row in demand_of(shop.id, shop.timezone, record.snapshot, before, record)
            if row not in before
        ]
    )


def is_told_anew(before: OrderRecord, after: OrderRecord) -> bool:
    """Return whether a new plan tells of the order's demand what no earlier one did: lines, or why units wait."""
    known = {line.id for line in before.plan.lines} if before.plan else set()
    lines = {line.id for line in after.plan.lines} if after.plan else set()
    fresh = before.plan is None or not lines <= known
    return fresh or before.causes != after.causes or before.preorders != after.preorders


def in_parts(units: Mapping[str, int], kits: Mapping[str, Mapping[str, int]]) -> dict[str, int]:
    """Return units by SKU with every kit broken into its parts; a kit within a kit is broken once more."""
    found: dict[str, int] = {}
    for sku, number in units.items():
        for part, each in _parts(sku, kits, frozenset()).items():
            found[part] = found.get(part, 0) + number * each
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
