"""Who comes first: one total order over all lines, `(class, tier, placed_at, order, line)`, ties always end in ids."""

from collections.abc import Sequence
from datetime import UTC, datetime

from core.facts import Facts, Line, Order

RANKS = {"win": 0, "gain": 1, "standard": 2, "redistribute": 3, "fill": 4, "lose": 5, "skip": 6}
NOT_SERVED = frozenset({"lose", "skip"})
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def rank_of(order_class: str) -> int:
    """Return the class's place; a merchant's own name stands beside `standard`."""
    return RANKS.get(order_class, RANKS["standard"])


def group_of(order: Order, *, by_tier: bool) -> tuple[int, int]:
    """Return what is served before anything else is looked at: the class, and the tier where tiers count."""
    return rank_of(order.order_class), order.tier if by_tier else 0


def in_order_of_service(facts: Facts) -> list[tuple[tuple[int, int], Order]]:
    """Return the orders with their groups, first served first. Lines within an order follow by id."""
    by_tier = facts.policy.allocation == "tiers"
    # The number settles what the ids have not, so that orders themselves are never compared.
    keyed = [
        (group_of(order, by_tier=by_tier), order.placed_at - EPOCH, order.id, number)
        for number, order in enumerate(facts.orders)
    ]
    keyed.sort()
    return [(group, facts.orders[number]) for group, _, _, number in keyed]


def in_turn(lines: Sequence[Line]) -> Sequence[Line]:
    """Return an order's lines, first served first."""
    return sorted(lines, key=_line_id) if len(lines) > 1 else lines


def _line_id(line: Line) -> str:
    return line.id
