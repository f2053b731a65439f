"""Keeping a substitute that a customer chose, until the merchant has put it on the order in the shop."""

from collections.abc import Sequence
from dataclasses import replace

from core.facts import Line, Order
from core.proposals import Swap
from core.records import OrderRecord

PREFIX = "substitute-of-"


def kept_swaps(record: OrderRecord) -> tuple[Swap, ...]:
    """Return the chosen substitutes, in the units that still stand on the order as what they replace."""
    option = record.proposal.answered if record.proposal else None
    if option is None or record.snapshot.status != "open":
        return ()
    left = {line.id: line.open - max(0, option.serve.get(line.id, 0) - line.shipped) for line in record.snapshot.lines}
    return tuple(
        replace(swap, units=min(swap.units, left[swap.line]))
        for swap in option.swaps
        if swap.item and left.get(swap.line, 0) > 0
    )


def kept_items(record: OrderRecord) -> frozenset[str]:
    """Return the platform ids of the items that are kept for the order."""
    return frozenset(swap.item for swap in kept_swaps(record))


def keeping(order: Order, swaps: Sequence[Swap]) -> Order:
    """Return an order that keeps the substitutes' units in the order's own place, and ships none of them."""
    lines = tuple(Line(id=swap.line, sku=swap.sku, ordered=swap.units) for swap in swaps)
    return replace(order, id=f"{PREFIX}{order.id}", lines=lines, hold="customer", ship="as_ready", promised_on=None)
