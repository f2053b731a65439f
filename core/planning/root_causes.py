"""Why units came to wait: told when a line's backorder first appears, from what was known then, and kept."""

from datetime import date
from typing import Literal

from core.large.sizes import LineSize
from core.plan import LinePlan, OrderPlan
from core.planning.shop_facts import ShopState
from core.records import ItemRecord, OrderRecord
from core.sentences import sentence

Cause = Literal["late_supply", "oversell_race", "large_order", "sold_on_purpose", "stock_correction", "unknown"]
SENTENCES: dict[str, str] = {
    "late_supply": sentence("Supply that is overdue would have covered it."),
    "oversell_race": sentence("It was sold although the item is not sold beyond stock: two orders crossed."),
    "large_order": sentence("The line alone asks for more than half of what was on the shelf, or more than is usual."),
    "sold_on_purpose": sentence("The item is sold beyond stock, and there was not enough left."),
    "stock_correction": sentence("Stock covered it when it was ordered, and became less since."),
    "unknown": sentence("What was known of the item does not tell."),
}


def causes(plan: OrderPlan, record: OrderRecord, state: ShopState, today: date) -> dict[str, str]:
    """Return the causes by line id: those known before as they were, and one for each line that now waits at first."""
    before = {line.id: line for line in record.plan.lines} if record.plan else {}
    items = {line.id: state.items.get(line.item) if line.item else None for line in record.snapshot.lines}
    sizes = {size.line: size for size in record.sizes or ()}
    found = {
        line.id: _cause(line, before.get(line.id), items.get(line.id), sizes.get(line.id), state, today)
        for line in plan.lines
        if line.backordered and line.id not in record.causes and line.id not in record.preorders
    }
    return {**record.causes, **found} if found else record.causes


def _cause(
    line: LinePlan,
    before: LinePlan | None,
    item: ItemRecord | None,
    size: LineSize | None,
    state: ShopState,
    today: date,
) -> Cause:
    if item is None or item.snapshot.gone:
        return "unknown"
    if before is not None and not before.backordered and line.open <= before.open:
        return "stock_correction"
    if _overdue(item, state, today):
        return "late_supply"
    if size is not None and _is_large(size):
        return "large_order"
    return "oversell_race" if item.snapshot.backorder == "deny" else "sold_on_purpose"


def _overdue(item: ItemRecord, state: ShopState, today: date) -> bool:
    rows = (row.incoming for row in state.supply if row.incoming.sku == item.sku)
    return any(row.remaining and row.eta is not None and row.eta < today for row in rows)


def _is_large(size: LineSize) -> bool:
    """Return whether the line is large by itself, whatever the shop's own rules for very large orders are."""
    alone = size.units > 1 and size.on_hand > 0 and size.units * 2 > size.on_hand
    return alone or (size.usual is not None and size.units > size.usual)
