"""What waiting cost: customers who cancelled by how long they had waited, consolations, and freight for parts."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from core.reports.fill import Share
from core.reports.records import Consolation, Period, WaitedOrder

WAITS: tuple[tuple[int | None, str], ...] = (
    (3, "0-3"), (7, "4-7"), (14, "8-14"), (30, "15-30"), (60, "31-60"), (None, "61+"),
)  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Offers:
    """Consolations made, what they cost at most (None where nobody knows), and cancellations with and without one."""

    made: int
    cost: int | None
    cancelled_with: Share
    cancelled_without: Share


@dataclass(frozen=True, slots=True, kw_only=True)
class Splits:
    """Parts sent ahead: how many, what their parcels cost, and how often orders were lost, split or waiting whole.

    `freight` is None where the cost of a parcel was never set; `priced` splits had one. `kept`: split orders that were
    complete in the end.
    """

    made: int
    priced: int
    freight: int | None
    kept: int
    lost_split: Share
    lost_whole: Share

    @property
    def freight_per_kept(self) -> float | None:
        """What the freight comes to for each order that was kept."""
        return self.freight / self.kept if self.freight is not None and self.kept else None


def cancellations(orders: Iterable[WaitedOrder], period: Period) -> tuple[tuple[str, Share], ...]:
    """Return by days waited how many waits of the period ended in a cancellation, of all waits that ended."""
    found = {name: Share() for _, name in WAITS}
    for one in _ended(orders, period):
        days = (one.wait_until - one.wait_since).days if one.wait_until else 0
        name = next(name for most, name in WAITS if most is None or days <= most)
        found[name] = found[name].plus(one.wait_lost, 1)
    return tuple(found.items())


def cancelled(orders: Iterable[WaitedOrder], period: Period) -> Share:
    """Return the waits that ended in a cancellation, of all that ended in the period."""
    return _lost(_ended(orders, period))


def offers(orders: Iterable[WaitedOrder], made: Sequence[Consolation], period: Period) -> Offers:
    """Return the consolations of the period, and whether those who got one stayed."""
    ended = _ended(orders, period)
    mine = [one for one in made if period.has(one.on)]
    known = [one.worth for one in mine if one.worth]
    return Offers(
        made=len(mine), cost=sum(known) if known or not mine else None,
        cancelled_with=_lost([one for one in ended if one.offered]),
        cancelled_without=_lost([one for one in ended if not one.offered]),
    )  # fmt: skip


def splits(orders: Iterable[WaitedOrder], period: Period, currency: str) -> Splits:
    """Return the parts sent ahead in the period; freight of orders in another currency is left out."""
    found = list(orders)
    made = [one for one in found if period.has(one.split_on)]
    priced = [one.freight for one in made if one.freight is not None and one.currency == currency]
    ended = _ended(found, period)
    return Splits(
        made=len(made), priced=len(priced), freight=sum(priced) if priced or not made else None,
        kept=sum(one.complete_on is not None for one in made),
        lost_split=_lost([one for one in ended if one.split_on]),
        lost_whole=_lost([one for one in ended if not one.split_on]),
    )  # fmt: skip


def _ended(orders: Iterable[WaitedOrder], period: Period) -> list[WaitedOrder]:
    return [one for one in orders if period.has(one.wait_until) and not one.preorder]


def _lost(ended: Sequence[WaitedOrder]) -> Share:
    return Share(part=sum(one.wait_lost for one in ended), whole=len(ended))
