"""Both sides of the sum: ship the ready part now in a parcel of its own, or let it wait for the rest."""

from dataclasses import dataclass
from datetime import date
from typing import Literal

from core.reasons import Reason


@dataclass(frozen=True, slots=True, kw_only=True)
class PartSum:
    """What a second parcel costs and what waiting would cost, in minor units of `currency`, and what follows.

    `verdict` is what happens, `decided_by` the rule, or the sum itself, that says so. `until` is when the rest is
    likely to leave; None where nobody knows, which counts as `days`. `chance`: of losing the order over the wait, made
    from `lost` orders in `order_days` of waiting. `joins`: the order with whose parcel the rest can travel.
    """

    verdict: Literal["ship", "hold"]
    decided_by: Reason
    currency: str
    units: int
    value: int
    days: int
    until: date | None
    parcel_cost: int
    margin: int
    chance: float
    lost_margin: int
    day_price: int
    delay_cost: int
    order_days: int
    lost: int
    joins: str | None = None

    @property
    def waiting_cost(self) -> int:
        """What it is likely to cost to let the ready part wait."""
        return self.lost_margin + self.delay_cost
