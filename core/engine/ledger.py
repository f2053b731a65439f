"""The engine's working ledger while one plan is made: lots of supply, claims of lines, a queue per item and pool.

It lives and dies inside `core.engine.planner.plan`; nothing here leaves the engine. Time is counted in moments:
NOW is what lies on the shelf, 1 is "some time today", 1 + n is n days later, NEVER has no usable date.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, timedelta

from core.facts import Item, Line, Order

NOW = 0
NEVER = 10**9


@dataclass(slots=True, eq=False)
class Lot:
    """Units of one supply at one place. `left` is what nobody has taken yet.

    `is_stock`: they lie on the shelf already, even if a fence lets others have them only later.
    """

    supply: str
    location: str
    at: int
    left: int
    is_stock: bool


Taken = list[tuple[Lot, int]]


@dataclass(slots=True, eq=False)
class Fence:
    """Lots that only one class may take; `until` is the moment from which they are open to all."""

    order_class: str
    until: int
    lots: list[Lot]


@dataclass(slots=True, eq=False)
class Claim:
    """What one line asks of one queue: `units`, which is `per` for each unit of the line (1 unless it is a kit).

    `wants` are units still to be given. `picked` lies in picking already; `taken` is what the policy gave.
    """

    line: "LineEntry"
    queue: "Queue"
    per: int
    units: int
    wants: int
    picked: Taken = field(default_factory=list)
    taken: Taken = field(default_factory=list)

    @property
    def picked_units(self) -> int:
        """Units that lie in picking and were found in stock."""
        return sum(units for _, units in self.picked)

    def on_hand(self) -> int:
        """Units covered from the shelf, picked ones included."""
        given = sum(units for lot, units in self.taken if lot.at == NOW)
        return given + self.picked_units if self.picked else given

    def covered(self) -> tuple[int, int]:
        """Units covered from the shelf, picked ones included, and when the last unit can be had.

        That moment is NEVER when a unit has no dated supply.
        """
        on_hand = units_in_all = self.picked_units if self.picked else 0
        latest = NOW
        for lot, units in self.taken:
            units_in_all += units
            if lot.at == NOW:
                on_hand += units
            elif lot.at > latest:
                latest = lot.at
        return on_hand, latest if units_in_all >= self.units else NEVER


@dataclass(slots=True, eq=False)
class Queue:
    """One item in one pool: open lots, earliest first, fenced lots apart, and the claims in the order of service."""

    sku: str
    pool: str
    lots: list[Lot] = field(default_factory=list)
    fences: list[Fence] = field(default_factory=list)
    claims: list[Claim] = field(default_factory=list)
    shelf: int = 0

    def fenced_lots(self, order_class: str) -> list[Lot]:
        """Return the lots that are kept for this class, in the order in which it takes them."""
        return [lot for fence in self.fences if fence.order_class == order_class for lot in fence.lots]

    def all_lots(self) -> Iterable[Lot]:
        """Every lot, fenced or not."""
        yield from self.lots
        for fence in self.fences:
            yield from fence.lots


@dataclass(slots=True, eq=False)
class LineEntry:
    """One line at work. `preorder` is the moment before which nothing of it leaves.

    `moment` is when the allocation completes it, `completes` when it is complete after lending and parcels;
    `available` units could leave today, `release` of them may.
    """

    order: "OrderEntry"
    line: Line
    item: Item | None
    open: int
    preorder: int = NOW
    claims: tuple[Claim, ...] = ()
    ahead: int = 0
    on_hand: int = 0
    available: int = 0
    moment: int = NOW
    release: int = 0
    completes: int = NOW

    @property
    def backordered(self) -> int:
        """Open units that the policy did not cover from the shelf."""
        return self.open - self.on_hand


@dataclass(slots=True, eq=False)
class OrderEntry:
    """One order at work. `group` is its class's rank and its tier; lines stand in the order of service."""

    order: Order
    pool: str
    group: tuple[int, int]
    served: bool
    lines: list[LineEntry] = field(default_factory=list)
    set_aside: dict[Queue, Taken] = field(default_factory=dict)
    capped: bool = False
    completes: int = NOW

    @property
    def open(self) -> int:
        """Units that the customer still waits for."""
        return sum(line.open for line in self.lines)

    @property
    def together(self) -> bool:
        """Whether the order leaves in one parcel or not at all."""
        return self.order.ship == "together"


@dataclass(slots=True, eq=False)
class Ledger:
    """Everything at work: orders in the order of service and a queue for each tracked item and pool."""

    today: date
    orders: list[OrderEntry] = field(default_factory=list)
    queues: dict[tuple[str, str], Queue] = field(default_factory=dict)
    dates: dict[int, date] = field(default_factory=dict)

    def close(self) -> None:
        """Cut what its parts hold of each other: they go with it, and the collector need not search them for rings."""
        for queue in self.queues.values():
            queue.claims.clear()
        for entry in self.orders:
            for line in entry.lines:
                line.claims = ()
            entry.lines.clear()

    def moment_of(self, day: date | None) -> int:
        """Return the moment of a date; past dates and none at all come out as NEVER."""
        if day is None or day < self.today:
            return NEVER
        return 1 + (day - self.today).days

    def date_of(self, moment: int) -> date | None:
        """Return the date of a moment, None for NEVER."""
        if moment >= NEVER:
            return None
        known = self.dates.get(moment)
        if known is None:
            known = self.dates[moment] = self.today + timedelta(days=max(0, moment - 1))
        return known


def take(lot: Lot, units: int, taken: Taken) -> int:
    """Take up to `units` from the lot, note it in `taken`, return how many were there."""
    got = min(lot.left, units)
    if got:
        lot.left -= got
        taken.append((lot, got))
    return got


def take_each(lots: Iterable[Lot], units: int, taken: Taken) -> int:
    """Take up to `units` from the lots, one after the other; return how many were there."""
    missing = units
    for lot in lots:
        if not missing:
            break
        missing -= take(lot, missing, taken)
    return units - missing
