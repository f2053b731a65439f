"""The prefix policies in closed form: where nothing ties queues together, a line's share follows from what is ahead.

With P units ahead of a line of q units and C(t) units there by t, it has clamp(C(now) - P, 0, q) of the shelf and is
complete at the first t with C(t) >= P + q. All lines at once, as arrays; `allocation` says the same in turns.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from core.engine.ledger import NEVER, NOW, Ledger, Lot
from core.engine.order_of_service import NOT_SERVED
from core.engine.supply import fill_lots
from core.facts import Facts, Item, Order

Ints = NDArray[np.int64]
PREFIX_POLICIES = frozenset({"first_come", "tiers"})
# A class that must be met is looked at order by order.
SPECIAL_CLASSES = NOT_SERVED | {"win"}


def is_plain(facts: Facts) -> bool:
    """Return whether every line's share depends on its own queue alone, and nothing keeps it from leaving."""
    policy = facts.policy
    return (
        policy.allocation in PREFIX_POLICIES
        and policy.large_order_share is None
        and not policy.ring_fences
        and all(item == Item(sku=item.sku) for item in facts.items)
        and all(map(is_plain_order, facts.orders))
    )


def is_plain_order(order: Order) -> bool:
    """Return whether the order ships as ready, without a hold, promise, commitment or smallest shipment."""
    return (
        order.ship == "as_ready"
        and order.hold is None
        and order.promised_on is None
        and order.order_class not in SPECIAL_CLASSES
        and not any(line.committed or line.min_ship is not None for line in order.lines)
    )


@dataclass(frozen=True, slots=True)
class Shares:
    """The shares of lines as they were given, and the queues' totals; `lots` of all queues stand in a row.

    A line has units of the lots `first` to `last` of its `queue`, from position `start` on, `opening` of the first.
    `shelf`, `supply` and `demand` are units by queue, `moment` is NEVER where no dated supply covers the line.
    """

    queue: list[int]
    open: list[int]
    ahead: list[int]
    on_hand: list[int]
    moment: list[int]
    start: list[int]
    first: list[int]
    last: list[int]
    opening: list[int]
    lots: list[Lot]
    ends: list[int]
    queues: dict[tuple[str, str], int]
    shelf: Ints
    supply: Ints
    demand: Ints

    def pegs(self) -> Iterator[Sequence[tuple[int, int]]]:
        """Yield for each line the number of each lot that it has units of, and how many, earliest first."""
        ends = self.ends
        rows = zip(self.open, self.start, self.first, self.last, self.opening, strict=True)
        for units, start, first, last, opening in rows:
            if not units or first > last:
                yield ()
            elif first == last:
                yield ((first, opening),)
            else:
                upto = [min(end, start + units) for end in ends[first : last + 1]]
                steps = zip(range(first, last + 1), [start, *upto], upto, strict=False)
                yield [(number, end - reached) for number, reached, end in steps if end > reached]

    def free(self) -> Iterator[tuple[str, str, int, int]]:
        """Yield what nobody claims, on hand and incoming, for each SKU and pool, sorted."""
        dated = self.supply - self.shelf
        on_hand = (self.shelf - self.demand).clip(0).tolist()
        incoming = (dated - (self.demand - self.shelf).clip(0)).clip(0).tolist()
        for (sku, pool), number in sorted(self.queues.items()):
            yield sku, pool, on_hand[number], incoming[number]


def share_out(
    ledger: Ledger, facts: Facts, asked: Iterable[tuple[str, str]], open_units: Sequence[int] | Ints, turns: Ints
) -> Shares:
    """Return the share of each line of plain facts. The ledger lends its calendar and takes the lots.

    `asked` is the SKU and the pool that each line draws on, `turns` the lines' numbers in the order of service.
    """
    fill_lots(ledger, facts)
    queues = {key: number for number, key in enumerate(ledger.queues)}
    queue = np.array([queues.setdefault(key, len(queues)) for key in asked], dtype=np.int64)
    units = np.array(open_units, dtype=np.int64)
    lots = [lot for found in ledger.queues.values() for lot in found.lots]
    place = np.repeat(np.arange(len(ledger.queues)), [len(found.lots) for found in ledger.queues.values()])
    left = np.array([lot.left for lot in lots], dtype=np.int64)
    # A last moment for lines that reach beyond the last lot of all.
    at = np.array([lot.at for lot in lots] + [NEVER], dtype=np.int64)

    demand, supply, shelf = (
        _sums(queue, units, len(queues)),
        _sums(place, left, len(queues)),
        _sums(place, left * (at[:-1] == NOW), len(queues)),
    )
    ahead = np.empty_like(units)
    ahead[turns] = _ahead(queue[turns], units[turns], demand)
    # Every queue gets a stretch of one long axis, long enough for what is asked and what is there.
    stretch = np.maximum(demand, supply) + 1
    origin = np.cumsum(stretch) - stretch
    ends = _ahead(place, left, supply) + left + origin[place]
    start = ahead + origin[queue]
    first = np.searchsorted(ends, start, side="right")
    last = np.searchsorted(ends, start + units, side="left")
    covered = ahead + units <= supply[queue]
    return Shares(
        queue=queue.tolist(),
        open=units.tolist(),
        ahead=ahead.tolist(),
        on_hand=np.clip(shelf[queue] - ahead, 0, units).tolist(),
        moment=np.where(covered, at[last], NEVER).tolist(),
        start=start.tolist(),
        first=first.tolist(),
        last=np.minimum(last, np.searchsorted(place, queue, side="right") - 1).tolist(),
        opening=np.minimum(units, np.append(ends, 0)[first] - start).tolist(),
        lots=lots,
        ends=ends.tolist(),
        queues=queues,
        shelf=shelf,
        supply=supply,
        demand=demand,
    )


def _sums(group: Ints, units: Ints, groups: int) -> Ints:
    """Return the sum of each group, in whole numbers."""
    sums = np.zeros(groups, dtype=np.int64)
    np.add.at(sums, group, units)
    return sums


def _ahead(group: Ints, units: Ints, sums: Ints) -> Ints:
    """Return for each row the units of earlier rows of its group."""
    order = np.argsort(group, kind="stable")
    before = np.cumsum(units[order]) - units[order]
    ahead = np.empty_like(before)
    ahead[order] = before - (np.cumsum(sums) - sums)[group[order]]
    return ahead
