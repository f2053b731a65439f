"""Keeping a substitute that a customer chose, until it stands on the order in the shop."""

from collections.abc import Sequence
from dataclasses import replace

from core.facts import Line, Order
from core.orders import giving_up
from core.records import OrderRecord
from core.records.proposals import Swap

SUFFIX = " substitute"
"""Behind the order's id, with a blank before all else: of orders placed within one second its place is its own."""


def kept_swaps(record: OrderRecord) -> tuple[Swap, ...]:
    """Return the chosen substitutes, in the units that still stand on the order as what they replace."""
    if record.snapshot.status != "open":
        return ()
    return (*_offered(record), *_swapped(record))


def _offered(record: OrderRecord) -> tuple[Swap, ...]:
    option = record.proposal.answered if record.proposal else None
    if option is None:
        return ()
    left = {line.id: line.open - max(0, option.serve.get(line.id, 0) - line.shipped) for line in record.snapshot.lines}
    return tuple(
        replace(swap, units=min(swap.units, left[swap.line]))
        for swap in option.swaps
        if swap.item and left.get(swap.line, 0) > 0
    )


def _swapped(record: OrderRecord) -> tuple[Swap, ...]:
    """Return what the customer swapped on their page, also while they may take that back."""
    ending = record.ending
    if ending is None or ending.swap is None or ending.done:
        return ()
    units = giving_up.decided(record).get(ending.swap.line, 0)
    return (replace(ending.swap, units=units),) if units else ()


def kept_items(record: OrderRecord) -> frozenset[str]:
    """Return the platform ids of the items that are kept for the order."""
    return frozenset(swap.item for swap in kept_swaps(record))


def keeping(order: Order, swaps: Sequence[Swap]) -> Order:
    """Return an order that keeps the substitutes' units in the order's own place, and ships none of them."""
    lines = tuple(Line(id=swap.line, sku=swap.sku, ordered=swap.units) for swap in swaps)
    return replace(order, id=f"{order.id}{SUFFIX}", lines=lines, hold="customer", ship="as_ready", promised_on=None)
