"""How large an order is: against the shelf, against what can be promised, and against what is usual for the item.

Measured once, when the order is first planned, and kept: a shelf that others empty later does not make it large.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Literal

from core.policy.shop_policy import LargeOrder
from core.sentences import sentence

Test = Literal["on_hand", "atp", "usual", "cover"]
ENOUGH_ORDERS = 8
RECENT_DAYS = 90


@dataclass(frozen=True, slots=True, kw_only=True)
class PastOrder:
    """Units of one item in one order placed on a day, cancelled ones left out."""

    order: str
    on: date
    units: int


@dataclass(frozen=True, slots=True, kw_only=True)
class LineSize:
    """One line's measures in units, as of the first plan.

    `on_hand` is physical, `coming` has a date that has not passed, `ahead` is what earlier orders want of the item.
    `usual`: the 95th percentile of the item's newest other orders, None where there are fewer than ENOUGH_ORDERS.
    `recent`: units of other orders in the last RECENT_DAYS days.
    """

    line: str
    sku: str
    ordered: int
    units: int
    on_hand: int
    coming: int = 0
    ahead: int = 0
    usual: int | None = None
    recent: int = 0

    @property
    def available(self) -> int:
        """Units that can be promised to this order: what is there and dated, less what earlier orders want."""
        return max(0, self.on_hand + self.coming - self.ahead)


@dataclass(frozen=True, slots=True, kw_only=True)
class Excess:
    """A test that a line exceeds: its units, the most that the test lets pass, and what that was taken from."""

    line: str
    sku: str
    test: Test
    units: int
    most: Decimal
    of: int

    @property
    def sentence(self) -> str:
        """Return the test with its numbers, for the merchant."""
        most = int(self.most)  # half a unit is never ordered
        words = {
            "on_hand": sentence("the %(of)s on hand: at most %(most)s are usual for one order", of=self.of, most=most),
            "atp": sentence(
                "the %(of)s that could be promised: at most %(most)s are usual for one order", of=self.of, most=most
            ),
            "usual": sentence("the item's usual largest order of %(of)s: up to %(most)s pass", of=self.of, most=most),
            "cover": sentence(
                "the %(of)s that sold in %(recent_days)s days: at most %(most)s pass",
                of=self.of,
                recent_days=RECENT_DAYS,
                most=most,
            ),
        }
        return sentence(
            "%(units)s x %(sku)s against %(words)s.", units=self.units, sku=self.sku, words=words[self.test]
        )


def excesses(sizes: Sequence[LineSize], rules: LargeOrder) -> tuple[Excess, ...]:
    """Return every test of the rules that a line exceeds; none where the rules are off.

    An empty shelf, nothing to promise and an item without enough history are no yardstick: their tests say nothing.
    """
    if not rules.enabled:
        return ()
    return tuple(found for size in sizes if size.units >= rules.min_units for found in _of_line(size, rules))


def _of_line(size: LineSize, rules: LargeOrder) -> Iterator[Excess]:
    for test, of, factor in _yardsticks(size, rules):
        most = factor * of
        if of and size.units > most:
            yield Excess(line=size.line, sku=size.sku, test=test, units=size.units, most=round(most, 2), of=of)


def _yardsticks(size: LineSize, rules: LargeOrder) -> Iterator[tuple[Test, int, Decimal]]:
    if rules.share is not None:
        yield "on_hand", size.on_hand, Decimal(rules.share)
    if rules.share_of_atp is not None:
        yield "atp", size.available, Decimal(rules.share_of_atp)
    if rules.times_usual is not None and size.usual is not None:
        yield "usual", size.usual, Decimal(rules.times_usual)
    if rules.days_of_cover:
        yield "cover", size.recent, Decimal(rules.days_of_cover) / RECENT_DAYS


def percentile_95(units: Sequence[int]) -> int | None:
    """Return the 95th percentile by nearest rank, None where there are fewer than ENOUGH_ORDERS."""
    if len(units) < ENOUGH_ORDERS:
        return None
    rank = -(-95 * len(units) // 100)
    return sorted(units)[rank - 1]
