"""Both sides of the sum behind a consolation: what waiting is likely to lose, and what the consolation costs."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from core.money import share_of
from core.parcels.hazard import Exposure


@dataclass(frozen=True, slots=True, kw_only=True)
class OfferSum:
    """Expected loss against cost, in minor units of `currency`.

    `value` waits until `until` (None: no date, which counts as `days`); `chance`, of losing it over the wait, is made
    from `lost` orders in `order_days` of waiting.
    """

    currency: str
    value: int
    days: int
    until: date | None
    chance: float
    loss: int
    cost: int
    order_days: int
    lost: int

    @property
    def is_worth_it(self) -> bool:
        """Whether the order is likely to lose at least what the consolation costs."""
        return self.loss >= self.cost


def offer_sum(
    *, currency: str, value: int, cost: int, days: int, until: date | None, exposure: Exposure
) -> OfferSum:  # fmt: skip
    """Return the sum: the value that waits times the chance of a cancellation (`parcels.hazard`), against the cost."""
    chance = exposure.chance(days)
    return OfferSum(
        currency=currency, value=value, days=days, until=until, chance=chance, loss=loss_of(value, chance), cost=cost,
        order_days=exposure.order_days, lost=exposure.lost,
    )  # fmt: skip


def loss_of(value: int, chance: float) -> int:
    """Return what a chance is likely to lose of a value, half up."""
    return share_of(value, Decimal(str(chance)))
